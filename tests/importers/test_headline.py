"""The bundled headline pledges: the same number in the same form for every owner, each with its source."""

import csv
import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import tsushinbo

pytestmark = pytest.mark.any_database

DATA = Path(tsushinbo.__file__).parent / "data"
HEADER = (
    "pledge_id,owner_kind,party,person_id,person_name,election_id,election_name,title,text,topic,deadline,numeric_target,funding,"
    "authority,target,published,source_title,source_publisher,source_url,checked_on"
)
CHIEF_EXECUTIVES_HEADER = (
    "role_id,person_id,name,kana,family_name,given_name,family_kana,given_kana,office,municipality_code6,area,status,terms,"
    "service_start,service_end,birth_year,backing,profile_url,source_title,source_url,as_of"
)
PER_OWNER = 10
LONGEST_TITLE = 40
TEXT_LENGTHS = range(95, 116)
REQUIRED = (
    "pledge_id",
    "owner_kind",
    "election_name",
    "title",
    "text",
    "topic",
    "published",
    "source_title",
    "source_publisher",
    "source_url",
    "checked_on",
)
VAGUE_DEADLINE = re.compile("早期|直ちに|ただちに|即時|速やかに|将来|一刻も早く")
NUMBER = re.compile("[0-9]|ゼロ|半減|倍増")


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


FILES = sorted((DATA / "headline").glob("*.csv"))
ROWS = [row for path in FILES for row in _table(path)]
CHIEF_EXECUTIVES = _table(DATA / "chief_executives.csv")


def _broken(rule: str, rows: list[dict[str, str]]) -> str:
    return f"{rule}: {', '.join(row['pledge_id'] for row in rows)}"


def _date(text: str) -> date:
    """A date that may stop at the year or the month, as the first day it can mean."""
    year, month, day = [*map(int, text.split("-")), 1, 1][:3]
    return date(year, month, day)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_has_the_header_and_ten_pledges_of_one_owner(path: Path) -> None:
    first, *_ = path.read_text(encoding="utf-8").splitlines()
    assert first == HEADER
    rows = _table(path)
    assert len(rows) == PER_OWNER
    assert len({(row["party"], row["person_id"]) for row in rows}) == 1
    assert all(None not in row and None not in row.values() for row in rows)


def test_every_party_that_won_seats_has_its_ten_pledges() -> None:
    won = {
        row["name"]
        for row in _table(DATA / "parties.csv")
        if row["kind"] == "party" and (int(row["seats_hr50"]) or int(row["seats_hr51"]))
    }
    counted = Counter(row["party"] for row in ROWS if row["owner_kind"] == "party")
    assert counted == dict.fromkeys(won, PER_OWNER)


def test_every_chief_executive_has_ten_pledges() -> None:
    known = {row["person_id"] for row in CHIEF_EXECUTIVES + _table(DATA / "people_local.csv")}
    counted = Counter(row["person_id"] for row in ROWS if row["owner_kind"] == "person")
    assert set(counted) <= known
    assert {row["person_id"] for row in CHIEF_EXECUTIVES} <= set(counted)
    assert set(counted.values()) == {PER_OWNER}


def test_ids_are_unique() -> None:
    assert [key for key, count in Counter(row["pledge_id"] for row in ROWS).items() if count > 1] == []


def test_an_owner_is_a_party_or_a_person() -> None:
    bad = [
        row
        for row in ROWS
        if (row["owner_kind"], bool(row["party"]), bool(row["person_id"]), bool(row["person_name"]))
        not in {("party", True, False, False), ("person", False, True, True)}
    ]
    assert not bad, _broken("owner", bad)


def test_what_a_pledge_must_say_is_there() -> None:
    bad = [row for row in ROWS if not all(row[name] for name in REQUIRED)]
    assert not bad, _broken("empty field", bad)


def test_elections_and_policy_areas_are_on_record() -> None:
    elections = {row["election_id"]: row["name"] for row in _table(DATA / "elections.csv")}
    topics = {row["code"] for row in _table(DATA / "policy_areas.csv")}
    bad = [row for row in ROWS if row["topic"] not in topics or row["election_id"] not in {"", *elections}]
    assert not bad, _broken("unknown code", bad)
    parties = [row for row in ROWS if row["owner_kind"] == "party"]
    bad = [row for row in parties if elections.get(row["election_id"]) != row["election_name"]]
    assert not bad, _broken("name of the election", bad)


def test_every_party_is_judged_on_the_last_general_election_it_stood_in() -> None:
    last = {row["name"]: row["last_election"] for row in _table(DATA / "parties.csv")}
    bad = [row for row in ROWS if row["owner_kind"] == "party" and row["election_id"] != last[row["party"]]]
    assert not bad, _broken("election", bad)


def test_texts_have_equal_length_and_form() -> None:
    bad = [row for row in ROWS if len(row["title"]) > LONGEST_TITLE or row["title"].endswith("。")]
    assert not bad, _broken("title", bad)
    bad = [row for row in ROWS if len(row["text"]) not in TEXT_LENGTHS]
    assert not bad, _broken("length", bad)
    polite = re.compile("(ます|です|ました|ません)。")
    bad = [row for row in ROWS if any(not polite.search(f"{part}。") for part in row["text"].split("。")[:-1])]
    assert not bad, _broken("です・ます", bad)


def test_a_text_speaks_as_its_owner_not_as_a_report_about_it() -> None:
    bad = [row for row in ROWS if re.search("としています|と伝えられています|と報じられ", row["text"])]
    assert not bad, _broken("report", bad)


def test_titles_differ_within_an_owner() -> None:
    counted = Counter((row["party"] or row["person_id"], row["title"]) for row in ROWS)
    assert [key for key, count in counted.items() if count > 1] == []


def test_slots_say_more_than_the_title() -> None:
    bad = [
        row for row in ROWS for slot in ("funding", "authority", "target") if row[slot] and row[slot] in row["title"]
    ]
    assert not bad, _broken("slot repeats the title", bad)


def test_a_deadline_is_a_time_and_a_numeric_target_a_number() -> None:
    bad = [row for row in ROWS if VAGUE_DEADLINE.search(row["deadline"])]
    assert not bad, _broken("deadline", bad)
    bad = [row for row in ROWS if row["numeric_target"] and not NUMBER.search(row["numeric_target"])]
    assert not bad, _broken("numeric target", bad)


def test_dates_are_real_and_none_lies_after_its_check() -> None:
    for row in ROWS:
        assert re.fullmatch(r"\d{4}(-\d{2}){0,2}", row["published"]), row["pledge_id"]
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", row["checked_on"]), row["pledge_id"]
        assert _date(row["published"]) <= _date(row["checked_on"]), row["pledge_id"]


def test_sources_are_https_addresses_each_described_in_one_way() -> None:
    bad = [row for row in ROWS if not re.fullmatch(r"https://[!-~]+", row["source_url"])]
    assert not bad, _broken("address", bad)
    described: dict[str, set[tuple[str, str, str]]] = {}
    for row in ROWS:
        words = (row["source_title"], row["source_publisher"], row["published"])
        described.setdefault(row["source_url"], set()).add(words)
    assert {url: words for url, words in described.items() if len(words) > 1} == {}


def test_every_field_is_trimmed_and_nfc() -> None:
    for row in ROWS + CHIEF_EXECUTIVES:
        for name, value in row.items():
            assert value == unicodedata.normalize("NFC", value).strip(), (row, name)
            assert "\n" not in value, (row, name)


def test_nobody_is_said_to_hold_an_office_whose_term_has_ended() -> None:
    first, *_ = (DATA / "chief_executives.csv").read_text(encoding="utf-8").splitlines()
    assert first == CHIEF_EXECUTIVES_HEADER
    checked = max(_date(row["checked_on"]) for row in ROWS)
    for row in CHIEF_EXECUTIVES:
        assert row["status"] in {"current", "former"}, row["role_id"]
        over = bool(row["service_end"]) and _date(row["service_end"]) < checked
        assert (row["status"] == "former") == over, row["role_id"]
        assert _date(row["as_of"]) <= checked, row["role_id"]
        assert row["source_url"].startswith("https://"), row["role_id"]
