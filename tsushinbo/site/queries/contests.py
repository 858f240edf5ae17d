"""The contests on the page of an election: all of them where they are few, else those of one prefecture, or of the lists, a page at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.http import Http404

from tsushinbo.elections.models import Contest, Election
from tsushinbo.elections.queries import ContestRow, all_decided, contest_rows, is_decided
from tsushinbo.kept import Kept
from tsushinbo.paging import Page, paginate
from tsushinbo.people.models import Tier

# An election with more contests than this says how many there are where, and shows one part at a time; so many rows to a page.
LISTED, ROWS = 60, 100
# How long a process keeps what is dear to add up of such an election, and of how many elections.
SECONDS, ELECTIONS = 20, 64
TIERS = (Tier.SINGLE_SEAT, Tier.PREFECTURAL, Tier.AT_LARGE, Tier.PROPORTIONAL)
# Which tier comes first is not the order of its code.
IN_ORDER = (
    Case(*(When(tier=tier, then=Value(n)) for n, tier in enumerate(TIERS)), output_field=IntegerField()),
    F("constituency__prefecture").asc(nulls_last=True), "constituency__number", "name",
)  # fmt: skip
LISTS, ELSEWHERE = "lists", "elsewhere"


@dataclass(frozen=True)
class ContestGroup:
    """Contests of one prefecture, or of the list tier; ``name`` is "" where there is nothing to tell apart."""

    name: str
    rows: list[ContestRow]


@dataclass(frozen=True)
class Part:
    """One part of a large election with the ids of its contests, in their order: ``code`` stands in the address."""

    code: str
    name: str
    ids: tuple[int, ...]

    @property
    def contests(self) -> int:
        """How many they are."""
        return len(self.ids)


@dataclass(frozen=True)
class Contests:
    """What is shown of them. ``parts`` is empty where all are in ``groups``; ``page`` is that of the ``chosen`` part."""

    groups: list[ContestGroup]
    total: int
    decided: bool
    parts: list[Part]
    chosen: Part | None = None
    page: Page[int] | None = None


def contests_in(election: Election, at: datetime, part: str, number: int) -> Contests:
    """Read the contests of ``election``: all, or page ``number`` of a ``part``. Raises Http404 where there is no such part or page.

    Four queries for all of them; three where they are many, and three more for a part.
    """
    contests = election.contests.order_by(*IN_ORDER)
    if contests.order_by()[: LISTED + 1].count() <= LISTED:
        if part or number > 1:
            raise Http404("no part of a small election")
        rows = contest_rows(contests, at)
        decided = all_decided(election, [row.contest for row in rows], at)
        return Contests(_groups(rows), len(rows), decided, [])
    parts = kept_parts(election.pk)
    total = sum(one.contests for one in parts)
    apart = list(election.contests.filter(Q(polling_on__isnull=False) | Q(polls_close_at__isnull=False)).order_by())
    decided = is_decided(election, at) and all_decided(election, apart, at)
    if not part:
        return Contests([], total, decided, parts)
    chosen = next((one for one in parts if one.code == part), None)
    if chosen is None:
        raise Http404("no such part")
    page = paginate(chosen.ids, number, ROWS)
    # Not of the election: a database would look through all of its contests for these.
    shown = contest_rows(Contest.objects.filter(pk__in=page.rows).order_by(*IN_ORDER), at)
    return Contests([ContestGroup(chosen.name, shown)], total, decided, parts, chosen, page)


def _groups(rows: list[ContestRow]) -> list[ContestGroup]:
    return [ContestGroup(name, list(group)) for name, group in groupby(rows, key=_group)]


def _group(row: ContestRow) -> str:
    if row.contest.tier == Tier.PROPORTIONAL:
        return "比例代表"
    place = row.contest.constituency
    return place.prefecture.name if place and place.prefecture else ""


def _read_parts(election: int) -> list[Part]:
    """One query over all contests of an election."""
    contests = Contest.objects.filter(election=election).order_by(*IN_ORDER)
    found: dict[str, tuple[str, list[int]]] = {}
    for pk, tier, code, name in contests.values_list(
        "pk", "tier", "constituency__prefecture", "constituency__prefecture__name"
    ):
        key, said = (LISTS, "比例代表") if tier == Tier.PROPORTIONAL else (code or ELSEWHERE, name or "そのほか")
        found.setdefault(key, (said, []))[1].append(pk)
    # Codes of prefectures are digits and come first, in their official order.
    return [Part(key, found[key][0], tuple(found[key][1])) for key in sorted(found)]


def kept[T](work_out: Callable[[int], T]) -> Callable[[int], T]:
    """Keep what is worked out of an election, by its id, for some seconds in each process: pages of it may be as old anyway."""

    @lru_cache(maxsize=ELECTIONS)
    def of(election: int) -> Kept[T]:
        return Kept(lambda: work_out(election), SECONDS)

    return lambda election: of(election).get()


kept_parts = kept(_read_parts)
