"""A small site with two camps of voters, written row by row in any order, for runs of the scores."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from tests.evaluations.counting import AT
from tests.people.factories import PartyFactory, PrefectureFactory
from tests.pledges.factories import PolicyAreaFactory
from tsushinbo.evaluations.models import Ballot, ScoreRun, Tally
from tsushinbo.people.models import Area, Office, Party, Politician, Term
from tsushinbo.pledges.models import Pledge, PolicyArea
from tsushinbo.rankings.models import Kind, Population, RankingRow
from tsushinbo.rankings.services import score
from tsushinbo.scoring.synthetic.opinions import divided_sample

PEOPLE, PLEDGES_EACH, VOTERS, BALLOTS = 24, 3, 150, 3000


@dataclass(frozen=True)
class Scene:
    """Everything that was written, by id."""

    people: list[int]
    pledges: list[int]
    party: Party
    prefecture: Area
    topics: list[PolicyArea]

    def of(self, person: int) -> list[int]:
        """The pledges of the n-th person."""
        return self.pledges[person * PLEDGES_EACH : (person + 1) * PLEDGES_EACH]


def make_scene(*, backwards: bool = False, ballots: int = BALLOTS) -> Scene:
    """Write the site; ``backwards`` writes every table the other way round. Whoever has an even number sits in the House, in one prefecture."""
    way = -1 if backwards else 1
    party = PartyFactory(pk=7, key="scene", name="見本党")
    prefecture = PrefectureFactory(code="010006", name="見本県")
    topics = [PolicyAreaFactory(code=f"scene-{n}", name=f"見本分野{n}", position=n + 1) for n in range(2)]
    people = [1000 + 7 * n for n in range(PEOPLE)]
    Politician.objects.bulk_create([Politician(pk=pk, name=f"見本{pk}") for pk in people[::way]])
    Term.objects.bulk_create(
        [
            Term(
                politician_id=pk,
                key=f"scene-{pk}",
                office=Office.MAYOR if n % 2 else Office.REPRESENTATIVES,
                running=True,
                prefecture=None if n % 2 else prefecture,
                party=party if n % 4 == 0 else None,
            )
            for n, pk in list(enumerate(people))[::way]
        ]
    )
    pledges = [50_000 + 3 * n for n in range(PEOPLE * PLEDGES_EACH)]
    Pledge.objects.bulk_create(
        [
            Pledge(
                pk=pk,
                politician_id=people[n // PLEDGES_EACH],
                title=f"見本の公約{n}",
                text="見本",
                policy_area=topics[n % 2],
                source_title="選挙公報",
                source_url="https://www.example.com/",
                source_on=f"{2020 + n % 3}-01" if n % 5 else "",
                created_at=AT,
                changed_at=AT,
            )
            for n, pk in list(enumerate(pledges))[::way]
        ]
    )
    if ballots:
        _vote(pledges, ballots, way)
    return Scene(people, pledges, party, prefecture, topics)


def _vote(pledges: list[int], ballots: int, way: int) -> None:
    sample = divided_sample(3, voters=VOTERS, pledges=len(pledges), ballots=ballots, even=True)
    random = np.random.default_rng(4)
    said = random.choice([True, False, None], (3, ballots))
    rows = [
        Ballot(
            pledge_id=pledges[pledge],
            voter=10**12 + voter,
            choice="good" if good else "bad",
            clarity=clarity,
            feasibility=feasibility,
            sincerity=sincerity,
            cast_at=AT - timedelta(days=voter % 90),
            changed_at=AT,
        )
        for voter, pledge, good, clarity, feasibility, sincerity in zip(
            sample.voter.tolist(), sample.pledge.tolist(), sample.choice.tolist(), *said.tolist(), strict=True
        )
    ]
    Ballot.objects.bulk_create(rows[::way], batch_size=500)
    tallies = {pk: Tally(pledge_id=pk, changed_at=AT) for pk in pledges}
    for row in rows:
        for column in row.counted_in:
            setattr(tallies[row.pledge_id], column, getattr(tallies[row.pledge_id], column) + 1)
    Tally.objects.bulk_create(list(tallies.values())[::way])


def forget_scene() -> None:
    """Delete everything again but what runs were made."""
    Area.objects.update(prefecture=None)
    for model in (Ballot, Tally, Pledge, PolicyArea, Term, Politician, Party, Area):
        model.objects.all().delete()


def run() -> ScoreRun:
    """Make a run, which there must be."""
    made = score().run
    assert made is not None
    return made


def rows(kind: Kind, population: Population = Population.ALL, of: ScoreRun | None = None) -> list[RankingRow]:
    """The rows of a ranking of the current run, in order."""
    made = of or ScoreRun.objects.get(current=True)
    return list(
        RankingRow.objects.filter(ranking__run=made, ranking__kind=kind, ranking__population=population).order_by(
            "position"
        )
    )
