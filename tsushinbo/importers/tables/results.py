"""Results of parties: for the country or a block, and the list votes of each municipality."""

from collections.abc import Sequence

from tsushinbo.elections.services import (
    MunicipalVotesRow,
    PartyResultRow,
    keep_municipal_votes,
    keep_party_results,
)
from tsushinbo.importers.known import Known
from tsushinbo.importers.refusals import Refused, shown
from tsushinbo.importers.rows import Row
from tsushinbo.importers.tables.base import Batch, Item, Table, records
from tsushinbo.people.models import Tier

TIERS = {tier.value: tier.value for tier in (Tier.SINGLE_SEAT, Tier.PROPORTIONAL, Tier.PREFECTURAL)}
# A sum of small parties in the source, and no party.
OTHERS = "諸派"
MOST_VOTES = 999_999_999


def read_result(row: Row, known: Known) -> PartyResultRow:
    """What a party got in one tier of an election."""
    name = row.text("party", 100, needed=True)
    return PartyResultRow(
        election_id=known.election(row, "election_id").id,
        tier=row.choice("tier", TIERS),
        area_name=row.text("area", 40, needed=True),
        party_id=None if name == OTHERS else known.party(row, "party"),
        party_name=name,
        votes=row.decimal("votes", MOST_VOTES, 3),
        share_percent=row.decimal("share_pct", 100, 2),
        seats=row.whole("seats", 0, 1_000),
    )


def store_results(batch: Batch, items: Sequence[Item[PartyResultRow]]) -> None:
    """Keep results of parties."""
    batch.count(items, keep_party_results(records(items), at=batch.at))


RESULTS = Table(
    name="party_results",
    columns=("election_id", "tier", "area", "party", "votes", "share_pct", "seats"),
    key=("election_id", "tier", "area", "party"),
    read=read_result,
    store=store_results,
)


def read_votes(row: Row, known: Known) -> MunicipalVotesRow:
    """The list votes of a party in a municipality or a counting area of it."""
    code = known.codes_of_five.get(row["muni_code5"])
    if code is None:
        reason = f"unknown code {shown(row['muni_code5'])}; import it first (municipalities.csv)"
        raise Refused("muni_code5", reason)
    if known.prefectures.get(row["prefecture"]) != known.areas[code]:
        reason = f"{shown(row['prefecture'])} is not the prefecture of the code {shown(row['muni_code5'])}"
        raise Refused("prefecture", reason)
    party = known.party(row, "party")
    if party is None:
        raise Refused("party", "is empty")
    votes, valid = row.decimal("votes", MOST_VOTES, 3), row.decimal("valid_votes_muni", MOST_VOTES, 3)
    if votes is None:
        raise Refused("votes", "is empty")
    if valid is not None and votes > valid:
        raise Refused("votes", f"{votes:,} votes are more than all {valid:,} valid votes of the place")
    return MunicipalVotesRow(
        election_id=known.election(row, "election_id").id,
        area_id=code,
        area_name=row.text("muni_name", 60, needed=True),
        party_id=party,
        votes=votes,
        valid_votes=valid,
    )


def store_votes(batch: Batch, items: Sequence[Item[MunicipalVotesRow]]) -> None:
    """Keep list votes."""
    batch.count(items, keep_municipal_votes(records(items), at=batch.at))


VOTES = Table(
    name="pr_votes_by_municipality",
    columns=("election_id", "prefecture", "muni_code5", "muni_name", "party", "votes", "valid_votes_muni"),
    key=("election_id", "muni_code5", "muni_name", "party"),
    read=read_votes,
    store=store_votes,
)
