"""Writes of the places and bodies that politicians serve."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from tsushinbo.people.models import Area, Constituency, ParliamentaryGroup, Party
from tsushinbo.sources.keeping import Outcome, insert, keep


class AreaRow(NamedTuple):
    """A prefecture, municipality or ward; parents come before what lies inside them."""

    code: str
    name: str
    kana: str
    county: str
    kind: str
    parent_id: str | None
    prefecture_id: str | None
    latitude: float | None
    longitude: float | None
    url: str
    folded: str


class ConstituencyRow(NamedTuple):
    """A district or list block."""

    id: int
    office: str
    tier: str
    name: str
    boundaries: str
    prefecture_id: str | None
    block_id: int | None
    number: int | None


class PartyRow(NamedTuple):
    """A party, by its readable key."""

    id: int
    key: str
    name: str
    short_name: str
    kind: str
    folded: str


class GroupRow(NamedTuple):
    """A group inside an assembly."""

    id: int
    key: str
    office: str
    area_id: str | None
    name: str
    short_name: str


@transaction.atomic
def keep_areas(rows: Sequence[AreaRow], *, at: datetime) -> list[Outcome]:
    """Make the areas on record equal to ``rows``, each by its code."""
    return keep(Area.objects.all(), rows, key=("code",), at=at)


@transaction.atomic
def keep_constituencies(rows: Sequence[ConstituencyRow], *, at: datetime) -> list[Outcome]:
    """Make the constituencies on record equal to ``rows``, each by its id."""
    return keep(Constituency.objects.all(), rows, key=("id",), at=at)


@transaction.atomic
def add_constituencies(rows: Collection[ConstituencyRow], *, at: datetime) -> None:
    """Put on record those of ``rows`` that are not yet; the others stay as they are."""
    by_id = {row.id: row for row in rows}
    known = set(Constituency.objects.filter(pk__in=by_id).values_list("pk", flat=True))
    insert(Constituency, [row for row in by_id.values() if row.id not in known], at=at)


@transaction.atomic
def keep_parties(rows: Sequence[PartyRow], *, at: datetime) -> list[Outcome]:
    """Make the parties on record equal to ``rows``, each by its id."""
    return keep(Party.objects.all(), rows, key=("id",), at=at)


@transaction.atomic
def keep_groups(rows: Sequence[GroupRow], *, at: datetime) -> list[Outcome]:
    """Make the groups on record equal to ``rows``, each by its id."""
    return keep(ParliamentaryGroup.objects.all(), rows, key=("id",), at=at)


@transaction.atomic
def add_groups(rows: Collection[GroupRow], *, at: datetime) -> None:
    """Put on record those of ``rows`` that are not yet; the others stay as they are."""
    by_id = {row.id: row for row in rows}
    known = set(ParliamentaryGroup.objects.filter(pk__in=by_id).values_list("pk", flat=True))
    insert(ParliamentaryGroup, [row for row in by_id.values() if row.id not in known], at=at)
