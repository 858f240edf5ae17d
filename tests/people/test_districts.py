"""Which districts a municipality lies in: the table of the law holds together."""

import csv
from pathlib import Path

import pytest

import tsushinbo
from tsushinbo.people.boundaries import FIRST_USED
from tsushinbo.people.districts import BOUNDARIES, districts_of, municipalities

DATA = Path(tsushinbo.__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_table_is_of_the_boundaries_in_use() -> None:
    """A new redistricting needs a new table: with this one alone visitors would be sent to districts that are no more."""
    assert FIRST_USED[-1][:4] == BOUNDARIES


def test_every_district_on_record_has_its_places_and_no_other_does() -> None:
    assert list(municipalities()) == [row["district"] for row in rows("districts.csv") if row["number"]]
    assert all(municipalities().values())


def test_every_municipality_and_ward_lies_in_a_district_of_its_prefecture() -> None:
    """A designated city itself does not stand in the table: its wards do."""
    for row in rows("municipalities.csv"):
        if row["kind"] in {"prefecture", "designated_city"}:
            assert districts_of(row["code6"]) == ()
        else:
            found = districts_of(row["code6"])
            assert found, row["name"]
            assert all(name.startswith(row["prefecture"]) for name in found), row["name"]


def test_no_code_stands_in_the_table_that_no_place_has() -> None:
    known = {row["code5"] for row in rows("municipalities.csv")}
    assert {code for codes in municipalities().values() for code in codes} <= known


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("131091", ("東京都第3区",)),
        ("134210", ("東京都第3区",)),  # 小笠原村, with the islands
        ("131113", ("東京都第4区", "東京都第26区")),
        ("011029", ("北海道第1区", "北海道第2区")),
        ("221384", ("静岡県第7区", "静岡県第8区")),  # 浜松市中央区, made in 2024 of wards of both
        ("22139", ("静岡県第7区",)),
        ("313645", ("鳥取県第1区",)),
        ("313700", ("鳥取県第2区",)),
        ("999999", ()),
    ],
)
def test_places_lie_where_the_law_puts_them(code: str, names: tuple[str, ...]) -> None:
    assert districts_of(code) == names


def test_thirty_three_places_are_split_in_two() -> None:
    codes = {code for held in municipalities().values() for code in held}
    split = [districts_of(code) for code in codes if len(districts_of(code)) > 1]
    assert len(split) == 33
    assert all(len(names) == 2 for names in split)
