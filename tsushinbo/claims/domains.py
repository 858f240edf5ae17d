"""Which mail addresses may prove a claim: those on a domain of the politician, or of a public body.

No list of public suffixes is needed: an address is on a domain when its host is that host, or ends in a dot and that host. What may be
compared at all are plain ASCII names; an address in other letters is refused, so that nothing that only looks like a name passes.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LOCAL = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*")
HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
LONGEST_LOCAL, LONGEST = 64, 254

# Registered by public bodies only (JPRS: 属性型・地域型 JP ドメイン名).
PUBLIC = ("lg.jp", "go.jp")
PREFECTURES = frozenset((
    "hokkaido", "aomori", "iwate", "miyagi", "akita", "yamagata", "fukushima", "ibaraki", "tochigi", "gunma", "saitama", "chiba",
    "tokyo", "kanagawa", "niigata", "toyama", "ishikawa", "fukui", "yamanashi", "nagano", "gifu", "shizuoka", "aichi", "mie",
    "shiga", "kyoto", "osaka", "hyogo", "nara", "wakayama", "tottori", "shimane", "okayama", "hiroshima", "yamaguchi", "tokushima",
    "kagawa", "ehime", "kochi", "fukuoka", "saga", "nagasaki", "kumamoto", "oita", "miyazaki", "kagoshima", "okinawa",
))  # fmt: skip
DESIGNATED_CITIES = frozenset(("kawasaki", "kitakyushu", "kobe", "nagoya", "sapporo", "sendai", "yokohama"))

# Where anybody may have an address or a page: what lies there belongs to no politician alone.
SHARED = frozenset(Path(__file__).with_name("tables").joinpath("shared_hosts.txt").read_text().split())
# A name of one of these alone is everybody's.
SUFFIXES = frozenset({"co.jp", "or.jp", "ne.jp", "gr.jp", "ac.jp", "ed.jp", "ad.jp", *PUBLIC}) | {
    f"{name}.jp" for name in PREFECTURES
}


@dataclass(frozen=True)
class Link:
    """A page on record for the politician. ``shared``: its host stands on record for others too."""

    url: str
    shared: bool


@dataclass(frozen=True)
class Address:
    """A mail address that may prove a claim. ``own``: its domain is the politician's alone; else moderators look as well."""

    text: str
    domain: str
    own: bool

    @property
    def mailbox(self) -> str:
        """The address without what a plus adds: the same box."""
        local, _, domain = self.text.partition("@")
        return f"{local.partition('+')[0].lower()}@{domain}"


def read_address(typed: str) -> tuple[str, str] | None:
    """Return local part and host of a mail address as it is written to, or None for what is none or hides where it leads.

    Full-width signs are taken for the usual ones. No quotes, comments, percent signs or routes: each can lead a mail elsewhere.
    Example: ``Taro＠City.Example.lg.jp`` gives ``("Taro", "city.example.lg.jp")``; ``a@city.example.lg.jp.`` is refused for its dot.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    local, at, host = text.rpartition("@")
    host = host.lower()
    if not at or len(text) > LONGEST or len(local) > LONGEST_LOCAL:
        return None
    if not LOCAL.fullmatch(local) or not HOST.fullmatch(host) or "xn--" in host:
        return None
    return local, host


def is_on(host: str, base: str) -> bool:
    """Whether a host is ``base`` or lies below it. Example: mail.taro.jp is on taro.jp; nottaro.jp and taro.jp.evil.example are not."""
    return host == base or host.endswith(f".{base}")


def is_shared(host: str) -> bool:
    """Whether anybody may have an address or a page there."""
    return host in SUFFIXES or any(is_on(host, base) for base in SHARED)


def is_public_body(host: str) -> bool:
    """Whether a host is one of a ministry, a house of the Diet, a prefecture or a municipality.

    Besides lg.jp and go.jp these are the names of the older kind: ``metro.tokyo.jp``, ``pref.kanagawa.jp``, ``city.shinagawa.tokyo.jp``,
    ``town.hakone.kanagawa.jp``, ``city.yokohama.jp``; everything of them counts from the right.
    """
    if any(host.endswith(f".{base}") for base in PUBLIC):
        return True
    labels = host.split(".")[::-1]
    if len(labels) < 3 or labels[0] != "jp":
        return False
    if labels[1] in PREFECTURES:
        if labels[2] in {"pref", "metro"}:
            return labels[2] == ("metro" if labels[1] == "tokyo" else "pref")
        return len(labels) >= 4 and labels[3] in {"city", "town", "vill"}
    return labels[1] in DESIGNATED_CITIES and labels[2] == "city"


def own_host(link: Link) -> str | None:
    """The host of a page on record that is the politician's own site: nobody else's page is there, and it is the whole site."""
    host = host_of(link.url)
    if host is None or link.shared or is_shared(host) or is_public_body(host):
        return None
    return host if urlsplit(link.url).path in {"", "/"} else None


def host_of(url: str) -> str | None:
    """The host of an address without ``www.``; None where there is none in plain letters."""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return None
    return host if HOST.fullmatch(host) else None


def fitting(typed: str, links: Collection[Link]) -> Address | None:
    """The address if it may prove a claim on the politician of ``links``; None for what may not.

    A domain of the politician's own is proof enough. That of a public body, or of a page that others have too, says only where somebody
    works; the code proves that much, and moderators look at the rest.
    """
    parts = read_address(typed)
    if parts is None or is_shared(parts[1]):
        return None
    local, host = parts
    text = f"{local}@{host}"
    if any(own is not None and is_on(host, own) for own in map(own_host, links)):
        return Address(text, host, own=True)
    on_record = [base for link in links if (base := host_of(link.url)) is not None and not is_shared(base)]
    if is_public_body(host) or any(is_on(host, base) for base in on_record):
        return Address(text, host, own=False)
    return None
