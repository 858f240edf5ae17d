"""Pages of rankings at the scale of the country beside a bare hello view of the same server: first, deep, narrowed, narrowed twice; all uncached.

Also 人気のある活動報告, which no run makes: 100,000 reports, 100,000 comments in the last seven days (bench.reports); and 立場をこえた支持,
which a run makes where voters judge more of the pledges than they do here: its rows are invented.
"""

import json
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
CONSENSUS, POPULAR = "/rankings/pledge-consensus/", "/rankings/popular-activities/"
ROW = "position, place, place_low, place_high, value, low, high, n, frozen, politician_id, party_id, pledge_id"
PART = "facet, value, number, size, positions"


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
        people, pledges, support, agreed = (
            _Ranking(database, kind) for kind in ("deviation", "pledge-discussed", "pledge-support", "pledge-consensus")
        )
        found: dict[str, str] = {}
        for facets in ((), ("prefecture",), ("prefecture", "party"), ("topic",), ("period",), ("topic", "period")):
            found |= people.pages(PEOPLE, "people", *facets)
        for facets in ((), ("topic",), ("period",), ("topic", "period")):
            found |= pledges.pages(DISCUSSED, "pledges", *facets)
        for facets in ((), ("topic",)):
            found |= support.pages(SUPPORT, "support of pledges", *facets)
            found |= agreed.pages(CONSENSUS, "agreed on across camps", *facets)
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


def add_consensus(place: Path) -> None:
    """Give the current run what one with an open gate has: a row of 立場をこえた支持 for each pledge with a row by 支持, marked or not in turns.

    A voter judges some 15 of a million pledges here. Two halves of them hardly meet, and rightly the gate of the run is closed.
    """
    with closing(sqlite3.connect(place / "tsushinbo.sqlite3", isolation_level=None)) as database:
        agreed, support = (_Ranking(database, kind) for kind in ("pledge-consensus", "pledge-support"))
        if agreed.size:
            return
        run, said = database.execute("SELECT number, consensus FROM evaluations_scorerun WHERE current").fetchone()
        database.execute("BEGIN")
        for table, columns in (("rankings_rankingrow", ROW), ("rankings_rankingpart", PART)):
            copied = (
                f"INSERT INTO {table} (ranking_id, {columns}) SELECT ?, {columns} FROM {table} WHERE ranking_id = ?"
            )
            database.execute(copied, (agreed.pk, support.pk))
        database.execute(
            "UPDATE rankings_rankingrow SET value = value / 2 - 25, low = low / 2 - 25, high = high / 2 - 25 WHERE ranking_id = ?",
            (agreed.pk,),
        )
        database.execute("UPDATE rankings_ranking SET members = ? WHERE id = ?", (support.size, agreed.pk))
        database.execute(
            "INSERT INTO evaluations_pledgeconsensus (run_id, pledge_id, intercept, low_support, bridging)"
            " SELECT ?, pledge_id, value / 100, 0.5, position % 2 FROM rankings_rankingrow WHERE ranking_id = ?",
            (run, agreed.pk),
        )
        shown = json.loads(said) | {"open": True, "shown": support.size, "bridging": (support.size + 1) // 2}
        database.execute("UPDATE evaluations_scorerun SET consensus = ? WHERE number = ?", (json.dumps(shown), run))
        database.execute("COMMIT")
        database.execute("ANALYZE evaluations_pledgeconsensus")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def main() -> None:
    """Score the country where that was not done yet, and time the pages in turns."""
    place = nation.folder()
    if not is_scored(place):
        command = [sys.executable, "-m", "tsushinbo", "score"]
        subprocess.run(command, env=environment(place), check=True, stdout=subprocess.DEVNULL)
    add_consensus(place)
    add_reports(place)
    print(f"{REPORTS:,} reports, {COMMENTS:,} comments in seven days")
    with server(place) as connection:
        beside_hello(connection, pages_of(place))


if __name__ == "__main__":
    main()
