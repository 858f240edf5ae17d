"""Datasets, parties and groups of the Diet."""

from collections.abc import Sequence

from tsushinbo.addresses import derived_id
from tsushinbo.importers.known import Known
from tsushinbo.importers.refusals import Refused, shown
from tsushinbo.importers.rows import Row
from tsushinbo.importers.tables.base import Batch, Item, Table, records
from tsushinbo.japanese.folding import fold
from tsushinbo.people.models import Office, Party
from tsushinbo.people.services import GroupRow, PartyRow, keep_groups, keep_parties
from tsushinbo.sources.services import DatasetRow, keep_datasets

HOUSES = {"representatives": Office.REPRESENTATIVES.value, "councillors": Office.COUNCILLORS.value}


def read_source(row: Row, known: Known) -> DatasetRow:
    """Where facts come from."""
    del known
    return DatasetRow(
        key=row.key("source_id", 60),
        title="",
        url=row.url("repository", 500, needed=True),
        revision=row.text("commit", 80),
        revised_on=row.when("commit_date"),
        licence=row.text("licence", 300, needed=True),
        attribution=row.text("attribution", 2000, needed=True),
        used_for=row.text("used_for", 300),
    )


def store_sources(batch: Batch, items: Sequence[Item[DatasetRow]]) -> None:
    """Keep datasets."""
    batch.count(items, keep_datasets(records(items), at=batch.at))


SOURCES = Table(
    name="sources",
    columns=("source_id", "repository", "commit", "commit_date", "licence", "attribution", "used_for"),
    key=("source_id",),
    read=read_source,
    store=store_sources,
    is_looked_up=True,
)


def read_party(row: Row, known: Known) -> PartyRow:
    """A party. Its votes and seats are not kept here: they are those of party_results."""
    del known
    key, name = row.key("party_id", 60), row.text("name", 100, needed=True)
    return PartyRow(
        id=derived_id("party", key),
        key=key,
        name=name,
        short_name=row.text("short_name", 20),
        kind=row.choice("kind", {kind.value: kind.value for kind in Party.Kind}),
        folded=fold(name),
    )


def store_parties(batch: Batch, items: Sequence[Item[PartyRow]]) -> None:
    """Keep parties; two cannot bear one name."""
    renamed = {row.key for row in records(items)}
    holders = {name: key for name, key in batch.known.party_names.items() if key not in renamed}

    def check(party: PartyRow) -> PartyRow:
        if (holder := holders.setdefault(party.name, party.key)) != party.key:
            raise Refused("name", f"{shown(party.name)} is the name of party {shown(holder)} already")
        return party

    accepted = batch.accepted(items, check)
    batch.count(accepted, keep_parties(records(accepted), at=batch.at))


PARTIES = Table(
    name="parties",
    columns=(
        "party_id", "name", "short_name", "kind", "first_election", "last_election",
        "seats_hr49", "seats_hr50", "seats_hr51", "pr_votes_hr51",
    ),
    key=("party_id",),
    read=read_party,
    store=store_parties,
    is_looked_up=True,
)  # fmt: skip


def read_group(row: Row, known: Known) -> GroupRow:
    """A group of a house of the Diet."""
    del known
    key = row.key("group_id", 80)
    return GroupRow(
        id=derived_id("group", key),
        key=key,
        office=row.choice("house", HOUSES),
        area_id=None,
        name=row.text("name", 100, needed=True),
        short_name=row.text("short_name", 20, needed=True),
    )


def store_groups(batch: Batch, items: Sequence[Item[GroupRow]]) -> None:
    """Keep groups."""
    batch.count(items, keep_groups(records(items), at=batch.at))


GROUPS = Table(
    name="groups",
    columns=("group_id", "name", "short_name", "house", "members", "women", "as_of", "name_as_of"),
    key=("group_id",),
    read=read_group,
    store=store_groups,
    is_looked_up=True,
)
