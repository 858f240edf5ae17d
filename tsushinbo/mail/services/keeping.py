"""What is done with is thrown away: rows hold addresses."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q

from tsushinbo.mail.models import Message


def forget_old(*, at: datetime) -> int:
    """Delete mails that were sent or given up some days ago; return how many."""
    before = at - timedelta(days=settings.MAIL_KEPT_DAYS)
    return Message.objects.filter(Q(sent_at__lt=before) | Q(given_up_at__lt=before)).delete()[0]


def forget_mail_to(user: AbstractBaseUser) -> None:
    """Delete what waits for, or went to, the addresses of an account that is closed."""
    addresses = EmailAddress.objects.filter(user_id=user.pk).values("email")
    Message.objects.filter(to__in=addresses).delete()
