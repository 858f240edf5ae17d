"""What /methodology/ (採点方法) says with figures of the current run: parameters, scales, one worked example, the last runs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tsushinbo.evaluations.models import ScoreRun
from tsushinbo.evaluations.queries.held_back import held_among
from tsushinbo.evaluations.queries.holds import PublicCounts, public_counts
from tsushinbo.evaluations.queries.runs import Current, current
from tsushinbo.evaluations.queries.scores import explained, kind_of, tallies_of
from tsushinbo.people.models import Politician
from tsushinbo.pledges.models import Pledge
from tsushinbo.rankings.models import Kind, Population, RankingRow
from tsushinbo.scoring.betabinomial import SharePrior
from tsushinbo.scoring.deviation import Scale
from tsushinbo.scoring.method import DIMENSIONS, METHOD, ConsensusParameters, ScoreParameters
from tsushinbo.site.queries.charts import Chart, chart
from tsushinbo.site.queries.scores import WORDS
from tsushinbo.site.queries.totals import counts_to_order_by

RUNS_SHOWN = 10
PLEDGES_SHOWN = 5
# Every parameter of the scores in the words of a visitor, in the order of the method.
PARAMETERS = {
    "weights": "総合の得点での6観点の重み（支持・明確さ・現実性・誠実さ・進捗度・達成度）",
    "half_weight": "公約の重みが半分になる評価の件数",
    "concentration": "α＋βの下限と上限",
    "typical_concentration": "α＋βの、測る前の見込み（中央値）",
    "log_concentration_sd": "その見込みの幅（対数の標準偏差）",
    "kappa": "κの下限と上限",
    "typical_within_sd": "1つの公約への点のばらつきの、測る前の見込み",
    "typical_within_freedom": "その見込みの強さ（自由度）",
    "least_freedom": "範囲に使うt分布の、最小の自由度",
    "resemblance_before": "同じ人の公約どうしの似かた（ρ）の、測る前の見込み",
    "correlation_before": "観点どうしの相関の、測る前の見込み",
    "pledges_before": "その2つの見込みの強さ（公約の数）",
    "resemblance_bound": "ρの上限",
    "least_shown": "値を示すのに必要な評価の件数",
    "least_evaluations": "偏差値に必要な評価の件数",
    "least_pledges": "偏差値に必要な、評価された公約の数",
    "least_members": "偏差値に必要な、比べる相手の数",
    "histogram": "分布図の下端・上端・1区間の幅",
    "draws": "順位の範囲を求める、くじ引きの回数",
    "draws_members": "くじ引きで求める人数の上限（これより多いと計算で求める）",
    "draws_seed": "くじ引きの始まりの数（同じ結果を出すため）",
    "grid_cells": "計算で求めるときの、値の区切りの数",
    "grid_classes": "計算で求めるときの、誤差の区切りの数",
}


@dataclass(frozen=True)
class Law:
    """What a run measured of one dimension over all pledges."""

    label: str
    weight: float
    mean: float
    strength: float
    pledges: int
    resemblance: float


@dataclass(frozen=True)
class Compared:
    """A population with its scale, and its histogram where it has a 偏差値."""

    population: Population
    scale: Scale
    chart: Chart | None

    @property
    def unit(self) -> str:
        """How its members are counted."""
        return "党" if self.population is Population.PARTY else "人"


@dataclass(frozen=True)
class Part:
    """One dimension of a worked example: value, weight, and what it adds to T."""

    label: str
    value: float
    weight: float
    term: float
    n: int


@dataclass(frozen=True)
class Counted:
    """One pledge in a worked example: k of n, x and w; ``pledge`` is None in the invented one."""

    pledge: Pledge | None
    positive: int
    n: int
    value: float
    weight: float

    @property
    def product(self) -> float:
        """What it adds to the weighted sum."""
        return self.value * self.weight


@dataclass(frozen=True)
class Example:
    """The way from ballots to 偏差値, step by step. Live: of ``politician``, from the very computation of score.json; else of nobody."""

    politician: Politician | None
    alpha: float
    beta: float
    counted: list[Counted]
    left_out: int
    weights: float
    weighted: float
    mean: float
    stretch: float
    centre: float
    support: float
    parts: list[Part]
    total: float
    low: float
    high: float
    population: str
    scale_mean: float
    scale_sd: float
    deviation: float | None
    deviation_low: float
    deviation_high: float
    reason: str

    @property
    def average(self) -> float:
        """m: the weighted mean."""
        return self.weighted / self.weights if self.weights else self.centre

    @property
    def first(self) -> Counted:
        """The pledge that is worked out in full."""
        return self.counted[0]


@dataclass(frozen=True)
class Methodology:
    """Everything the page shows in figures."""

    run: Current | None
    laws: list[Law]
    compared: list[Compared]
    example: Example
    parameters: list[tuple[str, str, str]]
    runs: list[ScoreRun]
    holds: PublicCounts
    version: str = METHOD.version
    least: ScoreParameters = METHOD.scores
    gate: ConsensusParameters = METHOD.consensus

    @property
    def weights(self) -> list[tuple[str, float]]:
        """The dimensions with what each weighs in T."""
        return [(WORDS[name][0], weight) for name, weight in zip(DIMENSIONS, METHOD.scores.weights, strict=True)]


def methodology(at: datetime) -> Methodology:
    """Read the page: the run, its rankings and the example's counts, of nobody who stands in an election at ``at``."""
    run = current()
    return Methodology(
        holds=public_counts(),
        run=run,
        laws=_laws(run) if run else [],
        compared=_compared(run) if run else [],
        example=(run and _live(run, at)) or invented(),
        parameters=[(name, words, _written(getattr(METHOD.scores, name))) for name, words in PARAMETERS.items()],
        runs=list(
            ScoreRun.objects.filter(finished_at__isnull=False).defer("ruler", "histograms", "parameters")[:RUNS_SHOWN]
        ),
    )


def _written(value: Any) -> str:
    if isinstance(value, tuple):
        return "・".join(f"{number:g}" for number in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _laws(run: Current) -> list[Law]:
    laws = []
    for name, weight in zip(DIMENSIONS, METHOD.scores.weights, strict=True):
        prior = run.ruler.priors[name]
        strength = prior.concentration if isinstance(prior, SharePrior) else prior.kappa
        laws.append(Law(WORDS[name][0], weight, prior.centre, strength, prior.pledges, run.ruler.resemblance[name]))
    return laws


def _compared(run: Current) -> list[Compared]:
    found = []
    for name, scale in run.ruler.populations.items():
        population = Population(name)
        found.append(Compared(population, scale, None if scale.reason else chart(run, population)))
    return found


def example_politician(run: Current, at: datetime) -> Politician | None:
    """Whom the example is worked with: who stands in the very middle of all by 偏差値, so that nobody is praised or blamed by it.

    Without such a ranking, the politician with the most ballots and assessments, of several the one registered first; None where nobody has any.
    Who stands in an election is passed over.
    """
    held = held_among(None, at)
    rows = RankingRow.objects.filter(
        ranking__run=run.number, ranking__kind=Kind.DEVIATION, ranking__population=Population.ALL
    )
    members = rows.values_list("ranking__members", flat=True).first()
    if members:
        near = rows.filter(position__gte=(members + 1) // 2).exclude(politician__in=held)
        middle = near.select_related("politician").order_by("position").first()
        if middle and middle.politician:
            return middle.politician
    judged = [(-count, pk) for pk, count in counts_to_order_by("ballots").items() if count and pk not in held]
    return Politician.objects.filter(pk=min(judged)[1]).first() if judged else None


def _live(run: Current, at: datetime) -> Example | None:
    """The example of a living politician, every number out of the explanation."""
    person = example_politician(run, at)
    if person is None:
        return None
    told = explained(run, tallies_of(person), kind_of(person))
    support = told["dimensions"][0]
    rows = sorted(support["pledges"], key=lambda row: (-row["n"], row["pledge"]))
    if not rows:
        return None
    shown = rows[:PLEDGES_SHOWN]
    pledges = Pledge.objects.only("title").in_bulk([row["pledge"] for row in shown])
    places = [place for place in told["populations"] if place["deviation"] is not None]
    place = places[-1] if places else None
    prior = run.ruler.priors["support"]
    assert isinstance(prior, SharePrior)  # noqa: S101 - 支持 is a share
    return Example(
        politician=person,
        alpha=prior.alpha,
        beta=prior.beta,
        counted=[
            Counted(pledges[row["pledge"]], row["positive"], row["n"], row["value"], row["weight"]) for row in shown
        ],
        left_out=len(rows) - len(shown),
        weights=support["sums"]["weight"],
        weighted=support["sums"]["weighted_value"],
        mean=support["sums"]["weighted_value"] / support["sums"]["weight"],
        stretch=support["stretch"],
        centre=support["prior"]["centre"],
        support=support["value"],
        parts=[
            Part(WORDS[one["name"]][0], one["value"], one["weight"], term, one["n"])
            for one, term in zip(told["dimensions"], told["total"]["terms"], strict=True)
        ],
        total=told["total"]["value"],
        low=told["total"]["interval"][0],
        high=told["total"]["interval"][1],
        population=Population(place["name"]).label if place else "",
        scale_mean=place["mean"] if place else 0.0,
        scale_sd=place["sd"] if place else 0.0,
        deviation=place["deviation"] if place else None,
        deviation_low=place["interval"][0] if place else 0.0,
        deviation_high=place["interval"][1] if place else 0.0,
        reason="" if place else _reason(told),
    )


def _reason(told: dict[str, Any]) -> str:
    """Why the politician of the example has no 偏差値."""
    if not told["compared"]:
        return (
            f"評価があと{told['missing_evaluations']}件"
            if told["missing_evaluations"]
            else f"評価された公約があと{told['missing_pledges']}件"
        ) + "必要なため、偏差値はまだありません。"
    return "比べる相手がまだ足りないため、偏差値はまだありません。"


def invented() -> Example:
    """The worked numbers of docs/scoring.md (計算例の数字), for a site where nobody has judged yet."""
    alpha, beta, size, positive = 3.01, 3.99, 10, 7
    value = 100 * (positive + alpha) / (size + alpha + beta)
    weight = size / (size + METHOD.scores.half_weight)
    centre = 100 * alpha / (alpha + beta)
    values = {
        "support": value,
        "clarity": 55.0,
        "feasibility": 48.0,
        "sincerity": 60.0,
        "progress": 65.0,
        "achievement": 50.0,
    }
    parts = [
        Part(WORDS[name][0], values[name], share, values[name] * share, size)
        for name, share in zip(DIMENSIONS, METHOD.scores.weights, strict=True)
    ]
    total, mean, spread, error = sum(part.term for part in parts), 50.0, 8.0, 3.0
    reach = 1.96 * error
    return Example(
        politician=None,
        alpha=alpha,
        beta=beta,
        counted=[Counted(None, positive, size, value, weight)],
        left_out=0,
        weights=weight,
        weighted=weight * value,
        mean=value,
        stretch=1.0,
        centre=centre,
        support=value,
        parts=parts,
        total=total,
        low=total - reach,
        high=total + reach,
        population=Population.ALL.label,
        scale_mean=mean,
        scale_sd=spread,
        deviation=50 + 10 * (total - mean) / spread,
        deviation_low=50 + 10 * (total - reach - mean) / spread,
        deviation_high=50 + 10 * (total + reach - mean) / spread,
        reason="",
    )
