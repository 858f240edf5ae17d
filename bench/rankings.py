"""Pages of rankings at the scale of the country beside a bare hello view of the same server: first, deep, narrowed, narrowed twice; all uncached."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from bench import nation
from bench.pages import beside_hello
from bench.site import environment, server
from tsushinbo import addresses
from tsushinbo.scoring.method import METHOD

SIZE = 25


def pages_of(place: Path) -> dict[str, str]:
    """The pages to ask for, each where its ranking is longest."""
    with closing(sqlite3.connect(f"file:{place / 'tsushinbo.sqlite3'}?mode=ro", uri=True)) as database:
        people, prefecture, party = _longest(database, "deviation", "all")
        pledges, topic, year = _longest(database, "pledge-discussed", "all", "topic", "period")
        placed, _, _ = _longest(database, "pledge-support", "all")
    deep, discussed = "/rankings/deviation/", "/rankings/pledge-discussed/"
    who, when = f"prefecture={prefecture.value}", f"topic={topic.value}"
    both = f"{who}&party={addresses.encode(int(party.value))}"
    return {
        "people, first": deep,
        f"people, last of {people.size:,}": f"{deep}?page={people.last}",
        "people, narrowed": f"{deep}?{who}",
        "people, narrowed, last": f"{deep}?{who}&page={prefecture.last}",
        "people, narrowed twice": f"{deep}?{both}",
        "pledges, first": discussed,
        f"pledges, last of {pledges.size:,}": f"{discussed}?page={pledges.last}",
        f"support, last of {placed.size:,}": f"/rankings/pledge-support/?page={placed.last}",
        "pledges, narrowed": f"{discussed}?{when}",
        f"pledges, last of {topic.size:,}": f"{discussed}?{when}&page={topic.last}",
        "pledges, narrowed twice": f"{discussed}?{when}&period={year.value}",
        "list of rankings": "/rankings/",
        "without a place": "/rankings/deviation/unranked/",
    }


class _Part:
    """A ranking, or the largest part of one: how many rows, and the number of its last page."""

    def __init__(self, value: str, size: int) -> None:
        self.value, self.size, self.last = value, size, -(-size // SIZE)


def _longest(database: sqlite3.Connection, kind: str, population: str, *facets: str) -> tuple[_Part, _Part, _Part]:
    """A ranking of the current run with the largest parts of two facets."""
    pk, members = database.execute(
        "SELECT r.id, r.members FROM rankings_ranking r JOIN evaluations_scorerun s ON s.number = r.run_id AND s.current"
        " WHERE r.kind = ? AND r.population = ?",
        (kind, population),
    ).fetchone()
    query = "SELECT value, size FROM rankings_rankingpart WHERE ranking_id = ? AND facet = ? AND number = 0 ORDER BY size DESC"
    first, second = (
        _Part(*database.execute(query, (pk, facet)).fetchone()) for facet in facets or ("prefecture", "party")
    )
    return _Part("", members), first, second


def is_scored(place: Path) -> bool:
    """Whether the site has a run by the method of this code; its ballots are never added to."""
    with closing(sqlite3.connect(f"file:{place / 'tsushinbo.sqlite3'}?mode=ro", uri=True)) as database:
        query = "SELECT 1 FROM evaluations_scorerun WHERE current AND method_version = ?"
        return database.execute(query, (METHOD.version,)).fetchone() is not None


def main() -> None:
    """Score the country where that was not done yet, and time the pages in turns."""
    place = nation.folder()
    if not is_scored(place):
        command = [sys.executable, "-m", "tsushinbo", "score"]
        subprocess.run(command, env=environment(place), check=True, stdout=subprocess.DEVNULL)
    with server(place) as connection:
        beside_hello(connection, pages_of(place))


if __name__ == "__main__":
    main()
