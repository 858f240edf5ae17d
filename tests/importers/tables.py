"""Small tables in the formats of the import: a row says only what a test is about, the rest is the least valid row."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from tsushinbo.importers.tables import TABLES

SOURCE = "example/shugiin"
DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "sources": {
        "source_id": "shugiin",
        "repository": f"https://github.com/{SOURCE}",
        "licence": "CC BY 4.0",
        "attribution": "出典: 見本",
        "used_for": "people",
    },
    "municipalities": {
        "code6": "131091",
        "code5": "13109",
        "prefecture": "東京都",
        "name": "品川区",
        "kind": "special_ward",
        "parent_code6": "130001",
    },
    "districts": {
        "prefecture": "東京都",
        "district": "東京都第1区",
        "number": "1",
        "block": "比例東京都ブロック",
    },
    "parties": {"party_id": "mihon", "name": "見本党", "kind": "party"},
    "groups": {"group_id": "hc-1", "name": "見本会", "short_name": "見本", "house": "councillors"},
    "policy_areas": {"code": "tax", "name": "税制", "aliases": "税;税金"},
    "elections": {
        "election_id": "hr-50",
        "name": "第50回衆議院議員総選挙",
        "level": "national",
        "office": "representatives",
        "kind": "general",
        "date": "2024-10-27",
        "date_precision": "day",
        "status": "past",
        "source": SOURCE,
    },
    "upcoming_elections": {
        "election_id": "hr-52",
        "name": "第52回衆議院議員総選挙",
        "level": "national",
        "office": "representatives",
        "date_precision": "latest",
        "window_end": "2030-02-07",
        "basis": "term_expiry",
        "source": SOURCE,
    },
    "people": {
        "person_id": "p-1",
        "name": "見本太郎",
        "kana": "みほんたろう",
        "family_name": "見本",
        "given_name": "太郎",
        "family_kana": "みほん",
        "given_kana": "たろう",
        "house": "representatives",
        "status": "current",
        "party": "見本党",
        "tier": "single_seat",
        "prefecture": "東京都",
        "district": "東京都第1区",
        "won_elections": "hr-50",
        "term_start": "2024-10-27",
        "term_end": "2028-10-26",
        "birth_year": "1970",
        "source": SOURCE,
        "as_of": "2024-10-27",
    },
    "people_local": {
        "role_id": "r-1",
        "person_id": "p-10",
        "name": "見本花子",
        "kana": "みほんはなこ",
        "office": "municipal_assembly",
        "municipality_code6": "131091",
        "area": "品川区",
        "group": "見本会派",
        "status": "current",
        "terms": "2",
        "service_start": "2023-05",
        "source": SOURCE,
        "as_of": "2026-01-01",
    },
    "chief_executives": {
        "role_id": "c-1",
        "person_id": "p-20",
        "name": "見本次郎",
        "kana": "みほんじろう",
        "office": "governor",
        "municipality_code6": "130001",
        "area": "東京都",
        "status": "current",
        "terms": "1",
        "service_start": "2024-07",
        "birth_year": "1960",
        "backing": "無所属。見本党が推薦",
        "source_title": "見本新聞",
        "source_url": "https://www.example.com/governor",
        "as_of": "2026-01-01",
    },
    "identities": {
        "scheme": "person_id",
        "value": "p-2",
        "person_id": "p-1",
        "reason": "本人の経歴による",
        "source_title": "公式サイト",
        "source_url": "https://www.example.com/profile",
        "checked_on": "2026-01-01",
    },
    "candidacies": {
        "candidacy_id": "hr-50-1",
        "election_id": "hr-50",
        "person_id": "p-1",
        "tier": "single_seat",
        "prefecture": "東京都",
        "district": "東京都第1区",
        "name": "見本太郎",
        "name_on_ballot": "見本たろう",
        "kana": "みほんたろう",
        "party": "見本党",
        "age": "54",
        "gender": "male",
        "status": "new",
        "votes": "12345.678",
        "dual": "0",
        "elected": "1",
    },
    "party_results": {
        "election_id": "hr-50",
        "tier": "proportional",
        "area": "比例東京都ブロック",
        "party": "見本党",
        "votes": "100.5",
        "share_pct": "10.05",
        "seats": "1",
    },
    "pr_votes_by_municipality": {
        "election_id": "hr-50",
        "prefecture": "東京都",
        "muni_code5": "13109",
        "muni_name": "品川区",
        "party": "見本党",
        "votes": "10",
        "valid_votes_muni": "100",
    },
    "pledges": {
        "pledge_id": "mihon-1",
        "owner_kind": "party",
        "party": "見本党",
        "election_id": "hr-50",
        "election_name": "第50回衆議院議員総選挙",
        "title": "消費税を下げます",
        "text": "消費税を下げます。\n2年以内に行います。",
        "topic": "税",
        "section": "1",
        "published": "2024-10-01",
        "source_url": "https://www.example.com/manifesto",
        "licence": "CC BY 4.0",
        "attribution": "見本党「マニフェスト」",
    },
    "headline": {
        "pledge_id": "head-1",
        "owner_kind": "person",
        "person_id": "p-1",
        "person_name": "見本太郎",
        "election_name": "2024年見本選挙",
        "title": "給食を無償にする",
        "text": "小中学校の給食を無償にします。",
        "topic": "tax",
        "deadline": "2年以内",
        "published": "2024-09",
        "source_title": "選挙公報",
        "source_publisher": "見本選挙管理委員会",
        "source_url": "https://www.example.com/bulletin",
        "checked_on": "2026-01-01",
    },
}
COLUMNS = {table.name: table.columns for table in TABLES}
# What every other table may name, in the order in which they need each other.
PREFECTURE = {"code6": "130001", "code5": "13000", "name": "東京都", "kind": "prefecture", "parent_code6": ""}
BASIS: Sequence[tuple[str, Sequence[Mapping[str, str]]]] = (
    ("sources", [{}]),
    ("municipalities", [PREFECTURE, {}]),
    ("districts", [{"district": "比例東京都ブロック", "prefecture": "", "number": ""}, {}]),
    ("parties", [{}, {"party_id": "independent", "name": "無所属", "kind": "independent"}]),
    ("groups", [{}]),
    ("policy_areas", [{}]),
    ("elections", [{}]),
)


def row(table: str, **values: str) -> dict[str, str]:
    """The least valid row of a table with some values of its own."""
    return {column: {**DEFAULTS[table], **values}.get(column, "") for column in COLUMNS[table]}


def text(table: str, *rows: Mapping[str, str]) -> str:
    """A table as CSV: each of ``rows`` says how it differs from the least valid row."""
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS[table], lineterminator="\n")
    writer.writeheader()
    writer.writerows(row(table, **values) for values in rows)
    return written.getvalue()


def write(folder: Path, table: str, *rows: Mapping[str, str], name: str = "") -> Path:
    """Write a table into ``folder`` and return its path."""
    path = folder / (name or f"{table}.csv")
    path.write_text(text(table, *rows), encoding="utf-8")
    return path


def write_basis(folder: Path) -> list[Path]:
    """Write what every other table may name."""
    return [write(folder, table, *rows) for table, rows in BASIS]
