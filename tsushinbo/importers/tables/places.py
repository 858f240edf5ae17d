"""Areas and districts."""

from collections.abc import Sequence
from typing import NamedTuple

from tsushinbo.importers.constituencies import constituency
from tsushinbo.importers.known import Known
from tsushinbo.importers.refusals import Refused, shown
from tsushinbo.importers.rows import Row, check_digit
from tsushinbo.importers.tables.base import Batch, Item, Table, records
from tsushinbo.japanese import romaji
from tsushinbo.japanese.folding import fold
from tsushinbo.people.boundaries import FIRST_USED
from tsushinbo.people.models import Area, Office, Tier
from tsushinbo.people.services import (
    AreaRow,
    ConstituencyRow,
    add_constituencies,
    keep_areas,
    keep_constituencies,
)

KINDS = {kind.value: kind.value for kind in Area.Kind}


class ReadArea(NamedTuple):
    """An area with the name of its prefecture, which is checked once the prefecture is on record."""

    row: AreaRow
    prefecture: str


def read_area(row: Row, known: Known) -> ReadArea:
    """A prefecture, municipality or ward."""
    del known
    code = row.area_code("code6", needed=True)
    if row["code5"] != code[:5]:
        row.refuse("code5", f"{shown(row['code5'])} is not the beginning of code6 {shown(code)}")
    kind = row.choice("kind", KINDS)
    parent = row.area_code("parent_code6", needed=kind != Area.Kind.PREFECTURE)
    if (kind == Area.Kind.PREFECTURE) != (code[2:5] == "000"):
        row.refuse("kind", f"{shown(kind)} does not fit the code {shown(code)}")
    name, kana = row.text("name", 60, needed=True), row.text("kana", 120)
    area = AreaRow(
        code=code,
        name=name,
        kana=kana,
        county=row.text("county", 60),
        kind=kind,
        parent_id=parent or None,
        prefecture_id=f"{code[:2]}000{check_digit(code[:2] + '000')}",
        latitude=row.degrees("lat", 90),
        longitude=row.degrees("lng", 180),
        url=row.url("url", 300),
        folded=f"{fold(name)} {fold(kana)} {romaji.fold_kana(kana)}".strip(),
    )
    return ReadArea(area, row.text("prefecture", 60, needed=True))


def store_areas(batch: Batch, items: Sequence[Item[ReadArea]]) -> None:
    """Keep areas; what an area lies in must be on record, or stand before it."""
    names = {code: name for name, code in batch.known.prefectures.items()}
    codes = set(batch.known.areas)

    def check(read: ReadArea) -> AreaRow:
        area = read.row
        if area.kind == Area.Kind.PREFECTURE:
            names[area.code] = area.name
        for column, code in (("code6", area.prefecture_id), ("parent_code6", area.parent_id)):
            if code and code != area.code and code not in codes:
                raise Refused(
                    column, f"the area {shown(code)} that it lies in is not on record and does not stand before it"
                )
        if names.get(area.prefecture_id or "") != read.prefecture:
            raise Refused(
                "prefecture", f"{shown(read.prefecture)} is not the prefecture of the code {shown(area.code)}"
            )
        codes.add(area.code)
        return area

    accepted = batch.accepted(items, check)
    batch.count(accepted, keep_areas(records(accepted), at=batch.at))


AREAS = Table(
    name="municipalities",
    columns=(
        "code6", "code5", "prefecture", "county", "name", "kana", "kind", "parent_code6", "lat", "lng", "url", "source",
    ),
    key=("code6",),
    read=read_area,
    store=store_areas,
    is_looked_up=True,
)  # fmt: skip


class ReadDistrict(NamedTuple):
    """A district with its block, or a block alone."""

    district: ConstituencyRow
    block: ConstituencyRow


def read_district(row: Row, known: Known) -> ReadDistrict:
    """A single-seat district of today's boundaries, or a list block."""
    today = FIRST_USED[-1]
    name = row.text("block", 80, needed=True)
    block = constituency(Office.REPRESENTATIVES, Tier.PROPORTIONAL, name, prefecture=None, day=today)
    name = row.text("district", 80, needed=True)
    if name == block.name:
        return ReadDistrict(block, block)
    prefecture = known.prefecture(row, "prefecture")
    if prefecture is None:
        row.refuse("prefecture", "is empty")
    district = constituency(
        Office.REPRESENTATIVES, Tier.SINGLE_SEAT, name, prefecture=prefecture, day=today, block=block.id
    )
    if district.number is None or district.number != row.whole("number", 1, 99):
        row.refuse("number", f"{shown(row['number'])} is not the number of {shown(name)}")
    return ReadDistrict(district, block)


def store_districts(batch: Batch, items: Sequence[Item[ReadDistrict]]) -> None:
    """Keep blocks, then the districts inside them."""
    blocks = [item for item in items if item.record.district == item.record.block]
    districts = [item for item in items if item.record.district != item.record.block]
    batch.count(blocks, keep_constituencies([read.block for read in records(blocks)], at=batch.at))
    add_constituencies([read.block for read in records(districts)], at=batch.at)
    batch.count(districts, keep_constituencies([read.district for read in records(districts)], at=batch.at))


DISTRICTS = Table(
    name="districts",
    columns=("district_code", "prefecture", "district", "number", "block"),
    key=("district",),
    read=read_district,
    store=store_districts,
    is_looked_up=True,
)
