"""How a person wants notices mailed."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tsushinbo.accounts.models import User
from tsushinbo.notices.models import Kind, MailChoice, Notice, Pace
from tsushinbo.notices.queries import Choice


@transaction.atomic
def choose_mail(*, user: User, pace: Pace, kinds_off: Collection[Kind], at: datetime) -> MailChoice:
    """Set how often, and which kinds. What waits to be mailed follows; what was told before and was not to be mailed stays so."""
    choice, _ = MailChoice.objects.update_or_create(
        user=user, defaults={"pace": pace, "kinds_off": sorted(kinds_off), "changed_at": at}
    )
    chosen = Choice(pace, frozenset(kinds_off))
    waiting = Notice.objects.filter(user=user, mail_at__isnull=False)
    for kind in Kind:
        waiting.filter(kind=kind).update(mail_at=chosen.mail_time(kind, at))
    return choice


def stop_mail(*, user_id: int, at: datetime) -> bool:
    """Send a person no more mail of notices: the one click of a mail. Return whether there is such an account."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return False
    kept = MailChoice.objects.filter(user=user).first()
    choose_mail(user=user, pace=Pace.OFF, kinds_off=[Kind(kind) for kind in kept.kinds_off] if kept else [], at=at)
    return True
