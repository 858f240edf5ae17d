"""A town whose mayor was elected last night, and tables of an election office."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.people.factories import AreaFactory, PartyFactory
from tsushinbo.accounts.models import User
from tsushinbo.elections.services import Source
from tsushinbo.importers.counts.plan import Plan
from tsushinbo.importers.counts.run import import_count
from tsushinbo.people.models import Area

# 23:30 in Japan, on the day of polling.
NIGHT = datetime(2026, 11, 29, 14, 30, tzinfo=UTC)
BASE = {
    "選挙名": "見本町長選挙", "投票日": "令和8年11月29日", "職": "町長", "団体コード": "131091", "定数": "1", "開票率": "43.2", "開票時刻": "21:35",
    "当日有権者数": "50000", "届出番号": "1", "候補者名": "見本太郎", "ふりがな": "ミホンタロウ", "党派": "無所属", "推薦": "", "新旧": "新", "年齢": "45",
    "職業": "会社員", "得票数": "12,345.678", "当落": "",
}  # fmt: skip
RIVAL = {
    "届出番号": "2",
    "候補者名": "見本花子",
    "ふりがな": "みほんはなこ",
    "得票数": "11000.322",
    "新旧": "現",
    "推薦": "見本党",
}
FINAL = {"開票率": "100", "開票時刻": "23:10"}
WON, LOST = {"得票数": "20000", "当落": "当"}, {"得票数": "19000", "当落": "落"}


def table(*rows: Mapping[str, str], encoding: str = "utf-8") -> bytes:
    """A file of rows, each BASE with some values replaced; other columns are added behind."""
    columns = list(dict.fromkeys([*BASE, *(name for row in rows for name in row)]))
    cells = [[{**BASE, **row}.get(name, "") for name in columns] for row in rows]
    lines = [",".join(f'"{cell}"' if "," in cell else cell for cell in line) for line in (columns, *cells)]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def two(first: Mapping[str, str] | None = None, second: Mapping[str, str] | None = None, **both: str) -> bytes:
    """The usual two candidates."""
    return table({**both, **(first or {})}, {**RIVAL, **both, **(second or {})})


def load(data: bytes, *, at: datetime = NIGHT, reason: str = "", name: str = "見本.csv") -> Plan:
    """Import a file."""
    return import_count(data, source=Source(file=name, digest="0" * 64), at=at, reason=reason)


def said(plan: Plan) -> list[str]:
    """Every refused row in words."""
    return [str(refusal) for refusal in plan.refusals]


@pytest.fixture
def town(db: None) -> Area:
    """The town and the party that means none."""
    PartyFactory.create(key="independent", name="無所属")
    return AreaFactory.create(code="131091", name="見本町")


@pytest.fixture
def editor(client: Client) -> User:
    """An editor, logged in with a second factor."""
    user = UserFactory.create(role="editor")
    log_in_with_second_factor(client, user)
    return user
