"""What a moderator's eye is drawn to (目印): words of a list, personal data by its form, links by where they lead. A person decides, never this.

Words are compared as folded by tsushinbo/japanese: width, kana, old and variant kanji, spaces and dots inside a word make no difference.
tables/words.tsv and tables/domains.tsv are short lists of our own; an operator adds to them by files of the same form
(TSUSHINBO_MODERATION_WORDS, TSUSHINBO_MODERATION_DOMAINS).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from tsushinbo.japanese.folding import fold

TABLES = Path(__file__).parent / "tables"
MANY_LINKS = 3
LINKS_SHOWN = 20
# One address ends where the next begins: Japanese text puts no space between them.
_ADDRESS = re.compile(r"https?://(?:(?!https?://)[^\x00-\x20\x7f\"<>\\])+", re.IGNORECASE)
# What ends a sentence around an address is no part of it.
_AFTER_ADDRESS = "。、）」』】,.)]}>"
_FORMS = {
    "電話番号らしい数字": re.compile(r"(?<!\d)0\d{1,4}[-\s(]?\d{1,4}[-\s)]?\d{3,4}(?!\d)"),
    "メールアドレス": re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    "住所らしい記述": re.compile(r"\d+\s*(丁目|番地|番\s*\d+\s*号)"),
}
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー", "-"))


@dataclass(frozen=True)
class Mark:
    """One reason to look closely: what it is called, and what was found."""

    label: str
    found: str


@dataclass(frozen=True)
class Link:
    """An address in a text. ``known``: what the list says of its host, "" where it says nothing."""

    url: str
    host: str
    known: str


def links_in(words: str) -> list[Link]:
    """The web addresses in a text with their hosts, LINKS_SHOWN at most, each once."""
    found: dict[str, Link] = {}
    for match in _ADDRESS.finditer(words):
        url = _cut(match[0])
        if url not in found and len(found) < LINKS_SHOWN:
            host = _host(url)
            found[url] = Link(url, host, _known(host))
    return list(found.values())


def marks_of(words: str, links: Sequence[Link] | None = None) -> list[Mark]:
    """What stands out in a text. Its cost grows with the text alone, not with the list of words."""
    links = links_in(words) if links is None else links
    pattern, labels = _words(settings.MODERATION_WORDS)
    marks: dict[tuple[str, str], None] = {}
    for found in pattern.findall(fold(words)) if labels else ():
        label, written = labels[found]
        marks[label, written] = None
    plain = unicodedata.normalize("NFKC", words).translate(_DASHES)
    for link in links:
        plain = plain.replace(link.url, " ")
    for label, form in _FORMS.items():
        if match := form.search(plain):
            marks[label, match[0]] = None
    for link in links:
        if link.known:
            marks[link.known, link.host] = None
    if len(links) >= MANY_LINKS:
        marks["リンクが多い", f"{len(links)}件"] = None
    return [Mark(label, found) for label, found in marks]


def _cut(found: str) -> str:
    """An address without the sentence that follows it: Japanese text goes on without a space. A host may itself be Japanese."""
    plain = re.match(r"https?://[!-~]+", found, re.IGNORECASE)
    return (plain[0] if plain else re.split("[、-〿！-｠]", found, maxsplit=1)[0]).rstrip(_AFTER_ADDRESS)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _known(host: str) -> str:
    """What the list says of a host or of a domain that it lies in."""
    domains = _domains(settings.MODERATION_DOMAINS)
    parts = host.split(".")
    return next((told for start in range(len(parts)) if (told := domains.get(".".join(parts[start:])))), "")


def _lines(name: str, own: str) -> list[tuple[str, str]]:
    """The pairs of our list and of the operator's, separated by a tab. Lines that begin with # are remarks."""
    pairs = []
    for path in (TABLES / name, *([Path(own)] if own else [])):
        for line in path.read_text(encoding="utf-8").splitlines():
            label, tab, value = line.partition("\t")
            if tab and not line.startswith("#") and label.strip() and value.strip():
                pairs.append((label.strip(), value.strip()))
    return pairs


@cache
def _words(own: str) -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """A pattern of every word as it is compared, the longest first, and for each its label and how the list writes it."""
    labels = {folded: (label, word) for label, word in _lines("words.tsv", own) if (folded := fold(word))}
    return re.compile("|".join(map(re.escape, sorted(labels, key=len, reverse=True)))), labels


@cache
def _domains(own: str) -> dict[str, str]:
    return {domain.lower().rstrip("."): label for label, domain in _lines("domains.tsv", own)}
