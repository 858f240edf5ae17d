"""On the names of the real politicians: each is found by every way to write the name, and a part of a name finds whom it must."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import tsushinbo
from tsushinbo.addresses import new_id
from tsushinbo.japanese import romaji
from tsushinbo.japanese.folding import fold
from tsushinbo.people.models import PoliticianName
from tsushinbo.people.services import PersonFact, keep_people
from tsushinbo.search import words
from tsushinbo.search.models import Kind
from tsushinbo.search.queries import find
from tsushinbo.search.services import catch_up
from tsushinbo.search.views import PAGE_SIZE

pytestmark = pytest.mark.django_db

ROWS = list(
    csv.DictReader((Path(tsushinbo.__file__).parent / "data" / "people.csv").read_text(encoding="utf-8").splitlines())
)
# As the bundle says of itself: no reading on record, so these are found in kanji only.
UNREAD = 45


@pytest.fixture
def people() -> dict[int, dict[str, str]]:
    """Every row of people.csv by the id of its politician."""
    rows = {new_id(): row for row in ROWS}
    columns = ("name", "family_name", "given_name", "kana", "family_kana", "given_kana", "name_on_ballot")
    facts = [
        PersonFact(
            politician_id=pk,
            leading=True,
            scheme="people",
            value=row["person_id"],
            **{name: row[name] for name in columns},
        )
        for pk, row in rows.items()
    ]
    keep_people(facts, at=datetime(2026, 1, 5, tzinfo=UTC))
    catch_up()
    return rows


def first_page(typed: str) -> list[int]:
    return list(find(Kind.POLITICIANS, words.read(typed)).keys[: PAGE_SIZE[Kind.POLITICIANS]])


def spellings(row: dict[str, str]) -> set[str]:
    """The ways everybody writes a name: kanji, kana, romaji in both orders, the family name."""
    ways = {row["name"], row["family_name"], row["kana"]}
    if row["family_kana"] and row["given_kana"]:
        family, given = (romaji.from_kana(row[part]).capitalize() for part in ("family_kana", "given_kana"))
        ways |= {f"{family} {given}", f"{given} {family}"}
    elif row["kana"]:
        ways.add(romaji.from_kana(row["kana"]))
    return ways - {""}


def rarer_spellings(row: dict[str, str]) -> set[str]:
    """Parts alone, spaces where there are none and none where there are some, long vowels short, the name on the ballot."""
    ways = {row["name_on_ballot"], row["family_kana"], row["given_name"], f"{row['given_kana']}　{row['family_kana']}"}
    if row["family_kana"] and row["given_kana"]:
        family, given = (romaji.from_kana(row[part]) for part in ("family_kana", "given_kana"))
        ways |= {family.upper(), family + given, given + family, f"{romaji.fold(family)}, {romaji.fold(given)}"}
    return {way for way in ways if way.strip()}


def missed(people: dict[int, dict[str, str]], ways: Callable[[dict[str, str]], set[str]]) -> dict[str, set[int]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for pk, row in people.items():
        for way in ways(row):
            wanted[way].add(pk)
    return {way: pks for way, pks in wanted.items() if not pks <= set(first_page(way))}


@pytest.mark.any_database
def test_every_politician_is_on_the_first_page_in_kanji_kana_romaji_and_by_family_name(
    people: dict[int, dict[str, str]],
) -> None:
    assert missed(people, spellings) == {}
    assert sum(not row["kana"] for row in ROWS) == UNREAD


@pytest.mark.any_database
def test_rarer_spellings_find_the_person_too(people: dict[int, dict[str, str]]) -> None:
    some = dict(list(people.items())[::12])
    assert missed(some, rarer_spellings) == {}


@pytest.mark.any_database
def test_the_full_name_of_a_person_comes_before_every_other(people: dict[int, dict[str, str]]) -> None:
    named = Counter(fold(row["name"]) for row in ROWS)
    for pk, row in list(people.items())[::6]:
        assert pk in first_page(row["name"])[: named[fold(row["name"])]], row["name"]


def test_both_people_called_oniki_makoto_are_found(people: dict[int, dict[str, str]]) -> None:
    for typed in ("鬼木誠", "鬼木 誠", "おにきまこと", "Makoto Oniki", "Oniki"):
        found = first_page(typed)
        assert [people[pk]["name"] for pk in found[:2]] == ["鬼木誠", "鬼木誠"]
        assert {people[pk]["house"] for pk in found[:2]} == {"representatives", "councillors"}


def test_a_part_of_a_name_finds_exactly_whose_folded_names_contain_it(people: dict[int, dict[str, str]]) -> None:
    names = list(PoliticianName.objects.values_list("politician", "folded"))
    parts = {
        folded[at : at + size] for _, folded in names[::7] for size in (1, 2, 3) for at in range(len(folded) - size + 1)
    }
    chosen = sorted(parts)[::16]
    assert len(chosen) > 200
    for part in chosen:
        word = words.read(part).words[0]
        expected = {pk for pk, folded in names if any(key in folded for key in word.keys)}
        assert set(find(Kind.POLITICIANS, words.read(part), most=1_000).keys) == expected, part
