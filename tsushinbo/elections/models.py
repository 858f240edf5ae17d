"""What was or will be voted on (選挙): an election holds contests, a contest holds candidacies."""

from datetime import date

from django.db import models
from django.db.models import Q

from tsushinbo import addresses
from tsushinbo.addresses import new_id
from tsushinbo.people.models import Area, Constituency, Office, Party, Politician, Tier
from tsushinbo.sources.models import Dataset


class Election(models.Model):
    """An election, past or to come. ``polling_on`` may stop at the year or month, or be empty while only a window is known."""

    class Level(models.TextChoices):
        NATIONAL = "national", "国政"
        PREFECTURAL = "prefectural", "都道府県"
        MUNICIPAL = "municipal", "市区町村"

    class Kind(models.TextChoices):
        GENERAL = "general", "総選挙・一般選挙"
        ORDINARY = "ordinary", "通常選挙"
        BY = "by", "補欠選挙"
        RERUN = "rerun", "再選挙"

    class Precision(models.TextChoices):
        DAY = "day", "日"
        MONTH = "month", "月"
        YEAR = "year", "年"
        WINDOW = "window", "期間"
        LATEST = "latest", "遅くとも"
        UNKNOWN = "unknown", "未定"

    id = models.BigIntegerField(primary_key=True, default=new_id)
    key = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=12, choices=Level)
    office = models.CharField(max_length=20, choices=Office)
    kind = models.CharField(max_length=10, choices=Kind, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="elections")
    area_name = models.CharField(max_length=80, blank=True)
    announced_on = models.DateField(null=True, blank=True)
    polling_on = models.CharField(max_length=10, blank=True)
    precision = models.CharField(max_length=8, choices=Precision, default=Precision.DAY)
    window_starts_on = models.DateField(null=True, blank=True)
    window_ends_on = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=300, blank=True, help_text="how the date of a coming election was worked out")
    seats = models.PositiveSmallIntegerField(null=True, blank=True)
    turnout_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    upcoming = models.BooleanField(default=False)
    source_url = models.URLField(max_length=500, blank=True)
    source_note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-polling_on", "name")
        indexes = (models.Index(fields=("upcoming", "polling_on"), name="election_upcoming"),)
        verbose_name = "選挙"
        verbose_name_plural = "選挙"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the election."""
        return addresses.page("site:election", self.pk)

    @property
    def day(self) -> date | None:
        """The day of polling, where it is known to the day."""
        return date.fromisoformat(self.polling_on) if self.precision == self.Precision.DAY and self.polling_on else None


class Contest(models.Model):
    """One seat or list to be won inside an election: a district, a block, or the whole area."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="contests")
    tier = models.CharField(max_length=12, choices=Tier)
    name = models.CharField(max_length=80)
    constituency = models.ForeignKey(
        Constituency, on_delete=models.PROTECT, null=True, blank=True, related_name="contests"
    )
    seats = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("election", "tier", "name")
        constraints = (
            models.UniqueConstraint(fields=("election", "tier", "name"), name="one_contest_per_election_tier_and_name"),
        )
        verbose_name = "選挙区ごとの選挙"
        verbose_name_plural = "選挙区ごとの選挙"

    def __str__(self) -> str:
        return f"{self.election} {self.name}"

    def get_absolute_url(self) -> str:
        """The page of the contest, under that of its election."""
        return f"{addresses.page('site:election', self.election_id)}{addresses.encode(self.pk)}/"


class Candidacy(models.Model):
    """One person standing in one contest, with the result. Who stood in both tiers has two rows."""

    class Status(models.TextChoices):
        NEW = "new", "新人"
        INCUMBENT = "incumbent", "現職"
        FORMER = "former", "元職"

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="candidacies")
    key = models.CharField(max_length=80)
    politician = models.ForeignKey(
        Politician, on_delete=models.PROTECT, null=True, blank=True, related_name="candidacies"
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="candidacies")
    name = models.CharField(max_length=80)
    name_on_ballot = models.CharField(max_length=80, blank=True)
    kana = models.CharField(max_length=120, blank=True)
    age = models.PositiveSmallIntegerField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, blank=True)
    occupation = models.CharField(max_length=200, blank=True)
    # Three decimals: 案分票 (ballots that fit several candidates) are divided among them.
    votes = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    list_rank = models.PositiveSmallIntegerField(null=True, blank=True)
    dual = models.BooleanField(default=False, help_text="stood in both tiers (重複立候補)")
    elected = models.BooleanField(null=True, blank=True, help_text="in this tier")
    elected_from_list = models.BooleanField(
        default=False, help_text="lost the district and was elected from the list (比例復活)"
    )
    source_page = models.CharField(max_length=20, blank=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("contest", "list_rank", "key")
        constraints = (models.UniqueConstraint(fields=("contest", "key"), name="one_candidacy_per_contest_and_row"),)
        verbose_name = "立候補"
        verbose_name_plural = "立候補"

    def __str__(self) -> str:
        return f"{self.name} ({self.contest})"


class PartyResult(models.Model):
    """Votes and seats of a party in one tier of an election, nationwide or in a block."""

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="party_results")
    tier = models.CharField(max_length=12, choices=Tier)
    area_name = models.CharField(max_length=40)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="results")
    party_name = models.CharField(max_length=100, help_text="諸派 sums small parties and is none of them")
    votes = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    share_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    seats = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("election", "tier", "area_name", "party_name"), name="one_result_per_party_tier_and_area"
            ),
        )

    def __str__(self) -> str:
        return f"{self.election} {self.area_name} {self.party_name}"


class MunicipalPartyVotes(models.Model):
    """List votes of a party in one municipality or counting area."""

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="municipal_votes")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="party_votes")
    area_name = models.CharField(max_length=60)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="municipal_votes")
    votes = models.DecimalField(max_digits=12, decimal_places=3)
    valid_votes = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("election", "area", "area_name", "party"), name="one_count_per_area_and_party"
            ),
            models.CheckConstraint(condition=Q(votes__gte=0), name="votes_are_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.election} {self.area_name} {self.party}"
