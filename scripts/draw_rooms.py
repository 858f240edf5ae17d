"""Draw docs/rooms.svg: the rooms of the package in their layers, with an arrow for every import between them.

The layers come from pyproject.toml, the arrows from the code itself; an arrow that other arrows already imply is left out.
``--check`` draws nothing and fails when the picture is out of date.
"""

import sys
import tomllib
from pathlib import Path

import grimp

CHECKOUT = Path(__file__).parents[1]
PICTURE = CHECKOUT / "docs" / "rooms.svg"
# What each room is for, as in HOUSE's map; the picture must explain itself.
PURPOSES = {
    "cli": "the console command",
    "config": "turning the site on",
    "office": "the politician's own desk",
    "opendata": "the same facts for machines",
    "replies": "what a politician answers",
    "surveys": "what is asked, and answered",
    "spreadsheets": "text safe in tables",
    "books": "what to read",
    "comments": "what citizens answer to a report",
    "claims": "who speaks for a politician",
    "notices": "who is told what",
    "mail": "mail on its way out",
    "importers": "bringing outside facts in",
    "site": "pages made of several rooms",
    "search": "finding people and pledges",
    "rankings": "who stands where, as of the last run",
    "evaluations": "what citizens think: ballots, tallies",
    "activities": "what was done, as politicians say",
    "advice": "what politicians answer to statements",
    "pledges": "what was promised",
    "elections": "what was or will be voted on",
    "people": "politicians, parties, places",
    "moderation": "looking before publishing",
    "drafts": "forms kept while they are written",
    "accounts": "who is asking, how often",
    "sources": "where facts come from",
    "caching": "how long a page may be kept",
    "kept": "values some minutes old",
    "prepared": "statements written once",
    "filters": "narrowing long lists",
    "paging": "cutting long lists",
    "addresses": "public ids",
    "errors": "the base of refusals",
    "scoring": "the arithmetic",
    "japanese": "one form for comparing text",
}
WIDTH, BOX, HEIGHT, GAP = 1100, 210, 46, 44


def layers() -> list[list[str]]:
    """The rooms from top to bottom, as the import contract has them."""
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    contract = settings["tool"]["importlinter"]["contracts"][0]
    rows = [[room.strip(" ()") for room in row.split("|")] for row in contract["layers"]]
    return [[room for room in row if room != "__main__"] for row in rows if row != ["__main__"]]


def arrows(rooms: list[str]) -> set[tuple[str, str]]:
    """Who imports whom directly, without those that a longer way already shows. ``rooms`` go from top to bottom; imports never go up."""
    graph = grimp.build_graph("tsushinbo", cache_dir=None)
    direct: set[tuple[str, str]] = set()
    for room in rooms:
        modules = {f"tsushinbo.{room}"} | graph.find_descendants(f"tsushinbo.{room}")
        for module in modules:
            for found in graph.find_modules_directly_imported_by(module):
                target = found.split(".")[1] if found.startswith("tsushinbo.") else ""
                if target in rooms and rooms.index(target) > rooms.index(room):
                    direct.add((room, target))
    following = {room: {to for origin, to in direct if origin == room} for room in rooms}

    def reach(room: str) -> set[str]:
        return following[room].union(*(reach(to) for to in following[room]))

    return {(room, to) for room, to in direct if not any(to in reach(via) for via in following[room] - {to})}


def draw() -> str:
    """The picture as SVG text."""
    rows = [row for row in layers() if row]
    places: dict[str, tuple[float, float]] = {}
    for number, row in enumerate(rows):
        step = WIDTH / len(row)
        width = min(BOX, step - 12)
        for column, room in enumerate(row):
            # Rows of one room step aside in turn, so that an arrow past a room is not taken for one to it.
            aside = (number % 3 - 1) * BOX * 1.25 if len(row) == 1 else 0
            places[room] = (step * column + (step - width) / 2 + aside, 12 + number * (HEIGHT + GAP))
    height = 12 + len(rows) * (HEIGHT + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" role="img" aria-labelledby="t">',
        '<title id="t">Rooms of the package, arrows from a room to what it imports</title>',
        '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#6f695d"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{height}" fill="#faf8f2"/>',
    ]
    widths = {room: min(BOX, WIDTH / len(row) - 12) for row in rows for room in row}
    for origin, target in sorted(arrows(list(places))):
        (x1, y1), (x2, y2) = places[origin], places[target]
        start, end = x1 + widths[origin] / 2, x2 + widths[target] / 2
        bend = (y2 - y1 - HEIGHT) / 2
        parts.append(
            f'<path d="M{start:.0f} {y1 + HEIGHT}C{start:.0f} {y1 + HEIGHT + bend:.0f} {end:.0f} {y2 - bend:.0f} {end:.0f} {y2 - 1}" '
            'fill="none" stroke="#6f695d" stroke-width="1.2" marker-end="url(#a)"/>'
        )
    for room, (x, y) in places.items():
        middle = x + widths[room] / 2
        small = 12 if widths[room] > 180 else 10
        parts.append(
            f'<rect x="{x:.0f}" y="{y}" width="{widths[room]:.0f}" height="{HEIGHT}" rx="4" fill="#fffefb" stroke="#213f35"/>'
        )
        parts.append(
            f'<text x="{middle:.0f}" y="{y + 20}" text-anchor="middle" font-size="15" font-weight="bold" fill="#213f35">{room}</text>'
        )
        parts.append(
            f'<text x="{middle:.0f}" y="{y + 37}" text-anchor="middle" font-size="{small}" fill="#575247">{PURPOSES[room]}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def main() -> int:
    """Write the picture, or compare it."""
    picture = draw()
    if sys.argv[1:] == ["--check"]:
        if PICTURE.read_text() != picture:
            print("docs/rooms.svg is out of date; run .venv/bin/python scripts/draw_rooms.py", file=sys.stderr)
            return 1
        return 0
    PICTURE.write_text(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
