"""How the counts of contests stand, and the record of what was entered."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count as NumberOf
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from tsushinbo.elections.counting import FINAL, ListResult, Progress, Result, Rules, State, plain
from tsushinbo.elections.models import OFFICIAL_ORDER, Candidacy, Contest, CountEntry, PartyResult
from tsushinbo.elections.phases import Phase
from tsushinbo.elections.queries.mode import schedule_of
from tsushinbo.people.models import Tier

# Entries of a count that its page shows; the night of a large one has dozens.
SHOWN = 50


class Candidate(NamedTuple):
    """Who stands in a contest, with the result on record."""

    pk: int
    name: str
    number: int | None
    party: str
    result: Result


class PartyList(NamedTuple):
    """A party's list of a block. ``pk`` is None while no result of it is on record."""

    pk: int | None
    party_id: int | None
    name: str
    result: ListResult


@dataclass
class OnRecord:
    """What is on record of one contest's count."""

    progress: Progress
    candidates: list[Candidate] = field(default_factory=list)
    lists: list[PartyList] = field(default_factory=list)

    @property
    def state(self) -> State:
        """It as the rules see it."""
        return State(self.progress, [one.result for one in self.candidates], [one.result for one in self.lists])


def progress_of(contest: Contest) -> Progress:
    """How far the count of a contest is."""
    return Progress(
        contest.uncontested, contest.counted_percent, contest.counted_at, contest.turnout_percent, contest.electors
    )


def rules_of(contest: Contest, at: datetime) -> Rules:
    """What the rules look at; its election and the area of that are read with it."""
    schedule = schedule_of(contest)
    return Rules(contest.tier, contest.seats, schedule.phase(at) == Phase.AFTER, schedule.after_at, at)


def on_record(contests: Collection[Contest]) -> dict[int, OnRecord]:
    """What is on record of the counts of ``contests``, candidates in official order. Two queries, one without contests of lists."""
    found = {contest.pk: OnRecord(progress_of(contest)) for contest in contests}
    columns = (
        "contest",
        "pk",
        "name",
        "number",
        "party",
        "party__name",
        "votes",
        "elected",
        "elected_from_list",
    )
    rows = Candidacy.objects.filter(contest__in=found).order_by("contest", *OFFICIAL_ORDER)
    parties: dict[int, dict[str, int]] = defaultdict(dict)
    for contest, pk, name, number, party, party_name, *result in rows.values_list(*columns):
        found[contest].candidates.append(Candidate(pk, name, number, party_name or "", Result(*result)))
        if party is not None and party_name:
            parties[contest].setdefault(party_name, party)
    blocks = {(one.election_id, one.name): one.pk for one in contests if one.tier == Tier.PROPORTIONAL}
    if not blocks:
        return found
    named: dict[int, set[str]] = defaultdict(set)
    results = PartyResult.objects.filter(
        election__in={election for election, _ in blocks}, tier=Tier.PROPORTIONAL, area_name__in={name for _, name in blocks}
    ).order_by("pk")  # fmt: skip
    for one in results:
        if contest := blocks.get((one.election_id, one.area_name)):
            found[contest].lists.append(
                PartyList(one.pk, one.party_id, one.party_name, ListResult(one.votes, one.seats))
            )
            named[contest].add(one.party_name)
    for contest in blocks.values():
        new = [(name, party) for name, party in parties[contest].items() if name not in named[contest]]
        found[contest].lists += [PartyList(None, party, name, ListResult()) for name, party in new]
    return found


def entries_of(contest: Contest) -> list[CountEntry]:
    """The entries of a contest's count, the newest first."""
    return list(CountEntry.objects.filter(contest=contest).defer("actor", "digest").order_by("-version")[:SHOWN])


def count_words(contest: Contest) -> str:
    """How far a count is, and as of when: 開票率 43.2%・21:35現在, on another day than that of polling 2月9日 1:20現在."""
    if contest.counted_percent is None:
        return ""
    percent = plain(contest.counted_percent)
    if contest.counted_at is None:
        return f"開票率 {percent}%"
    at = timezone.localtime(contest.counted_at)
    day = contest.polling_on or contest.election.day
    # Who reads it the same night needs the time alone.
    date = "" if day == at.date() else f"{at.month}月{at.day}日 "
    return f"開票率 {percent}%・{date}{at.hour}:{at.minute:02}現在"


@dataclass(frozen=True)
class Counting:
    """The contests of an election whose count goes on: how many, and when the newest of them stood as it is on record."""

    contests: int
    counted_at: datetime


def counting_of(election_id: int) -> Counting | None:
    """What is still being counted of an election; None where nothing is. One query, by an index of such contests alone."""
    going_on = Contest.objects.filter(election=election_id, counted_percent__lt=100)
    found = going_on.aggregate(contests=NumberOf("pk"), counted_at=Max("counted_at"))
    return Counting(**found) if found["counted_at"] else None


def being_counted(elections: Collection[int]) -> set[int]:
    """Which of some elections, by id, have no complete result yet, so that nothing of theirs is to be added up. Two queries at most.

    A count goes on in a contest, or is on record of some contests while nothing is of others that somebody stands in. Those with a
    day of their own (繰延投票) are not waited for, nor are elections of which no percentage is on record: those are from tables of past ones.
    """
    counted = Contest.objects.filter(election__in=elections, counted_percent__isnull=False).order_by()
    least = dict(counted.values_list("election").annotate(Min("counted_percent")))
    going_on = {election for election, percent in least.items() if percent < FINAL}
    ended = least.keys() - going_on
    if not ended:
        return going_on
    stand = Candidacy.objects.filter(contest=OuterRef("pk")).order_by()
    lists = PartyResult.objects.filter(
        election=OuterRef("election"), tier=OuterRef("tier"), area_name=OuterRef("name")
    ).order_by()
    missing = Contest.objects.filter(
        Exists(stand),
        ~Exists(stand.filter(Q(elected__isnull=False) | Q(votes__isnull=False))),
        ~Exists(lists),
        election__in=ended,
        counted_percent=None,
        polling_on=None,
        uncontested=False,
    )
    return going_on | set(missing.order_by().values_list("election", flat=True).distinct())


def countable(days: Iterable[str]) -> QuerySet[Contest]:
    """The contests whose polls are on one of ``days`` (ISO 8601), or whose count goes on, with how many stand in each."""
    now = Q(election__polling_on__in=list(days)) | Q(polling_on__in=list(days)) | Q(counted_percent__lt=100)
    return (
        Contest.objects.filter(now)
        .select_related("election__area")
        .annotate(candidates_on_record=NumberOf("candidacies"))
        .order_by("election__polling_on", "election__name", "tier", "name")
    )
