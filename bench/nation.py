"""An invented site at the scale of the country, built once and kept: 1,000,000 pledges, 10,000,000 ballots, 30,000 politicians.

Everything is drawn from one seed: two camps of voters who see their own side more often, pledges of planted quality, politicians whose pledges
are alike, a few busy voters and well-known pledges and many others. All names begin with 見本. Rows go straight into the tables of a migrated SQLite
database, with their indexes made afterwards; only ballots are added in the order of time, as they would have come.
"""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from pathlib import Path
from typing import Any

import numpy as np

from bench.columns import Times, Words
from bench.site import environment
from tsushinbo.scoring.counting import BallotCount
from tsushinbo.scoring.method import OFFICES
from tsushinbo.scoring.synthetic.opinions import divided_sample

SEED = 20260101
# When the last ballot was cast, and over how many days all were.
AS_OF, DAYS = datetime(2026, 11, 24, 3, 0, tzinfo=UTC), 365
# Shares of the offices in their order, of those without one, and how many parties.
SHARES, NO_OFFICE, PARTIES, PREFECTURES, TOPICS, YEARS = (
    (0.016, 0.008, 0.002, 0.058, 0.09, 0.8),
    0.026,
    30,
    47,
    30,
    range(2018, 2027),
)
REASONS = ("clarity", "feasibility", "sincerity")


@dataclass(frozen=True)
class Size:
    """How much of everything there is."""

    pledges: int = 1_000_000
    ballots: int = 10_000_000
    voters: int = 500_000
    politicians: int = 30_000
    assessments: int = 1_000_000
    accounts: int = 100_000

    @property
    def name(self) -> str:
        """A name for the folder."""
        return f"{self.pledges}-{self.ballots}-{self.politicians}"


COUNTRY = Size()
# A thousandth of it, to try the bench itself.
SMALL = Size(pledges=2_000, ballots=40_000, voters=1_500, politicians=300, assessments=4_000, accounts=400)


def folder(size: Size = COUNTRY) -> Path:
    """The data folder of the site, built now where it is not there yet (some five minutes and three gigabytes for the country)."""
    place = Path(__file__).parents[1] / "var" / f"bench-nation-{size.name}"
    if place.is_dir() and not _waiting(place):
        # Pages may ask for other files by now.
        manage(place, "collectstatic", "--noinput", "--verbosity=0")
        return place
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(mode=0o700, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="bench-nation-", dir=place.parent))
    try:
        manage(draft, "migrate", "--verbosity=0")
        with closing(sqlite3.connect(draft / "tsushinbo.sqlite3", isolation_level=None)) as database:
            Builder(database, size).build()
        manage(draft, "collectstatic", "--noinput", "--verbosity=0")
        draft.rename(place)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return place


def manage(place: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Let the site's own command do something in a data folder."""
    command = [sys.executable, "-m", "tsushinbo", "manage", *arguments]
    return subprocess.run(command, env=environment(place), check=True, stdout=subprocess.DEVNULL)


def _waiting(place: Path) -> bool:
    """Whether the tables are others now than migrations make of those that are there: then it is built anew."""
    try:
        manage(place, "migrate", "--verbosity=0")
    except subprocess.CalledProcessError:
        return True
    # Migrations may be edited in place while nothing is released.
    with tempfile.TemporaryDirectory() as fresh:
        manage(Path(fresh), "migrate", "--verbosity=0")
        return _shape(Path(fresh)) != _shape(place)


def _shape(place: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(place / "tsushinbo.sqlite3")) as database:
        query = (
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_stat%' ORDER BY name"
        )
        return database.execute(query).fetchall()


def said(line: str, began: float) -> None:
    """Say what was done and since when."""
    print(f"  {line:<44} {time.perf_counter() - began:>6.1f} s", file=sys.stderr, flush=True)


class Builder:
    """Fills the tables."""

    def __init__(self, database: sqlite3.Connection, size: Size) -> None:
        self.database, self.size, self.random = database, size, np.random.default_rng(SEED)
        self.began = time.perf_counter()
        for pragma in ("journal_mode=WAL", "synchronous=OFF", "cache_size=-1500000", "foreign_keys=OFF"):
            database.execute(f"PRAGMA {pragma}")

    def build(self) -> None:
        """Fill everything, then make the indexes."""
        kept = ("sqlite_%", "%search%")
        rows = self.database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND sql NOT LIKE 'CREATE UNIQUE%'"
            " AND name NOT LIKE ? AND name NOT LIKE ?",
            kept,
        ).fetchall()
        for name, _ in rows:
            self.database.execute(f'DROP INDEX "{name}"')
        self._places()
        self._people()
        self._pledges()
        self._ballots()
        self._assessments()
        for _, sql in rows:
            self.database.execute(sql)
        said("indexes", self.began)
        self.database.execute("ANALYZE")
        self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        said("statistics", self.began)

    def insert(self, table: str, size: int, columns: Mapping[str, Any]) -> None:
        """Add rows: a column is an array of values, or one value for all; what must not be NULL and is not given is empty or 0."""
        everything = dict(columns)
        for _, name, kind, needed, default, key in self.database.execute(f"PRAGMA table_info({table})"):
            if name not in everything and needed and default is None and not (key and kind == "INTEGER"):
                everything[name] = "" if "char" in kind or kind in {"TEXT", "datetime"} else 0
        marks = ", ".join("?" * len(everything))
        self.database.execute("BEGIN")
        for rows in batched(range(size), 200_000):
            part = slice(rows[0], rows[-1] + 1)
            values = [self._values(column, part, len(rows)) for column in everything.values()]
            query = f"INSERT INTO {table} ({', '.join(everything)}) VALUES ({marks})"
            self.database.executemany(query, zip(*values, strict=True))
        self.database.execute("COMMIT")
        said(f"{size:,} {table}", self.began)

    @staticmethod
    def _values(column: Any, part: slice, size: int) -> list[Any]:
        if isinstance(column, np.ndarray):
            return column[part].tolist()
        return column[part] if isinstance(column, list | Words | Times) else [column] * size

    def ids(self, size: int) -> np.ndarray:
        """Ids as the site would draw them."""
        return self.random.permutation(np.unique(self.random.integers(0, 1 << 50, size + size // 10 + 10)))[:size]

    def _places(self) -> None:
        self.prefectures = [f"{n + 1:02}0009" for n in range(PREFECTURES)]
        names = [f"見本{n + 1}県" for n in range(PREFECTURES)]
        self.insert(
            "people_area",
            PREFECTURES,
            {"code": self.prefectures, "name": names, "kind": "prefecture", "prefecture_id": self.prefectures},
        )
        self.topics = [f"sample-{n}" for n in range(TOPICS)]
        self.insert(
            "pledges_policyarea",
            TOPICS,
            {"code": self.topics, "name": [f"見本分野{n}" for n in range(TOPICS)], "position": list(range(TOPICS))},
        )
        self.elections = self.ids(len(YEARS))
        self.insert(
            "elections_election",
            len(YEARS),
            {
                "id": self.elections,
                "key": [f"sample-{year}" for year in YEARS],
                "name": [f"見本選挙{year}" for year in YEARS],
                "level": "national",
                "office": "representatives",
                "polling_on": [f"{year}-07-10" for year in YEARS],
                "precision": "day",
            },
        )

    def _people(self) -> None:
        size, random = self.size.politicians, self.random
        self.people, self.parties = self.ids(size), self.ids(PARTIES)
        changed = AS_OF.strftime("%Y-%m-%d %H:%M:%S")
        self.insert(
            "people_party",
            PARTIES,
            {
                "id": self.parties,
                "key": [f"sample-{n}" for n in range(PARTIES)],
                "name": [f"見本{n}党" for n in range(PARTIES)],
                "kind": "party",
                "changed_at": changed,
            },
        )
        office = random.choice(len(OFFICES) + 1, size, p=(*SHARES, NO_OFFICE))
        self.insert(
            "people_politician",
            size,
            {
                "id": self.people,
                "name": [f"見本太郎{n}" for n in range(size)],
                "family_name": "見本",
                "given_name": [f"太郎{n}" for n in range(size)],
                "kana": "みほんたろう",
                "family_kana": "みほん",
                "given_kana": "たろう",
                "holds_office": (office < len(OFFICES)).astype(int),
                "created_at": changed,
                "changed_at": changed,
            },
        )
        serving = np.flatnonzero(office < len(OFFICES))
        self.insert(
            "people_term",
            serving.size,
            {
                "key": [f"sample-{n}" for n in serving],
                "office": [OFFICES[n] for n in office[serving]],
                "running": 1,
                "starts_on": [f"{year}-04-30" for year in random.integers(2023, 2026, serving.size)],
                "source_title": "見本",
                "source_url": "https://www.example.com/",
                "as_of": "2026-11-24",
                "politician_id": self.people[serving],
                "party_id": self.parties[random.integers(0, PARTIES, serving.size)],
                "prefecture_id": [self.prefectures[n] for n in random.integers(0, PREFECTURES, serving.size)],
            },
        )

    def _pledges(self) -> None:
        size, random = self.size.pledges, self.random
        self.pledges = self.ids(size)
        # A hundredth are pledges of parties; some people have many, most some thirty.
        fame = np.cumsum(random.lognormal(0, 0.7, self.people.size))
        owner = np.searchsorted(fame, random.random(size) * fame[-1]).astype(np.int64)
        party = random.random(size) < 0.01
        self.owner = np.where(party, self.people.size + owner % PARTIES, owner)
        year, held = random.integers(0, len(YEARS), size), random.random(size) < 0.7
        ids = self.people[owner].tolist()
        parties = self.parties[owner % PARTIES].tolist()
        created = np.sort(random.integers(0, DAYS, size))[::-1]
        days = np.datetime64("2026-11-23") - created.astype("timedelta64[D]")
        times = [f"{day} 03:00:00" for day in days.astype(str)]
        self.insert(
            "pledges_pledge",
            size,
            {
                "id": self.pledges,
                "politician_id": [None if is_party else pk for is_party, pk in zip(party.tolist(), ids, strict=True)],
                "party_id": [pk if is_party else None for is_party, pk in zip(party.tolist(), parties, strict=True)],
                "title": [f"見本の公約{n}を実施します" for n in range(size)],
                "text": [f"見本の公約{n}を、任期のうちに実施します。" for n in range(size)],
                "policy_area_id": [self.topics[n] for n in random.integers(0, TOPICS, size)],
                "election_id": [
                    int(self.elections[n]) if known else None for n, known in zip(year, held.tolist(), strict=True)
                ],
                "source_title": "見本の選挙公報",
                "source_url": "https://www.example.com/",
                "source_on": [f"{YEARS[n]}-06-20" for n in year],
                "status": "unrated",
                "published": 1,
                "created_at": times,
                "changed_at": times,
            },
        )

    def _ballots(self) -> None:
        size, random = self.size, self.random
        sample = divided_sample(SEED, voters=size.voters, pledges=size.pledges, ballots=size.ballots)
        said(f"{len(sample.choice):,} opinions", self.began)
        count = len(sample.choice)
        voters = np.unique(random.integers(0, 1 << 63, size.voters + 1000))[: size.voters]
        voters = random.permutation(voters)
        # A voter comes on one of three days, for half an hour.
        visits = random.integers(0, DAYS * 86_400, (3, size.voters))
        second = visits[random.integers(0, 3, count), sample.voter] + random.integers(0, 1800, count)
        order = np.argsort(second, kind="stable")
        voter, pledge, choice = sample.voter[order], sample.pledge[order], sample.choice[order]
        ends = np.datetime64(AS_OF.replace(tzinfo=None), "s") - np.timedelta64(1800, "s")
        at = ends - np.timedelta64(DAYS * 86_400, "s") + second[order].astype("timedelta64[s]")
        reasons = {}
        for name in REASONS:
            says = random.random(count) < 0.3
            agrees = random.random(count) < np.where(choice, 0.8, 0.25)
            reasons[name] = np.where(says, agrees, -1).astype(np.int8)
        other = (random.random(count) < 0.02).astype(np.int8)
        times = Times(at)
        self.insert(
            "evaluations_ballot",
            count,
            {
                "pledge_id": self.pledges[pledge],
                "voter": voters[voter],
                "choice": Words(choice, ("bad", "good")),
                **{name: Words(column, (0, 1, None)) for name, column in reasons.items()},
                "other": other,
                "cast_at": times,
                "changed_at": times,
            },
        )
        ids = np.sort(self.pledges)
        counted = BallotCount(ids)
        for start in range(0, count, 500_000):
            part = slice(start, start + 500_000)
            counted.add(
                self.pledges[pledge[part]], choice[part], [column[part] for column in reasons.values()], other[part]
            )
        judged = np.flatnonzero(counted.counts[:2].sum(axis=0))
        self.insert(
            "evaluations_tally",
            judged.size,
            {
                "pledge_id": ids[judged],
                **{name: counts[judged] for name, counts in zip(BallotCount.NAMES, counted.counts, strict=True)},
                "changed_at": AS_OF.strftime("%Y-%m-%d %H:%M:%S"),
            },
        )

    def _assessments(self) -> None:
        size, random = self.size, self.random
        at = AS_OF.strftime("%Y-%m-%d %H:%M:%S")
        self.insert(
            "accounts_user",
            size.accounts,
            {
                "id": np.arange(1, size.accounts + 1),
                "username": [f"見本{n}" for n in range(size.accounts)],
                "is_active": 1,
                "date_joined": at,
            },
        )
        known = np.cumsum(random.lognormal(0, 1.5, size.pledges))
        pledge = np.searchsorted(known, random.random(size.assessments) * known[-1]).astype(np.int64)
        author = random.integers(1, size.accounts + 1, size.assessments)
        pairs = np.unique(pledge * (size.accounts + 1) + author)
        pledge, author = np.divmod(pairs, size.accounts + 1)
        middle = random.normal(50, 12, size.pledges)[pledge]
        progress, achievement = (
            np.clip(middle - less + random.normal(0, 20, pledge.size), 0, 100).astype(np.int64) for less in (0, 15)
        )
        self.insert(
            "evaluations_assessment",
            pledge.size,
            {
                "pledge_id": self.pledges[pledge],
                "author_id": author,
                "progress": progress,
                "achievement": achievement,
                "state": "approved",
                "submitted_at": at,
                "made_at": at,
                "current": 1,
            },
        )
        ids, where = np.unique(self.pledges[pledge], return_inverse=True)
        sums = {
            "assessments": np.ones(pledge.size),
            "progress_sum": progress,
            "progress_squares": progress**2,
            "achievement_sum": achievement,
            "achievement_squares": achievement**2,
        }
        columns = {name: np.bincount(where, values).astype(np.int64) for name, values in sums.items()}
        self.insert("evaluations_assessmenttally", ids.size, {"pledge_id": ids, **columns, "changed_at": at})


if __name__ == "__main__":
    print(folder(SMALL if sys.argv[1:] == ["--small"] else COUNTRY))
