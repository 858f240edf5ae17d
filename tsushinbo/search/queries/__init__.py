"""The search: which things a query finds, best first. Everything that asks the search goes through here."""

from tsushinbo.search.queries.finding import COUNTED, FIRST_PAGE, Found, find
from tsushinbo.search.queries.narrowing import EVERYTHING, Narrowing
from tsushinbo.search.queries.near import nearest
from tsushinbo.search.queries.postcodes import areas_of
from tsushinbo.search.queries.reading import rows
from tsushinbo.search.queries.suggesting import Suggestion, suggest

__all__ = [
    "COUNTED",
    "EVERYTHING",
    "FIRST_PAGE",
    "Found",
    "Narrowing",
    "Suggestion",
    "areas_of",
    "find",
    "nearest",
    "rows",
    "suggest",
]
