"""What a person found out about who is who: another id of somebody on record, with the evidence."""

from collections.abc import Sequence
from typing import NamedTuple

from tsushinbo.importers.known import Known
from tsushinbo.importers.matching import PERSON_ID, identified
from tsushinbo.importers.owners import CANDIDATE
from tsushinbo.importers.refusals import Refused, shown
from tsushinbo.importers.rows import Row
from tsushinbo.importers.services import ask_for_matching, join_people
from tsushinbo.importers.tables.base import Batch, Item, Table, records
from tsushinbo.people.services import add_identifier
from tsushinbo.sources.keeping import Outcome

SCHEMES = {scheme: scheme for scheme in (PERSON_ID, CANDIDATE)}


class Identity(NamedTuple):
    """Another outside id of the politician whom ``person_id`` means."""

    scheme: str
    value: str
    person_id: str


def read_identity(row: Row, known: Known) -> Identity:
    """One found identity; the evidence is for readers of the file and must be there."""
    del known
    row.text("reason", 500, needed=True)
    row.text("source_title", 200, needed=True)
    row.url("source_url", 1500, needed=True)
    if row.day("checked_on") is None:
        row.refuse("checked_on", "is empty")
    return Identity(
        scheme=row.choice("scheme", SCHEMES),
        value=row.text("value", 120, needed=True),
        person_id=row.key("person_id", 120),
    )


def store_identities(batch: Batch, items: Sequence[Item[Identity]]) -> None:
    """Give politicians their other ids; two rows that turn out to be one person become one."""
    people = identified({item.record.person_id for item in items})

    def check(identity: Identity) -> Outcome:
        politician = people.get(identity.person_id)
        if politician is None:
            reason = f"unknown person {shown(identity.person_id)}; import the table of people first"
            raise Refused("person_id", reason)
        other = identified([identity.value], identity.scheme).get(identity.value)
        if other is None:
            add_identifier(politician, scheme=identity.scheme, value=identity.value)
            return Outcome.CREATED
        if other == politician:
            return Outcome.UNCHANGED
        join_people(politician, other, at=batch.at)
        people.update({key: politician for key, value in people.items() if value == other})
        return Outcome.UPDATED

    accepted = batch.accepted(items, check)
    batch.count(accepted, records(accepted))
    if set(records(accepted)) - {Outcome.UNCHANGED}:
        ask_for_matching()


IDENTITIES = Table(
    name="identities",
    columns=("scheme", "value", "person_id", "reason", "source_title", "source_url", "checked_on"),
    key=("scheme", "value"),
    read=read_identity,
    store=store_identities,
)
