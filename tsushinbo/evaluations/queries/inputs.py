"""Everything a run of the scores reads of ballots, assessments and their owners, of one moment and as columns of numbers."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from tsushinbo.evaluations.models import AssessmentTally, Standing, Tally
from tsushinbo.evaluations.queries.columns import Integers, ballots, one_moment, whole
from tsushinbo.evaluations.queries.recount import (
    ASSESSMENTS,
    BALLOT,
    BALLOTS,
    REACTIONS,
    AssessmentRecount,
    BallotRecount,
    tally_mismatches,
)
from tsushinbo.evaluations.queries.scores import ASSESSMENT_COLUMNS, BALLOT_COLUMNS
from tsushinbo.people.models import Party, Politician
from tsushinbo.people.queries import current_terms
from tsushinbo.pledges.models import Pledge
from tsushinbo.scoring.method import KINDS, NO_OFFICE, PARTY
from tsushinbo.scoring.tallies import Owners, Tallies, owner_key


@dataclass(frozen=True)
class Opinions:
    """The ballots that count, on the pledges of a run: who (numbered from 0 in the order of the keys), on which position, 1 GOOD or 0 BAD.

    Rows are in rising order of voter and pledge; nothing of them depends on the order in which ballots were cast or read.
    """

    voters: int
    voter: NDArray[np.int32]
    pledge: NDArray[np.int32]
    choice: NDArray[np.int8]

    @classmethod
    def of(cls, voter: Integers, pledge: NDArray[np.int32], choice: NDArray[np.int8], pledges: int) -> "Opinions":
        """Number the voters and put the rows in order. pledge: positions below ``pledges``."""
        keys, who = np.unique(voter, return_inverse=True)
        # One number each: they sort in a third of the time that three columns take.
        step = 2 * max(pledges, 1)
        code = who * step + 2 * pledge.astype(np.int64) + choice
        code.sort()
        who, rest = np.divmod(code, step)
        return cls(keys.size, who.astype(np.int32), (rest >> 1).astype(np.int32), (rest & 1).astype(np.int8))

    def digest(self) -> str:
        """The SHA-256 of the rows; of the voters only which ballots are of one of them, never their keys."""
        sha = hashlib.sha256(str(self.voters).encode())
        for column in (self.voter, self.pledge, self.choice):
            sha.update(np.ascontiguousarray(column, dtype=column.dtype.newbyteorder("<")).data)
        return sha.hexdigest()


@dataclass(frozen=True)
class Inputs:
    """What a run computes from. Only published pledges, whose owners have a page; ``tallies`` and ``owners`` are in rising order of their ids.

    ``wrong`` names for each kind of rows (of RECOUNTED) the pledges or reports whose kept tally is not what a recount gives: then nothing can be trusted.
    """

    as_of: datetime
    owners: Owners
    tallies: Tallies
    opinions: Opinions
    held: int
    excluded: int
    wrong: dict[str, list[int]]


def read_inputs() -> Inputs:
    """Read the tables, each once, and prove the tallies on the way. Memory: some hundred bytes a pledge, and 40 bytes a ballot for a while."""
    with one_moment():
        owners = read_owners()
        # The read above began the moment.
        as_of = timezone.now()
        table = whole(Pledge, ["id", "COALESCE(politician_id, party_id)", *_FLAGS])
        pledges, owner, party, published = table
        counts, assessed = BALLOTS.kept(pledges), ASSESSMENTS.kept(pledges)
        key = owner_key(owner, party == 1)
        known = np.isin(key, owners.key) & (published == 1)
        recount, opinions = _read_ballots(pledges, known)
        assessments = AssessmentRecount(pledges)
        for chunk in ASSESSMENTS.stream():
            assessments.add(chunk)
        reactions = tally_mismatches(REACTIONS)
    wrong = {
        BALLOTS.name: np.any(recount.counts != counts, axis=0),
        ASSESSMENTS.name: np.any(assessments.counts != assessed, axis=0),
    }
    return Inputs(
        as_of=as_of,
        owners=owners,
        tallies=Tallies.from_counts(
            pledge=pledges[known],
            owner=owner[known],
            party=party[known] == 1,
            counts=counts[[Tally.COUNTS.index(name) for name in BALLOT_COLUMNS]][:, known],
            assessed=assessed[[AssessmentTally.COUNTS.index(name) for name in ASSESSMENT_COLUMNS]][:, known],
        ),
        opinions=opinions,
        held=int(counts[Tally.COUNTS.index("held")].sum()),
        excluded=int(counts[Tally.COUNTS.index("excluded")].sum()),
        wrong={**{name: pledges[rows].tolist() for name, rows in wrong.items()}, REACTIONS.name: reactions},
    )


_FLAGS = ("CASE WHEN party_id IS NULL THEN 0 ELSE 1 END", "CASE WHEN published THEN 1 ELSE 0 END")


def read_owners() -> Owners:
    """Every politician with a page of their own, and every party; what each is compared with as in ``scores.kind_of``."""
    politicians, parties = whole(Politician, ["id"], "merged_into_id IS NULL")[0], whole(Party, ["id"])[0]
    kind = np.full(politicians.size, KINDS.index(NO_OFFICE), dtype=np.int64)
    # The one that says a person's office comes first; written last, it stays.
    terms = list(current_terms().filter(politician__merged_into=None).values_list("politician", "office"))
    for politician, office in reversed(terms):
        kind[np.searchsorted(politicians, politician)] = KINDS.index(office)
    return Owners(
        np.concatenate([politicians, parties]),
        np.concatenate([kind, np.full(parties.size, KINDS.index(PARTY), dtype=np.int64)]),
    )


def _read_ballots(pledges: Integers, known: NDArray[np.bool_]) -> tuple[BallotRecount, Opinions]:
    """Count all ballots, and keep who said what of those that count on the ``known`` pledges."""
    recount = BallotRecount(pledges)
    place = np.cumsum(known) - 1
    voters, places, choices = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)], [np.zeros(0, np.int8)]
    for chunk in ballots(("voter", *BALLOT)):
        recount.add(chunk)
        at = np.searchsorted(pledges, chunk["pledge"])
        kept = known[at] & (chunk["standing"] == Standing.COUNTED)
        voters.append(chunk["voter"][kept])
        places.append(place[at[kept]].astype(np.int32))
        choices.append(chunk["choice"][kept].astype(np.int8))
    voter, pledge, choice = np.concatenate(voters), np.concatenate(places), np.concatenate(choices)
    return recount, Opinions.of(voter, pledge, choice, int(known.sum()))
