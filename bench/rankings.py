"""Pages of rankings at the scale of the country beside a bare hello view of the same server: first, deep, narrowed, narrowed twice; all uncached.

Also 人気のある活動報告, which no run makes: 100,000 reports, 100,000 comments in the last seven days (bench.reports).
"""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np

from bench import nation
from bench.pages import beside_hello
from bench.reports import COMMENTS, REPORTS, add_reports
from bench.site import environment, server
from tsushinbo import addresses
from tsushinbo.scoring.method import METHOD

SIZE = 25
PEOPLE, DISCUSSED, SUPPORT = "/rankings/deviation/", "/rankings/pledge-discussed/", "/rankings/pledge-support/"
POPULAR = "/rankings/popular-activities/"


class _Ranking:
    """A ranking of the current run, and the largest part of it for each facet."""

    def __init__(self, database: sqlite3.Connection, kind: str) -> None:
        self.database = database
        query = (
            "SELECT r.id, r.members FROM rankings_ranking r JOIN evaluations_scorerun s ON s.number = r.run_id AND s.current"
            " WHERE r.kind = ? AND r.population = 'all'"
        )
        self.pk, self.size = database.execute(query, (kind,)).fetchone()

    def largest(self, facet: str) -> str:
        """The value of a facet that most rows have."""
        query = "SELECT value FROM rankings_rankingpart WHERE ranking_id = ? AND facet = ? AND number = 0 ORDER BY size DESC"
        value: str = self.database.execute(query, (self.pk, facet)).fetchone()[0]
        return value

    def shared(self, **narrowing: str) -> int:
        """How many rows have all of these values."""
        query = "SELECT positions FROM rankings_rankingpart WHERE ranking_id = ? AND facet = ? AND value = ? ORDER BY number"
        parts = [
            np.frombuffer(b"".join(row[0] for row in self.database.execute(query, (self.pk, *one))), dtype="<i4")
            for one in narrowing.items()
        ]
        shared = parts[0]
        for part in parts[1:]:
            shared = np.intersect1d(shared, part, assume_unique=True)
        return int(shared.size)

    def pages(self, path: str, label: str, *facets: str) -> dict[str, str]:
        """The first and the last page where the ranking is narrowed to the largest part of these facets."""
        narrowing = {facet: self.largest(facet) for facet in facets}
        rows = self.shared(**narrowing) if narrowing else self.size
        said = {name: addresses.encode(int(value)) if name == "party" else value for name, value in narrowing.items()}
        asked = "".join(f"&{name}={value}" for name, value in said.items())
        label = ", ".join([label, *facets])
        last = -(-rows // SIZE)
        found = {f"{label}: first of {last:,}": f"{path}?page=1{asked}"}
        return found | ({f"{label}: last of {last:,}": f"{path}?page={last}{asked}"} if last > 1 else {})


def pages_of(place: Path) -> dict[str, str]:
    """The pages to ask for, each where its ranking is longest."""
    with closing(sqlite3.connect(f"file:{place / 'tsushinbo.sqlite3'}?mode=ro", uri=True)) as database:
        people, pledges, support = (
            _Ranking(database, kind) for kind in ("deviation", "pledge-discussed", "pledge-support")
        )
        found: dict[str, str] = {}
        for facets in ((), ("prefecture",), ("prefecture", "party"), ("topic",), ("period",), ("topic", "period")):
            found |= people.pages(PEOPLE, "people", *facets)
        for facets in ((), ("topic",), ("period",), ("topic", "period")):
            found |= pledges.pages(DISCUSSED, "pledges", *facets)
        found |= support.pages(SUPPORT, "support of pledges")
        prefecture, party = people.largest("prefecture"), addresses.encode(int(people.largest("party")))
    return found | {
        "list of rankings": "/rankings/",
        "without a place": f"{PEOPLE}unranked/",
        "talked about most": POPULAR,
        "talked about most, members of municipal assemblies": f"{POPULAR}?office=municipal_assembly",
        "talked about most, governors": f"{POPULAR}?office=governor",
        "talked about most, prefecture": f"{POPULAR}?prefecture={prefecture}",
        "talked about most, party": f"{POPULAR}?party={party}",
        "talked about most, prefecture, party": f"{POPULAR}?prefecture={prefecture}&party={party}",
    }


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
    add_reports(place)
    print(f"{REPORTS:,} reports, {COMMENTS:,} comments in seven days")
    with server(place) as connection:
        beside_hello(connection, pages_of(place))


if __name__ == "__main__":
    main()
