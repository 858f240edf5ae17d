"""What is held back while somebody stands in an election (RULES §4): the figures of their pledges, and those of themselves in runs of the scores.

Ballots are taken and counted as ever. Where figures are held back they are taken out of the objects that a page is made of, not only out of the
page: what nobody thought of shows a zero.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from tsushinbo.elections.phases import LONG_AGO
from tsushinbo.elections.queries import Hold, held_people, holds
from tsushinbo.elections.rules import Rule
from tsushinbo.evaluations.models import AssessmentTally, Tally
from tsushinbo.pledges.models import Pledge


def by_rule(rule: Rule, hold: Hold | None) -> Hold | None:
    """The hold, where it is by this rule too."""
    return hold if hold is not None and rule in hold.rules else None


def hold_back(pledges: Collection[Pledge], at: datetime) -> None:
    """Hold back the figures of those of ``pledges`` whose politician stands: each gets its ``hold``, and tallies of nothing. At most one query."""
    held = holds({pledge.politician_id for pledge in pledges if pledge.politician_id is not None}, at)
    for pledge in pledges if held else ():
        if pledge.politician_id is not None:
            empty(pledge, by_rule(Rule.SUPPORT, held.get(pledge.politician_id)))


def empty(pledge: Pledge, hold: Hold | None) -> None:
    """Put ``hold`` on a pledge and nothing in place of its figures; without a hold they stay."""
    if hold is None:
        return
    pledge.hold = hold
    for name, tally in (("tally", Tally), ("assessment_tally", AssessmentTally)):
        setattr(pledge, name, tally(pledge=pledge, changed_at=LONG_AGO))


def held_among(politicians: Collection[int] | None, at: datetime) -> frozenset[int]:
    """Those of ``politicians`` (None: of everybody) whose own figures are held back. No query where nobody stands, else one."""
    held = held_people(Rule.PERSON_SCORES, at)
    if held is None:
        return frozenset()
    among = held if politicians is None else held.filter(politician__in=politicians)
    return frozenset(among.values_list("politician", flat=True))


@dataclass(frozen=True)
class StandsOut:
    """Who is left out of what compares people and pledges at a moment: politicians by id. ``supported``: those whose pledges are."""

    people: Sequence[int]
    supported: Sequence[int]

    @property
    def mark(self) -> str:
        """What tells one set of people from another; "" where it is nobody."""
        if not self.people and not self.supported:
            return ""
        return hashlib.sha256(json.dumps([self.people, self.supported]).encode()).hexdigest()


def stands_out(at: datetime) -> StandsOut:
    """Read who is left out at ``at``. No query where nobody stands, else two at most."""
    people, supported = (held_people(rule, at) for rule in (Rule.PERSON_SCORES, Rule.SUPPORT))
    return StandsOut(
        *(
            [] if rows is None else sorted(set(rows.values_list("politician", flat=True)))
            for rows in (people, supported)
        )
    )
