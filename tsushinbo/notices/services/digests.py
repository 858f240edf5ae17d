"""Mailing what people were told, together: all that is due to one person is one mail, written into the queue with the notices marked as mailed."""

from collections.abc import Collection
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from tsushinbo.mail.services import queue
from tsushinbo.notices.models import Notice
from tsushinbo.notices.queries import left_out
from tsushinbo.notices.words import written

PEOPLE = 200


def mail_due(*, at: datetime) -> int:
    """Write the mails that are due at ``at``; return how many. Nobody gets an empty one, and of two workers one writes it.

    What is news of somebody who stands in a running campaign stays in the bell alone (公職選挙法 第142条の4): no mail brings it later.
    """
    mailed, silent = 0, left_out(at)
    due = Notice.objects.filter(mail_at__lte=at)
    last = 0
    while people := list(
        due.filter(user_id__gt=last).order_by("user_id").values_list("user_id", flat=True).distinct()[:PEOPLE]
    ):
        for user in people:
            mailed += _mail(user, at, silent)
        last = people[-1]
    return mailed


@transaction.atomic
def _mail(user_id: int, at: datetime, silent: Collection[int]) -> bool:
    """Take up what is due to one person, and queue it in the same transaction."""
    rows = Notice.objects.select_for_update(skip_locked=True).filter(user_id=user_id, mail_at__lte=at)
    notices = list(rows.order_by("-told_at", "-pk"))
    if not notices:
        return False
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mail_at=None)
    address = (
        EmailAddress.objects.filter(user_id=user_id, user__is_active=True, primary=True, verified=True)
        .values_list("email", flat=True)
        .first()
    )
    mailed = [notice for notice in notices if notice.about not in silent]
    if address is None or not mailed:
        return False
    queue(to=address, at=at, **written(mailed, user_id, left_out=len(notices) - len(mailed)))
    return True
