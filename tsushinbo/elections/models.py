"""What was or will be voted on (選挙): an election holds contests, a contest holds candidacies."""

from datetime import date

from django.conf import settings
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
    # Where this contest alone differs from its election: another day, a poll that was put off (繰延投票, 公職選挙法 第57条), polls that close early (第40条).
    announced_on = models.DateField(null=True, blank=True)
    polling_on = models.DateField(null=True, blank=True)
    polls_close_at = models.TimeField(null=True, blank=True, help_text="when the last polling place closes, Asia/Tokyo")
    uncontested = models.BooleanField(default=False, help_text="no vote is taken (無投票)")
    counted_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True, help_text="開票率")
    turnout_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True, help_text="when the count stood as it is stored")
    electors = models.PositiveIntegerField(null=True, blank=True, help_text="当日有権者数")
    # Raised with every entry of the count, so that two people at once do not overwrite each other unseen.
    count_version = models.PositiveIntegerField(default=0)
    counted_here = models.BooleanField(
        default=False, help_text="the count was entered or imported as one: tables of open data leave its results alone"
    )

    class Meta:
        ordering = ("election", "tier", "name")
        constraints = (
            models.UniqueConstraint(fields=("election", "tier", "name"), name="one_contest_per_election_tier_and_name"),
            models.CheckConstraint(
                condition=Q(counted_percent__isnull=True) | Q(counted_percent__range=(0, 100)),
                name="a_count_is_between_0_and_100_percent",
            ),
            models.CheckConstraint(
                condition=Q(turnout_percent__isnull=True) | Q(turnout_percent__range=(0, 100)),
                name="a_turnout_is_between_0_and_100_percent",
            ),
        )
        indexes = (
            models.Index(fields=("polling_on",), condition=Q(polling_on__isnull=False), name="contest_own_polling_day"),
            models.Index(fields=("election",), condition=Q(counted_percent__lt=100), name="contest_count_goes_on"),
        )
        verbose_name = "選挙区ごとの選挙"
        verbose_name_plural = "選挙区ごとの選挙"

    def __str__(self) -> str:
        return f"{self.election} {self.name}"

    def get_absolute_url(self) -> str:
        """The page of the contest, under that of its election."""
        return f"{addresses.page('site:election', self.election_id)}{addresses.encode(self.pk)}/"

    @property
    def is_partial(self) -> bool:
        """Whether the count goes on: what is on record is not the result yet."""
        return self.counted_percent is not None and self.counted_percent < 100


class Candidacy(models.Model):
    """One person standing in one contest, with the result. Who stood in both tiers has two rows."""

    class Status(models.TextChoices):
        NEW = "new", "新人"
        INCUMBENT = "incumbent", "現職"
        FORMER = "former", "元職"

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="candidacies")
    key = models.CharField(max_length=80)
    number = models.PositiveSmallIntegerField(null=True, blank=True, help_text="届出番号, the official order")
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
    endorsements = models.CharField(max_length=300, blank=True, help_text="推薦・支持 of parties")
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


# The order of an official list: by 届出番号, and as the record has them where no number is known.
OFFICIAL_ORDER: tuple[models.OrderBy | str, ...] = (models.F("number").asc(nulls_last=True), "key")


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


class CountEntry(models.Model):
    """One entry of a count: who or which file, when, and every value already on record that it changed. Rows are only ever added.

    ``changes``: a list of {"whose": name of the candidate or list, "what": field, "before": text, "after": text}. ``role`` is what the page
    shows of who entered it; the account is for the staff.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="count_entries")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=20, blank=True)
    file = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file")
    counted_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    changes = models.JSONField(default=list)
    of_final = models.BooleanField(default=False, help_text="a final result was changed")
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("-version",)
        constraints = (
            models.UniqueConstraint(fields=("contest", "version"), name="one_entry_per_contest_and_version"),
        )
        verbose_name = "開票の記録"
        verbose_name_plural = "開票の記録"

    def __str__(self) -> str:
        return f"{self.contest} {self.version}"
