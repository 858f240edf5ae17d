"""What the page of a politician or a party says of its scores: six values (観点), and 偏差値 among those it is compared with."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock

import numpy as np

from tsushinbo.elections.queries import Hold
from tsushinbo.elections.rules import Rule
from tsushinbo.evaluations.models import DIMENSIONS
from tsushinbo.evaluations.queries.runs import Current, current
from tsushinbo.evaluations.queries.scores import Judged, judged, judged_each, kind_of
from tsushinbo.people.models import Party, Politician, Term
from tsushinbo.people.queries import office_among
from tsushinbo.pledges.queries import StatusCount, status_bar
from tsushinbo.rankings.models import Population
from tsushinbo.rankings.queries.standings import Standing, standing_of
from tsushinbo.scoring.deviation import Scale, Unplaced
from tsushinbo.scoring.method import METHOD, NO_OFFICE, RATINGS, SHARES, ScoreParameters
from tsushinbo.scoring.ruler import Totals, interval, populations_of
from tsushinbo.scoring.shares import MINIMUM, Share, Z
from tsushinbo.scoring.tallies import Tallies
from tsushinbo.site.queries.charts import Chart, chart
from tsushinbo.site.queries.totals import site_shares

RATING = "登録した人の平均"
WORDS: dict[str, tuple[str, str]] = {
    "support": ("支持", "GOODの割合"),
    **{dimension.name: (dimension.label, f"{dimension.positive.label}の割合") for dimension in DIMENSIONS},
    "progress": ("進捗度", RATING),
    "achievement": ("達成度", RATING),
}
# Either of them hides what a person's pledges add up to: 支持 over all pledges is a figure of both.
HIDDEN_BY = frozenset({Rule.PERSON_SCORES, Rule.SUPPORT})
# Owners whose totals a process remembers.
REMEMBERED = 1024


@dataclass(frozen=True)
class Grade:
    """One row of the grade table in percent: a dimension over all pledges, its 95% interval, of how many, and the mean of the site.

    ``value`` is None for a rating while nothing was scored yet.
    """

    dimension: str
    n: int
    value: float | None
    low: float
    high: float
    mean: float | None

    @property
    def name(self) -> str:
        """What it is called."""
        return WORDS[self.dimension][0]

    @property
    def what(self) -> str:
        """What the value is."""
        return WORDS[self.dimension][1]

    @property
    def shown(self) -> bool:
        """Whether there are enough to show a value."""
        return self.n >= MINIMUM and self.value is not None

    @property
    def missing(self) -> int:
        """How many are missing until it is shown; 0 when it waits for the first run."""
        return max(0, MINIMUM - self.n)

    @property
    def width(self) -> float:
        """The length of the interval."""
        return self.high - self.low


@dataclass(frozen=True)
class Place:
    """Where an owner stands in one population: 偏差値 with its interval on the scale of the run; None where that has none.

    ``standing`` is the place that the run gave; None for who was not compared then.
    """

    population: Population
    scale: Scale
    deviation: float | None
    low: float
    high: float
    standing: Standing | None

    @property
    def too_few(self) -> bool:
        """Whether there is no 偏差値 because too few are compared; else it is because all are alike."""
        return self.scale.reason is Unplaced.FEW


@dataclass(frozen=True)
class Scores:
    """Everything a page shows of an owner's scores now, on the ruler of ``run`` (None: nothing was scored yet).

    ``hold``: the figures are held back while the person stands in an election; then there are none here, only how many pledges stand how.
    """

    owner: Politician | Party
    run: Current | None
    judged: Judged
    totals: Totals | None
    grades: list[Grade]
    places: list[Place]
    hold: Hold | None = None

    @property
    def tallies(self) -> Tallies:
        """The counts of each pledge."""
        return self.judged.tallies

    @property
    def pledges(self) -> int:
        """Published pledges."""
        return int(self.tallies.pledge.size)

    @cached_property
    def statuses(self) -> list[StatusCount]:
        """The status counts of the pledges."""
        return status_bar(self.judged.statuses)

    @property
    def evaluations(self) -> int:
        """Ballots and people who assessed, pledge by pledge."""
        return int(self.tallies.evaluations.sum())

    @property
    def missing_evaluations(self) -> int:
        """How many evaluations are missing until the owner is compared."""
        return max(0, self.least.least_evaluations - self.evaluations)

    @property
    def missing_pledges(self) -> int:
        """How many judged pledges are missing until then."""
        return max(0, self.least.least_pledges - int(np.count_nonzero(self.tallies.evaluations)))

    @property
    def least(self) -> ScoreParameters:
        """The published minimums."""
        return METHOD.scores

    @property
    def value(self) -> float | None:
        """T (得点) of 100."""
        return float(self.totals.value[0]) if self.totals else None

    @property
    def ends(self) -> tuple[float, float] | None:
        """The 95% interval of T."""
        return interval(float(self.totals.value[0]), float(self.totals.error[0])) if self.totals else None

    @property
    def main(self) -> Place | None:
        """The 偏差値 to name the owner by: among the closest population that has one, the own office before everybody."""
        placed = [place for place in self.places if place.deviation is not None]
        return placed[-1] if placed else None

    @property
    def closest(self) -> Place | None:
        """The closest population, whether it has a 偏差値 or not."""
        return self.places[-1] if self.places else None

    @cached_property
    def chart(self) -> Chart | None:
        """The histogram of the population of ``main``, with the owner in it."""
        if self.run is None or self.main is None or self.main.deviation is None:
            return None
        name = f"{self.owner}さん" if isinstance(self.owner, Politician) else str(self.owner)
        return chart(
            self.run, self.main.population, mark=(name, self.main.deviation), band=(self.main.low, self.main.high)
        )


def scores_of(owner: Politician | Party, terms: Iterable[Term] | None = None, *, hold: Hold | None = None) -> Scores:
    """Read an owner's scores: one query, one or two more for who is compared, and the run where it was not read lately.

    terms: all of a politician's, where they were read already. hold: what is held back of them now.
    """
    scores = _worked_out(owner, judged(owner), hold)
    if scores.run is None or scores.totals is None or not scores.totals.members()[0]:
        return scores
    standings = standing_of(owner)
    kind = kind_of(owner) if terms is None else _kind(terms)
    return replace(scores, places=_places(scores.run, scores.totals, kind, standings))


def scores_of_each(
    people: Collection[Politician], terms: Mapping[int, Iterable[Term]], held: Mapping[int, Hold]
) -> dict[int, Scores]:
    """The same of several politicians by their ids, without their places in rankings: one query, however many.

    terms, held: all terms, and what is held back now, of each by the id.
    """
    found = judged_each([person.pk for person in people])
    each = {}
    for person in people:
        scores = _worked_out(person, found[person.pk], held.get(person.pk))
        if scores.run is not None and scores.totals is not None and scores.totals.members()[0]:
            kind = _kind(terms.get(person.pk, ()))
            scores = replace(scores, places=_places(scores.run, scores.totals, kind, {}))
        each[person.pk] = scores
    return each


def _worked_out(owner: Politician | Party, found: Judged, hold: Hold | None) -> Scores:
    """Everything but where the owner is placed."""
    run, tallies = current(), found.tallies
    if hold is not None and not HIDDEN_BY.isdisjoint(hold.rules):
        return Scores(owner, run, _silenced(found), None, [], [], hold)
    if run is None or not tallies.evaluations.any():
        return Scores(owner, run, found, None, _grades(tallies, None, run), [])
    worked = _totals(run, tallies)
    return Scores(owner, run, found, worked, _grades(tallies, worked, run), [])


def _kind(terms: Iterable[Term]) -> str:
    return office_among((term.office, term.starts_on) for term in terms if term.running) or NO_OFFICE


def _places(run: Current, worked: Totals, kind: str, standings: dict[Population, Standing]) -> list[Place]:
    return [_place(run, worked, Population(name), standings) for name in populations_of(kind)]


def _silenced(found: Judged) -> Judged:
    """The same pledges with nothing counted."""
    columns = ("positive", "n", "ratings", "total", "squares")
    nothing = {name: np.zeros_like(getattr(found.tallies, name)) for name in columns}
    return replace(found, tallies=replace(found.tallies, **nothing), held=0, excluded=0)


def _place(run: Current, worked: Totals, population: Population, standings: dict[Population, Standing]) -> Place:
    scale, standing = run.ruler.populations[population], standings.get(population)
    if scale.reason:
        return Place(population, scale, None, 0.0, 0.0, standing)
    value, reach = float(worked.value[0]), Z * float(worked.error[0])
    deviation, low, high = (float(number) for number in scale.place([value, value - reach, value + reach]))
    return Place(population, scale, deviation, low, high, standing)


def _grades(tallies: Tallies, worked: Totals | None, run: Current | None) -> list[Grade]:
    """Shares are what was counted, over all pledges together; ratings are the means that T is made of."""
    everywhere = site_shares()
    grades = []
    for number, name in enumerate(SHARES):
        share = Share(int(tallies.positive[number].sum()), int(tallies.n[number].sum()))
        mean = everywhere[name] * 100 if name in everywhere else None
        grades.append(Grade(name, share.n, share.percent, share.low, share.high, mean))
    for number, name in enumerate(RATINGS):
        n = int(tallies.ratings[number].sum())
        if worked is None or run is None:
            grades.append(Grade(name, n, None, 0.0, 0.0, None))
            continue
        estimate = worked.estimates[len(SHARES) + number]
        value, error = float(estimate.value[0]), float(estimate.error[0])
        grades.append(Grade(name, n, value, *interval(value, error), run.ruler.priors[name].centre))
    return grades


# T hangs on nothing but the counts and the ruler; a card is read far more often than it is judged.
_known: OrderedDict[tuple[str, str, bytes], Totals] = OrderedDict()
_lock = Lock()


def _totals(run: Current, tallies: Tallies) -> Totals:
    key = (run.inputs_digest, run.outputs_digest, b"".join(column.tobytes() for _, column in tallies.columns()))
    with _lock:
        worked = _known.get(key)
        if worked is not None:
            _known.move_to_end(key)
            return worked
    everything = np.zeros(tallies.pledge.size, dtype=np.int64)
    worked = run.ruler.totals(tallies.ordered(), everything, 1)
    with _lock:
        _known[key] = worked
        while len(_known) > REMEMBERED:
            _known.popitem(last=False)
    return worked
