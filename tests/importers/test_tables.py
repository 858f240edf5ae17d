"""What each table refuses, in words; and that no text in any column ends in anything but a refusal."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.importers import tables
from tests.importers.conftest import Load, refusals
from tsushinbo.importers.known import Known
from tsushinbo.importers.refusals import Refused, Unusable
from tsushinbo.importers.rows import Row
from tsushinbo.importers.tables import TABLES, detect
from tsushinbo.importers.tables.base import AnyTable

pytestmark = pytest.mark.django_db


def one_refusal(load: Load, table: str, *rows: Mapping[str, str]) -> str:
    (refusal,) = refusals(load(table, *rows))
    return refusal


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_table_is_known_by_its_columns(table: AnyTable) -> None:
    assert detect([*table.columns, "note"]) is table
    assert detect(tuple(reversed(table.columns))) is table


# A table of three columns is not recognised by two.
@pytest.mark.parametrize("table", [table for table in TABLES if len(table.columns) > 3], ids=lambda table: table.name)
def test_a_missing_column_is_named(table: AnyTable) -> None:
    for column in table.columns:
        rest = [name for name in table.columns if name != column]
        with pytest.raises(Unusable, match=rf"but column is missing: '{column}'"):
            detect(rest)


def test_columns_of_no_table_are_unusable() -> None:
    with pytest.raises(Unusable, match="its columns are those of no table"):
        detect(["x", "y", "name"])


@pytest.mark.parametrize(
    ("table", "values", "refusal"),
    [
        ("sources", {"repository": "example"}, "line 2, column repository: 'example' is not a web address"),
        ("sources", {"licence": ""}, "line 2, column licence: is empty"),
        (
            "municipalities",
            {"code6": "131105", "code5": "13110", "parent_code6": "471003"},
            "column parent_code6: the area '471003' that it lies in is not on record and does not stand before it",
        ),
        ("municipalities", {"code5": "13110"}, "column code5: '13110' is not the beginning of code6 '131091'"),
        ("municipalities", {"kind": "prefecture"}, "column kind: 'prefecture' does not fit the code '131091'"),
        ("municipalities", {"prefecture": "大阪府"}, "column prefecture: '大阪府' is not the prefecture of the code"),
        ("municipalities", {"lat": "north"}, "column lat: 'north' is not a number of degrees"),
        ("districts", {"prefecture": "江戸府"}, "column prefecture: unknown prefecture '江戸府'"),
        ("districts", {"number": "2"}, "column number: '2' is not the number of '東京都第1区'"),
        ("parties", {"party_id": "other"}, "column name: '見本党' is the name of party 'mihon' already"),
        ("parties", {"kind": "club"}, "column kind: 'club' is none of party, independent"),
        ("groups", {"house": "senate"}, "column house: 'senate' is none of representatives, councillors"),
        ("policy_areas", {"name": "長" * 41}, "column name: has 41 characters; at most 40 are allowed"),
        ("elections", {"date": "2024-02-30"}, "column date: '2024-02-30' is an impossible date"),
        ("elections", {"date": "2024-10"}, "column date: '2024-10' does not fit the precision 'day'"),
        ("elections", {"office": "mayor"}, "column office: 'mayor' is none of representatives, councillors"),
        ("elections", {"turnout_pct": "101"}, "column turnout_pct: '101' is not a number from 0 to 100"),
        ("elections", {"notice_date": "2024-11-01"}, "column notice_date: '2024-11-01' lies after the polling date"),
        (
            "elections",
            {"level": "municipal", "office": "mayor", "municipality_code6": "271004"},
            "column municipality_code6: unknown code '271004'; import it first (municipalities.csv)",
        ),
        ("upcoming_elections", {"election_id": "hr-50"}, "column election_id: 'hr-50' was held on 2024-10-27"),
        (
            "upcoming_elections",
            {"window_start": "2031-01-01"},
            "column window_end: '2030-02-07' lies before window_start '2031-01-01'",
        ),
        ("people", {"party": "無い党"}, "column party: unknown party '無い党'; import it first (parties.csv)"),
        ("people", {"house": "councillors", "tier": "proportional", "group": "無"}, "column group: unknown group '無'"),
        ("people", {"district": "東京都第99区"}, "column district: unknown district '東京都第99区'"),
        ("people", {"term_end": "2023-01-01"}, "column term_end: '2023-01-01' lies before term_start '2024-10-27'"),
        ("people", {"birth_date": "1971-01-01"}, "column birth_year: '1970' is not the year of birth_date"),
        ("people", {"name": ""}, "column name: is empty"),
        ("people", {"source": ""}, "column source: is empty"),
        ("people_local", {"municipality_code6": "130001"}, "'130001' does not fit the office 'municipal_assembly'"),
        ("people_local", {"office": "governor"}, "column office: 'governor' is none of"),
        ("chief_executives", {"municipality_code6": "131091"}, "'131091' does not fit the office 'governor'"),
        ("chief_executives", {"source_url": ""}, "column source_url: is empty"),
        ("identities", {"person_id": "p-99"}, "column person_id: unknown person 'p-99'"),
        ("identities", {"source_url": ""}, "column source_url: is empty"),
        ("candidacies", {"election_id": "hr-99"}, "column election_id: unknown election 'hr-99'"),
        ("candidacies", {"person_id": "p-99"}, "column person_id: unknown person 'p-99'"),
        ("candidacies", {"tier": "mayor"}, "column tier: 'mayor' is none of single_seat, proportional"),
        ("candidacies", {"age": "7"}, "column age: '7' is not a whole number from 18 to 120"),
        ("candidacies", {"votes": "many"}, "column votes: 'many' is not a number"),
        ("candidacies", {"district": "東京都第99区"}, "column district: unknown district '東京都第99区'"),
        ("party_results", {"party": "無い党"}, "column party: unknown party '無い党'"),
        ("pr_votes_by_municipality", {"muni_code5": "99999"}, "column muni_code5: unknown code '99999'"),
        ("pr_votes_by_municipality", {"votes": "101"}, "101 votes are more than all 100 valid votes of the place"),
        ("pr_votes_by_municipality", {"prefecture": "大阪府"}, "column prefecture: '大阪府' is not the prefecture"),
        ("pledges", {"title": "長" * 81}, "column title: has 81 characters; at most 80 are allowed"),
        ("pledges", {"text": "長" * 4001}, "column text: has 4,001 characters; at most 4,000 are allowed"),
        ("pledges", {"topic": "占い"}, "column topic: unknown policy area '占い'; import it first (policy_areas.csv)"),
        ("pledges", {"party": "無所属"}, "column party: '無所属' is no party that could promise anything"),
        ("pledges", {"licence": ""}, "column licence: is empty"),
        ("headline", {"person_id": "p-99"}, "column person_id: unknown person 'p-99'"),
        ("headline", {"checked_on": ""}, "column checked_on: is empty"),
        (
            "headline",
            {"source_url": "ftp://example.com"},
            "column source_url: 'ftp://example.com' is not a web address",
        ),
    ],
)
@pytest.mark.usefixtures("basis")
def test_each_fault_has_its_own_words(load: Load, table: str, values: dict[str, str], refusal: str) -> None:
    assert refusal in one_refusal(load, table, values)


@pytest.mark.usefixtures("basis")
def test_a_pledge_of_a_person_must_bear_the_persons_name(load: Load) -> None:
    load("people", {})
    refusal = one_refusal(load, "headline", {"person_name": "別人花子"})
    assert "column person_name: '別人花子' is not a name on record of person 'p-1'" in refusal


@pytest.mark.usefixtures("basis")
def test_a_bad_row_never_stops_the_rest(load: Load) -> None:
    report = load("parties", {"party_id": "a", "name": "あ党"}, {"kind": "club"}, {"party_id": "b", "name": "い党"})
    assert (report.files[0].counts["created"], report.refused) == (2, 1)


@pytest.mark.usefixtures("basis")
def test_an_id_that_stands_twice_is_refused_with_the_line_that_has_it(load: Load) -> None:
    report = load("parties", {"party_id": "a", "name": "あ党"}, {}, {"party_id": "a", "name": "い党"})
    assert refusals(report) == ["parties.csv, line 4, column party_id: duplicate: line 2 has the same party_id"]


# One set of look-ups for all examples: they only read.
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@pytest.mark.usefixtures("basis")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_text_in_any_column_ends_in_anything_but_a_refusal(table: AnyTable, data: st.DataObject) -> None:
    values = tables.row(table.name)
    anything = st.text() | st.text(alphabet="0123456789-./:（）人区 ", max_size=20)
    columns = data.draw(st.sets(st.sampled_from(table.columns), max_size=6))
    for column in columns:
        values[column] = data.draw(anything, label=column)
    places = {column: place for place, column in enumerate(values)}
    try:
        table.read(Row(places, list(values.values()), 2), Known())
    except Refused as refused:
        assert refused.column in table.columns  # noqa: PT017 - either way is right; this only looks at the refusal


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300), table=st.sampled_from(TABLES))
@pytest.mark.usefixtures("basis")
def test_no_file_under_a_good_header_ends_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, table: AnyTable
) -> None:
    from tsushinbo.importers.run import import_paths

    path = tmp_path_factory.mktemp("any") / "table.csv"
    good = tables.text(table.name, {}).encode()
    path.write_bytes(good + content)
    (file,) = import_paths([path]).files
    assert sum(file.counts.values()) + file.refused > 0 or file.fault


def test_a_path_may_be_long(tmp_path: Path, load: Load) -> None:
    report = load("sources", {}, name="x" * 240 + ".csv")
    assert not report.unusable


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_document_lists_every_column_of_a_table(table: AnyTable) -> None:
    document = (Path(__file__).parents[2] / "docs" / "data-sources.md").read_text(encoding="utf-8")
    (line,) = [line for line in document.splitlines() if line.startswith(f"| `{table.name}` |")]
    listed = line.split("|")[2].strip().strip("`").split("`, `")
    assert sorted(listed) == sorted(table.columns)
    assert set(listed[: len(table.key)]) <= set(table.columns)
