"""Ballots that show signs of an attack: held in sight of all until a moderator decides, never silently."""

from types import MappingProxyType
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tsushinbo.addresses import new_id
from tsushinbo.evaluations.models.ballots import Choice
from tsushinbo.people.models import Party, Politician
from tsushinbo.pledges.models import Pledge


class BallotNetwork(models.Model):
    """Which network a ballot of the last two days came from, as a number that means nothing once the day's key is thrown away.

    Kept apart from the ballot, and only as long as the signs of an attack within one day are looked for.
    """

    pk = models.CompositePrimaryKey("day", "pledge", "voter")
    day = models.DateField()
    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="+", db_index=False)
    voter = models.BigIntegerField()
    network = models.BigIntegerField(help_text="63 bits of the prefix's hash under the key of the day")

    class Meta:
        verbose_name = "評価の回線（2日で消去）"
        verbose_name_plural = "評価の回線（2日で消去）"

    def __str__(self) -> str:
        return f"{self.day} {self.network}"


class HoldCase(models.Model):
    """Ballots held together for one sign of an attack, and decided together."""

    class Sign(models.TextChoices):
        CO_TARGET = "co_target", "同じ相手への一斉の評価"
        CO_VOTING = "co_voting", "同じ一覧に沿った評価"
        NETWORK = "network", "同じ回線への集中"
        FRESH = "fresh", "同じ回線からの新しい投票者の集中"
        NO_WORK = "no_work", "急な変化の間の、計算による確認のない新しい投票者"

    class State(models.TextChoices):
        OPEN = "open", "確認中"
        RELEASED = "released", "集計に戻した"
        EXCLUDED = "excluded", "除外した"

    # Where moderators read what an entry of the record (記録) is about.
    record_page: ClassVar[str] = "admin:evaluations_holdcase_change"

    id = models.BigIntegerField(primary_key=True, default=new_id)
    sign = models.CharField("しるし", max_length=10, choices=Sign)
    state = models.CharField("状態", max_length=8, choices=State, default=State.OPEN)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    strength = models.FloatField(help_text="-log10 of the chance that it is nothing")
    expected = models.FloatField(help_text="honest voters of one mind that would be expected")
    details = models.JSONField(help_text="politicians, choices and counts at the time it was found; no voters")
    found_at = models.DateTimeField()
    changed_at = models.DateTimeField(
        help_text="when ballots joined it or it was decided: what was read before is out of date"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-found_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | ~Q(state="open") & Q(decided_at__isnull=False),
                name="a_case_is_open_until_it_is_decided",
            ),
        )
        indexes = (models.Index(fields=("state", "-found_at"), name="hold_case_queue"),)
        verbose_name = "確認中の評価のまとまり"
        verbose_name_plural = "確認中の評価のまとまり"

    def __str__(self) -> str:
        return f"{self.get_sign_display()} {self.begins_at:%Y-%m-%d}"

    @property
    def version(self) -> str:
        """Tells one state of the case from another: a decision names the one that was read."""
        return f"{self.state} {self.changed_at:%Y%m%d%H%M%S%f} {self.details.get('ballots', 0)}"


class HeldBallot(models.Model):
    """A voter's ballot on a pledge that is held or excluded; it stays so through changes of the ballot, until ``ended_at``."""

    class Ending(models.TextChoices):
        RELEASED = "released", "確認のうえ集計に戻した"
        LIVED_ON = "lived_on", "ふつうの利用が続いたため集計に戻した"

    # No index of its own: held_ballot_of_case starts with it.
    case = models.ForeignKey(HoldCase, on_delete=models.PROTECT, related_name="ballots", db_index=False)
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="+", db_index=False)
    voter = models.BigIntegerField()
    held_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=8, choices=Ending, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("pledge", "voter"), condition=Q(ended_at__isnull=True), name="a_ballot_is_held_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="") | Q(ended_at__isnull=False) & ~Q(ending=""),
                name="a_hold_ends_for_a_reason",
            ),
        )
        indexes = (
            models.Index(fields=("case", "pledge", "voter"), name="held_ballot_of_case"),
            # That of the constraint knows only holds that have not ended.
            models.Index(fields=("pledge", "voter"), name="held_ballot_ever"),
        )
        verbose_name = "確認中または除外の評価"
        verbose_name_plural = "確認中または除外の評価"

    def __str__(self) -> str:
        return f"{self.pledge_id} {self.held_at:%Y-%m-%d}"


class HoldDecision(models.Model):
    """What a moderator decided on a case, and why. Rows are only ever added."""

    class Verdict(models.TextChoices):
        RELEASE = "release", "集計に戻す"
        EXCLUDE = "exclude", "除外する"

    class Reason(models.TextChoices):
        ORDINARY = "ordinary", "通常の評価と認められる"
        NEWS = "news", "報道や話題による自然な集中"
        LOCAL = "local", "地域や会場からの自然な集中"
        COORDINATED = "coordinated", "示し合わせた一斉の評価"
        REPEATED = "repeated", "同じ人による重複した評価"
        AUTOMATED = "automated", "自動操作による評価"

    REASONS = MappingProxyType(
        {
            Verdict.RELEASE: (Reason.ORDINARY, Reason.NEWS, Reason.LOCAL),
            Verdict.EXCLUDE: (Reason.COORDINATED, Reason.REPEATED, Reason.AUTOMATED),
        }
    )

    case = models.ForeignKey(HoldCase, on_delete=models.PROTECT, related_name="decisions", verbose_name="まとまり")
    verdict = models.CharField("決定", max_length=8, choices=Verdict)
    reason = models.CharField("理由", max_length=12, choices=Reason)
    note = models.CharField("覚え書き", max_length=400, blank=True)
    ballots = models.PositiveIntegerField("件数", help_text="how many it moved")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="担当者"
    )
    decided_at = models.DateTimeField("日時")

    class Meta:
        ordering = ("decided_at", "pk")
        verbose_name = "確認の決定"
        verbose_name_plural = "確認の決定"

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}（{self.get_reason_display()}）"


class Alert(models.Model):
    """A time window that stands out for an owner of pledges and a choice. It holds no ballot: the order is frozen for some days, and a person looks.

    For newcomers, which are counted whatever they choose, the choice says nothing.
    """

    class Kind(models.TextChoices):
        BURST = "burst", "短時間の集中"
        LEVEL = "level", "長く続く増加"
        NEWCOMERS = "newcomers", "新しい投票者の増加"

    record_page: ClassVar[str] = "admin:evaluations_alert_change"

    politician = models.ForeignKey(
        Politician, on_delete=models.CASCADE, null=True, blank=True, related_name="alerts", db_index=False
    )
    party = models.ForeignKey(
        Party, on_delete=models.CASCADE, null=True, blank=True, related_name="alerts", db_index=False
    )
    kind = models.CharField("変化", max_length=9, choices=Kind)
    choice = models.CharField(max_length=4, choices=Choice)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    strength = models.FloatField(help_text="-log10 of the chance that it is nothing")
    found_at = models.DateTimeField("見つけた日時")
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="確認した人",
    )
    seen_at = models.DateTimeField("確認した日時", null=True, blank=True)
    note = models.CharField("覚え書き", max_length=400, blank=True)

    class Meta:
        ordering = ("-found_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("politician", "kind", "choice", "begins_at"), name="one_alert_per_window_of_a_politician"
            ),
            models.UniqueConstraint(
                fields=("party", "kind", "choice", "begins_at"), name="one_alert_per_window_of_a_party"
            ),
            models.CheckConstraint(
                condition=Q(politician__isnull=False, party__isnull=True)
                | Q(politician__isnull=True, party__isnull=False),
                name="an_alert_is_about_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True, seen_by__isnull=True)
                | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="an_alert_is_seen_by_somebody",
            ),
        )
        indexes = (models.Index(fields=("found_at",), condition=Q(seen_at__isnull=True), name="alert_to_look_at"),)
        verbose_name = "評価の急な変化"
        verbose_name_plural = "評価の急な変化"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.begins_at:%Y-%m-%d}"

    @property
    def owner(self) -> Politician | Party:
        """Whose pledges are judged."""
        owner = self.politician or self.party
        assert owner is not None  # noqa: S101 - the database's own constraint
        return owner
