"""Facts of books from elsewhere (書誌): openBD and NDL Search, each asked by this server and never by a visitor's browser.

A source that is slow, away or talks nonsense gives nothing: what a person types always works. Answers are kept a week, so that a page is
not asked for twice; a source that failed rests for a minute. Both are free to ask for such a use: openBD (https://openbd.jp/), NDL Search
API (https://ndlsearch.ndl.go.jp/help/api), bibliographic data only, no covers.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any
from xml.etree import ElementTree

import requests
from django.conf import settings
from django.core.cache import cache

from tsushinbo.books.isbn import NotAnIsbn, normal
from tsushinbo.books.models import CREATORS_LENGTH, PUBLISHED_LENGTH, PUBLISHER_LENGTH, TITLE_LENGTH, Book
from tsushinbo.moderation.text import clean_text

# To connect, and between two pieces of an answer; in seconds.
TIMEOUT = (2.0, 4.0)
MOST_BYTES = 300_000
KEPT_SECONDS = 7 * 24 * 3600
NOTHING_KEPT_SECONDS = 24 * 3600
REST_SECONDS = 60
FOUND = 8
OPENBD = "https://api.openbd.jp/v1/get"
NDL = "https://ndlsearch.ndl.go.jp/api/opensearch"
NAMES = {
    "item": "{*}channel/{*}item",
    "creator": "{http://purl.org/dc/elements/1.1/}creator",
    "publisher": "{http://purl.org/dc/elements/1.1/}publisher",
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "identifier": "{http://purl.org/dc/elements/1.1/}identifier",
    "issued": "{http://purl.org/dc/terms/}issued",
    "date": "{http://purl.org/dc/elements/1.1/}date",
}
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Facts:
    """What a source says of a book; ``source`` is one of Book.Source."""

    isbn: str
    title: str
    creators: str = ""
    publisher: str = ""
    published: str = ""
    source: str = Book.Source.PERSON


class SourceAway(Exception):
    """A source did not answer as it should."""


def find(isbn: str) -> Facts | None:
    """Return the facts of a book by its thirteen digits, from the first source that knows it; None where none does or all are away."""
    for name in settings.BOOK_SOURCES:
        answer = _kept(f"book:{name}:{isbn}", name, partial(BY_ISBN[name], isbn))
        if answer:
            return answer[0]
    return None


def search(words: str) -> list[Facts]:
    """Return up to FOUND books that NDL Search finds for some words; [] where it is off or away."""
    if "ndl" not in settings.BOOK_SOURCES or not words.strip():
        return []
    return _kept(f"books:ndl:{words.strip()[:100]}", "ndl", lambda: _ndl({"any": words.strip()[:100], "cnt": FOUND}))


def is_on() -> bool:
    """Whether any source may be asked."""
    return bool(settings.BOOK_SOURCES)


def _kept(key: str, source: str, ask: Callable[[], list[Facts]]) -> list[Facts]:
    """The answer kept under ``key``, or a new one; nothing while the source rests."""
    key = "".join(sign if (sign.isascii() and sign.isalnum()) or sign == ":" else f"_{ord(sign):x}" for sign in key)[
        :240
    ]
    kept = cache.get(key)
    if kept is not None:
        return [Facts(**one) for one in kept]
    if cache.get(f"book-rest:{source}"):
        return []
    try:
        found = ask()
    except SourceAway as fault:
        logger.warning("books: %s did not answer: %s", source, fault)
        cache.set(f"book-rest:{source}", True, REST_SECONDS)
        return []
    cache.set(key, [asdict(one) for one in found], KEPT_SECONDS if found else NOTHING_KEPT_SECONDS)
    return found


def _get(address: str, params: dict[str, Any]) -> bytes:
    """Ask a fixed address, and read no more of the answer than MOST_BYTES."""
    try:
        with requests.get(address, params=params, timeout=TIMEOUT, stream=True, allow_redirects=False) as answer:
            if answer.status_code != requests.codes.ok:
                raise SourceAway(f"status {answer.status_code}")
            data = b""
            for piece in answer.iter_content(16_384):
                data += piece
                if len(data) > MOST_BYTES:
                    raise SourceAway("the answer is too long")
            return data
    except (requests.RequestException, OSError) as fault:
        raise SourceAway(type(fault).__name__) from fault


def _openbd(isbn: str) -> list[Facts]:
    """Ask openBD: a list with one entry, null where it does not know the book."""
    data = _get(OPENBD, {"isbn": isbn})
    try:
        entry = json.loads(data)[0]
        summary = entry["summary"] if entry else None
    except (ValueError, LookupError, TypeError) as fault:
        raise SourceAway("unreadable") from fault
    if not isinstance(summary, dict) or not isinstance(summary.get("title"), str):
        return []
    volume = _text(summary.get("volume"))
    title = f"{_text(summary.get('title'))} {volume}".strip()
    fact = _facts(
        isbn, title, _text(summary.get("author")), _text(summary.get("publisher")), _text(summary.get("pubdate")),
        Book.Source.OPENBD,
    )  # fmt: skip
    return [fact] if fact else []


def _ndl_by_isbn(isbn: str) -> list[Facts]:
    return [one for one in _ndl({"isbn": isbn, "cnt": 3}) if one.isbn == isbn][:1]


def _ndl(params: dict[str, Any]) -> list[Facts]:
    """Ask NDL Search: RSS 2.0 with Dublin Core. Entries without a readable ISBN are left out."""
    data = _get(NDL, {**params, "mediatype": "books"})
    # Neither a document type nor entities belong in an RSS answer; both are how XML is made to explode.
    if b"<!DOCTYPE" in data[:2000].upper() or b"<!ENTITY" in data.upper():
        raise SourceAway("a document type")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - no document type came this far, so there are no entities
    except ElementTree.ParseError as fault:
        raise SourceAway("unreadable") from fault
    found: dict[str, Facts] = {}
    for item in root.iterfind(NAMES["item"]):
        isbn = _isbn_of(item)
        title = item.findtext(NAMES["title"]) or item.findtext("title") or ""
        creators = "、".join(filter(None, (_text(one.text) for one in item.iterfind(NAMES["creator"]))))
        fact = isbn and _facts(
            isbn,
            _text(title),
            creators,
            _text(item.findtext(NAMES["publisher"])),
            _text(item.findtext(NAMES["issued"]) or item.findtext(NAMES["date"])),
            Book.Source.NDL,
        )
        if fact:
            found.setdefault(fact.isbn, fact)
    return list(found.values())[:FOUND]


def _isbn_of(item: ElementTree.Element) -> str:
    for one in item.iterfind(NAMES["identifier"]):
        if "ISBN" in one.get(TYPE, ""):
            try:
                return normal(one.text or "")
            except NotAnIsbn:
                continue
    return ""


def _facts(isbn: str, title: str, creators: str, publisher: str, published: str, source: Book.Source) -> Facts | None:
    """Facts as they are stored: cleaned like any text from outside, cut to length; None without a title."""
    if not title:
        return None
    return Facts(
        isbn,
        title[:TITLE_LENGTH],
        creators[:CREATORS_LENGTH],
        publisher[:PUBLISHER_LENGTH],
        published[:PUBLISHED_LENGTH],
        source,
    )


def _text(value: object) -> str:
    return " ".join(clean_text(value).split()) if isinstance(value, str) else ""


BY_ISBN: dict[str, Callable[[str], list[Facts]]] = {"openbd": _openbd, "ndl": _ndl_by_isbn}
