"""What the design promises of the files behind the look."""

import re
from pathlib import Path

import tsushinbo

ROOMS = Path(tsushinbo.__file__).parent
STATIC = ROOMS / "site" / "static" / "tsushinbo"


def test_no_page_loads_thirty_kilobytes_of_style() -> None:
    """Every page loads the style of the site, and the forms of one room at most."""
    everywhere = sum(path.stat().st_size for path in STATIC.glob("*.css"))
    of_rooms = [path.stat().st_size for path in ROOMS.glob("*/static/**/*.css") if path.parent != STATIC]
    assert everywhere + max(of_rooms) < 30_000


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
