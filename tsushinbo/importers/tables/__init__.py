"""Every table the import knows, in the order in which they need each other, and which one a file holds."""

from collections.abc import Sequence

from tsushinbo.importers.refusals import Unusable
from tsushinbo.importers.tables.base import AnyTable
from tsushinbo.importers.tables.candidacies import CANDIDACIES
from tsushinbo.importers.tables.elections import ELECTIONS, UPCOMING
from tsushinbo.importers.tables.identities import IDENTITIES
from tsushinbo.importers.tables.parties import GROUPS, PARTIES, SOURCES
from tsushinbo.importers.tables.persons import CHIEFS, LOCALS, MEMBERS
from tsushinbo.importers.tables.places import AREAS, DISTRICTS
from tsushinbo.importers.tables.pledges import HEADLINE, POLICY_AREAS, QUOTED
from tsushinbo.importers.tables.results import RESULTS, VOTES

TABLES: tuple[AnyTable, ...] = (
    SOURCES,
    AREAS,
    DISTRICTS,
    PARTIES,
    GROUPS,
    POLICY_AREAS,
    ELECTIONS,
    UPCOMING,
    MEMBERS,
    LOCALS,
    CHIEFS,
    IDENTITIES,
    CANDIDACIES,
    RESULTS,
    VOTES,
    QUOTED,
    HEADLINE,
)
# From this share of the columns of a table on, a file is taken to be meant as that table.
ALIKE = 0.5


def detect(columns: Sequence[str]) -> AnyTable:
    """The table that has these columns. Raises Unusable when there is none, or when some columns of it are missing."""
    given = set(columns)
    fitting = [table for table in TABLES if given.issuperset(table.columns)]
    if fitting:
        return max(fitting, key=lambda table: len(table.columns))
    nearest = max(TABLES, key=lambda table: len(given.intersection(table.columns)) / len(table.columns))
    missing = [column for column in nearest.columns if column not in given]
    if len(missing) <= len(nearest.columns) * (1 - ALIKE):
        what = "column is" if len(missing) == 1 else "columns are"
        raise Unusable(f"it looks like a table of {nearest.name}, but {what} missing: {', '.join(map(repr, missing))}")
    names = ", ".join(table.name for table in TABLES)
    raise Unusable(f"its columns are those of no table; docs/data-sources.md lists them: {names}")
