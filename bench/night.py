"""An invented country on an election night: 200,000 candidates in the database, built once and kept.

A general election that is being counted and twelve before it, an election of 30,000 contests (統一地方選挙 as one), and some 4,500 of single municipalities.
All names begin with 見本. Rows go straight into the tables of a migrated SQLite database, as in ``bench.nation``.
"""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.nation import PREFECTURES, Builder, Size, _waiting, manage

DISTRICTS, IN_DISTRICT, BLOCKS, ON_LISTS, GENERAL = 289, 4, 11, 100, 13
LOCAL, IN_LOCAL = 30_000, 4
IN_TOWN = 10
TONIGHT, UNIFIED = "sample-general-12", "sample-unified"


@dataclass(frozen=True)
class Night(Size):
    """How much of everything there is."""

    pledges: int = 20_000
    politicians: int = 40_000
    candidates: int = 200_000

    @property
    def name(self) -> str:
        """A name for the folder; the number changes with what is drawn."""
        return f"night1-{self.candidates}"


def folder(size: Night) -> Path:
    """The data folder of the site, built where it is not there yet or the tables are others now: half a minute."""
    place = Path(__file__).parents[1] / "var" / f"bench-{size.name}"
    if place.is_dir() and not _waiting(place):
        manage(place, "collectstatic", "--noinput", "--verbosity=0")
        return place
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(mode=0o700, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="bench-night-", dir=place.parent))
    try:
        manage(draft, "migrate", "--verbosity=0")
        with closing(sqlite3.connect(draft / "tsushinbo.sqlite3", isolation_level=None)) as database:
            Polls(database, size).build()
            database.execute("DELETE FROM search_change")
        manage(draft, "collectstatic", "--noinput", "--verbosity=0")
        draft.rename(place)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return place


class Polls(Builder):
    """Fills the tables with elections; nobody has judged anything."""

    size: Night

    def _ballots(self) -> None:
        """Nobody has judged anything."""

    def _assessments(self) -> None:
        """The same; this is where the elections come, after everybody and the parties."""
        general = [
            self._election(f"sample-general-{n}", f"見本第{n + 1}回総選挙", day) for n, day in enumerate(self._days())
        ]
        districts = self._districts("representatives", "single_seat", DISTRICTS, "第{}区", "2024")
        blocks = self._districts("representatives", "proportional", BLOCKS, "見本{}ブロック", "")
        for number, election in enumerate(general):
            tonight = number == GENERAL - 1
            self._stand(election, "single_seat", districts, IN_DISTRICT, counting=tonight)
            self._stand(election, "proportional", blocks, ON_LISTS, counting=tonight)
            self._results(election)
        unified = self._election(
            UNIFIED, "見本統一地方選挙", "2023-04-09", level="municipal", office="municipal_assembly"
        )
        self._stand(
            unified,
            "at_large",
            self._districts("municipal_assembly", "at_large", LOCAL, "見本{}市選挙区", ""),
            IN_LOCAL,
        )
        left = self.size.candidates - GENERAL * (DISTRICTS * IN_DISTRICT + BLOCKS * ON_LISTS) - LOCAL * IN_LOCAL
        self._towns(left // IN_TOWN)

    @staticmethod
    def _days() -> list[str]:
        # The last one two days before the bench was written: its polls are closed, whenever it runs.
        return [f"{1990 + 3 * n}-11-08" for n in range(GENERAL - 1)] + ["2026-11-29"]

    def _election(self, key: str, name: str, day: str, level: str = "national", office: str = "representatives") -> int:
        number = int(self.ids(1)[0])
        columns: dict[str, Any] = {
            "id": [number], "key": [key], "name": [name], "level": level, "office": office, "kind": "general", "polling_on": day,
            "precision": "day", "turnout_percent": 55.5, "area_name": "全国", "seats": 465 if level == "national" else None,
        }  # fmt: skip
        self.insert("elections_election", 1, columns)
        return number

    def _districts(self, office: str, tier: str, size: int, name: str, boundaries: str) -> tuple[np.ndarray, list[str]]:
        ids, lists = self.ids(size), tier == "proportional"
        names = [
            name.format(n + 1) if lists else f"見本{n % PREFECTURES + 1}県{name.format(n // PREFECTURES + 1)}"
            for n in range(size)
        ]
        columns: dict[str, Any] = {
            "id": ids, "office": office, "tier": tier, "name": names, "boundaries": boundaries,
            "prefecture_id": None if lists else [self.prefectures[n % PREFECTURES] for n in range(size)],
            "number": None if lists else [n // PREFECTURES + 1 for n in range(size)],
        }  # fmt: skip
        self.insert("people_constituency", size, columns)
        return ids, names

    def _stand(
        self, election: int, tier: str, places: tuple[np.ndarray, list[str]], each: int, *, counting: bool = False
    ) -> None:
        ids, names = places
        contests = self.ids(ids.size)
        percent: dict[str, Any] = {"counted_percent": 63.2 if counting else 100, "turnout_percent": 55.5}
        columns: dict[str, Any] = {
            "id": contests, "election_id": election, "tier": tier, "name": names, "constituency_id": ids, "seats": 1, **percent,
        }  # fmt: skip
        self.insert("elections_contest", ids.size, columns)
        self._candidates(contests, each, tier)

    def _candidates(self, contests: np.ndarray, each: int, tier: str) -> None:
        size, random = contests.size * each, self.random
        lists = tier == "proportional"
        votes = random.integers(1_000, 120_000, (contests.size, each))
        first = votes == votes.max(axis=1, keepdims=True)
        person = random.integers(0, self.people.size, size)
        elected = (np.arange(size) % each < 16) if lists else first.ravel()
        columns: dict[str, Any] = {
            "contest_id": np.repeat(contests, each), "key": [f"k{n:04}" for n in range(each)] * contests.size,
            "number": (np.arange(size) % each + 1),
            "politician_id": [int(pk) if n % 5 else None for n, pk in enumerate(self.people[person])],
            "party_id": self.parties[(np.arange(size) // 10 if lists else random.integers(0, 10, size)) % 10],
            "name": [f"見本太郎{n}" for n in person], "kana": "みほんたろう", "age": random.integers(25, 85, size),
            "status": "new", "occupation": "見本の職業", "votes": None if lists else votes.ravel(),
            "list_rank": (np.arange(size) % 10 + 1) if lists else None, "elected": elected.astype(int),
        }  # fmt: skip
        self.insert("elections_candidacy", size, columns)

    def _results(self, election: int) -> None:
        rows = [
            (tier, area, party)
            for tier, areas in (("single_seat", 1), ("proportional", BLOCKS))
            for area in range(areas)
            for party in range(10)
        ]
        columns: dict[str, Any] = {
            "election_id": election, "tier": [tier for tier, _, _ in rows],
            "area_name": ["全国" if tier == "single_seat" else f"見本{area + 1}ブロック" for tier, area, _ in rows],
            "party_id": [int(self.parties[party]) for _, _, party in rows], "party_name": [f"見本{party}党" for _, _, party in rows],
            "votes": self.random.integers(10_000, 5_000_000, len(rows)), "seats": self.random.integers(0, 30, len(rows)),
        }  # fmt: skip
        self.insert("elections_partyresult", len(rows), columns)

    def _towns(self, size: int) -> None:
        elections, contests = self.ids(size), self.ids(size)
        columns: dict[str, Any] = {
            "id": elections, "key": [f"sample-town-{n}" for n in range(size)], "name": [f"見本町{n}議会議員選挙" for n in range(size)],
            "level": "municipal", "office": "municipal_assembly", "kind": ["by" if n % 9 == 0 else "general" for n in range(size)],
            "polling_on": [f"{2000 + n % 24}-{n % 12 + 1:02}-15" for n in range(size)], "precision": "day",
            "area_id": [self.prefectures[n % PREFECTURES] for n in range(size)], "seats": 1,
        }  # fmt: skip
        self.insert("elections_election", size, columns)
        columns = {"id": contests, "election_id": elections, "tier": "at_large", "name": "見本町", "seats": 1}
        self.insert("elections_contest", size, columns)
        self._candidates(contests, IN_TOWN, "at_large")
