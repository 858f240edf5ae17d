"""Public ids: opaque, stable and short.

An id is a whole number of 50 bits (it fits a BIGINT and a JavaScript number exactly), written in addresses as ten
characters of Crockford's base 32, e.g. ``/pledges/3k9z0m7xqd/``. New rows get a random number, so an address tells nothing
about how many there are or when they came. Rows from bundled data get a number derived from their key in the source, so
that a database built anew keeps every address.
"""

import hashlib
import re
import secrets
from functools import cache

from django.http import Http404
from django.urls import register_converter, reverse
from django.urls.converters import get_converters

BITS = 50
LENGTH = 10
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
PATTERN = f"[{ALPHABET}]{{{LENGTH}}}"
_TWO = [first + second for first in ALPHABET for second in ALPHABET]
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}


def new_id() -> int:
    """Return a random id. 1,000,000 of them collide with a chance of about 1 in 2,000; a primary key refuses the second."""
    return secrets.randbits(BITS)


def derived_id(kind: str, key: str) -> int:
    """Return the id of the row that a source calls ``key``: the first 50 bits of BLAKE2b over ``kind`` and ``key``."""
    digest = hashlib.blake2b(f"{kind}\x00{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - BITS)


def encode(number: int) -> str:
    """Write an id as its ten characters. Raises ValueError outside 0 … 2**50 - 1."""
    if not 0 <= number < 1 << BITS:
        raise ValueError(f"{number} is not an id of {BITS} bits")
    # Two characters at a time: a page has a hundred of these.
    two = _TWO
    return f"{two[number >> 40]}{two[number >> 30 & 1023]}{two[number >> 20 & 1023]}{two[number >> 10 & 1023]}{two[number & 1023]}"


def decode(text: str) -> int:
    """Read ten characters back into the id. Raises ValueError for anything else."""
    if not re.fullmatch(PATTERN, text):
        raise ValueError(f"{text!r} is not an id")
    number = 0
    for sign in text:
        number = number << 5 | _VALUES[sign]
    return number


def decode_or_404(text: str) -> int:
    """Read an id that a visitor sent outside the path, where Django would have done so. Raises Http404 for anything else."""
    try:
        return decode(text)
    except ValueError:
        raise Http404("no id") from None


def page(view: str, number: int) -> str:
    """Return the address of the page that ``view`` shows of the row ``number``: as ``reverse``, which takes twenty times as long."""
    before, after = _around_id(view)
    return before + encode(number) + after


@cache
def _around_id(view: str) -> tuple[str, str]:
    before, _, after = reverse(view, args=[0]).rpartition(encode(0))
    return before, after


class IdConverter:
    """``<id:pledge_id>`` in a URL pattern: the view gets the whole number."""

    regex = PATTERN

    def to_python(self, value: str) -> int:
        """Ten characters to the number; Django turns ValueError into no match."""
        return decode(value)

    def to_url(self, value: int) -> str:
        """The number to ten characters."""
        return encode(value)


def register() -> None:
    """Make ``<id:…>`` known to Django's URL patterns; called by config.urls.

    Where importing that module failed half-way it is imported again, and must not fail for having come this far before.
    """
    if "id" not in get_converters():
        register_converter(IdConverter, "id")
