"""A site on which enough people judged enough pledges for a 偏差値, and a run over it."""

from datetime import UTC, datetime
from typing import Any

import numpy as np

from tests.people.factories import PartyFactory, PoliticianFactory, TermFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory, PolicyAreaFactory
from tsushinbo.evaluations.models import AssessmentTally, ScoreRun, Tally
from tsushinbo.evaluations.queries import runs
from tsushinbo.evaluations.queries.scores import kind_of, tallies_of
from tsushinbo.people.models import Office, Party, Politician, Term
from tsushinbo.pledges.models import Pledge, PolicyArea
from tsushinbo.rankings import queries as rankings
from tsushinbo.rankings.models import Kind, Ranking, RankingRow
from tsushinbo.scoring import batch
from tsushinbo.scoring.method import KINDS, METHOD, PARTY
from tsushinbo.scoring.tallies import Owners, Tallies
from tsushinbo.site.queries import totals

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def judged_politicians(people: int = 24, *, office: Office = Office.REPRESENTATIVES, seed: int = 1) -> list[Politician]:
    """So many holders of an office with three pledges each, every one judged by some dozens and assessed by some."""
    found = Politician.objects.bulk_create(PoliticianFactory.build_batch(people))
    Term.objects.bulk_create([TermFactory.build(politician=person, office=office) for person in found])
    _judge_new(
        [PledgeFactory.build(politician=person, policy_area=_area()) for person in found for _ in range(3)], seed
    )
    return found


def judged_parties(parties: int = 21, *, seed: int = 2) -> list[Party]:
    """So many parties with two judged pledges each."""
    found = Party.objects.bulk_create(PartyFactory.build_batch(parties))
    _judge_new([PartyPledgeFactory.build(party=party, policy_area=_area()) for party in found for _ in range(2)], seed)
    return found


def _judge_new(pledges: list[Pledge], seed: int) -> None:
    judge(Pledge.objects.bulk_create(pledges), seed=seed)


def _area() -> PolicyArea:
    return PolicyAreaFactory.create(code="scored", name="採点")


def judge(pledges: list[Pledge], *, seed: int) -> None:
    """Tallies as of invented voters, the same for the same seed."""
    rng = np.random.default_rng(seed)
    tallies, assessed = [], []
    for pledge in pledges:
        n = int(rng.integers(18, 60))
        good = int(rng.binomial(n, rng.beta(3, 3)))
        columns = {"good": good, "bad": n - good}
        for positive, negative in (("clear", "unclear"), ("feasible", "infeasible"), ("sincere", "insincere")):
            said = int(rng.binomial(n, 0.6))
            columns[positive] = int(rng.binomial(said, rng.beta(3, 3)))
            columns[negative] = said - columns[positive]
        tallies.append(Tally(pledge=pledge, changed_at=AT, **columns))
        values = rng.integers(0, 101, (2, int(rng.integers(4, 16))))
        sums = {
            f"{name}_{what}": int((row**power).sum())
            for name, row in zip(("progress", "achievement"), values, strict=True)
            for what, power in (("sum", 1), ("squares", 2))
        }
        assessed.append(AssessmentTally(pledge=pledge, assessments=values.shape[1], changed_at=AT, **sums))
    Tally.objects.bulk_create(tallies)
    AssessmentTally.objects.bulk_create(assessed)


def score(*owners: Politician | Party) -> ScoreRun:
    """Make a run over exactly these owners the current one, with its rankings by 偏差値."""
    read = [tallies_of(owner) for owner in owners]
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(tallies, name) for tallies in read], axis=-1) for name, _ in read[0].columns()
    }
    kinds = np.array([KINDS.index(kind_of(owner)) for owner in owners], dtype=np.int64)
    found = batch.run(Tallies(**columns), Owners(np.array([owner.pk for owner in owners], dtype=np.int64), kinds))
    told = found.summary()
    ScoreRun.objects.filter(current=True).update(current=False)
    run = ScoreRun.objects.create(
        method_version=METHOD.version, parameters=told["parameters"], as_of=AT, finished_at=AT, seconds=0.5, current=True,
        counts={**told["counts"], "held": 0, "excluded": 0}, inputs_digest=told["digest"], outputs_digest=told["result"],
        ruler=told["ruler"], histograms=told["histograms"],
        consensus={"open": False, "voters": 0, "median_ballots": 1.0, "stability": None, "shown": 0, "bridging": 0},
    )  # fmt: skip
    is_party = KINDS.index(PARTY)
    for ranking in found.rankings:
        if ranking.kind not in {Kind.DEVIATION, Kind.BALLOTS, Kind.PLEDGES}:
            continue
        kept = Ranking.objects.create(
            run=run, kind=ranking.kind, population=ranking.population, members=ranking.rows.size
        )
        RankingRow.objects.bulk_create(
            RankingRow(
                ranking=kept, position=position + 1, place=ranking.place[position], place_low=ranking.low[position],
                place_high=ranking.high[position], value=ranking.value[position], n=found.totals.evaluations[row],
                **{"party_id" if found.owners.kind[row] == is_party else "politician_id": found.owners.id[row]},
            )
            for position, row in enumerate(ranking.rows)
        )  # fmt: skip
    forget()
    return run


def forget() -> None:
    """Let no process remember what was before."""
    runs.forget()
    totals.forget()
    rankings.forget()
