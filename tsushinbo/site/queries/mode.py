"""What the page of an election's mode shows: the phases with what each holds back, the rules with their law, and contests with days of their own."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from tsushinbo.elections.models import Election
from tsushinbo.elections.phases import STRICTNESS, Phase, Schedule, Span
from tsushinbo.elections.queries import apart_of, people_in, schedule_of_election
from tsushinbo.elections.rules import Rule, RuleText, in_force


@dataclass(frozen=True)
class PhaseRow:
    """One phase with what it holds back; ``now``: it is the phase at the moment that is looked at."""

    span: Span
    rules: list[Rule]
    now: bool


@dataclass(frozen=True)
class Apart:
    """Contests that have a day, an hour or an end of their own, all by the same schedule."""

    names: list[str]
    schedule: Schedule
    phase: Phase
    uncontested: bool


@dataclass(frozen=True)
class ModePage:
    """What the page shows of ``election`` at ``at``. ``people``: how many on record stand; ``rules``: in their order, those that hold in no phase left out."""

    election: Election
    at: datetime
    schedule: Schedule
    phase: Phase
    rows: list[PhaseRow]
    rules: list[RuleText]
    apart: list[Apart]
    people: int

    @property
    def held(self) -> list[RuleText]:
        """The rules that hold at the moment, in any of its contests."""
        phases = {self.phase, *(one.phase for one in self.apart)}
        return [text for text in self.rules if text.phases & phases]

    @property
    def known(self) -> bool:
        """Whether it is known when anything begins."""
        return len(self.rows) > 1

    @property
    def window(self) -> bool:
        """Whether only a month or a window of days is known, so that nobody can say when the campaign begins."""
        return self.schedule.quiet_at is not None and self.schedule.campaign_at is None

    @property
    def later_today(self) -> list[Span]:
        """The phases that begin later on the day that is looked at."""
        midnight = timezone.localtime(self.at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return [row.span for row in self.rows if row.span.begins_at and self.at < row.span.begins_at < midnight]


def mode_page(election: Election, at: datetime) -> ModePage:
    """Read the page of ``election``, the area of which is read with it, as it is at ``at``. Three queries."""
    book = in_force()
    contests, others = apart_of(election)
    schedule = schedule_of_election(election)
    grouped: dict[tuple[Schedule, bool], list[str]] = defaultdict(list)
    for contest, own in contests:
        grouped[own, contest.uncontested].append(contest.name)
    if len(grouped) == 1 and not others:
        # Every contest goes by the same other days: those are the days of the election.
        ((schedule, _),) = grouped
    apart = [
        Apart(names, own, own.phase(at), uncontested)
        for (own, uncontested), names in grouped.items()
        if own != schedule
    ]
    apart.sort(key=lambda one: (one.schedule.after_at or at, one.names))
    return ModePage(
        election=election,
        at=at,
        schedule=schedule,
        phase=schedule.phase(at),
        rows=[
            PhaseRow(span, [rule for rule in Rule if rule in book.by_phase[span.phase]], span.holds(at))
            for span in schedule.spans
        ],
        rules=[book.rules[rule] for rule in Rule if any(STRICTNESS[phase] for phase in book.rules[rule].phases)],
        apart=apart,
        people=people_in([election.pk]).get(election.pk, 0),
    )
