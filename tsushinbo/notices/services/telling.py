"""Telling people (お知らせ): those who are named, at once; those who follow something, by the worker, some hundred a transaction."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tsushinbo.accounts.models import User
from tsushinbo.notices.models import TEXT_LENGTH, TITLE_LENGTH, URL_LENGTH, Event, Follow, Kind, Notice, Subject
from tsushinbo.notices.queries import mail_times, news_waits_for

BATCH = 500
TOKEN_BITS = 63


@transaction.atomic
def tell(
    *, users: Iterable[int], kind: Kind, title: str, url: str, text: str = "", at: datetime, about: int | None = None
) -> None:
    """Put a notice into the bell of each account, and mail it as each chose. url: a path of this site. about: as in ``tell_followers``."""
    known = User.objects.filter(pk__in=set(users), is_active=True).values_list("pk", flat=True)
    token = secrets.randbits(TOKEN_BITS)
    news = Notice(kind=kind, title=_cut(title, TITLE_LENGTH), url=_path(url), text=_cut(text, TEXT_LENGTH), about=about)
    _write(sorted(known), news, token, at)


def tell_followers(
    *,
    subject: Subject,
    subject_id: int | str,
    kind: Kind,
    title: str,
    url: str,
    text: str = "",
    at: datetime,
    spare: int | None = None,
    about: int | None = None,
) -> None:
    """Let everybody who follows a subject be told: one row in the caller's transaction, which the worker makes notices of.

    at: when it is news; it may lie ahead. spare: an account that did the deed. about: the politician whose news it is, whom mails leave out while
    they stand in a running campaign. The same kind, url and at told of several subjects is one
    notice to who follows several of them.
    """
    Event.objects.create(
        subject=subject,
        subject_id=int(subject_id),
        kind=kind,
        title=_cut(title, TITLE_LENGTH),
        url=_path(url),
        text=_cut(text, TEXT_LENGTH),
        told_at=at,
        spare=spare,
        about=about,
    )


def fan_out(*, at: datetime) -> int:
    """Make notices of the events that are due, and delete them; return how many notices there were. Two workers share the events.

    On the day of polling news of who stands wait until the polls close: a notice shows their words to hundreds.
    """
    told = 0
    due = Event.objects.filter(told_at__lte=at)
    if (waiting := news_waits_for(at)) is not None:
        due = due.exclude(about__in=waiting)
    while due.exists():  # a batch takes the write lock
        with transaction.atomic():
            event = due.select_for_update(skip_locked=True).order_by("told_at", "pk").first()
            if event is None:
                break
            told += _tell_next(event)
    return told


def _tell_next(event: Event) -> int:
    followers = Follow.objects.filter(
        subject=event.subject,
        subject_id=event.subject_id,
        user_id__gt=event.told_to,
        followed_at__lte=event.told_at,
        user__is_active=True,
    )
    users = list(followers.order_by("user_id").values_list("user_id", flat=True)[:BATCH])
    told = [user for user in users if user != event.spare]
    news = Notice(kind=event.kind, title=event.title, url=event.url, text=event.text, about=event.about)
    _write(told, news, _token(event), event.told_at)
    if len(users) < BATCH:
        event.delete()
    else:
        event.told_to = users[-1]
        event.save(update_fields=["told_to"])
    return len(told)


def _token(event: Event) -> int:
    news = f"{event.kind}\x00{event.url}\x00{event.told_at.timestamp():.6f}"
    return int.from_bytes(hashlib.blake2b(news.encode(), digest_size=8).digest()) >> (64 - TOKEN_BITS)


def _write(users: list[int], news: Notice, token: int, at: datetime) -> None:
    """Give each the same notice: what it says stands in ``news``."""
    times = mail_times(users, Kind(news.kind), at)
    Notice.objects.bulk_create(
        (
            Notice(
                user_id=user,
                kind=news.kind,
                title=news.title,
                url=news.url,
                text=news.text,
                about=news.about,
                told_at=at,
                token=token,
                mail_at=times[user],
            )
            for user in users
        ),
        ignore_conflicts=True,
    )


def retract(*, url: str) -> int:
    """Take back what was told of a page that is public no longer: its words must not live on in bells and mails. Return how many notices went."""
    Event.objects.filter(url=url).delete()
    return Notice.objects.filter(url=url).exclude(kind__in=(Kind.DECISION, Kind.APPEAL)).delete()[0]


def postpone(*, url: str, at: datetime) -> None:
    """Tell followers of a page at ``at``, which was to be told before."""
    Event.objects.filter(url=url, told_at__lt=at).update(told_at=at)


def mark_read(*, user: User, at: datetime, only: int | None = None) -> int:
    """Mark a person's notices as read: the one with the row ``only``, else all that were told until ``at``. What is read is mailed no more."""
    unread = Notice.objects.filter(user=user, read_at=None, told_at__lte=at)
    if only is not None:
        unread = unread.filter(pk=only)
    return unread.update(read_at=at, mail_at=None)


def forget_old(*, at: datetime) -> int:
    """Delete notices that are older than anybody looks back; return how many."""
    return Notice.objects.filter(told_at__lt=at - timedelta(days=settings.NOTICES_KEPT_DAYS)).delete()[0]


def _cut(text: str, length: int) -> str:
    """One line of at most ``length`` signs."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def _path(url: str) -> str:
    """Refuse what is no path of this site: a link in a mail of ours must lead nowhere else. Raises ValueError."""
    if not url.startswith("/") or url.startswith("//") or "\\" in url or not url.isprintable() or len(url) > URL_LENGTH:
        raise ValueError(f"{url!r} is no path of this site")
    return url
