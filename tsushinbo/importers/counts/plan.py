"""What an import of a file would do: nothing is written here, so that it can be shown first. The candidates and results of a contest are taken whole or not at all."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cached_property

from tsushinbo.elections.counting import (
    Change,
    ListResult,
    Progress,
    State,
    changes_final,
    changes_of,
    falls,
    faults,
    says_more,
)
from tsushinbo.elections.models import Contest
from tsushinbo.elections.phases import TOKYO
from tsushinbo.elections.queries.counts import OnRecord, on_record, rules_of
from tsushinbo.elections.services import Counted, Written
from tsushinbo.elections.services.rows import PartyResultRow
from tsushinbo.importers.counts.cells import Shared
from tsushinbo.importers.counts.groups import CountRefusal, Group, Groups
from tsushinbo.importers.counts.nearness import NewElection
from tsushinbo.importers.counts.people import Candidates, Person, people_called, stored_in
from tsushinbo.importers.counts.places import Place, Places
from tsushinbo.importers.known import Known
from tsushinbo.importers.refusals import Refused
from tsushinbo.japanese.eras import read_moment
from tsushinbo.people.models import Tier
from tsushinbo.sources.keeping import Outcome


@dataclass
class Planned:
    """One contest of the file that is taken. ``written`` is None where nothing of its count changes. ``lists``: rows of lists. ``on_record``: candidates there are."""

    place: Place
    people: list[Person] = field(default_factory=list)
    seats: int | None = None
    written: Written | None = None
    lists: int = 0
    on_record: int = 0

    @property
    def contest(self) -> Contest:
        """The contest."""
        return self.place.contest

    @property
    def new(self) -> list[Person]:
        """Candidates who are put on record."""
        return [one for one in self.people if one.stored is None]

    @property
    def changed(self) -> list[Person]:
        """Candidates on record of whom a fact changes."""
        return [one for one in self.people if one.stored is not None and one.facts != one.stored.facts]

    @property
    def changes(self) -> list[tuple[str, Change]]:
        """Every value of a result on record that becomes another, with whose it is."""
        if self.written is None:
            return []
        found = [(one.whose, changes_of(one.before, one.after)) for one in self.written.results]
        found += [(one.whose, changes_of(one.before, one.after)) for one in self.written.lists]
        return [(whose, change) for whose, changes in found for change in changes]

    @property
    def falls(self) -> list[tuple[str, str, str]]:
        """Whose votes become fewer, with the votes before and after."""
        return falls(self.written.before, self.written.after) if self.written else []

    @property
    def of_final(self) -> bool:
        """Whether a final result changes."""
        return self.written is not None and changes_final(self.written.before, self.written.after)


@dataclass
class Plan:
    """What would become of a file."""

    rows: int
    encoding: str
    refusals: list[CountRefusal]
    contests: list[Planned] = field(default_factory=list)
    places: Places | None = None
    counts: Counter[Outcome] = field(default_factory=Counter)

    @property
    def refused(self) -> int:
        """How many rows are refused."""
        return len(self.refusals)

    @property
    def accepted(self) -> int:
        """How many rows are taken."""
        return sum(self.counts.values())

    @property
    def versions(self) -> dict[int, int]:
        """The contests on record that it is about, with the versions of their counts."""
        return {one.contest.pk: one.contest.count_version for one in self.contests if not one.place.is_new}

    @cached_property
    def new_elections(self) -> list[NewElection]:
        """The elections that would be put on record, with those on record or in the file that may be the same."""
        return self.places.made({one.contest.election_id for one in self.contests}) if self.places else []

    @property
    def day_in_doubt(self) -> bool:
        """Whether a new election lies so near another of the same office and area that its day may be a slip."""
        return any(new.near for new in self.new_elections)


def plan_of(groups: Groups, *, at: datetime, reason: str = "") -> Plan:
    """Work out what a file that was read would do."""
    known = Known()
    places = Places((group.shared for group in groups), known, at)
    plan = Plan(groups.rows, groups.opened.encoding, groups.refusals, places=places)
    placed = _placed(groups, places)
    on_file = [place.contest for _, place in placed.values() if not place.is_new]
    stored, counts = stored_in({contest.pk for contest in on_file}), on_record(on_file)
    people = people_called({own.person_id for group in groups for _, own in group.rows if own.person_id})
    for group, place in placed.values():
        candidates = Candidates(place.contest.tier, stored.get(place.contest.pk, ()), known, people)
        record = counts.get(place.contest.pk) or OnRecord(Progress())
        planned = _Contest(groups, group, place, candidates, record, at, reason).plan()
        if planned:
            plan.contests.append(planned)
            plan.counts.update(_outcomes(planned))
    plan.refusals.sort(key=lambda refusal: refusal.line)
    return plan


def _outcomes(planned: Planned) -> Iterable[Outcome]:
    for one in planned.people:
        if one.stored is None:
            yield Outcome.CREATED
        else:
            same = one.facts == one.stored.facts and one.result == one.stored.result
            yield Outcome.UNCHANGED if same and planned.written is None else Outcome.UPDATED
    # The row of a list.
    yield from [Outcome.UPDATED if planned.written else Outcome.UNCHANGED] * planned.lists


def _placed(groups: Groups, places: Places) -> dict[int, tuple[Group, Place]]:
    """The groups by their contests. Two that say different things of one contest: the second is refused."""
    placed: dict[int, tuple[Group, Place]] = {}
    named: dict[tuple[str, ...], Group] = {}
    for group in list(groups):
        try:
            place = places.contest(group.shared)
            first = placed.setdefault(place.contest.pk, (group, place))[0]
            if first is not group:
                _same(first, group)
        except Refused as refused:
            groups.leave_out(group, refused)
            continue
        named.setdefault(group.named, first)
        if first is not group:
            first.rows += group.rows
            first.broken += group.broken
    for contest, lines in groups.lost.items():
        # A count without that candidate must not pass for the whole.
        if contest in named:
            named[contest].broken += lines
    return placed


def _same(first: Group, second: Group) -> None:
    """Refuse a group that contradicts an earlier one of the same contest."""
    for code, old, new in zip(Shared._fields, first.shared, second.shared, strict=True):
        # The same contest may be named in two ways; what is said of it must agree.
        if old != new and code not in ("election", "election_id", "contest", "tier", "prefecture"):
            raise Refused(code, f"同じ選挙区の{first.line}行目と違う値です。選挙区の中ではそろえてください")


class _Contest:
    """The rows of one contest while they are looked at."""

    def __init__(
        self, groups: Groups, group: Group, place: Place, candidates: Candidates, record: OnRecord, at: datetime, reason: str
    ) -> None:  # fmt: skip
        self._groups, self._group, self._place = groups, group, place
        self._candidates, self._record, self._at, self._reason = candidates, record, at, reason
        self._people: list[Person] = []
        self._lists: dict[str, tuple[int, int | None, ListResult]] = {}

    def plan(self) -> Planned | None:
        """What is to be done, or None where all its rows are refused."""
        shared, contest = self._group.shared, self._place.contest
        if shared.seats and contest.seats and shared.seats != contest.seats:
            self._hold("seats", f"登録では定数{contest.seats}です")
            return None
        for line, own in self._group.rows:
            try:
                if own.name:
                    self._people.append(self._candidates.read(line, own))
                else:
                    self._add_list(line)
            except Refused as refused:
                self._group.broken.append(line)
                self._groups.refuse(line, refused.column, refused.reason)
        try:
            progress = self._progress(shared, contest)
        except Refused as refused:
            self._hold(refused.column, refused.reason)
            return None
        planned = Planned(self._place, self._people, shared.seats if contest.seats is None else None)
        planned.lists, planned.on_record = len(self._lists), len(self._candidates.stored)
        contest.seats = contest.seats or shared.seats
        written = self._written(progress, contest)
        if self._group.broken:
            broken = "・".join(str(line) for line in self._group.broken[:3])
            why = f"同じ選挙区の{broken}行目を取り込めません。候補者と結果は、選挙区ごとにまとめて取り込みます"
            self._hold("", why, self._taken())
            return None
        if not says_more(written.after, written.before) and progress == self._record.progress:
            return planned if self._people or self._lists else None
        contest.uncontested = progress.uncontested
        if found := faults(written.before, written.after, rules_of(contest, self._at), self._reason):
            self._hold(found[0].what, "。".join(fault.message for fault in found))
            return None
        planned.written = written
        return planned

    def _taken(self) -> list[int]:
        return [*(one.line for one in self._people), *(line for line, _, _ in self._lists.values())]

    def _hold(self, code: str, reason: str, lines: list[int] | None = None) -> None:
        """Refuse the whole contest: the reason on its first row, the others name that."""
        broken = set(self._group.broken)
        lines = [line for line in self._group.lines if line not in broken] if lines is None else lines
        for number, line in enumerate(lines):
            if number == 0 or not code:
                self._groups.refuse(line, code, reason)
            else:
                self._groups.refuse(line, "", f"{lines[0]}行目と同じ選挙区のため、取り込みません")

    def _add_list(self, line: int) -> None:
        """Read the row of a party's list."""
        own = next(own for at_line, own in self._group.rows if at_line == line)
        if self._place.contest.tier != Tier.PROPORTIONAL:
            raise Refused("name", "空です。候補者の名前を書いてください（空にできるのは、比例代表の名簿の行だけです）")
        party = self._candidates.party(own)
        if party is None:
            raise Refused("party", "空です。名簿の行には党派の名前が要ります")
        if own.elected is not None:
            raise Refused("outcome", "名簿の行には書けません。「議席」に人数を書いてください")
        if own.party in self._lists:
            raise Refused("party", f"「{own.party}」の名簿の行は、{self._lists[own.party][0]}行目にもあります")
        self._lists[own.party] = (line, party, ListResult(own.votes, own.list_seats))

    def _progress(self, shared: Shared, contest: Contest) -> Progress:
        before = self._record.progress
        counted_at = before.counted_at
        if shared.counted_at:
            try:
                clock = read_moment(
                    shared.counted_at, contest.polling_on or contest.election.day, contest.polls_close_at or time(20)
                )
            except ValueError as fault:
                raise Refused("counted_at", f"「{shared.counted_at}」：{fault}") from None
            counted_at = clock.replace(tzinfo=TOKYO)
        percent = shared.counted_percent
        return Progress(
            before.uncontested if shared.uncontested is None else shared.uncontested,
            before.counted_percent if percent is None else percent,
            counted_at,
            before.turnout_percent if shared.turnout_percent is None else shared.turnout_percent,
            before.electors if shared.electors is None else shared.electors,
        )

    def _written(self, progress: Progress, contest: Contest) -> Written:
        meant: Mapping[int, Person] = {one.stored.pk: one for one in self._people if one.stored}
        kept = [
            (one.pk, one.name, one.result, meant[one.pk].result if one.pk in meant else one.result)
            for one in self._candidates.stored
        ]
        new = [one.result for one in self._people if one.stored is None]
        by_party = {party: result for _, party, result in self._lists.values()}
        lists = []
        for one in self._record.lists:
            said = by_party.pop(one.party_id, ListResult())
            votes = one.result.votes if said.votes is None else said.votes
            lists.append((one, ListResult(votes, one.result.seats if said.seats is None else said.seats)))
        fresh = [PartyResultRow(contest.election_id, Tier.PROPORTIONAL.value, contest.name, one.party_id, one.name, after.votes, None, after.seats) for one, after in lists if not one.pk and after != ListResult()]  # fmt: skip
        names = {party: name for name, (_, party, _) in self._lists.items()}
        fresh += [PartyResultRow(contest.election_id, Tier.PROPORTIONAL.value, contest.name, party, names[party], result.votes, None, result.seats) for party, result in by_party.items() if result != ListResult()]  # fmt: skip
        results = [Counted(pk, name, old, after) for pk, name, old, after in kept if old != after]
        changed = [Counted(one.pk, one.name, one.result, after) for one, after in lists if one.pk and after != one.result]  # fmt: skip
        return Written(
            contest,
            State(self._record.progress, [old for _, _, old, _ in kept], [one.result for one, _ in lists]),
            State(
                progress,
                [*(after for *_, after in kept), *new],
                [*(after for _, after in lists), *by_party.values()],
                [*(name for _, name, *_ in kept), *(one.own.name for one in self._people if one.stored is None), *(one.name for one, _ in lists)],
            ),
            results,
            changed,
            fresh,
            self._reason,
        )  # fmt: skip
