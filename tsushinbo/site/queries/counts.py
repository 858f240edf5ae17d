"""How the count of a contest stands, as its page tells it: how far, as of when, the results of lists, and the record of what was changed."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tsushinbo.elections.counting import WORDS, plain
from tsushinbo.elections.models import Contest, CountEntry
from tsushinbo.elections.queries import is_decided
from tsushinbo.elections.queries.counts import PartyList, count_words, entries_of, on_record
from tsushinbo.people.models import Tier


@dataclass(frozen=True)
class ListVotes:
    """What a list won; ``share`` of the votes of all lists, where those of all are on record."""

    party_list: PartyList
    share: float | None


@dataclass(frozen=True)
class ShownChange:
    """A value that became another, in words."""

    whose: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class ShownEntry:
    """One entry of the count in the public record."""

    entry: CountEntry
    changes: list[ShownChange]

    @property
    def percent(self) -> str:
        """開票率 as it was entered; "" for none."""
        return plain(self.entry.counted_percent)

    @property
    def by(self) -> str:
        """Who or which file: the role of who entered it, never a name."""
        if self.entry.file:
            return f"ファイル「{self.entry.file}」"
        return f"入力（{self.entry.role}）" if self.entry.role else "入力"


@dataclass(frozen=True)
class CountBox:
    """The count of one contest. Before its polls close there is nothing in it."""

    contest: Contest
    decided: bool
    lists: list[ListVotes]
    entries: list[ShownEntry]

    @property
    def is_partial(self) -> bool:
        """Whether the count goes on."""
        return self.decided and self.contest.is_partial

    @property
    def as_of(self) -> str:
        """開票率 43.2%・21:35現在; "" where nothing is on record."""
        return count_words(self.contest) if self.decided else ""

    @property
    def corrections(self) -> list[ShownEntry]:
        """What was changed of a final result."""
        return [one for one in self.entries if one.entry.of_final and one.changes]

    @property
    def during(self) -> list[ShownEntry]:
        """The other entries, those of the count itself."""
        return [one for one in self.entries if not (one.entry.of_final and one.changes)]


def count_box(contest: Contest, at: datetime) -> CountBox:
    """The count of ``contest``, its election and the area of that read with it. Two queries at most, none before the polls close."""
    if not is_decided(contest, at):
        return CountBox(contest, decided=False, lists=[], entries=[])
    lists = _lists(contest) if contest.tier == Tier.PROPORTIONAL else []
    entries = entries_of(contest) if contest.count_version else []
    return CountBox(contest, decided=True, lists=lists, entries=[_shown(entry) for entry in entries])


def _lists(contest: Contest) -> list[ListVotes]:
    """The lists of which something is on record."""
    found = [one for one in on_record([contest])[contest.pk].lists if one.pk]
    votes = [Decimal(one.result.votes) for one in found if one.result.votes is not None]
    total = sum(votes, Decimal(0)) if len(votes) == len(found) else Decimal(0)
    return [
        ListVotes(one, float(Decimal(one.result.votes) / total) if total and one.result.votes is not None else None)
        for one in found
    ]


def _shown(entry: CountEntry) -> ShownEntry:
    changes = [
        ShownChange(one["whose"], WORDS.get(one["what"], one["what"]), one["before"] or "―", one["after"] or "―")
        for one in entry.changes
    ]
    return ShownEntry(entry, changes)
