"""What the pages of an election and of a contest show: results as charts, the pledges made for it, and how the candidates' pledges stand."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db.models import Count
from django.utils import timezone

from tsushinbo import addresses
from tsushinbo.elections.icalendar import Event
from tsushinbo.elections.models import Contest, Election
from tsushinbo.elections.queries import (
    ContestRow,
    PartyTotal,
    Standing,
    contest_rows,
    contests_alike,
    elections_alike,
    is_decided,
    party_totals,
    standings,
    upcoming,
)
from tsushinbo.japanese.dates import written_date
from tsushinbo.people.models import Party, Tier
from tsushinbo.pledges.queries import StatusCount, published, status_bar
from tsushinbo.site.queries.bars import Bars, bars
from tsushinbo.site.queries.contests import ContestGroup, Contests, contests_in, kept

# Other elections and contests of the same seat that are shown; the list of elections has all.
OTHERS = 20


@dataclass(frozen=True)
class Month:
    """Elections to come that may begin in the same month; ``words`` are its heading."""

    words: str
    elections: list[Election]


def by_month(elections: list[Election]) -> list[Month]:
    """Cut a list in the order of its days where another month begins."""
    return [Month(words, list(rows)) for words, rows in groupby(elections, key=_month)]


def _month(election: Election) -> str:
    first = election.window_starts_on.isoformat() if election.window_starts_on else election.polling_on
    if first:
        return written_date(first[:7])
    return f"遅くとも{written_date(election.window_ends_on.isoformat()[:7])}" if election.window_ends_on else "未定"


@dataclass(frozen=True)
class ElectionPage:
    """What the page of an election shows. ``only`` is its contest where it has one alone; ``decided``: see ``all_decided``."""

    election: Election
    decided: bool
    shown: Contests
    totals: list[tuple[str, list[PartyTotal]]]
    charts: list[Bars]
    statuses: list[StatusCount]
    others: list[Election]
    turnout: Bars | None

    @property
    def groups(self) -> list[ContestGroup]:
        """The contests that are shown."""
        return self.shown.groups

    @property
    def contests(self) -> int:
        """How many contests are on record."""
        return self.shown.total

    @property
    def only(self) -> ContestRow | None:
        """The contest, where there is one alone."""
        return self.groups[0].rows[0] if self.contests == 1 else None

    @property
    def any_decided(self) -> bool:
        """Whether the polls of any contest are closed."""
        return any(row.decided for group in self.groups for row in group.rows)

    @property
    def pledges(self) -> int:
        """Published pledges made for it."""
        return sum(piece.pledges for piece in self.statuses)


def election_page(election: Election, at: datetime, part: str = "", number: int = 1) -> ElectionPage:
    """Read the page of ``election``; of one with many contests page ``number`` of a ``part``. Raises Http404 where there is none."""
    contests = contests_in(election, at, part, number)
    decided = contests.decided
    totals: list[tuple[str, list[PartyTotal]]] = []
    if decided:
        totals = _kept_totals(election.pk) if contests.parts else party_totals(election)
    others = list(elections_alike(election)[:OTHERS])
    return ElectionPage(
        election=election,
        decided=decided,
        shown=contests,
        totals=totals,
        charts=_charts(totals),
        statuses=status_bar(dict(published().filter(election=election).order_by().values_list("status").annotate(n=Count("pk")))),
        others=others,
        turnout=_turnout([election, *others] if decided else others),
    )  # fmt: skip


def _totals(election: int) -> list[tuple[str, list[PartyTotal]]]:
    return party_totals(Election.objects.get(pk=election))


# Where there are many contests, adding up all candidates takes longer than everything else of the page.
_kept_totals = kept(_totals)


def _charts(totals: list[tuple[str, list[PartyTotal]]]) -> list[Bars]:
    charts = []
    for number, (tier, rows) in enumerate(totals, start=1):
        of_tier = f"（{tier}）" if tier else ""
        votes = [(row.name, float(row.votes), f"{row.votes:,.0f}票") for row in rows if row.votes]
        seats = [(row.name, float(row.seats), f"{row.seats:,}議席") for row in rows if row.seats]
        if len(votes) > 1:
            charts.append(bars(f"v{number}", f"党派別の得票{of_tier}", ("党派", "得票"), votes))
        if len(seats) > 1:
            seats.sort(key=lambda row: -row[1])
            charts.append(bars(f"s{number}", f"党派別の議席{of_tier}", ("党派", "議席"), seats))
    return charts


def _turnout(elections: list[Election]) -> Bars | None:
    """The turnout over time, the newest first; None where it is known of fewer than two."""
    dated = sorted(elections, key=lambda one: one.polling_on, reverse=True)
    known = [
        (written_date(one.polling_on), float(one.turnout_percent), f"{one.turnout_percent}%")
        for one in dated
        if one.turnout_percent is not None
    ]
    return bars("t", "投票率の移り変わり", ("投票日", "投票率"), known, full=100) if len(known) > 1 else None


@dataclass(frozen=True)
class Candidate:
    """A candidate with how the own published pledges stand."""

    standing: Standing
    statuses: list[StatusCount]

    @property
    def pledges(self) -> int:
        """Published pledges of any time."""
        return sum(piece.pledges for piece in self.statuses)


@dataclass(frozen=True)
class CandidateList:
    """Candidates under one heading: a party's list, or everybody of a district ("")."""

    party: Party | None
    rows: list[Candidate]


@dataclass(frozen=True)
class ContestPage:
    """What the page of a contest shows."""

    contest: Contest
    decided: bool
    lists: list[CandidateList]
    others: list[ContestRow]

    @property
    def candidates(self) -> int:
        """How many stood."""
        return sum(len(one.rows) for one in self.lists)

    @property
    def elected(self) -> int:
        """How many were elected in it."""
        return sum(row.standing.candidacy.elected is True for one in self.lists for row in one.rows)

    @property
    def nobody(self) -> bool:
        """Whether it is on record of everybody that they were not elected."""
        results = [row.standing.candidacy.elected for one in self.lists for row in one.rows]
        return self.decided and not self.is_list and bool(results) and all(one is False for one in results)

    @property
    def uncontested(self) -> bool:
        """Whether everybody was elected without a vote (無投票)."""
        rows = [row.standing.candidacy for one in self.lists for row in one.rows]
        return self.decided and not self.is_list and bool(rows) and all(row.elected and row.votes is None for row in rows)  # fmt: skip

    @property
    def is_list(self) -> bool:
        """Whether it is of lists of parties."""
        return self.contest.tier == Tier.PROPORTIONAL


def contest_page(contest: Contest, at: datetime) -> ContestPage:
    """Read the page of ``contest``, its election read with it."""
    decided = is_decided(contest, at)
    found = standings(contest, decided=decided)
    statuses = _statuses({row.candidacy.politician_id for row in found if row.candidacy.politician_id})
    rows = [Candidate(row, statuses.get(row.candidacy.politician_id or 0, [])) for row in found]
    if contest.tier == Tier.PROPORTIONAL:
        by_party: dict[Party | None, list[Candidate]] = defaultdict(list)
        for row in rows:
            by_party[row.standing.candidacy.party].append(row)
        lists = [
            CandidateList(party, sorted(of_party, key=lambda row: row.standing.candidacy.list_rank or 999))
            for party, of_party in by_party.items()
        ]
    else:
        lists = [CandidateList(None, rows)] if rows else []
    return ContestPage(contest, decided, lists, contest_rows(contests_alike(contest)[:OTHERS], at))


def _statuses(politicians: Collection[int]) -> dict[int, list[StatusCount]]:
    """How the published pledges of each politician stand. One query."""
    rows = published().filter(politician__in=politicians).order_by().values_list("politician", "status")
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for politician, status, pledges in rows.annotate(n=Count("pk")):
        counts[politician or 0][status] = pledges
    return {politician: status_bar(of_one) for politician, of_one in counts.items()}


def calendar_events(today: date, site: str) -> list[Event]:
    """The elections to come whose day, month or window is known, for a calendar. ``site``: its address without a slash at the end."""
    return [event for election in upcoming(today) if (event := _event(election, site))]


def _event(election: Election, site: str) -> Event | None:
    days = _days(election)
    if days is None:
        return None
    first, last = days
    sure = election.day is not None
    said = [] if sure else ["投票日はまだ決まっていません。この期間のいずれかの日です。"]
    if election.announced_on:
        said.append(
            f"{written_date(election.announced_on.isoformat())} {'公示' if election.level == Election.Level.NATIONAL else '告示'}"
        )
    url = f"{site}{election.get_absolute_url()}"
    return Event(
        # It stays when the site moves to another host, and when the day becomes known.
        uid=f"election-{addresses.encode(election.pk)}@tsushinbo",
        first=first,
        last=last,
        sure=sure,
        summary=f"{election.name} 投票日" if sure else f"{election.name}（日程未定・この期間のどこか）",
        description="\n".join([*said, url]),
        url=url,
    )  # fmt: skip


def _days(election: Election) -> tuple[date, date] | None:
    """The first and the last day that polling can be; None where that is a year or more, or unknown."""
    if election.day:
        return election.day, election.day
    if election.window_starts_on and election.window_ends_on:
        return election.window_starts_on, election.window_ends_on
    if election.precision == Election.Precision.MONTH:
        first = date.fromisoformat(f"{election.polling_on}-01")
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return None


def stamp_of(today: date) -> datetime:
    """The beginning of the day: what a calendar says is gathered anew each day, and the same all day long."""
    return timezone.make_aware(datetime.combine(today, time()))
