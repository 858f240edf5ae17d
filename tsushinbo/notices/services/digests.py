"""Mailing what people were told, together: all that is due to one person is one mail, written into the queue with the notices marked as mailed."""

from collections.abc import Collection
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from tsushinbo.mail.addresses import can_be_written_to
from tsushinbo.mail.services import queue
from tsushinbo.notices.models import Notice
from tsushinbo.notices.queries import left_out
from tsushinbo.notices.words import written

# Written in one transaction: a commit each would take most of the time, and many more would keep who votes meanwhile waiting.
PEOPLE = 50


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
        mailed += _mail(people, at, silent)
        last = people[-1]
    return mailed


@transaction.atomic
def _mail(people: Collection[int], at: datetime, silent: Collection[int]) -> int:
    """Take up what is due to some people, and queue a mail for each in the same transaction; return how many."""
    rows = Notice.objects.select_for_update(skip_locked=True).filter(user_id__in=people, mail_at__lte=at)
    due: dict[int, list[Notice]] = {}
    for notice in rows.order_by("-told_at", "-pk"):
        due.setdefault(notice.user_id, []).append(notice)
    Notice.objects.filter(pk__in=[notice.pk for notices in due.values() for notice in notices]).update(mail_at=None)
    addresses = EmailAddress.objects.filter(user_id__in=due, user__is_active=True, primary=True, verified=True)
    mailed = 0
    for user_id, address in addresses.order_by("user_id").values_list("user_id", "email"):
        notices = [notice for notice in due[user_id] if notice.about not in silent]
        # A provider of log-ins may vouch for an address that no mail can be made of: the others' mails must not wait for it.
        if notices and can_be_written_to(address):
            queue(to=address, at=at, **written(notices, user_id, left_out=len(due[user_id]) - len(notices)))
            mailed += 1
    return mailed
