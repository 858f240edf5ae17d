"""Politicians (政治家) and the places and bodies they serve."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from tsushinbo import addresses
from tsushinbo.addresses import new_id
from tsushinbo.people.facts import spaced
from tsushinbo.sources.models import Dataset


class Office(models.TextChoices):
    """The offices a politician may hold (職)."""

    REPRESENTATIVES = "representatives", "衆議院議員"
    COUNCILLORS = "councillors", "参議院議員"
    GOVERNOR = "governor", "知事"
    MAYOR = "mayor", "市区町村長"
    PREFECTURAL_ASSEMBLY = "prefectural_assembly", "都道府県議会議員"
    MUNICIPAL_ASSEMBLY = "municipal_assembly", "市区町村議会議員"


def office_name(office: Office, area: str, prefecture: str) -> str:
    """An office with its place, as it is said: 品川区長, 東京都知事, 品川区議会議員, 衆議院議員. area, prefecture: their names or ""."""
    place = prefecture or area if office == Office.PREFECTURAL_ASSEMBLY else area or prefecture
    if not place or office in {Office.REPRESENTATIVES, Office.COUNCILLORS}:
        return office.label
    ending = {Office.GOVERNOR: "知事", Office.MAYOR: "長"}.get(office, "議会議員")
    return f"{place}{ending}"


class Tier(models.TextChoices):
    """How a seat is filled: in a district or from a list."""

    SINGLE_SEAT = "single_seat", "小選挙区"
    PROPORTIONAL = "proportional", "比例代表"
    PREFECTURAL = "prefectural", "選挙区"
    AT_LARGE = "at_large", "選挙区"


class Area(models.Model):
    """A prefecture, municipality or ward, by its 全国地方公共団体コード (six digits, the last a check digit)."""

    class Kind(models.TextChoices):
        PREFECTURE = "prefecture", "都道府県"
        DESIGNATED_CITY = "designated_city", "政令指定都市"
        CITY = "city", "市"
        SPECIAL_WARD = "special_ward", "特別区"
        TOWN = "town", "町"
        VILLAGE = "village", "村"
        WARD = "ward", "行政区"

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=60)
    kana = models.CharField(max_length=120, blank=True)
    county = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=16, choices=Kind)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    prefecture = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    url = models.URLField(max_length=300, blank=True)
    folded = models.CharField(max_length=200, blank=True, help_text="name and kana as the search compares them")

    class Meta:
        ordering = ("code",)
        verbose_name = "地域"
        verbose_name_plural = "地域"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the area."""
        return reverse("site:area", args=[self.code])


class Constituency(models.Model):
    """A district or list block (選挙区). ``boundaries`` names the redistricting: 北海道第1区 of 2021 is another place than that of 2024."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    office = models.CharField(max_length=20, choices=Office)
    tier = models.CharField(max_length=12, choices=Tier)
    name = models.CharField(max_length=80)
    boundaries = models.CharField(max_length=20, blank=True)
    prefecture = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="constituencies")
    block = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="districts")
    number = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            # 府中市選挙区 is a district of two prefectural assemblies.
            models.UniqueConstraint(
                fields=("office", "prefecture", "name", "boundaries"),
                name="one_constituency_per_office_place_and_boundaries",
            ),
        )
        verbose_name = "選挙区"
        verbose_name_plural = "選挙区"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the district: its contests through time."""
        return addresses.page("site:constituency", self.pk)


class Party(models.Model):
    """A political party (政党), or 無所属 as the kind that is none."""

    class Kind(models.TextChoices):
        PARTY = "party", "政党"
        INDEPENDENT = "independent", "無所属"

    id = models.BigIntegerField(primary_key=True, default=new_id)
    key = models.CharField(max_length=60, unique=True, help_text="the readable key in imported tables")
    name = models.CharField(max_length=100, unique=True)
    short_name = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PARTY)
    folded = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "政党"
        verbose_name_plural = "政党"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the party."""
        return addresses.page("site:party", self.pk)


class ParliamentaryGroup(models.Model):
    """A group inside an assembly (会派); its members need not be of one party."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    key = models.CharField(max_length=80, unique=True)
    office = models.CharField(max_length=20, choices=Office)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="groups")
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = "会派"
        verbose_name_plural = "会派"

    def __str__(self) -> str:
        return self.name


class Politician(models.Model):
    """A politician. The id stays through marriages, parties, houses and offices; names are never a key."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    name = models.CharField(max_length=80, help_text="as commonly used, without a space")
    family_name = models.CharField(max_length=40, blank=True)
    given_name = models.CharField(max_length=40, blank=True)
    kana = models.CharField(max_length=120, blank=True, help_text="hiragana without a space")
    family_kana = models.CharField(max_length=60, blank=True)
    given_kana = models.CharField(max_length=60, blank=True)
    romaji = models.CharField(max_length=120, blank=True, help_text="Hepburn without macrons, worked out from the kana")
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    holds_office = models.BooleanField(
        default=False, help_text="has a term that has not ended; kept by people.services"
    )
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("kana", "name", "pk")
        indexes = (
            models.Index(fields=("kana", "name", "id"), name="politician_kana_order"),
            models.Index(fields=("-created_at",), name="politician_newest"),
        )
        verbose_name = "政治家"
        verbose_name_plural = "政治家"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The report card of the politician."""
        return addresses.page("site:politician", self.pk)

    @property
    def spaced_name(self) -> str:
        """Family and given name with a space between where both are known."""
        return spaced(self.name, self.family_name, self.given_name)


class PoliticianName(models.Model):
    """One way to write a politician's name, with the folded form that searches and imports compare."""

    class Kind(models.TextChoices):
        COMMON = "common", "通称"
        BALLOT = "ballot", "届出名"
        VARIANT = "variant", "別表記"
        FORMER = "former", "旧名"
        KANA = "kana", "ふりがな"
        ROMAJI = "romaji", "ローマ字"

    politician = models.ForeignKey(Politician, on_delete=models.CASCADE, related_name="names")
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.CharField(max_length=120)
    folded = models.CharField(max_length=160)

    class Meta:
        ordering = ("kind", "text")
        constraints = (models.UniqueConstraint(fields=("politician", "kind", "text"), name="one_row_per_spelling"),)
        indexes = (models.Index(fields=("folded",), name="politician_name_folded"),)

    def __str__(self) -> str:
        return self.text


class Identifier(models.Model):
    """What an outside source calls a politician; several rows of one source may be the same person."""

    politician = models.ForeignKey(Politician, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=40)
    value = models.CharField(max_length=120)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("scheme", "value"), name="one_politician_per_outside_id"),)

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class OfficialLink(models.Model):
    """A page about the politician kept by the politician or a public body."""

    politician = models.ForeignKey(Politician, on_delete=models.CASCADE, related_name="links")
    title = models.CharField(max_length=120)
    url = models.URLField(max_length=500)

    class Meta:
        ordering = ("title", "url")
        constraints = (models.UniqueConstraint(fields=("politician", "url"), name="one_link_per_address"),)

    def __str__(self) -> str:
        return self.title


class Term(models.Model):
    """A time in an office (任期): which office, where, for which party and group, from–to, with its source.

    ``starts_on`` and ``ends_on`` are ISO 8601 dates that may stop at the year or month (``2006``, ``2027-04``); empty is unknown.
    ``ends_on`` of a running term is the legal maximum. ``as_of`` is the day on which the source said so.
    """

    politician = models.ForeignKey(Politician, on_delete=models.CASCADE, related_name="terms")
    key = models.CharField(max_length=120, unique=True, help_text="the row in the source")
    office = models.CharField(max_length=20, choices=Office)
    running = models.BooleanField(default=False, help_text="in office as of as_of")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="terms")
    # No index of its own: term_prefecture starts with it.
    prefecture = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    constituency = models.ForeignKey(
        Constituency, on_delete=models.PROTECT, null=True, blank=True, related_name="terms"
    )
    tier = models.CharField(max_length=12, choices=Tier, blank=True)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="terms")
    group = models.ForeignKey(ParliamentaryGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="terms")
    role = models.CharField(max_length=60, blank=True, help_text="role in the group")
    backing = models.CharField(
        max_length=200, blank=True, help_text="parties that backed a chief executive at the election"
    )
    times_elected = models.PositiveSmallIntegerField(null=True, blank=True)
    starts_on = models.CharField(max_length=10, blank=True)
    ends_on = models.CharField(max_length=10, blank=True)
    source_title = models.CharField(max_length=200, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    as_of = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ("-running", "-starts_on", "office")
        indexes = (
            models.Index(fields=("running", "office", "prefecture"), name="term_running_office"),
            models.Index(fields=("running", "party"), name="term_running_party"),
            models.Index(fields=("prefecture", "politician", "office"), name="term_prefecture"),
            models.Index(fields=("office", "politician"), name="term_office"),
        )
        verbose_name = "任期"
        verbose_name_plural = "任期"

    def __str__(self) -> str:
        return f"{self.get_office_display()} {self.starts_on}–{self.ends_on}"

    @property
    def office_name(self) -> str:
        """The office with its place, as it is said (``office_name``)."""
        area, prefecture = (place.name if place else "" for place in (self.area, self.prefecture))
        return office_name(Office(self.office), area, prefecture)


class Delegate(models.Model):
    """An account that speaks for a politician: the politician's own or the office's. It judges none of the politician's pledges.

    A holder was verified, and may let others into the team; both write in the politician's name. ``recorded_by``: who checked that it is
    the politician's; the account itself where a code to an official address proved it, the holder where it was invited.
    """

    class Role(models.TextChoices):
        HOLDER = "holder", "代表"
        TEAM = "team", "メンバー"

    # No index of its own: that of the constraint starts with it.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations", db_index=False
    )
    politician = models.ForeignKey(Politician, on_delete=models.PROTECT, related_name="delegates")
    role = models.CharField(max_length=6, choices=Role, default=Role.HOLDER)
    since = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("politician", "since")
        constraints = (
            models.UniqueConstraint(fields=("user", "politician"), name="an_account_speaks_once_for_a_politician"),
        )
        verbose_name = "本人・事務所のアカウント"
        verbose_name_plural = "本人・事務所のアカウント"

    def __str__(self) -> str:
        return f"{self.user} → {self.politician}"
