"""What was promised (公約), with its source and every earlier wording."""

from collections.abc import Iterable
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tsushinbo import addresses
from tsushinbo.addresses import new_id
from tsushinbo.elections.models import Election
from tsushinbo.elections.queries.mode import Hold
from tsushinbo.people.models import Party, Politician, Term


class PolicyArea(models.Model):
    """A field of policy (政策分野)."""

    code = models.CharField(max_length=30, primary_key=True)
    name = models.CharField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(unique=True)
    aliases = models.CharField(
        max_length=200, blank=True, help_text="other words for it in imported tables, separated by ;"
    )

    class Meta:
        ordering = ("position",)
        verbose_name = "政策分野"
        verbose_name_plural = "政策分野"

    def __str__(self) -> str:
        return self.name


class Slot(models.TextChoices):
    """What the text of a pledge may give so that it can be judged; each is a column of Pledge, in this order."""

    DEADLINE = "deadline", "期限"
    NUMERIC_TARGET = "numeric_target", "数値目標"
    FUNDING = "funding", "財源"
    AUTHORITY = "authority", "権限"
    TARGET = "target", "対象"


def slots_in(words: str) -> list[Slot]:
    """Read a column of slots: their values with a space between, in the order of Slot."""
    named = words.split()
    return [slot for slot in Slot if slot.value in named]


def slots_as_words(slots: Iterable[Slot]) -> str:
    """Write slots as a column holds them."""
    chosen = set(slots)
    return " ".join(slot.value for slot in Slot if slot in chosen)


class Pledge(models.Model):
    """A pledge of one owner: a politician or a party.

    ``status`` judges the outcome by evidence and is not a vote (product rules, section 2); it, the flags, ``missing`` and
    ``status_confirmed_on`` move with each StatusChange and with nothing else. The five slots (Slot) say what the text itself gives; empty
    means the text does not say. ``hold``: why its figures are held back, where somebody looked (evaluations.queries.held_back).
    """

    hold: Hold | None = None

    class Status(models.TextChoices):
        UNRATED = "unrated", "未評価"
        PROPOSED = "proposed", "検討・提案中"
        STARTED = "started", "着手"
        STALLED = "stalled", "停滞"
        PARTLY = "partly", "一部実現"
        KEPT = "kept", "実現"
        BROKEN = "broken", "不履行"
        UNTESTABLE = "untestable", "判定不能"

    # Where moderators read what an entry of the record (記録) is about.
    record_page: ClassVar[str] = "site:pledge"

    id = models.BigIntegerField(primary_key=True, default=new_id)
    key = models.CharField(max_length=80, unique=True, null=True, blank=True, help_text="the row in imported tables")
    politician = models.ForeignKey(
        Politician, on_delete=models.PROTECT, null=True, blank=True, related_name="pledges", db_index=False
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="pledges", db_index=False
    )
    # No index of its own: pledge_election_party starts with it.
    election = models.ForeignKey(
        Election, on_delete=models.PROTECT, null=True, blank=True, related_name="pledges", db_index=False
    )
    election_name = models.CharField(
        max_length=120, blank=True, help_text="as the source says, where the election is not on record"
    )
    term = models.ForeignKey(Term, on_delete=models.SET_NULL, null=True, blank=True, related_name="pledges")
    title = models.CharField(max_length=80)
    text = models.TextField(max_length=4000)
    quoted = models.BooleanField(
        default=False, help_text="the text is quoted from the source; otherwise it restates it in our words"
    )
    policy_area = models.ForeignKey(PolicyArea, on_delete=models.PROTECT, related_name="pledges", db_index=False)
    deadline = models.CharField(max_length=200, blank=True)
    numeric_target = models.CharField(max_length=200, blank=True)
    funding = models.CharField(max_length=200, blank=True)
    authority = models.CharField(max_length=200, blank=True)
    target = models.CharField(max_length=200, blank=True)
    source_title = models.CharField(max_length=200)
    source_publisher = models.CharField(max_length=100, blank=True)
    source_url = models.URLField(max_length=1500)
    source_on = models.CharField(
        max_length=10, blank=True, help_text="date of the source; may stop at the year or month"
    )
    source_checked_on = models.DateField(null=True, blank=True)
    licence = models.CharField(max_length=60, blank=True)
    attribution = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.UNRATED)
    status_confirmed_on = models.DateField(null=True, blank=True)
    overdue = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)
    missing = models.CharField(
        max_length=60, blank=True, help_text="the slots without which it cannot be judged, where the status says so"
    )
    published = models.BooleanField(default=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(politician__isnull=False, party__isnull=True)
                | Q(politician__isnull=True, party__isnull=False),
                name="a_pledge_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(published=False), name="a_merged_pledge_is_not_published"
            ),
        )
        indexes = (
            models.Index(fields=("published", "-created_at", "id"), name="pledge_newest"),
            models.Index(fields=("published", "policy_area", "-created_at", "id"), name="pledge_policy_area"),
            models.Index(fields=("politician", "published", "-created_at"), name="pledge_of_politician"),
            models.Index(fields=("party", "published", "-created_at"), name="pledge_of_party"),
            # The random draw leaps from owner to owner, and from a random id on among the pledges of one. They take the place of the
            # indexes that the foreign keys would have.
            models.Index(fields=("politician", "published", "id"), name="pledge_draw_politician"),
            models.Index(fields=("party", "published", "id"), name="pledge_draw_party"),
            models.Index(fields=("policy_area", "published", "politician"), name="pledge_draw_area_politician"),
            models.Index(fields=("policy_area", "published", "party"), name="pledge_draw_area_party"),
            models.Index(fields=("election", "party"), name="pledge_election_party"),
            # In place of the index that the foreign key would have: few are merged.
            models.Index(fields=("merged_into",), condition=Q(merged_into__isnull=False), name="pledge_merged"),
        )
        verbose_name = "公約"
        verbose_name_plural = "公約"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the pledge."""
        return addresses.page("site:pledge", self.pk)

    @property
    def owner(self) -> Politician | Party:
        """Who promised it."""
        owner = self.politician or self.party
        assert owner is not None  # noqa: S101 - the database's own constraint
        return owner

    @property
    def slots(self) -> list[tuple[str, str]]:
        """The five slots in their fixed order, each with its Japanese name and its text ("" when the pledge does not say)."""
        return [(slot.label, getattr(self, slot.value)) for slot in Slot]

    @property
    def missing_slots(self) -> list[Slot]:
        """The slots without which it cannot be judged (判定不能)."""
        return slots_in(self.missing)


class PledgeRevision(models.Model):
    """One wording of a pledge. The first is number 1; the newest equals the pledge. Rows are only ever added."""

    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField(help_text="every field a reader sees, by name")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ("pledge", "number")
        constraints = (models.UniqueConstraint(fields=("pledge", "number"), name="one_revision_per_number"),)

    def __str__(self) -> str:
        return f"{self.pledge} #{self.number}"
