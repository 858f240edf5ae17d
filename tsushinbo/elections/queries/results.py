"""Results: who stood in a contest and how it ended, by contest and by party, and the same seat's earlier elections."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from tsushinbo.elections.counting import FINAL
from tsushinbo.elections.models import OFFICIAL_ORDER, Candidacy, Contest, Election, PartyResult
from tsushinbo.elections.phases import Phase
from tsushinbo.elections.queries.counts import being_counted, count_words
from tsushinbo.elections.queries.mode import closing, phase_of
from tsushinbo.people.models import Tier

NATIONWIDE = "全国"


def is_decided(held: Election | Contest, at: datetime) -> bool:
    """Whether the polls are closed at ``at``, so that votes and places may be shown; without a known day, whether it is on record as held.

    Of an election without a look at its contests: those may have a poll that was put off, or close earlier (see ``all_decided``).
    """
    contest, election = (held, held.election) if isinstance(held, Contest) else (None, held)
    day = (contest and contest.polling_on) or election.day
    over = at >= closing(day, contest.polls_close_at if contest else None) if day else not election.upcoming
    # Where nobody votes it is decided before that day, which depends on more of the election than lists of past ones read.
    return over or bool(contest and contest.uncontested and phase_of(contest, at) == Phase.AFTER)


def all_decided(election: Election, contests: Collection[Contest], at: datetime) -> bool:
    """Whether results of the whole election may be added up: every contest is decided but those whose poll was put off (繰延投票)."""
    day = election.day
    on_time = [one for one in contests if not (day and one.polling_on and one.polling_on > day)]
    return all(is_decided(one, at) for one in on_time or contests) if contests else is_decided(election, at)


@dataclass(frozen=True)
class Standing:
    """One candidate of a contest. ``share`` (of the votes of all candidates on record), ``rank`` and ``near_miss`` are None where they mean nothing.

    ``near_miss`` is the 惜敗率, a share of the most votes: see ``Field``. ``won_district``: this row is of a list, the district was won.
    """

    candidacy: Candidacy
    share: float | None
    rank: int | None
    near_miss: float | None
    won_district: bool

    @property
    def result(self) -> str:
        """How it ended; "" where that is not on record."""
        row = self.candidacy
        if row.elected:
            return "当選"
        if row.elected_from_list:
            return "比例復活で当選"
        if self.won_district:
            return "小選挙区で当選"
        if row.elected is None:
            return ""
        # Who of a list also stood in a district may have won there, which is not on record of everybody.
        return "名簿では当選なし" if row.contest.tier == Tier.PROPORTIONAL and row.dual else "落選"


def standings(contest: Contest, *, decided: bool) -> list[Standing]:
    """The candidates of a contest in the order of the official record, never by votes; results only once ``decided``. Two queries at most."""
    rows = list(contest.candidacies.select_related("politician", "party").order_by(*OFFICIAL_ORDER))
    for row in rows:
        row.contest = contest
    if not decided:
        return [Standing(row, None, None, None, won_district=False) for row in rows]
    field = Field(row.votes for row in rows)
    winners = _district_winners(contest) if contest.tier == Tier.PROPORTIONAL else frozenset()
    return [field.standing(row, won_district=row.politician_id in winners) for row in rows]


class Field:
    """The votes of everybody who stood in one contest. A share, a place or a 惜敗率 means something only where those of all are on record."""

    def __init__(self, votes: Iterable[Decimal | None]) -> None:
        everybody = list(votes)
        self._known = sorted(one for one in everybody if one is not None)
        self._complete = bool(everybody) and len(self._known) == len(everybody)
        self._total = sum(self._known, Decimal(0))

    def standing(self, row: Candidacy, *, won_district: bool = False) -> Standing:
        """Where ``row``, one of them, stands; its contest is read with it."""
        if not self._complete or row.votes is None:
            return Standing(row, None, None, None, won_district)
        share = float(row.votes / self._total) if self._total else None
        if row.contest.is_partial:
            # A place, or a 惜敗率, of a count that goes on would be none of the result.
            return Standing(row, share, None, None, won_district)
        rank = 1 + len(self._known) - bisect_right(self._known, row.votes)
        return Standing(row, share, rank, self._near_miss(row, row.votes), won_district)

    def _near_miss(self, row: Candidacy, votes: Decimal) -> float | None:
        """The 惜敗率: a candidate's votes divided by the most votes of the district, between 0 and 1.

        公職選挙法 第95条の2第3項 defines it for single-seat districts of the House of Representatives, to order those who share a rank on a list.
        It has no meaning elsewhere, nor for who was elected in the district: None. Example: 40,000 behind a winner with 50,000 is 0.8.
        """
        most = self._known[-1]
        if row.contest.tier != Tier.SINGLE_SEAT or row.elected is not False or not most:
            return None
        return float(votes / most)


def _district_winners(contest: Contest) -> frozenset[int | None]:
    won = Candidacy.objects.filter(
        contest__election=contest.election_id, contest__tier=Tier.SINGLE_SEAT, elected=True, politician__isnull=False,
        politician__in=contest.candidacies.filter(politician__isnull=False, elected=False).order_by().values("politician"),
    )  # fmt: skip
    # Who leads a count that goes on has not won yet.
    won = won.exclude(contest__counted_percent__lt=FINAL)
    return frozenset(won.order_by().values_list("politician", flat=True))


# What a list of contests reads of each, and of who was elected. Naming the columns halves the time: those joined have many that nobody reads here.
OF_CONTESTS = (
    "tier", "name", "polling_on", "announced_on", "polls_close_at", "uncontested", "counted_percent", "counted_at", "turnout_percent",
    "constituency__boundaries", "constituency__prefecture__name", "election__name", "election__level", "election__office", "election__announced_on",
    "election__polling_on", "election__precision", "election__window_starts_on", "election__window_ends_on", "election__upcoming", "election__area__kind",
)  # fmt: skip
OF_WINNERS = ("contest", "key", "number", "name", "votes", "elected", "party__name", "politician__name")
# Where more were elected than this, their number stands in place of their names.
NAMED = 3


@dataclass(frozen=True)
class ContestRow:
    """A contest with how many stood, who was elected, and the votes of all candidates together where any are on record.

    ``decided``: its polls are closed; before that nothing of its result is told.
    """

    contest: Contest
    decided: bool
    candidates: int
    elected: list[Candidacy]
    nobody: bool
    votes: Decimal | None

    @property
    def counting(self) -> str:
        """How far the count is, while it goes on; "" before and after."""
        return count_words(self.contest) if self.decided and self.contest.is_partial else ""

    @property
    def named(self) -> list[Candidacy]:
        """Who was elected, where they are few."""
        return self.elected if len(self.elected) <= NAMED else []


def contest_rows(contests: QuerySet[Contest], at: datetime) -> list[ContestRow]:
    """The contests with their results, in the order given; results only of those that are decided at ``at``. Three queries.

    Counts are taken apart from the rows: joined to them, a database groups by every column that is read.
    """
    rows = list(contests.select_related("constituency__prefecture", "election__area").only(*OF_CONTESTS))
    stood = Candidacy.objects.filter(contest__in=[row.pk for row in rows]).order_by()
    numbers = stood.values_list("contest").annotate(
        n=Count("pk"), defeated=Count("pk", filter=Q(elected=False)), votes=Sum("votes")
    )
    counts = {contest: (n, defeated, votes) for contest, n, defeated, votes in numbers}
    elected: dict[int, list[Candidacy]] = defaultdict(list)
    ended = {row.pk for row in rows if is_decided(row, at)}
    if ended:
        for winner in (
            stood.filter(contest__in=ended, elected=True)
            .select_related("party", "politician")
            .only(*OF_WINNERS)
            .order_by(*OFFICIAL_ORDER)
        ):
            elected[winner.contest_id].append(winner)
    made = []
    for row in rows:
        candidates, defeated, votes = counts.get(row.pk, (0, 0, None))
        decided = row.pk in ended
        nobody = decided and not row.is_partial and _nobody(row.tier, candidates, defeated)
        made.append(ContestRow(row, decided, candidates, elected[row.pk], nobody, votes if decided else None))
    return made


def _nobody(tier: str, candidates: int, defeated: int) -> bool:
    """Whether it is on record of everybody that they were not elected; a list that won no seat is nothing unusual."""
    return tier != Tier.PROPORTIONAL and candidates > 0 and candidates == defeated


def contests_alike(contest: Contest) -> QuerySet[Contest]:
    """The contests on record of the same district, or of the same office and area, the newest first; itself left out."""
    if contest.constituency_id:
        alike = Q(constituency=contest.constituency_id)
    else:
        alike = Q(election__in=elections_alike(contest.election).order_by(), tier=contest.tier, name=contest.name)
    others = Contest.objects.filter(alike, election__upcoming=False).exclude(pk=contest.pk)
    return others.order_by("-election__polling_on", "pk")


def elections_alike(election: Election) -> QuerySet[Election]:
    """The elections on record for the same office of the same area, the newest first; itself and those to come left out."""
    same = Election.objects.filter(office=election.office, area=election.area_id, upcoming=False)
    if not election.area_id:
        # Of the whole country, or of a place that no code is known of.
        same = same.filter(area_name=election.area_name)
    return same.exclude(pk=election.pk).order_by("-polling_on", "name")


@dataclass(frozen=True)
class PartyTotal:
    """Votes and seats of a party in one tier of an election, added up over its blocks; None where the source states none."""

    name: str
    votes: Decimal | None
    seats: int | None


def party_totals(election: Election) -> list[tuple[str, list[PartyTotal]]]:
    """For each tier its name and the parties, the most votes first.

    From the results of parties on record; else added up from the candidates, where those on record fill every seat. Nothing while a count
    goes on in it. Four queries at most.
    """
    if being_counted([election.pk]):
        return []
    by_tier: dict[str, list[PartyResult]] = defaultdict(list)
    for result in PartyResult.objects.filter(election=election):
        by_tier[result.tier].append(result)
    if not by_tier:
        return _from_candidates(election)
    found: list[tuple[str, list[PartyTotal]]] = []
    for tier in (Tier.SINGLE_SEAT, Tier.PREFECTURAL, Tier.AT_LARGE, Tier.PROPORTIONAL):
        rows = by_tier.get(tier, [])
        # A national row states the sum already.
        rows = [row for row in rows if row.area_name == NATIONWIDE] or rows
        if rows:
            found.append((str(tier.label), _added((row.party_name, row.votes, row.seats) for row in rows)))
    return found


def _from_candidates(election: Election) -> list[tuple[str, list[PartyTotal]]]:
    rows = Candidacy.objects.filter(contest__election=election).order_by().values_list("party__name")
    summed = list(rows.annotate(votes=Sum("votes"), seats=Count("pk", filter=Q(elected=True))))
    filled = sum(seats for _, _, seats in summed)
    if not election.seats or filled != election.seats or any(name is None for name, _, _ in summed):
        return []
    return [("", _added(summed))]


def _added(rows: Iterable[tuple[str, Decimal | None, int | None]]) -> list[PartyTotal]:
    votes: dict[str, Decimal | None] = {}
    seats: dict[str, int | None] = {}
    for name, more_votes, more_seats in rows:
        votes[name] = _plus(votes.get(name), more_votes)
        seats[name] = _plus(seats.get(name), more_seats)
    totals = [PartyTotal(name, votes[name], seats[name]) for name in votes]
    return sorted(totals, key=lambda total: (-(total.votes or 0), -(total.seats or 0), total.name))


def _plus[T: (Decimal, int)](known: T | None, more: T | None) -> T | None:
    if known is None or more is None:
        return more if known is None else known
    return known + more
