"""The claim of an account to speak for a politician, the codes that were mailed for it, and every step it took."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from tsushinbo.addresses import new_id
from tsushinbo.people.models import Politician

POSITION_LENGTH = 60
STATEMENT_LENGTH = 400
NOTE_LENGTH = 400
URL_LENGTH = 1500
ADDRESS_LENGTH = 254


class Way(models.TextChoices):
    """How it was proved that an account is the politician's (確認の方法)."""

    CODE = "code", "公式ドメインのアドレスに送った番号"
    PAGE = "page", "公式ページ・公式アカウントに載せた合言葉"
    CALL = "call", "公表された電話番号への折り返し"
    STAFF = "staff", "運営による登録"


class Checker(models.TextChoices):
    """Who verified it, in the word of their role (確認した役割)."""

    SITE = "site", "サイト（自動）"
    MODERATOR = "moderator", "モデレーター"
    ADMINISTRATOR = "administrator", "管理者"


class ClaimReason(models.TextChoices):
    """Why a claim was refused, or a verification ended (本人確認の判断の理由)."""

    UNPROVED = "unproved", "本人・事務所のものと確かめられない"
    UNREACHABLE = "unreachable", "合言葉が見つからない・電話がつながらない"
    IMPOSTOR = "impostor", "なりすまし"
    TRANSFERRED = "transferred", "ほかのアカウントへの引き継ぎ"
    REQUESTED = "requested", "本人・事務所の求め"
    OTHER = "other", "その他"


class Claim(models.Model):
    """ "I am this politician, or the office." One of an account and politician is alive at a time.

    ``contested``: when it was proved, another account spoke for the politician, or claimed to; only moderators decide it then. ``proof``
    is the domain the code went to, or the page that shows the token or the telephone number: never a document, never a number.
    ``address`` is kept while moderators must see it, and goes with the decision. ``changed_at`` moves with everything, so that a decision
    names what was read.
    """

    class State(models.TextChoices):
        OPEN = "open", "受付済み"
        CODE_SENT = "code_sent", "番号を送信済み"
        WAITING = "waiting", "確認待ち"
        DISPUTED = "disputed", "複数の申請を確認中"
        VERIFIED = "verified", "本人確認済み"
        REFUSED = "refused", "確認できず"
        WITHDRAWN = "withdrawn", "取り下げ"
        ENDED = "ended", "確認の終了"

    class Claimant(models.TextChoices):
        SELF = "self", "本人"
        OFFICE = "office", "事務所"

    ALIVE: ClassVar[tuple[State, ...]] = (State.OPEN, State.CODE_SENT, State.WAITING, State.DISPUTED, State.VERIFIED)
    UNPROVED: ClassVar[tuple[State, ...]] = (State.OPEN, State.CODE_SENT)
    AT_DESK: ClassVar[tuple[State, ...]] = (State.WAITING, State.DISPUTED)
    record_page: ClassVar[str] = "claims:decide"

    id = models.BigIntegerField(primary_key=True, default=new_id)
    politician = models.ForeignKey(Politician, on_delete=models.PROTECT, related_name="claims")
    # No index of its own: that of the constraint starts with it.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="claims", db_index=False)
    claimant = models.CharField(max_length=6, choices=Claimant)
    position = models.CharField(max_length=POSITION_LENGTH, blank=True, help_text="in the office: 秘書, 事務局")
    statement = models.CharField(
        max_length=STATEMENT_LENGTH, blank=True, help_text="why, where another account speaks for the politician"
    )
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    contested = models.BooleanField(default=False)
    way = models.CharField(max_length=5, choices=Way, blank=True)
    proof = models.CharField(max_length=URL_LENGTH, blank=True)
    address = models.CharField(max_length=ADDRESS_LENGTH, blank=True)
    token = models.CharField(max_length=12, help_text="what is published or said on the telephone (合言葉)")
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True, blank=True, help_text="since when moderators are asked")
    verified_at = models.DateTimeField(null=True, blank=True)
    checker = models.CharField(max_length=13, choices=Checker, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=11, choices=ClaimReason, blank=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True, help_text="the claimant reads it")

    class Meta:
        ordering = ("opened_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "politician"),
                condition=Q(state__in=("open", "code_sent", "waiting", "disputed", "verified")),
                name="one_claim_of_an_account_and_politician_is_alive",
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | (~Q(way="") & ~Q(checker="") & Q(verified_at__isnull=False)),
                name="a_verified_claim_says_how_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("refused", "ended")) | ~Q(reason=""),
                name="a_claim_is_refused_or_ended_with_a_reason",
            ),
        )
        indexes = (
            models.Index(fields=("state", "proved_at", "id"), name="claim_queue"),
            models.Index(fields=("user", "politician"), name="claim_of_account"),
        )
        verbose_name = "本人確認の申請"
        verbose_name_plural = "本人確認の申請"

    def __str__(self) -> str:
        return f"{self.politician}: {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        """The page of the claimant."""
        return reverse("claims:claim", args=[self.politician_id])

    @property
    def is_alive(self) -> bool:
        """Whether it goes on, or holds."""
        return self.state in self.ALIVE

    @property
    def is_open(self) -> bool:
        """Whether the claimant may still choose how to prove it."""
        return self.state in self.UNPROVED

    @property
    def is_at_desk(self) -> bool:
        """Whether moderators are asked."""
        return self.state in self.AT_DESK

    @property
    def version(self) -> str:
        """What a decision names as read."""
        return self.changed_at.isoformat()


class ClaimCode(models.Model):
    """A code that was mailed to prove a claim. Neither the code nor the address is kept, only keyed hashes. Rows go after a day.

    ``own``: the domain is the politician's alone, so that the right code verifies at once.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="codes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    address_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    domain = models.CharField(max_length=ADDRESS_LENGTH)
    own = models.BooleanField()
    tries_left = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ("-sent_at", "-pk")
        indexes = (
            models.Index(fields=("address_hash", "sent_at"), name="claim_code_of_address"),
            models.Index(fields=("sent_at",), name="claim_code_age"),
        )
        verbose_name = "本人確認の番号"
        verbose_name_plural = "本人確認の番号"

    def __str__(self) -> str:
        return f"{self.claim_id} {self.domain}"


class ClaimStep(models.Model):
    """One step of a claim: what it became, when, by whom. Rows are only ever added."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=9, choices=Claim.State)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=13, choices=Checker, blank=True, help_text="empty: the claimant")
    words = models.CharField(max_length=NOTE_LENGTH, blank=True)

    class Meta:
        ordering = ("at", "pk")
        verbose_name = "本人確認の経過"
        verbose_name_plural = "本人確認の経過"

    def __str__(self) -> str:
        return f"{self.claim_id} {self.state}"
