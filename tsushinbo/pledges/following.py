"""What can be followed of this room (settings.FOLLOWED): by its number the name and the page."""

from collections.abc import Collection

from tsushinbo.pledges.queries import published


def pledges(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Pledges that everybody may read."""
    rows = published().filter(pk__in=ids).only("title")
    return {row.pk: (f"『{row.title}』", row.get_absolute_url()) for row in rows}
