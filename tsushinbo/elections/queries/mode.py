"""Election mode (RULES 4): in which phase a contest is, who stands where, and what is therefore held back of whom."""

from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from time import monotonic
from typing import cast

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from tsushinbo import addresses
from tsushinbo.elections.models import Candidacy, Contest, Election
from tsushinbo.elections.phases import STRICTNESS, TOKYO, Days, Phase, Schedule, schedule
from tsushinbo.elections.rules import Rule, RuleBook, RuleText, in_force
from tsushinbo.kept import Kept
from tsushinbo.people.models import Area, Office

# Elections that run, and the dates they run by, are read at most this often by each process; the phase itself is worked out anew each time.
SECONDS = 10
# What is kept is of this much time around the moment of reading; other days are read when they are asked for.
AROUND = timedelta(days=1)
DAY = timedelta(days=1)
OWN = (
    Q(announced_on__isnull=False) | Q(polling_on__isnull=False) | Q(polls_close_at__isnull=False) | Q(uncontested=True)
)


@dataclass(frozen=True)
class Running:
    """An election near its polls: its own schedule, and those of contests that differ. ``people``: whether anybody on record stands in it."""

    election: Election
    schedule: Schedule
    apart: Mapping[int, Schedule]
    people: bool

    def of(self, contest_id: int) -> Schedule:
        """The schedule of one of its contests."""
        return self.apart.get(contest_id, self.schedule)

    def phase(self, at: datetime) -> Phase:
        """The strictest phase of any of its contests."""
        return max((one.phase(at) for one in (self.schedule, *self.apart.values())), key=STRICTNESS.__getitem__)


@dataclass(frozen=True)
class Hold:
    """What is held back of a person who stands. Of several elections the strictest names phase, election and end; rules add up."""

    politician_id: int
    phase: Phase
    rules: frozenset[Rule]
    election: Election
    until: datetime

    @property
    def mode_url(self) -> str:
        """The page that says what is hidden, from when to when, and why."""
        return addresses.page("site:election-mode", self.election.pk)

    @property
    def said(self) -> dict[str, RuleText]:
        """The texts of the rules that hold, by their code: ``hold.said.person_scores`` in a template."""
        texts = in_force().rules
        return {rule.value: texts[rule] for rule in Rule if rule in self.rules}


def campaign_days(election: Election, book: RuleBook) -> int:
    """How many days before polling the law has it announced (公職選挙法 第31条–第34条); the longest possible where its place is not known."""
    kind = election.area.kind if election.area else None
    match election.office:
        case Office.MAYOR | Office.MUNICIPAL_ASSEMBLY:
            what = "mayor" if election.office == Office.MAYOR else "assembly"
            if kind in {Area.Kind.TOWN, Area.Kind.VILLAGE}:
                return book.campaign_days[f"{what}_of_town"]
            if kind in {Area.Kind.CITY, Area.Kind.SPECIAL_WARD}:
                return book.campaign_days[f"{what}_of_city"]
            return book.campaign_days[f"{what}_of_designated_city"]
        case office:
            return book.campaign_days[office]


def days_of(election: Election, contest: Contest | None, book: RuleBook) -> Days:
    """What is known of when an election, or one contest of it, is held."""
    first, last = _window(election)
    day = _day(election)
    own = contest.polling_on if contest else None
    length = campaign_days(election, book)
    announced_on = (contest.announced_on if contest else None) or election.announced_on
    if announced_on is None and own and day:
        # A poll that is put off was announced with the others.
        announced_on = min(own, day) - timedelta(days=length)
    return Days(
        announced_on=announced_on,
        polling_on=own or day,
        first_on=first,
        last_on=last,
        campaign_days=length,
        polls_close_at=contest.polls_close_at if contest else None,
        uncontested=contest.uncontested if contest else False,
        over=not election.upcoming,
    )


def _day(election: Election) -> date | None:
    """The day of polling. One that is written wrongly counts as unknown here: a slip in one row must not take every page of the site down."""
    try:
        return election.day
    except ValueError:
        return None


def _window(election: Election) -> tuple[date | None, date | None]:
    """The days between which polling will be, where the day is not known."""
    if election.precision == Election.Precision.MONTH and election.polling_on:
        try:
            first = date.fromisoformat(f"{election.polling_on}-01")
        except ValueError:
            return None, None
        return first, (first + timedelta(days=31)).replace(day=1) - DAY
    return election.window_starts_on, election.window_ends_on


def schedule_of(contest: Contest) -> Schedule:
    """When the phases of a contest begin; its election and the area of that must be read with it."""
    book = in_force()
    return schedule(days_of(contest.election, contest, book), book.periods)


def schedule_of_election(election: Election) -> Schedule:
    """When the phases of an election begin for those of its contests that say nothing else; its area must be read with it."""
    book = in_force()
    return schedule(days_of(election, None, book), book.periods)


def apart_of(election: Election) -> tuple[list[tuple[Contest, Schedule]], int]:
    """The contests of an election that have days of their own, with them, and how many others there are. Two queries."""
    book = in_force()
    own = list(election.contests.filter(OWN).order_by("name", "pk"))
    return [(one, schedule(days_of(election, one, book), book.periods)) for one in own], election.contests.count() - len(own)  # fmt: skip


def people_in(elections: Collection[int]) -> dict[int, int]:
    """How many people on record stand in each of some elections, those with nobody left out. One query."""
    standing = Candidacy.objects.filter(contest__election__in=elections, politician__isnull=False).order_by()
    return dict(standing.values_list("contest__election").annotate(n=Count("politician", distinct=True)))


def unlinked_in(elections: Collection[int]) -> dict[int, int]:
    """How many candidacies of each of some elections name nobody on record, so that nothing of theirs can be held back. One query."""
    nobody = Candidacy.objects.filter(contest__election__in=elections, politician__isnull=True).order_by()
    return dict(nobody.values_list("contest__election").annotate(n=Count("pk")))


def phase_of(held: Contest | Election, at: datetime) -> Phase:
    """The phase of a contest at ``at``, or the strictest of the contests of an election."""
    if isinstance(held, Contest):
        return schedule_of(held).phase(at)
    row = _near(at).elections.get(held.pk)
    return row.phase(at) if row else schedule_of_election(held).phase(at)


def closing(day: date, earlier: time | None = None) -> datetime:
    """When polls close on a day: as everywhere, or ``earlier`` where a contest says so."""
    return datetime.combine(day, earlier or in_force().periods.polls_close, TOKYO)


@dataclass(frozen=True)
class _Near:
    """The elections that may run between two instants, by their id.

    Between two edges no phase changes, so which of a thousand elections run is worked out once for each stretch of time and not for each page.
    """

    begins_at: datetime
    ends_at: datetime
    elections: Mapping[int, Running]
    edges: list[datetime] = field(init=False)
    found: dict[int, dict[int, Running]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Gather the moments at which any phase changes."""
        schedules = {one for row in self.elections.values() for one in (row.schedule, *row.apart.values())}
        edges = {span.begins_at for one in schedules for span in one.spans if span.begins_at}
        object.__setattr__(self, "edges", sorted(edges))

    def with_people(self, at: datetime) -> dict[int, Running]:
        """Those that run at ``at`` and in which anybody on record stands."""
        stretch = bisect_right(self.edges, at)
        if stretch not in self.found:
            self.found[stretch] = {
                pk: row for pk, row in self.elections.items() if row.people and STRICTNESS[row.phase(at)]
            }
        return self.found[stretch]


def _read(at: datetime) -> _Near:
    """The elections that may run within AROUND of ``at``. Two queries, one where there are none."""
    book = in_force()
    begins_at, ends_at = at - AROUND, at + AROUND
    since, until = begins_at.astimezone(TOKYO).date(), ends_at.astimezone(TOKYO).date()
    # What the law says is the least: who announces earlier has an announcement on record.
    longest = timedelta(days=max(book.campaign_days.values()))
    ahead = until + longest + timedelta(days=book.periods.quiet_days)
    months = {f"{since + DAY * days:%Y-%m}" for days in range(0, (ahead - since).days + 28, 27)}
    # Days of their own are rare, so that all that are still to come may be looked at.
    own = Contest.objects.filter(
        Q(polling_on__gte=since)
        | Q(announced_on__range=(since - longest, ahead))
        | Q(announced_on__lte=ahead, election__polling_on__gte=since.isoformat())
    ).order_by()
    near = (
        Q(precision=Election.Precision.DAY, polling_on__range=(since.isoformat(), ahead.isoformat()))
        | Q(precision=Election.Precision.DAY, polling_on__gte=since.isoformat(), announced_on__lte=ahead)
        | Q(precision=Election.Precision.MONTH, polling_on__in=months)
        | Q(window_ends_on__gte=since, window_starts_on__lte=ahead)
        | Q(announced_on__range=(since - longest, ahead))
        | Q(pk__in=own.values("election"))
    )
    people = Candidacy.objects.filter(contest__election=OuterRef("pk"), politician__isnull=False)
    found = list(
        Election.objects.filter(near)
        .select_related("area")
        .annotate(people=Exists(people))
        .order_by("polling_on", "pk")
    )
    apart: dict[int, dict[int, Schedule]] = {}
    by_id = {election.pk: election for election in found}
    for contest in Contest.objects.filter(OWN, election__in=by_id).order_by() if found else ():
        election = by_id[contest.election_id]
        own_schedule = schedule(days_of(election, contest, book), book.periods)
        apart.setdefault(election.pk, {})[contest.pk] = own_schedule
    rows = (
        Running(one, schedule(days_of(one, None, book), book.periods), apart.get(one.pk, {}), people=one.people)
        for one in found
    )
    return _Near(begins_at, ends_at, {row.election.pk: row for row in rows})


_kept = Kept(lambda: _read(timezone.now()), SECONDS)
# Each thing that is held back on a page asks by itself; so many seconds an answer of the database is good for the next of them.
STANDING_SECONDS, STANDING_MOST = 1.0, 64
_standing: dict[frozenset[int], tuple[float, list[tuple[int, int, int]]]] = {}


def forget() -> None:
    """Read everything anew at the next call, for tests and after dates were changed in the same process."""
    _kept.forget()
    _standing.clear()


def _near(at: datetime) -> _Near:
    near = _kept.get()
    return near if near.begins_at <= at <= near.ends_at else _read(at)


def running(at: datetime) -> list[Election]:
    """The elections of which any contest is in a phase other than normal and after, the earliest polls first."""
    return [row.election for row in _near(at).elections.values() if STRICTNESS[row.phase(at)]]


def holding(rule: Rule, at: datetime) -> list[Election]:
    """The elections by which ``rule`` holds anybody on record at ``at``, the earliest polls first."""
    by_phase = in_force().by_phase
    schedules = ((row, (row.schedule, *row.apart.values())) for row in _near(at).with_people(at).values())
    return [row.election for row, those in schedules if any(rule in by_phase[one.phase(at)] for one in those)]


def holds(politicians: Collection[int], at: datetime) -> dict[int, Hold]:
    """What is held back of each of ``politicians`` at ``at``, those who stand nowhere left out. No query where nobody stands, else one."""
    near = _near(at).with_people(at) if politicians else {}
    if not near:
        return {}
    by_phase = in_force().by_phase
    found: dict[int, Hold] = {}
    for politician, election, contest in _candidacies(frozenset(politicians)):
        row = near.get(election)
        if row is None:
            continue
        own = row.of(contest)
        phase = own.phase(at)
        if not by_phase[phase] or own.after_at is None:
            continue
        hold, other = Hold(politician, phase, by_phase[phase], row.election, own.after_at), found.get(politician)
        found[politician] = hold if other is None else _stricter(other, hold)
    return found


def _candidacies(politicians: frozenset[int]) -> list[tuple[int, int, int]]:
    """Where these people stand: politician, election and contest of each candidacy."""
    now, kept = monotonic(), _standing.get(politicians)
    if kept is not None and now - kept[0] < STANDING_SECONDS:
        return kept[1]
    # By the person alone: they have a handful of rows, while the elections of one day may be a thousand.
    standing = Candidacy.objects.filter(politician__in=politicians).order_by()
    rows = list(standing.values_list("politician", "contest__election", "contest"))
    if len(_standing) >= STANDING_MOST:
        _standing.clear()
    _standing[politicians] = now, rows
    return rows


def _stricter(one: Hold, other: Hold) -> Hold:
    """The stricter of two holds on a person, and of two alike the longer, with the rules of both."""
    first, second = sorted((one, other), key=lambda hold: (STRICTNESS[hold.phase], hold.until), reverse=True)
    return Hold(first.politician_id, first.phase, first.rules | second.rules, first.election, first.until)


def hold_of(politician_id: int, at: datetime) -> Hold | None:
    """What is held back of one person."""
    return holds([politician_id], at).get(politician_id)


def held_people(rule: Rule, at: datetime) -> QuerySet[Candidacy, int] | None:
    """The ids of everybody whom ``rule`` holds at ``at``, for ``exclude(politician__in=…)``; None where there is nobody."""
    by_phase = in_force().by_phase
    whole: list[int] = []
    without: list[int] = []
    besides: list[int] = []
    for pk, row in _near(at).with_people(at).items():
        held = rule in by_phase[row.schedule.phase(at)]
        if held:
            whole.append(pk)
        for contest, own in row.apart.items():
            if (rule in by_phase[own.phase(at)]) is not held:
                (without if held else besides).append(contest)
    if not whole and not besides:
        return None
    wanted = Q(contest__election__in=whole)
    if without:
        wanted &= ~Q(contest__in=without)
    if besides:
        wanted |= Q(contest__in=besides)
    standing = Candidacy.objects.filter(wanted, politician__isnull=False).order_by().values("politician")
    # As a part of another query the rows are the ids.
    return cast("QuerySet[Candidacy, int]", standing)


def campaigning(at: datetime) -> frozenset[int]:
    """The politicians whom mails leave out at ``at``. It reads all of them: for the work of the background alone."""
    standing = held_people(Rule.MAIL, at)
    return frozenset() if standing is None else frozenset(standing.values_list("politician", flat=True))


def advice_is_off(election: Election, at: datetime) -> bool:
    """Whether voting advice on ``election`` is off at ``at``, as the rules say and unless the operator turned it on."""
    row = _near(at).elections.get(election.pk)
    return row is not None and not settings.ADVICE_IN_CAMPAIGN and Rule.ADVICE in in_force().by_phase[row.phase(at)]
