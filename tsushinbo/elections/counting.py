"""The rules of a count (開票): what may be recorded when, and what a change of it must say. Values in, faults out; no database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import zip_longest
from typing import NamedTuple

from tsushinbo.japanese.clocks import clock_words
from tsushinbo.people.models import Tier

FINAL = 100
# Clocks differ a little: what was counted "now" by another clock is not of the future.
AHEAD = timedelta(minutes=5)

type Number = Decimal | int


class Progress(NamedTuple):
    """How far the count of a contest is. ``counted_percent`` (開票率): 100 is the final result; None with results on record is one from tables of past elections."""

    uncontested: bool = False
    counted_percent: Number | None = None
    counted_at: datetime | None = None
    turnout_percent: Number | None = None
    electors: int | None = None


class Result(NamedTuple):
    """What is on record of a candidate. None says: not known."""

    votes: Number | None = None
    elected: bool | None = None
    elected_from_list: bool = False


class ListResult(NamedTuple):
    """What is on record of a party's list."""

    votes: Number | None = None
    seats: int | None = None


class Change(NamedTuple):
    """A value already on record that becomes another; as it is read in the record."""

    what: str
    before: str
    after: str


VOTES, OUTCOME, LIST_SEATS = "votes", "outcome", "list_seats"
# What the fields are called where people read of them.
WORDS = {
    "uncontested": "無投票", "counted_percent": "開票率", "counted_at": "開票時刻", "turnout_percent": "投票率", "electors": "当日有権者数",
    VOTES: "得票数", OUTCOME: "当落", LIST_SEATS: "議席", "reason": "訂正の理由",
}  # fmt: skip


def outcome_words(result: Result) -> str:
    """当選, 落選, 比例復活, or "" where it is not on record."""
    if result.elected_from_list:
        return "比例復活"
    return "" if result.elected is None else "当選" if result.elected else "落選"


def plain(number: Number | None) -> str:
    """A number without zeros behind its decimals: 12345.500 is 12,345.5; "" for none."""
    if number is None:
        return ""
    return f"{number:,f}".rstrip("0").rstrip(".") if isinstance(number, Decimal) and number % 1 else f"{int(number):,}"


def changes_of(before: Result | ListResult, after: Result | ListResult) -> list[Change]:
    """What of a result on record becomes another. A value where none was is no change, nor is a seat from the list that comes after a lost district."""
    found = []
    if before.votes is not None and before.votes != after.votes:
        found.append(Change(VOTES, plain(before.votes), plain(after.votes)))
    if isinstance(before, Result) and isinstance(after, Result):
        known = before.elected is not None or before.elected_from_list
        later = (
            before.elected is False and not before.elected_from_list and after.elected_from_list and not after.elected
        )
        if known and not later and before[1:] != after[1:]:
            found.append(Change(OUTCOME, outcome_words(before), outcome_words(after)))
    elif (
        isinstance(before, ListResult)
        and isinstance(after, ListResult)
        and before.seats is not None
        and before.seats != after.seats
    ):
        found.append(Change(LIST_SEATS, plain(before.seats), plain(after.seats)))
    return found  # fmt: skip


@dataclass(frozen=True)
class State:
    """The count of one contest: how far it is, and what is on record of everybody and every list.

    names: who the results and, behind them, the lists are of, for what is said of them.
    """

    progress: Progress
    results: Sequence[Result] = ()
    lists: Sequence[ListResult] = ()
    names: Sequence[str] = field(default=(), compare=False)

    @property
    def has_results(self) -> bool:
        """Whether anything of a result is on record."""
        return any(result != Result() for result in self.results) or any(one != ListResult() for one in self.lists)

    @property
    def is_final(self) -> bool:
        """Whether what is on record is the end of it."""
        percent = self.progress.counted_percent
        return percent == FINAL or (percent is None and self.has_results)


class Fault(NamedTuple):
    """Why a count is not recorded. ``what``: the field it is about, as forms and files name it."""

    what: str
    message: str


@dataclass(frozen=True)
class Rules:
    """What the rules look at beside the numbers. ``closes_at``: when the polls close; None where nobody knows, and ``closed`` says whether they are."""

    tier: str
    seats: int | None
    closed: bool
    closes_at: datetime | None
    at: datetime


def faults(before: State, after: State, rules: Rules, reason: str = "") -> list[Fault]:
    """Everything that speaks against recording ``after`` where ``before`` stands; nothing when nothing changes."""
    if after == before:
        return []
    if not rules.closed and says_more(after, before):
        until = f"投票は{clock_words(rules.closes_at)}に終わります。" if rules.closes_at else ""
        return [Fault("votes", f"投票がまだ終わっていないため、開票の結果は登録できません。{until}")]
    return [*_of_progress(before, after, rules), *_of_results(after, rules), *_of_change(before, after, reason)]


def says_more(after: State, before: State) -> bool:
    """Whether it says anything of a count that was not on record; that there will be no vote (無投票) may be said before."""
    # All but 無投票 and the number of electors, which are known before.
    return (
        after.progress[1:-1] != before.progress[1:-1]
        or any(old != new for old, new in zip_longest(before.results, after.results, fillvalue=Result()))
        or any(old != new for old, new in zip_longest(before.lists, after.lists, fillvalue=ListResult()))
    )


def _of_progress(before: State, after: State, rules: Rules) -> list[Fault]:
    progress, found = after.progress, []
    percent = progress.counted_percent
    if progress.uncontested:
        voted = any(result.votes for result in after.results) or any(one.votes for one in after.lists)
        if voted or ((percent or 0) > 0 and percent != FINAL) or progress.turnout_percent:
            found.append(Fault("uncontested", "無投票の選挙区には、得票数・開票率・投票率がありません"))
    elif percent is None and after.has_results:
        found.append(
            Fault("counted_percent", "空です。得票数や当落があるときは、開票率（確定した結果は100）が要ります")
        )
    elif percent == 0 and any(result.votes for result in after.results):
        found.append(Fault("counted_percent", "開票率が0なのに、得票数があります"))
    if percent is not None and percent != FINAL and progress.counted_at is None:
        found.append(Fault("counted_at", "空です。開票の途中では、いつ現在の数かを書いてください"))
    if progress.counted_at and progress.counted_at != before.progress.counted_at:
        if progress.counted_at > rules.at + AHEAD:
            found.append(Fault("counted_at", f"{clock_words(progress.counted_at)}は、まだ来ていない時刻です"))
        elif rules.closes_at and progress.counted_at < rules.closes_at:
            found.append(Fault("counted_at", f"{clock_words(progress.counted_at)}は、投票が終わる前の時刻です"))
    return found


def _of_results(after: State, rules: Rules) -> list[Fault]:
    found = []
    is_list = rules.tier == Tier.PROPORTIONAL
    winners = sum(result.elected is True for result in after.results)
    if rules.seats and winners > rules.seats:
        found.append(Fault("outcome", f"定数{rules.seats}に対して、当選が{winners}人います"))
    seats = sum(one.seats or 0 for one in after.lists)
    if rules.seats and seats > rules.seats:
        found.append(Fault("list_seats", f"定数{rules.seats}に対して、議席が合わせて{seats}あります"))
    if any(result.elected_from_list for result in after.results):
        if rules.tier != Tier.SINGLE_SEAT:
            found.append(Fault("outcome", "比例復活は、衆議院の小選挙区だけにあります"))
        if any(result.elected_from_list and result.elected for result in after.results):
            found.append(Fault("outcome", "選挙区での当選と比例復活は、両方にはできません"))
    each = [*(one.votes for one in after.results), *(one.votes for one in after.lists)]
    votes = sum((Decimal(one) for one in each if one is not None), Decimal(0))
    if (most := _most_votes(after.progress)) is not None and votes > most:
        found.append(
            Fault(
                "votes",
                f"得票の合計{votes:,f}が、{'投票した人' if after.progress.turnout_percent is not None else '有権者'}の数{most:,}を超えています",
            )
        )
    if after.progress.counted_percent == FINAL and not is_list and not after.progress.uncontested:
        missing = sum(result.votes is None for result in after.results)
        if missing:
            found.append(Fault("votes", f"確定した結果には全員の得票数が要ります。{missing}人の分がありません"))
    return found  # fmt: skip


def _most_votes(progress: Progress) -> int | None:
    """As many votes as can have been cast; a turnout is rounded to two decimals, so somewhat more."""
    if progress.electors is None:
        return None
    if progress.turnout_percent is None:
        return progress.electors
    share = (Decimal(progress.turnout_percent) + Decimal("0.005")) / 100
    return int(min(Decimal(progress.electors), (progress.electors * share).to_integral_value(ROUND_CEILING)))


def changes_final(before: State, after: State) -> bool:
    """Whether something of a final result becomes another. In both, everybody stands in the same order; who is new stands behind."""
    if not (before.is_final and before.has_results):
        return False
    return (
        after.progress.counted_percent not in (None, FINAL)
        or any(changes_of(old, new) for old, new in zip(before.results, after.results, strict=False))
        or any(changes_of(old, new) for old, new in zip(before.lists, after.lists, strict=False))
    )


def fell(before: Result | ListResult, after: Result | ListResult) -> bool:
    """Whether votes on record become fewer, or none."""
    return before.votes is not None and (after.votes is None or after.votes < before.votes)


def falls(before: State, after: State) -> list[tuple[str, str, str]]:
    """Whose votes become fewer, with the votes before and after as they are read. Everybody stands in the same order in both."""
    count = len(after.results)
    names = [*after.names, *("" for _ in range(count + len(after.lists) - len(after.names)))]
    pairs: list[tuple[str, Result | ListResult, Result | ListResult]] = [
        *zip(names, before.results, after.results, strict=False),
        *zip(names[count:], before.lists, after.lists, strict=False),
    ]
    return [(name, plain(old.votes), plain(new.votes)) for name, old, new in pairs if fell(old, new)]


def _of_change(before: State, after: State, reason: str) -> list[Fault]:
    """What must be said why: a final result that changes, votes that become fewer, a count that goes back, a winner with fewer votes than somebody who lost."""
    if reason:
        return []
    if changes_final(before, after):
        return [Fault("reason", "確定した結果を変えるときは、訂正の理由が要ります")]
    if fewer := falls(before, after):
        words = "、".join(f"{name}{'の' if name else ''}得票が{old}から{new or '空'}" for name, old, new in fewer[:3])
        more = f"（ほか{len(fewer) - 3}か所）" if len(fewer) > 3 else ""
        return [Fault("reason", f"{words}に減っています{more}。数の誤りでなければ、理由を書いてください")]
    old, new = before.progress, after.progress
    if old.counted_percent is not None and (new.counted_percent is None or new.counted_percent < old.counted_percent):
        return [
            Fault(
                "reason",
                f"記録にある開票率{old.counted_percent}%より戻っています。古い数でなければ、理由を書いてください",
            )
        ]
    if old.counted_at and (new.counted_at is None or new.counted_at < old.counted_at):
        return [
            Fault(
                "reason",
                f"記録にある{clock_words(old.counted_at)}現在より古い数です。それでも登録するときは、理由を書いてください",
            )
        ]
    lost = max(
        (
            Decimal(one.votes)
            for one in after.results
            if one.elected is False and not one.elected_from_list and one.votes is not None
        ),
        default=None,
    )
    won = min((Decimal(one.votes) for one in after.results if one.elected and one.votes is not None), default=None)
    if lost is not None and won is not None and won < lost:
        return [
            Fault(
                "reason",
                "当選した人より得票の多い人が、落選になっています。印の付け間違いでなければ、理由を書いてください",
            )
        ]
    return []  # fmt: skip
