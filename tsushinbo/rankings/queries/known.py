"""Which rankings the current run has, and what they can be narrowed by."""

from dataclasses import dataclass
from functools import lru_cache

from tsushinbo.evaluations.queries import runs
from tsushinbo.evaluations.queries.runs import Current
from tsushinbo.kept import Kept
from tsushinbo.people.models import Party
from tsushinbo.people.queries import parties_with_members, prefectures
from tsushinbo.pledges.queries import policy_areas
from tsushinbo.rankings.models import Facet, Kind, Population, Ranking, RankingPart

# Names that change with an import only.
SECONDS = 600


@dataclass(frozen=True)
class Listed:
    """One ranking of a run: its key, and how many rows it has."""

    run: int
    pk: int
    kind: Kind
    population: Population
    members: int


@dataclass(frozen=True)
class Known:
    """The current run and its rankings. A run's rankings never change, so they are read once for each run in each process.

    reading: equal to itself alone, and so tells whether something was made from the same rankings.
    """

    run: Current
    reading: object
    rankings: dict[tuple[str, str], Listed]

    @property
    def parties(self) -> frozenset[int]:
        """The parties that some ranking can be narrowed to."""
        return frozenset(int(value) for facet, value in _values(self.run.number) if facet == Facet.PARTY)

    @property
    def years(self) -> tuple[str, ...]:
        """The years that some ranking can be narrowed to, the newest first."""
        return tuple(sorted((value for facet, value in _values(self.run.number) if facet == Facet.YEAR), reverse=True))

    def find(self, kind: str, population: str = Population.ALL) -> Listed | None:
        """The ranking of a kind among a population; None where the run made none."""
        return self.rankings.get((kind, population))

    def members(self, kind: str, population: str = Population.ALL) -> int:
        """How many rows that ranking has, 0 without one."""
        found = self.find(kind, population)
        return found.members if found else 0


@dataclass(frozen=True, eq=False)
class Names:
    """What the values of facets are called: (value, word) in the order of the boxes. Two are the same only if they are one.

    serving: the parties that somebody in office belongs to.
    """

    prefectures: list[tuple[str, str]]
    parties: list[tuple[int, str]]
    policy_areas: list[tuple[str, str]]
    serving: frozenset[int]


@lru_cache(maxsize=2)
def _read(run: int) -> tuple[object, dict[tuple[str, str], Listed]]:
    rows = Ranking.objects.filter(run=run).values_list("pk", "kind", "population", "members")
    return object(), {
        (kind, population): Listed(run, pk, Kind(kind), Population(population), members)
        for pk, kind, population, members in rows
    }


@lru_cache(maxsize=2)
def _values(run: int) -> frozenset[tuple[str, str]]:
    """The parties and years of a run's parts. Pages that narrow nothing do not ask."""
    parts = RankingPart.objects.filter(ranking__run=run, facet__in=[Facet.PARTY, Facet.YEAR], number=0)
    return frozenset(parts.values_list("facet", "value"))


def _read_names() -> Names:
    return Names(
        prefectures=list(prefectures().values_list("code", "name")),
        parties=list(Party.objects.order_by("name").values_list("pk", "name")),
        policy_areas=list(policy_areas().values_list("code", "name")),
        serving=frozenset(parties_with_members().order_by().values_list("pk", flat=True)),
    )


_names = Kept(_read_names, SECONDS)


def known() -> Known | None:
    """The current run with its rankings; None before the first run. No query while the run stays the same."""
    run = runs.current()
    return None if run is None else Known(run, *_read(run.number))


def names() -> Names:
    """The names, at most ten minutes old."""
    return _names.get()


def forget() -> None:
    """Read everything anew at the next call, for tests and after a run in the same process."""
    _names.forget()
    _read.cache_clear()
    _values.cache_clear()
    runs.forget()
