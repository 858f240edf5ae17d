"""Who stands in an election and therefore in no ranking: a run leaves them out, and a page whoever came since."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tsushinbo.elections.models import Election
from tsushinbo.elections.queries import held_people, holding
from tsushinbo.elections.rules import Rule
from tsushinbo.pledges.models import Pledge
from tsushinbo.rankings.models import Kind, Population
from tsushinbo.rankings.queries.known import Known
from tsushinbo.rankings.queries.pages import PLEDGE_KINDS


@dataclass(frozen=True)
class LeftOut:
    """The elections that leave somebody out of a ranking, and how many people or pledges the run left out."""

    elections: Sequence[Election] = ()
    number: int = 0


NOBODY = LeftOut()


def left_out_of(seen: Known | None, kind: Kind, population: Population, at: datetime) -> LeftOut:
    """Who is left out of a ranking at ``at``. Parties stand in no election. No query."""
    if population == Population.PARTY or not (elections := holding(_rule(kind), at)):
        return NOBODY
    counted = "left_out_pledges" if kind in PLEDGE_KINDS else "left_out"
    return LeftOut(elections, seen.run.counts.get(counted, 0) if seen else 0)


def still_placed[Row](rows: list[Row], subject: Callable[[Row], int], kind: Kind, at: datetime) -> list[Row]:
    """Those rows of a page whose ``subject``, a politician or a pledge, stands nowhere at ``at``. No query where nobody stands, else one."""
    held = held_people(_rule(kind), at) if rows else None
    if held is None:
        return rows
    subjects = [subject(row) for row in rows]
    if kind in PLEDGE_KINDS:
        gone = set(Pledge.objects.filter(pk__in=subjects, politician__in=held).order_by().values_list("pk", flat=True))
    else:
        gone = set(held.filter(politician__in=subjects).values_list("politician", flat=True))
    return [row for row, pk in zip(rows, subjects, strict=True) if pk not in gone]


def _rule(kind: Kind) -> Rule:
    return Rule.SUPPORT if kind in PLEDGE_KINDS else Rule.PERSON_SCORES
