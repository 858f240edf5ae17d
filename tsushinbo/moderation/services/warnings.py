"""The warning at 20 hours: moderators are told, once, of what is about to pass the 24 hours that are promised, or the clock of a takedown."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.module_loading import import_string

from tsushinbo.accounts.models import User
from tsushinbo.accounts.roles import Role
from tsushinbo.moderation.models import DeskClock
from tsushinbo.moderation.models.reviewable import WITHIN
from tsushinbo.moderation.models.takedowns import Takedown
from tsushinbo.moderation.queries import takedowns
from tsushinbo.moderation.queries.texts import kinds
from tsushinbo.notices.models import Kind
from tsushinbo.notices.services import tell

WARN_AFTER = timedelta(hours=20)
LONG_AGO = timedelta(days=365 * 50)


def warn_of_late(*, at: datetime) -> int:
    """Tell every moderator, in one notice, of the texts that have waited 20 hours since the last round, of what waits as long elsewhere, and of takedown
    requests of whose time so much is left; return of how many.

    The clock moves in the same transaction, so that two workers warn of nothing twice and a crash leaves nothing out.
    """
    end = at - WARN_AFTER
    with transaction.atomic():
        clock, _ = DeskClock.objects.select_for_update().get_or_create(pk=1, defaults={"warned_until": at - LONG_AGO})
        late = {
            kind._meta.verbose_name: number
            for kind in kinds()
            if (number := kind.waiting().filter(submitted_at__gt=clock.warned_until, submitted_at__lte=end).count())
        }
        if number := takedowns.nearing(clock.warned_until, end).count():
            late[Takedown._meta.verbose_name] = number
        for path in settings.MODERATION_WARNED:
            label, number = import_string(path)(after=clock.warned_until, until=end)
            if number:
                late[label] = number
        if not late:
            return 0
        clock.warned_until = end
        clock.save(update_fields=["warned_until"])
        moderators = User.objects.filter(is_active=True, groups__name__in=(Role.MODERATOR, Role.ADMINISTRATOR))
        hours = (WITHIN - WARN_AFTER).seconds // 3600
        number = sum(late.values())
        parts = "、".join(f"{name} {count}件" for name, count in late.items())
        tell(
            users=moderators.values_list("pk", flat=True).distinct(),
            kind=Kind.DESK,
            title=f"確認待ちの{number}件が、あと{hours}時間で期限を過ぎます",
            url=reverse("moderation:desk"),
            text=parts,
            at=at,
        )
        return number
