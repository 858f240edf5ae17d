"""A politician's pledges by what they were made for: the election, and the term (任期) that began with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet

from tsushinbo.elections.models import Election
from tsushinbo.elections.queries import Run, term_begun_by
from tsushinbo.people.models import Term
from tsushinbo.pledges.models import Pledge

# What is read of the election beside its name.
OF_ELECTION = ("election__name", "election__polling_on", "election__precision", "election__office")


@dataclass(frozen=True)
class MadeFor:
    """Some pledges for one election. ``name``: as the source calls it where it is not on record; "" where the source names none."""

    election: Election | None
    name: str
    term: Term | None
    pledges: list[Pledge]


def by_made_for(pledges: Iterable[Pledge], terms: Sequence[Term], runs: Iterable[Run]) -> list[MadeFor]:
    """Group a politician's pledges by their election, in the order in which each election comes first. No query.

    An election that was lost began no term; where no result is on record, the term is that of the office that began right after it.
    """
    lost = {run.election.pk for run in runs if run.elected is False}
    groups: dict[tuple[int | None, str], list[Pledge]] = {}
    for pledge in pledges:
        groups.setdefault((pledge.election_id, "" if pledge.election_id else pledge.election_name), []).append(pledge)
    made = []
    for (pk, name), of_one in groups.items():
        election = of_one[0].election
        term = term_begun_by(election, terms) if election and pk not in lost else None
        made.append(MadeFor(election, election.name if election else name, term, of_one))
    return made


def newest_election_first(pledges: QuerySet[Pledge]) -> QuerySet[Pledge]:
    """Those of one election together, the newest election first, those of none on record last; within one the newest pledge first."""
    return pledges.order_by(
        F("election__polling_on").desc(nulls_last=True), "election", "election_name", "-created_at", "pk"
    )
