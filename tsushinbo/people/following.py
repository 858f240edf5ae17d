"""What can be followed of this room (settings.FOLLOWED): by its number the name and the page; and whom news of a politician concern."""

from collections.abc import Collection

from tsushinbo.notices.models import Subject
from tsushinbo.people.models import Area, Party, Term
from tsushinbo.people.queries import listed


def politicians(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Politicians that have a page of their own."""
    rows = listed().filter(pk__in=ids).only("name", "family_name", "given_name")
    return {row.pk: (row.spaced_name, row.get_absolute_url()) for row in rows}


def parties(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Parties."""
    return {row.pk: (row.name, row.get_absolute_url()) for row in Party.objects.filter(pk__in=ids).only("name")}


def areas(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Prefectures, municipalities and wards, by their codes as numbers."""
    codes = [f"{number:06}" for number in ids]
    return {int(row.pk): (row.name, row.get_absolute_url()) for row in Area.objects.filter(pk__in=codes).only("name")}


def audience(*, politician: int | None, party: int | None) -> list[tuple[Subject, int]]:
    """What those follow whom news of an owner concern: the politician with the places of running terms, or the party."""
    subjects = [(Subject.PARTY, party)] if party is not None else []
    if politician is not None:
        places = Term.objects.filter(politician=politician, running=True).values_list("area", "prefecture")
        codes = {code for area, prefecture in places if (code := area or prefecture)}
        subjects = [(Subject.POLITICIAN, politician), *((Subject.AREA, int(code)) for code in sorted(codes)), *subjects]
    return subjects
