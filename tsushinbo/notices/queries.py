"""Reads of follows and notices."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.notices.models import Follow, Kind, MailChoice, Notice, Pace, Subject

# Beyond this the bell says 99+.
COUNTED = 100
DIGEST_HOUR = 7
MONDAY = 0
# Somebody has to act within hours: these do not wait for the morning.
AT_ONCE = frozenset({Kind.DESK})


@dataclass(frozen=True)
class Described:
    """What is followed, as its room calls it, and its page."""

    name: str
    url: str


def describe(wanted: Mapping[Subject, Collection[int]]) -> dict[Subject, dict[int, Described]]:
    """Name what is followed, a query for each kind; what does not exist, or is not public, is left out.

    settings.FOLLOWED names for each kind who knows, so that this room imports none of those above it.
    """
    described: dict[Subject, dict[int, Described]] = {}
    for subject, numbers in wanted.items():
        found = import_string(settings.FOLLOWED[subject.value])(numbers) if numbers else {}
        described[subject] = {number: Described(*names) for number, names in found.items()}
    return described


def follows(user: User, subject: Subject, subject_id: int) -> bool:
    """Whether a person follows something."""
    return Follow.objects.filter(user=user, subject=subject, subject_id=subject_id).exists()


@dataclass(frozen=True)
class Followed:
    """One row of the list of follows."""

    follow: Follow
    what: Described | None

    @property
    def subject(self) -> Subject:
        """Which kind of thing it is."""
        return Subject(self.follow.subject)


def followers_among(users: Collection[int], subject: Subject, subject_id: int) -> set[int]:
    """Which of these accounts follow something, and so are told of it as followers are."""
    rows = Follow.objects.filter(user__in=users, subject=subject, subject_id=subject_id)
    return set(rows.values_list("user", flat=True))


def own_follows(user: User) -> QuerySet[Follow]:
    """What a person follows, the newest first."""
    return Follow.objects.filter(user=user).order_by("-followed_at", "-pk")


def named(rows: Collection[Follow]) -> list[Followed]:
    """The rows with the names of what is followed; None for what is gone."""
    wanted: dict[Subject, set[int]] = {}
    for row in rows:
        wanted.setdefault(Subject(row.subject), set()).add(row.subject_id)
    known = describe(wanted)
    return [Followed(row, known[Subject(row.subject)].get(row.subject_id)) for row in rows]


def own_notices(user: User) -> QuerySet[Notice]:
    """What a person was told: unread first, the newest first."""
    return Notice.objects.filter(user=user).order_by(F("read_at").asc(nulls_first=True), "-told_at", "-pk")


def unread_count(user: User) -> int:
    """How many notices a person has not read, COUNTED at most."""
    return Notice.objects.filter(user=user, read_at=None)[:COUNTED].count()


@dataclass(frozen=True)
class Choice:
    """How a person wants to be mailed."""

    pace: Pace = Pace.DAILY
    kinds_off: frozenset[str] = field(default_factory=frozenset)

    def mail_time(self, kind: Kind, at: datetime) -> datetime | None:
        """When a notice told at ``at`` is to be mailed; None where it is not to be."""
        if self.pace == Pace.OFF or kind in self.kinds_off:
            return None
        if self.pace == Pace.INSTANT or kind in AT_ONCE:
            return at
        return next_morning(at, weekly=self.pace == Pace.WEEKLY)


def choice_of(user: User) -> Choice:
    """What a person chose."""
    return _choices([user.pk]).get(user.pk, Choice())


def mail_times(users: Collection[int], kind: Kind, at: datetime) -> dict[int, datetime | None]:
    """When each of these people is to be mailed a notice told at ``at``: one query."""
    choices = _choices(users)
    usual = Choice()
    return {user: choices.get(user, usual).mail_time(kind, at) for user in users}


def _choices(users: Collection[int]) -> dict[int, Choice]:
    rows = MailChoice.objects.filter(pk__in=users) if users else MailChoice.objects.none()
    return {row.pk: Choice(Pace(row.pace), frozenset(row.kinds_off)) for row in rows}


def next_morning(at: datetime, *, weekly: bool) -> datetime:
    """The first 7:00 (Asia/Tokyo) after ``at``, for ``weekly`` that of a Monday."""
    local = timezone.localtime(at)
    morning = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    if morning <= local:
        morning += timedelta(days=1)
    if weekly:
        morning += timedelta(days=(MONDAY - morning.weekday()) % 7)
    return morning


def left_out(at: datetime) -> frozenset[int]:
    """The politicians whose news are not mailed at ``at``. settings.MAIL_LEAVES_OUT names who knows, for this room knows no elections."""
    standing: frozenset[int] = import_string(settings.MAIL_LEAVES_OUT)(at)
    return standing


def news_waits_for(at: datetime) -> QuerySet[Any, int] | None:
    """The politicians whose news are told to nobody at ``at``; None where there are none. settings.NEWS_WAIT_FOR names who knows."""
    found: QuerySet[Any, int] | None = import_string(settings.NEWS_WAIT_FOR)(at)
    return found


def exported(user: User) -> dict[str, Any]:
    """Everything this room keeps of an account, for its owner."""
    choice = choice_of(user)
    return {
        "follows": [
            {
                "subject": row.subject,
                "id": addresses.encode(row.subject_id) if row.subject != Subject.AREA else f"{row.subject_id:06}",
                "followed_at": row.followed_at,
            }
            for row in own_follows(user).iterator(chunk_size=500)
        ],
        "mail": {"pace": choice.pace.value, "kinds_off": sorted(choice.kinds_off)},
        "notices": list(
            Notice.objects.filter(user=user)
            .order_by("-told_at", "-pk")
            .values("kind", "title", "text", "url", "told_at", "read_at")
        ),
    }
