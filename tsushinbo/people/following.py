"""What can be followed of this room (settings.FOLLOWED): by its number the name and the page; and whom news of a politician concern."""

from collections import defaultdict
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
    [subjects] = audiences([(politician, party)]).values()
    return subjects


def audiences(
    owners: Collection[tuple[int | None, int | None]],
) -> dict[tuple[int | None, int | None], list[tuple[Subject, int]]]:
    """The audience of each of many owners (politician, party), in one statement."""
    codes = defaultdict[int, set[int]](set)
    terms = Term.objects.filter(
        politician__in={politician for politician, _ in owners if politician is not None}, running=True
    )
    for person, area, prefecture in terms.values_list("politician", "area", "prefecture"):
        if code := area or prefecture:
            codes[person].add(int(code))
    told: dict[tuple[int | None, int | None], list[tuple[Subject, int]]] = {}
    for politician, party in owners:
        subjects = [(Subject.PARTY, party)] if party is not None else []
        if politician is not None:
            places = ((Subject.AREA, code) for code in sorted(codes[politician]))
            subjects = [(Subject.POLITICIAN, politician), *places, *subjects]
        told[politician, party] = subjects
    return told
