"""Which constituency (選挙区) a row of a table means. Its id is made from its name, so every table means the same one."""

import re
from functools import lru_cache

from tsushinbo.addresses import derived_id
from tsushinbo.people.boundaries import boundaries_on
from tsushinbo.people.models import Office, Tier
from tsushinbo.people.services import ConstituencyRow

# Sources call the block of Tokyo by either name.
_SPELLINGS = {"比例東京ブロック": "比例東京都ブロック"}
_NUMBER = re.compile(r"第([0-9]+)区$")


@lru_cache(maxsize=4_000)
def constituency(
    office: str, tier: str, name: str, *, prefecture: str | None, day: str, block: int | None = None
) -> ConstituencyRow:
    """The constituency called ``name`` on ``day``. Only single-seat districts of the House of Representatives have boundaries."""
    name = _SPELLINGS.get(name, name)
    single = office == Office.REPRESENTATIVES and tier == Tier.SINGLE_SEAT
    boundaries = boundaries_on(day) if single else ""
    number = _NUMBER.search(name) if single else None
    return ConstituencyRow(
        id=derived_id("constituency", f"{office}|{prefecture or ''}|{name}|{boundaries}"),
        office=office,
        tier=tier,
        name=name,
        boundaries=boundaries,
        prefecture_id=prefecture,
        block_id=block,
        number=int(number[1]) if number else None,
    )
