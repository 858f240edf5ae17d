"""What could not be found out about the bundled pledges, read from the notes that come with them."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings

NOTES: Path = settings.PACKAGE / "data" / "headline" / "README.md"
SECTION = re.compile(r"^## 載せきれなかったこと（(.+?)）\n(.+?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


@cache
def gaps() -> list[tuple[str, list[str]]]:
    """The gaps by kind of owner, one entry a note, as plain text; none where the notes are not there."""
    if not NOTES.is_file():
        return []
    return [(owners, _entries(body)) for owners, body in SECTION.findall(NOTES.read_text(encoding="utf-8"))]


def _entries(body: str) -> list[str]:
    """List items and paragraphs; a line that goes on is joined to the one before it."""
    notes = re.split(r"\n(?=- )|\n\n", body.strip())
    plain = (re.sub(r"\*\*|`|^- ", "", note) for note in notes)
    return [re.sub(r"\s*\n\s*", "", note) for note in plain if note]
