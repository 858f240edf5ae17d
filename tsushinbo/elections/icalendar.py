"""A calendar of elections as RFC 5545 (iCalendar) says: folded lines, escaped text, ids that stay."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

# RFC 5545, 3.1: octets a line may have without its end.
OCTETS = 75
NAME = "今後の選挙｜先生の通信簿"


@dataclass(frozen=True)
class Event:
    """One entry of whole days, ``first`` to ``last``. ``sure``: polling is on that day; else it is some day of them."""

    uid: str
    first: date
    last: date
    sure: bool
    summary: str
    description: str
    url: str


def calendar(events: Iterable[Event], *, stamped_at: datetime) -> str:
    """The file. ``stamped_at`` is DTSTAMP: when what is said was last gathered."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tsushinbo//elections//JA", "CALSCALE:GREGORIAN", f"X-WR-CALNAME:{escaped(NAME)}"]  # fmt: skip
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"DTSTAMP:{stamped_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}",
            # The first day that is no longer part of it (3.6.1).
            f"DTEND;VALUE=DATE:{event.last + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{escaped(event.summary)}",
            f"DESCRIPTION:{escaped(event.description)}",
            f"URL:{event.url}",
            f"STATUS:{'CONFIRMED' if event.sure else 'TENTATIVE'}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def escaped(text: str) -> str:
    """A TEXT value (3.3.11); other control signs have no place in one."""
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(sign, written)
    return "".join(sign for sign in text if sign >= " " and sign != "\x7f")


def folded(line: str) -> str:
    """A line cut into pieces of at most OCTETS, none in the middle of a character; a space begins each but the first."""
    pieces, piece, octets = [], "", 0
    for sign in line:
        size = len(sign.encode())
        if octets + size > OCTETS:
            pieces.append(piece)
            piece, octets = " ", 1
        piece += sign
        octets += size
    return "\r\n".join([*pieces, piece])
