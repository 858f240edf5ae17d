"""Who stood where, with the result."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from tsushinbo.addresses import derived_id
from tsushinbo.elections.models import Candidacy
from tsushinbo.elections.services import CandidacyRow, ContestRow, add_contests, keep_candidacies
from tsushinbo.importers.constituencies import constituency
from tsushinbo.importers.known import Known, KnownElection
from tsushinbo.importers.matching import identified
from tsushinbo.importers.refusals import Refused, shown
from tsushinbo.importers.rows import Row
from tsushinbo.importers.services import ask_for_matching
from tsushinbo.importers.tables.base import Batch, Item, Table, records
from tsushinbo.people.models import Office, PoliticianName, Tier
from tsushinbo.people.services import ConstituencyRow, Spelling, add_constituencies, add_spellings
from tsushinbo.sources.keeping import Outcome

MOST_VOTES = 999_999_999
STATUSES = {status.value: status.value for status in Candidacy.Status}
AT_LARGE = Tier.AT_LARGE.value
# The tiers of each office; local offices are named by the word for the election.
TIERS: dict[str, dict[str, str]] = {
    Office.REPRESENTATIVES: {tier.value: tier.value for tier in (Tier.SINGLE_SEAT, Tier.PROPORTIONAL)},
    Office.COUNCILLORS: {tier.value: tier.value for tier in (Tier.PREFECTURAL, Tier.PROPORTIONAL)},
    Office.PREFECTURAL_ASSEMBLY: {"assembly": AT_LARGE},
    Office.MUNICIPAL_ASSEMBLY: {"assembly": AT_LARGE},
    Office.GOVERNOR: {"governor": AT_LARGE},
    Office.MAYOR: {"mayor": AT_LARGE},
}


class ReadCandidacy(NamedTuple):
    """A candidacy with its contest, and the person id if the source tells one."""

    row: CandidacyRow
    contest: ContestRow
    constituency: ConstituencyRow | None
    person_id: str


def read_candidacy(row: Row, known: Known) -> ReadCandidacy:
    """One person in one contest."""
    election = known.election(row, "election_id")
    tier = row.choice("tier", TIERS[election.office])
    prefecture = None if tier == Tier.PROPORTIONAL else known.prefecture(row, "prefecture")
    district = row.text("district", 80, needed=True)
    place = constituency_of(election, tier, district, prefecture)
    if place and place.boundaries in known.listed_boundaries and place.id not in known.constituencies:
        raise Refused("district", f"unknown district {shown(district)}; import it first (districts.csv)")
    contest = contest_of(election, tier, district, place.id if place else None)
    candidacy = CandidacyRow(
        contest_id=contest.id,
        key=row.key("candidacy_id", 80),
        politician_id=None,
        party_id=known.party(row, "party"),
        name=row.name("name", 80, needed=True),
        name_on_ballot=row.name("name_on_ballot", 80),
        kana=row.kana("kana", 120),
        age=row.whole("age", 18, 120),
        status=row.choice("status", STATUSES, needed=False),
        occupation=row.text("occupation", 200),
        votes=row.decimal("votes", MOST_VOTES, 3),
        list_rank=row.whole("list_rank", 1, 999),
        dual=bool(row.flag("dual")),
        elected=row.flag("elected"),
        elected_from_list=bool(row.flag("elected_pr")),
        source_page=row.text("source_page", 20),
        dataset_id=known.candidacies_dataset(election),
    )
    return ReadCandidacy(candidacy, contest, place, row.text("person_id", 120))


@lru_cache(maxsize=4_000)
def contest_of(election: KnownElection, tier: str, district: str, constituency_id: int | None) -> ContestRow:
    """The contest of a district; its id is made from election, tier and name, so every table means the same one."""
    return ContestRow(
        id=derived_id("contest", f"{election.key}|{tier}|{district}"),
        election_id=election.id,
        tier=tier,
        name=district,
        constituency_id=constituency_id,
        seats={Tier.SINGLE_SEAT.value: 1, AT_LARGE: election.seats}.get(tier),
    )


def constituency_of(
    election: KnownElection, tier: str, district: str, prefecture: str | None
) -> ConstituencyRow | None:
    """The constituency of a contest; whole municipalities and prefectures have none of their own."""
    if election.office in (Office.MUNICIPAL_ASSEMBLY, Office.MAYOR, Office.GOVERNOR):
        return None
    return constituency(election.office, tier, district, prefecture=prefecture, day=election.polling_on)


def store_candidacies(batch: Batch, items: Sequence[Item[ReadCandidacy]]) -> None:
    """Keep candidacies with their contests, and the spellings under which people on record stood."""
    people = identified({item.record.person_id for item in items if item.record.person_id})

    def check(read: ReadCandidacy) -> ReadCandidacy:
        if not read.person_id:
            return read
        if read.person_id not in people:
            reason = f"unknown person {shown(read.person_id)}; import the table of people first"
            raise Refused("person_id", reason)
        row = CandidacyRow._make((*read.row[:2], people[read.person_id], *read.row[3:]))
        return ReadCandidacy._make((row, *read[1:]))

    accepted = batch.accepted(items, check)
    reads = records(accepted)
    add_constituencies(batch.known.unplaced(read.constituency for read in reads), at=batch.at)
    add_contests(batch.known.unplaced(read.contest for read in reads), at=batch.at)
    elections = {read.contest.election_id for read in reads}
    outcomes = keep_candidacies([read.row for read in reads], elections, at=batch.at)
    add_spellings(spellings_of(read.row for read in reads), at=batch.at)
    batch.count(accepted, outcomes)
    if set(outcomes) - {Outcome.UNCHANGED}:
        ask_for_matching()


class Named(Protocol):
    """Who stands, by what names."""

    @property
    def politician_id(self) -> int | None:
        """The politician on record, if it is known."""

    @property
    def name(self) -> str:
        """As the source writes it."""

    @property
    def name_on_ballot(self) -> str:
        """As it stands on the ballot, "" where that is the same."""


def spellings_of(rows: Iterable[Named]) -> list[Spelling]:
    """The ways in which candidacies write the names of their politicians, each once."""
    written: dict[tuple[int, str], str] = {}
    for row in rows:
        if row.politician_id is not None:
            if row.name_on_ballot:
                written.setdefault((row.politician_id, row.name_on_ballot), PoliticianName.Kind.BALLOT)
            written.setdefault((row.politician_id, row.name), PoliticianName.Kind.VARIANT)
    return [Spelling(politician, kind, text) for (politician, text), kind in written.items()]


CANDIDACIES = Table(
    name="candidacies",
    columns=(
        "candidacy_id", "election_id", "person_id", "tier", "prefecture", "district", "name", "name_on_ballot", "kana",
        "party", "age", "gender", "status", "occupation", "votes", "list_rank", "dual", "elected", "elected_pr",
        "source_page",
    ),
    key=("candidacy_id",),
    read=read_candidacy,
    store=store_candidacies,
)  # fmt: skip
