"""Rankings (ランキング) as the last run made them: rows in the order of their places, read by position and never counted off."""

from django.db import models
from django.db.models import Q

from tsushinbo.evaluations.models import ScoreRun
from tsushinbo.people.models import Party, Politician
from tsushinbo.pledges.models import Pledge


class Kind(models.TextChoices):
    """What is ranked. The values are part of the addresses; those that begin with ``pledge-`` rank pledges."""

    DEVIATION = "deviation", "偏差値"
    ACHIEVEMENT = "achievement", "達成度"
    PROGRESS = "progress", "進捗度"
    SUPPORT = "support", "支持率"
    BALLOTS = "ballots", "評価数"
    PLEDGES = "pledges", "公約数"
    ACTIVITIES = "activities", "活動報告数"
    PLEDGE_SUPPORT = "pledge-support", "支持率の高い公約"
    PLEDGE_ACHIEVEMENT = "pledge-achievement", "達成度の高い公約"
    PLEDGE_DISCUSSED = "pledge-discussed", "評価の多い公約"
    PLEDGE_CONSENSUS = "pledge-consensus", "立場をこえて支持される公約"


class Population(models.TextChoices):
    """Who is compared with whom, as in tsushinbo.scoring.method; pledges are all compared with each other."""

    ALL = "all", "政治家全体"
    DIET = "diet", "国会議員"
    EXECUTIVE = "executive", "知事・市区町村長"
    ASSEMBLY = "assembly", "地方議員"
    PREFECTURAL_ASSEMBLY = "prefectural_assembly", "都道府県議会議員"
    MUNICIPAL_ASSEMBLY = "municipal_assembly", "市区町村議会議員"
    PARTY = "party", "政党"


class Facet(models.TextChoices):
    """What a ranking can be narrowed by (しぼり込み), and how RankingPart writes a value of it.

    office: one of ``people.models.Office``; prefecture: its code of six digits; party: the id of the party in plain digits;
    topic: the code of the policy area; period: the four digits of a year. Topics and years are those of a pledge, and for a person or a
    party those of all their pledges: such a row belongs to several values of the facet.
    """

    OFFICE = "office", "職"
    PREFECTURE = "prefecture", "都道府県"
    PARTY = "party", "政党"
    POLICY_AREA = "topic", "政策分野"
    YEAR = "period", "時期"


class Ranking(models.Model):
    """One ranking of one run: a kind among a population, and how many rows it has."""

    run = models.ForeignKey(ScoreRun, on_delete=models.CASCADE, related_name="rankings", db_index=False)
    kind = models.CharField(max_length=20, choices=Kind)
    population = models.CharField(max_length=20, choices=Population)
    members = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("run", "kind", "population"), name="one_ranking_per_run_kind_and_population"
            ),
        )
        verbose_name = "ランキング"
        verbose_name_plural = "ランキング"

    def __str__(self) -> str:
        return f"{self.get_kind_display()}（{self.get_population_display()}）"


class RankingRow(models.Model):
    """One row: ``position`` 1, 2, 3 … names it, ``place`` is shared by equal values, ``place_low``–``place_high`` is the 95% range of places.

    The subject is the pledge where there is one, else the politician, else the party. value, low, high: as shown by the kind, in points or percent;
    low and high are empty for counts, which are exact. ``frozen``: the value of an earlier run, kept while a sudden change is looked at.
    """

    pk = models.CompositePrimaryKey("ranking", "position")
    ranking = models.ForeignKey(Ranking, on_delete=models.CASCADE, related_name="rows", db_index=False)
    position = models.PositiveIntegerField()
    place = models.PositiveIntegerField()
    place_low = models.PositiveIntegerField()
    place_high = models.PositiveIntegerField()
    value = models.FloatField()
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    n = models.PositiveIntegerField(help_text="ballots, assessments, pledges or reports behind the value")
    frozen = models.BooleanField(default=False)
    politician = models.ForeignKey(
        Politician, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    party = models.ForeignKey(Party, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    pledge = models.ForeignKey(
        Pledge, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        indexes = (
            models.Index(
                fields=("politician", "ranking"), condition=Q(politician__isnull=False), name="row_of_politician"
            ),
            models.Index(fields=("party", "ranking"), condition=Q(party__isnull=False), name="row_of_party"),
        )
        verbose_name = "ランキングの行"
        verbose_name_plural = "ランキングの行"

    def __str__(self) -> str:
        return f"{self.place}位"


class RankingPart(models.Model):
    """The positions of the rows of a ranking that share one value of a facet, in blocks: any page of a narrowed ranking is one read away.

    ``positions`` holds whole numbers of 32 bits, little end first, in rising order; all blocks but the last of a value hold BLOCK of them.
    """

    BLOCK = 1000

    pk = models.CompositePrimaryKey("ranking", "facet", "value", "number")
    ranking = models.ForeignKey(Ranking, on_delete=models.CASCADE, related_name="parts", db_index=False)
    facet = models.CharField(max_length=10, choices=Facet)
    value = models.CharField(max_length=30)
    number = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="how many positions all blocks of this value hold together")
    positions = models.BinaryField()

    class Meta:
        verbose_name = "ランキングのしぼり込み"
        verbose_name_plural = "ランキングのしぼり込み"

    def __str__(self) -> str:
        return f"{self.facet} {self.value} {self.number}"
