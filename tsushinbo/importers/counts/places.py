"""Which election and contest a row means: one on record, or a new one where the file says enough of it. Nothing is guessed."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from tsushinbo.addresses import derived_id
from tsushinbo.elections.models import Contest, Election
from tsushinbo.elections.services import ContestRow, ElectionRow
from tsushinbo.importers.counts.cells import Shared, public_ids
from tsushinbo.importers.counts.nearness import NewElection, beside
from tsushinbo.importers.known import Known, KnownElection
from tsushinbo.importers.refusals import Refused
from tsushinbo.importers.tables.candidacies import TIERS, constituency_of, contest_of
from tsushinbo.japanese.dates import written_date
from tsushinbo.japanese.folding import fold
from tsushinbo.people.models import Area, Office, Tier
from tsushinbo.people.services import ConstituencyRow

LEVELS = {
    Office.REPRESENTATIVES: Election.Level.NATIONAL,
    Office.COUNCILLORS: Election.Level.NATIONAL,
    Office.GOVERNOR: Election.Level.PREFECTURAL,
    Office.PREFECTURAL_ASSEMBLY: Election.Level.PREFECTURAL,
    Office.MAYOR: Election.Level.MUNICIPAL,
    Office.MUNICIPAL_ASSEMBLY: Election.Level.MUNICIPAL,
}
TIER_WORDS = {Tier.SINGLE_SEAT: "小選挙区", Tier.PREFECTURAL: "選挙区", Tier.PROPORTIONAL: "比例代表", Tier.AT_LARGE: "全域"}  # fmt: skip
NATIONWIDE = "全国"


@dataclass
class Place:
    """A contest that rows mean. ``new``: what is to be put on record first; ``changes``: fields of the election and the contest to be filled in."""

    contest: Contest
    is_new: bool = False
    row: ContestRow | None = None
    constituency: ConstituencyRow | None = None


class Places:
    """Elections and contests by what rows say of them. Each method raises ``Refused`` with the code of the column."""

    def __init__(self, shared: Iterable[Shared], known: Known, at: datetime) -> None:
        self._known = known
        self._today = timezone.localdate(at)
        wanted = list(shared)
        self.new_elections: dict[int, ElectionRow] = {}
        # The day of an election on record that the file knows for the first time.
        self.new_days: dict[int, date] = {}
        self._elections: dict[tuple[object, ...], Election | Refused] = {}
        self._read_elections({one.election_id for one in wanted}, {one.polling_on for one in wanted})
        self._contests: dict[tuple[int, str], dict[str, Contest]] = defaultdict(dict)
        on_record = {election.pk for elections in self._by_name.values() for election in elections}
        for contest in Contest.objects.filter(election__in=on_record):
            contest.election = self._by_id[contest.election_id]
            self._contests[contest.election_id, contest.tier][fold(contest.name)] = contest

    def _read_elections(self, keys: set[str], days: set[date]) -> None:
        addressed = public_ids(keys)
        near = (
            Q(key__in=keys - {""})
            | Q(pk__in=set(addressed.values()))
            | Q(polling_on__in={day.isoformat() for day in days})
            | Q(upcoming=True)
        )
        self._by_key: dict[str, Election] = {}
        self._by_id: dict[int, Election] = {}
        self._by_name: dict[str, list[Election]] = defaultdict(list)
        for election in Election.objects.filter(near).select_related("area"):
            self._by_key[election.key] = self._by_id[election.pk] = election
            self._by_name[fold(election.name)].append(election)
        for text, pk in addressed.items():
            if pk in self._by_id:
                self._by_key.setdefault(text, self._by_id[pk])

    def made(self, wanted: Collection[int]) -> list[NewElection]:
        """Those of ``wanted`` that are not on record, in the order of the file, beside others they may be meant to be."""
        return beside([self._by_id[pk] for pk in self.new_elections if pk in wanted])

    def election(self, shared: Shared) -> Election:
        """The election of a row, on record or new."""
        asked = shared[:8]
        found = self._elections.get(asked)
        if found is None:
            try:
                found = self._find(shared)
            except Refused as refused:
                found = refused
            self._elections[asked] = found
        if isinstance(found, Refused):
            raise found
        return found

    def _find(self, shared: Shared) -> Election:
        if shared.election_id:
            if shared.election_id not in self._by_key:
                raise Refused(
                    "election_id",
                    f"「{shared.election_id}」は登録のない選挙IDです。選挙IDを消すか、登録のあるものにしてください",
                )
            return self._day_known(self._by_key[shared.election_id], shared)
        named = [one for one in self._by_name[fold(shared.election)] if _may_be_on(one, shared.polling_on)]
        if len(named) > 1:
            ids = "」「".join(one.key for one in named)
            raise Refused(
                "election", f"同じ名前と日付の選挙が{len(named)}つあります。選挙ID（「{ids}」）を書いてください"
            )
        if named:
            return self._day_known(named[0], shared)
        return self._make(shared)

    def _day_known(self, election: Election, shared: Shared) -> Election:
        """The election on record; what the file knows for the first time is filled in."""
        if shared.office and shared.office != election.office:
            raise Refused("office", f"登録では{election.get_office_display()}の選挙です")
        if election.day is None and election.upcoming:
            if not _may_be_on(election, shared.polling_on):
                raise Refused("polling_on", f"登録では{election.polling_on or '別の期間'}の選挙です")
            self.new_days[election.pk] = shared.polling_on
            election.polling_on, election.precision = shared.polling_on.isoformat(), Election.Precision.DAY
        if shared.announced_on and election.announced_on is None:
            election.announced_on = shared.announced_on
            self.new_days.setdefault(election.pk, shared.polling_on)
        return election

    def _make(self, shared: Shared) -> Election:
        if not shared.office:
            day = written_date(shared.polling_on.isoformat())
            raise Refused(
                "election",
                f"「{shared.election}」（{day}投票）は登録のない選挙です。新しい選挙なら「職」も、登録のある選挙なら同じ名前か「選挙ID」を書いてください",
            )
        office = Office(shared.office)
        area = self._area(shared, LEVELS[office])
        for other in self._by_id.values():
            if (
                other.office == office
                and other.area_id == (area.pk if area else None)
                and other.day == shared.polling_on
            ):
                raise Refused(
                    "election",
                    f"同じ日の同じ職の選挙が「{other.name}」として登録されています。その名前か、選挙ID「{other.key}」を書いてください",
                )
        key = f"{office}-{area.pk if area else 'jp'}-{shared.polling_on.isoformat()}{f'-{shared.kind}' if shared.kind else ''}"
        row = ElectionRow(
            id=derived_id("election", key), key=key, name=shared.election, level=LEVELS[office].value, office=office.value, kind=shared.kind,
            area_id=area.pk if area else None, area_name=area.name if area else NATIONWIDE, announced_on=shared.announced_on,
            polling_on=shared.polling_on.isoformat(), precision=Election.Precision.DAY.value, window_starts_on=None, window_ends_on=None,
            basis="", seats=None, turnout_percent=None, upcoming=shared.polling_on >= self._today, source_url=shared.source_url, source_note="",
        )  # fmt: skip
        election = Election(**row._asdict())
        election.area = area
        self.new_elections[row.id] = row
        self._by_id[row.id] = election
        self._by_name[fold(election.name)].append(election)
        return election

    def _area(self, shared: Shared, level: Election.Level) -> Area | None:
        if level == Election.Level.NATIONAL:
            return None
        if not shared.area_code:
            raise Refused("area_code", "空です。登録のない地方の選挙には、団体コード（6桁）が要ります")
        if shared.area_code not in self._known.areas:
            raise Refused("area_code", f"「{shared.area_code}」は登録のない団体コードです")
        return Area.objects.get(pk=shared.area_code)

    def contest(self, shared: Shared) -> Place:
        """The contest of a row, on record or new."""
        election = self.election(shared)
        tier = self._tier(shared, election)
        of_tier = self._contests[election.pk, tier]
        name = shared.contest or self._only_name(election, tier, of_tier)
        found = of_tier.get(fold(name))
        day = (found.polling_on if found else None) or election.day
        if day and day != shared.polling_on:
            raise Refused("polling_on", f"登録では{written_date(day.isoformat())}の投票です")
        if found:
            return Place(found)
        place = self._new(shared, election, tier, name)
        of_tier[fold(name)] = place.contest
        return place

    def _tier(self, shared: Shared, election: Election) -> str:
        possible = set(TIERS[election.office].values())
        if not shared.tier and len(possible) == 1:
            return possible.pop()
        if shared.tier not in possible:
            words = "」「".join(word for tier, word in TIER_WORDS.items() if tier in possible)
            found = TIER_WORDS.get(Tier(shared.tier), "") if shared.tier else ""
            raise Refused(
                "tier",
                f"{f'「{found}」はありません' if found else '空です'}。{election.get_office_display()}の選挙では「{words}」を書いてください",
            )
        return shared.tier

    def _only_name(self, election: Election, tier: str, of_tier: dict[str, Contest]) -> str:
        if len(of_tier) == 1 and tier == Tier.AT_LARGE:
            return next(iter(of_tier.values())).name
        whole = election.area_name or (election.area.name if election.area else "")
        if tier == Tier.AT_LARGE and not of_tier and whole:
            return whole
        if election.office == Office.COUNCILLORS and tier == Tier.PROPORTIONAL:
            return NATIONWIDE
        raise Refused("contest", "空です。選挙区の名前を書いてください")

    def _new(self, shared: Shared, election: Election, tier: str, name: str) -> Place:
        known = self._known
        prefecture = None
        if shared.prefecture and tier != Tier.PROPORTIONAL:
            if shared.prefecture not in known.prefectures:
                raise Refused("prefecture", f"「{shared.prefecture}」は知らない都道府県です")
            prefecture = known.prefectures[shared.prefecture]
        of_election = KnownElection(
            election.pk, election.key, election.office, election.polling_on, election.upcoming, shared.seats, None
        )
        place = constituency_of(of_election, tier, name, prefecture)
        if (
            place
            and tier == Tier.SINGLE_SEAT
            and place.boundaries in known.listed_boundaries
            and place.id not in known.constituencies
        ):
            hint = "" if prefecture else "。「都道府県」を書くと分かることがあります"
            raise Refused("contest", f"「{name}」は登録のない選挙区です{hint}")
        row = contest_of(of_election, tier, name, place.id if place else None)
        row = row._replace(seats=shared.seats or row.seats)
        contest = Contest(**row._asdict())
        contest.election = election
        return Place(contest, is_new=True, row=row, constituency=place)


def _may_be_on(election: Election, day: date) -> bool:
    """Whether an election on record may be one of ``day``, by what is known of its own day."""
    if election.day:
        return election.day == day
    if election.polling_on:
        return day.isoformat().startswith(election.polling_on)
    if not election.upcoming:
        return False
    first, last = election.window_starts_on, election.window_ends_on
    return (first is None or first <= day) and (last is None or day <= last)
