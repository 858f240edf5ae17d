"""Following (フォロー) and no longer."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from tsushinbo.accounts.models import User
from tsushinbo.errors import RuleBroken
from tsushinbo.notices.errors import FollowsTooMany, NothingToFollow
from tsushinbo.notices.models import Follow, MailChoice, Notice, Subject
from tsushinbo.notices.queries import describe

MOST = 1000


@transaction.atomic
def follow(*, user: User, subject: Subject, subject_id: int | str, at: datetime) -> Follow:
    """Let a person be told what is new about a subject; twice is as once. Of one that was merged into another, of that other.

    Raises NothingToFollow and FollowsTooMany.
    """
    number = standing(subject, int(subject_id))
    if number not in describe({subject: {number}}).get(subject, {}):
        raise NothingToFollow
    known = Follow.objects.filter(user=user, subject=subject, subject_id=number).first()
    if known is None and Follow.objects.filter(user=user).count() >= MOST:
        raise FollowsTooMany
    return (
        known
        or Follow.objects.get_or_create(user=user, subject=subject, subject_id=number, defaults={"followed_at": at})[0]
    )


@transaction.atomic
def unfollow(*, user: User, subject: Subject, subject_id: int | str, at: datetime) -> bool:
    """Tell a person no more of a subject; return whether it was followed. What was told already stays in the bell."""
    number = standing(subject, int(subject_id))
    return bool(Follow.objects.filter(user=user, subject=subject, subject_id=number).delete()[0])


def standing(subject: Subject, number: int) -> int:
    """The number under which something is followed: its own, or that of what it was merged into.

    settings.FOLLOWED_MERGED names who knows, and holds it until the end of the transaction, so that no follow is written beside a merge.
    """
    path = settings.FOLLOWED_MERGED.get(subject.value)
    try:
        return int(import_string(path)(number)) if path else number
    except RuleBroken:
        # There is none; whoever asks finds that out.
        return number


@transaction.atomic
def move_follows(*, subject: Subject, of: int, to: int) -> None:
    """Let those who follow one row follow another, into which it was merged."""
    rows = Follow.objects.filter(subject=subject, subject_id=of)
    rows.filter(user__in=Follow.objects.filter(subject=subject, subject_id=to).values("user")).delete()
    rows.update(subject_id=to)


def forget_member(user: User) -> None:
    """Throw away what is kept here of an account that is closed."""
    for kept in (Follow, Notice, MailChoice):
        kept._default_manager.filter(user=user).delete()
