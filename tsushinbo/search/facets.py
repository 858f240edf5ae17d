"""What documents can be narrowed to, as words of their column ``facets``: z, a letter for the sort, and the value in small letters and digits.

The same functions write and read them. A pair of signs is filed in hexadecimal digits, so no text gives a word that begins with z.
"""

import re
from datetime import datetime

from django.utils import timezone

_OTHERS = re.compile("[^a-z0-9]")


def _word(sort: str, value: object) -> str:
    return f"z{sort}{_OTHERS.sub('', str(value).lower())}"


def office(value: str) -> str:
    """An office that is held now, of a politician or of whose pledge or report it is."""
    return _word("o", value)


def party(key: int) -> str:
    """A party: its own, or that of a running term."""
    return _word("p", key)


def prefecture(code: str) -> str:
    """A prefecture, by the code of its area."""
    return _word("r", code)


def topic(code: str) -> str:
    """A policy area of a pledge; of a report that of its pledge."""
    return _word("t", code)


def status(value: str) -> str:
    """How a pledge stands."""
    return _word("s", value)


def year(shown_at: datetime) -> str:
    """The year since which everybody may read it, in the site's time zone."""
    return year_of(timezone.localtime(shown_at).year)


def year_of(number: int) -> str:
    """The same of a year."""
    return _word("y", number)


def level(value: str) -> str:
    """The level of elections that a pledge is for, as the list of pledges takes it."""
    return _word("l", value)
