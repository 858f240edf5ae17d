"""Policy areas and pledges: quoted from manifestos, or headline pledges in our own words."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings

from tsushinbo.addresses import derived_id
from tsushinbo.errors import RuleBroken
from tsushinbo.importers.known import Known
from tsushinbo.importers.owners import Owners, PledgeOwner
from tsushinbo.importers.refusals import Refused, shown
from tsushinbo.importers.rows import Row
from tsushinbo.importers.tables.base import Batch, Item, Table, records
from tsushinbo.pledges.services import (
    EditedByHand,
    PledgeRow,
    PolicyAreaRow,
    keep_pledges,
    keep_policy_areas,
)

OWNERS = {"party": "party", "person": "person"}
UNKNOWN_DAY = datetime.max.replace(tzinfo=ZoneInfo("UTC"))
# 安野たかひろ「都知事選2024マニフェスト」: who published it, and its title.
_CREDIT = re.compile(r"(?P<publisher>[^「]{1,100})「(?P<title>[^「」]{1,200})」")


def read_policy_area(row: Row, known: Known) -> PolicyAreaRow:
    """A policy area; its place in lists is its place in the file."""
    del known
    return PolicyAreaRow(
        code=row.key("code", 30),
        name=row.text("name", 40, needed=True),
        position=row.line,
        aliases=row.text("aliases", 200),
    )


def store_policy_areas(batch: Batch, items: Sequence[Item[PolicyAreaRow]]) -> None:
    """Keep policy areas; two cannot bear one name."""
    names: dict[str, str] = {}

    def check(area: PolicyAreaRow) -> PolicyAreaRow:
        if (holder := names.setdefault(area.name, area.code)) != area.code:
            raise Refused("name", f"{shown(area.name)} is the name of policy area {shown(holder)} already")
        return area

    accepted = batch.accepted(items, check)
    batch.count(accepted, keep_policy_areas(records(accepted), at=batch.at))


POLICY_AREAS = Table(
    name="policy_areas",
    columns=("code", "name", "aliases"),
    key=("code",),
    read=read_policy_area,
    store=store_policy_areas,
    is_looked_up=True,
)


class ReadPledge(NamedTuple):
    """A pledge and whose it is. ``row`` has no owner yet; an unknown day of publication is the end of time."""

    row: PledgeRow
    owner: PledgeOwner


def read_quoted(row: Row, known: Known) -> ReadPledge:
    """A pledge in the words of its source, under the source's licence."""
    pledge, election = _pledge(row, known)
    credit = row.text("attribution", 300, needed=True)
    parts = _CREDIT.fullmatch(credit)
    pledge = pledge._replace(
        quoted=True,
        source_title=parts["title"] if parts else credit[:200],
        source_publisher=parts["publisher"].strip() if parts else "",
        licence=row.text("licence", 60, needed=True),
        attribution=credit,
    )
    return ReadPledge(pledge, _owner(row, known, "", election))


def read_headline(row: Row, known: Known) -> ReadPledge:
    """A pledge restated in our own words, with its slots and the source it was checked against."""
    pledge, election = _pledge(row, known)
    pledge = pledge._replace(
        deadline=row.text("deadline", 200),
        numeric_target=row.text("numeric_target", 200),
        funding=row.text("funding", 200),
        authority=row.text("authority", 200),
        target=row.text("target", 200),
        source_title=row.text("source_title", 200, needed=True),
        source_publisher=row.text("source_publisher", 100, needed=True),
        source_checked_on=row.day("checked_on"),
    )
    if pledge.source_checked_on is None:
        row.refuse("checked_on", "is empty")
    return ReadPledge(pledge, _owner(row, known, row.text("person_id", 120), election))


def _pledge(row: Row, known: Known) -> tuple[PledgeRow, str]:
    """What both kinds of table have in common, and the election as its key or, where it is not on record, its name."""
    election = known.election(row, "election_id") if row["election_id"] else None
    election_name = row.text("election_name", 120, needed=election is None)
    key, published = row.key("pledge_id", 80), row.when("published")
    pledge = PledgeRow(
        id=derived_id("pledge", key),
        key=key,
        politician_id=None,
        party_id=None,
        election_id=election.id if election else None,
        election_name="" if election else election_name,
        title=row.text("title", 80, needed=True),
        text=row.lines("text", 4000),
        quoted=False,
        policy_area_id=known.policy_area(row, "topic"),
        deadline="",
        numeric_target="",
        funding="",
        authority="",
        target="",
        source_title="",
        source_publisher="",
        source_url=row.url("source_url", 1500, needed=True),
        source_on=published,
        source_checked_on=None,
        licence="",
        attribution="",
        created_at=_beginning(published),
    )
    return pledge, election.key if election else election_name


def _beginning(day: str) -> datetime:
    """The first moment of a day, month or year in Japan. Example: 2022-09 gives 2022-09-01 00:00 +09:00."""
    if not day:
        return UNKNOWN_DAY
    return datetime.fromisoformat(f"{day}-01-01"[:10]).replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


def _owner(row: Row, known: Known, person_id: str, election: str) -> PledgeOwner:
    if row.choice("owner_kind", OWNERS) == "person":
        return PledgeOwner(person_id=person_id, name=row.name("person_name", 80, needed=True), election=election)
    party = known.party(row, "party")
    if party is None or party in known.independents:
        row.refuse("party", f"{shown(row['party'])} is no party that could promise anything")
    return PledgeOwner(party=party)


def store_pledges(batch: Batch, items: Sequence[Item[ReadPledge]]) -> None:
    """Keep pledges. They count as registered when the source was published, at the latest now."""
    owners = Owners(batch, {item.record.owner for item in items})

    def check(read: ReadPledge) -> PledgeRow:
        return read.row._replace(
            politician_id=owners.politician(read.owner),
            party_id=read.owner.party,
            created_at=min(read.row.created_at, batch.at),
        )

    accepted = batch.accepted(items, check)
    results = keep_pledges(records(accepted), at=batch.at, reason="オープンデータの取り込み")
    for item, result in zip(accepted, results, strict=True):
        if isinstance(result, EditedByHand):
            batch.refuse(item, "", "the pledge was edited on this site since the last import; it stays as it is")
        elif isinstance(result, RuleBroken):
            batch.refuse(item, "", "the pledge is on record with another owner; it stays as it is")
        else:
            batch.count([item], [result])


_COMMON = ("pledge_id", "owner_kind", "party", "person_name", "election_id", "election_name", "title", "text", "topic")

QUOTED = Table(
    name="pledges",
    columns=(*_COMMON, "section", "published", "source_url", "licence", "attribution"),
    key=("pledge_id",),
    read=read_quoted,
    store=store_pledges,
)

HEADLINE = Table(
    name="headline",
    columns=(
        *_COMMON, "person_id", "deadline", "numeric_target", "funding", "authority", "target", "published",
        "source_title", "source_publisher", "source_url", "checked_on",
    ),
    key=("pledge_id",),
    read=read_headline,
    store=store_pledges,
)  # fmt: skip
