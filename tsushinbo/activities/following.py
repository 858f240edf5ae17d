"""What can be followed of this room (settings.FOLLOWED): by its number the name and the page."""

from collections.abc import Collection

from django.utils import timezone

from tsushinbo.activities.queries import published


def reports(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Activity reports that everybody may read."""
    rows = published(timezone.now()).filter(pk__in=ids).only("title")
    return {row.pk: (row.title, row.get_absolute_url()) for row in rows}
