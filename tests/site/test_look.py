"""What the design promises of the files behind the look."""

import re
from pathlib import Path

import tsushinbo

ROOMS = Path(tsushinbo.__file__).parent
STATIC = ROOMS / "site" / "static" / "tsushinbo"


def test_style_stays_below_thirty_kilobytes() -> None:
    """All of it, also what only the forms and the accounts load."""
    assert sum(path.stat().st_size for path in ROOMS.glob("*/static/**/*.css")) < 30_000


def test_style_loads_nothing_and_names_no_other_site() -> None:
    for path in STATIC.glob("*.css"):
        text = path.read_text()
        assert "@import" not in text
        assert not re.search(r"url\((?!#)", text)
        assert "//" not in text


def test_colours_are_named_once() -> None:
    """A colour outside tokens.css is one that the dark and printed styles do not know of; white and black lines of the focus are both."""
    for path in STATIC.glob("*.css"):
        if path.name == "tokens.css":
            continue
        screen = path.read_text().split("@media print")[0]
        assert set(re.findall(r"#[0-9a-f]{3,8}\b", screen)) <= {"#fff", "#1a1a1a"}
