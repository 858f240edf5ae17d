"""Who has a part in a text, and so no say in it."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.module_loading import import_string

from tsushinbo.accounts.models import User
from tsushinbo.moderation.models import Reviewable


def in_conflict(user: User, items: Sequence[Reviewable]) -> list[Reviewable]:
    """Those of ``items`` in which a moderator has a part: wrote it, or one of settings.MODERATION_CONFLICTS says so.

    Each of those is a dotted name called with ``user`` and ``items``, and returns some of them; names, because who speaks for whom is
    known in rooms above this one.
    """
    found = [item for item in items if (writer := item.written_by) is not None and writer.pk == user.pk]
    for path in settings.MODERATION_CONFLICTS:
        found += import_string(path)(user=user, items=items)
    return found
