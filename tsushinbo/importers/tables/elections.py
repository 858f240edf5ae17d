"""Elections that were held, and those to come."""

from collections.abc import Sequence

from tsushinbo.addresses import derived_id
from tsushinbo.elections.models import Election
from tsushinbo.elections.services import ElectionRow, keep_elections
from tsushinbo.importers.known import Known
from tsushinbo.importers.refusals import Refused, shown
from tsushinbo.importers.rows import Row
from tsushinbo.importers.tables.base import Batch, Item, Table, records
from tsushinbo.people.models import Office

LEVELS = {level.value: level.value for level in Election.Level}
KINDS = {kind.value: kind.value for kind in Election.Kind}
PRECISIONS = {precision.value: precision.value for precision in Election.Precision}
WHOLE_DAY = 10
LENGTHS = {Election.Precision.DAY: 10, Election.Precision.MONTH: 7, Election.Precision.YEAR: 4}
OFFICES = {
    Election.Level.NATIONAL: {
        "representatives": Office.REPRESENTATIVES.value,
        "councillors": Office.COUNCILLORS.value,
    },
    Election.Level.PREFECTURAL: {"governor": Office.GOVERNOR.value, "assembly": Office.PREFECTURAL_ASSEMBLY.value},
    Election.Level.MUNICIPAL: {"mayor": Office.MAYOR.value, "assembly": Office.MUNICIPAL_ASSEMBLY.value},
}


def _date(row: Row) -> tuple[str, str]:
    """The polling date and how exact it is; they must agree."""
    polling_on, precision = row.when("date"), row.choice("date_precision", PRECISIONS)
    wanted = LENGTHS.get(Election.Precision(precision), 0)
    if len(polling_on) != wanted:
        row.refuse("date", f"{shown(polling_on)} does not fit the precision {shown(precision)}")
    return polling_on, precision


def read_election(row: Row, known: Known) -> ElectionRow:
    """An election that was held."""
    key, level = row.key("election_id", 80), row.choice("level", LEVELS)
    polling_on, precision = _date(row)
    announced_on = row.day("notice_date")
    if announced_on and polling_on and announced_on.isoformat() > polling_on:
        row.refuse("notice_date", f"{shown(row['notice_date'])} lies after the polling date {shown(polling_on)}")
    return ElectionRow(
        id=derived_id("election", key),
        key=key,
        name=row.text("name", 120, needed=True),
        level=level,
        office=row.choice("office", OFFICES[Election.Level(level)]),
        kind=row.choice("kind", KINDS, needed=False),
        area_id=known.area(row, "municipality_code6", needed=level != Election.Level.NATIONAL),
        area_name=row.text("area", 80),
        announced_on=announced_on,
        polling_on=polling_on,
        precision=precision,
        window_starts_on=None,
        window_ends_on=None,
        basis="",
        seats=row.whole("seats", 1, 9_999),
        turnout_percent=row.decimal("turnout_pct", 100, 2),
        upcoming=row.choice("status", {"past": "", "upcoming": "upcoming"}) == "upcoming",
        source_url=row.url("source_url", 500),
        source_note=row.text("source", 200),
    )


def store_elections(batch: Batch, items: Sequence[Item[ElectionRow]]) -> None:
    """Keep elections."""
    batch.count(items, keep_elections(records(items), at=batch.at))


ELECTIONS = Table(
    name="elections",
    columns=(
        "election_id", "name", "level", "office", "kind", "date", "date_precision", "notice_date", "seats", "area",
        "municipality_code6", "turnout_pct", "status", "source_url", "source",
    ),
    key=("election_id",),
    read=read_election,
    store=store_elections,
    is_looked_up=True,
)  # fmt: skip


def read_upcoming(row: Row, known: Known) -> ElectionRow:
    """An election to come, with what is known of its day."""
    key, level = row.key("election_id", 80), row.choice("level", LEVELS)
    polling_on, precision = _date(row)
    row.in_order("window_start", "window_end")
    return ElectionRow(
        id=derived_id("election", key),
        key=key,
        name=row.text("name", 120, needed=True),
        level=level,
        office=row.choice("office", OFFICES[Election.Level(level)]),
        kind="",
        area_id=known.area(row, "municipality_code6", needed=level != Election.Level.NATIONAL),
        area_name=row.text("area", 80),
        announced_on=None,
        polling_on=polling_on,
        precision=precision,
        window_starts_on=row.day("window_start"),
        window_ends_on=row.day("window_end"),
        basis=row.text("basis", 300),
        seats=None,
        turnout_percent=None,
        upcoming=True,
        source_url="",
        source_note=row.text("source", 200),
    )


def store_upcoming(batch: Batch, items: Sequence[Item[ElectionRow]]) -> None:
    """Keep elections to come; one that was held meanwhile stays as it is."""

    def check(election: ElectionRow) -> ElectionRow:
        known = batch.known.elections.get(election.key)
        if known and not known.upcoming:
            raise Refused("election_id", f"{shown(election.key)} was held on {known.polling_on} (elections.csv)")
        if known and len(known.polling_on) == WHOLE_DAY and len(election.polling_on) < WHOLE_DAY:
            # An election office said so (importers.counts); what a term reckons knows less.
            raise Refused("date", f"the day of {shown(election.key)} is known: {known.polling_on}")
        return election

    store_elections(batch, batch.accepted(items, check))


UPCOMING = Table(
    name="upcoming_elections",
    columns=(
        "election_id", "name", "level", "office", "area", "municipality_code6", "date", "date_precision",
        "window_start", "window_end", "basis", "source",
    ),
    key=("election_id",),
    read=read_upcoming,
    store=store_upcoming,
    is_looked_up=True,
)  # fmt: skip
