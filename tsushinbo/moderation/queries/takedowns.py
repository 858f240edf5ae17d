"""Reads of takedown requests (送信防止措置の申出)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from tsushinbo.moderation.models import Reviewable
from tsushinbo.moderation.models.takedowns import LATE_AFTER, Takedown
from tsushinbo.moderation.queries.texts import find_text, kind_named, kinds

MATCHES_SHOWN = 5
SOUGHT_BY = 40
INQUIRIES_READ = 200
State = Takedown.State


def waiting() -> QuerySet[Takedown]:
    """Everything with which the desk is not done: undecided ones by the time left, then those whose claimant has not been told."""
    decided = models.Case(models.When(state=State.DECIDED, then=1), default=0)
    return Takedown.objects.exclude(state=State.NOTIFIED).order_by(decided, "due_at", "pk")


def done() -> QuerySet[Takedown]:
    """Those that ended, the last first."""
    return Takedown.objects.filter(state=State.NOTIFIED).select_related("decided_by").order_by("-notified_at", "pk")


def overdue(at: datetime) -> QuerySet[Takedown]:
    """Those whose clock has passed, decided or not, before the claimant was told."""
    return Takedown.objects.exclude(state=State.NOTIFIED).filter(due_at__lt=at, received_at__lt=at - LATE_AFTER)


def nearing(after: datetime, until: datetime) -> QuerySet[Takedown]:
    """Those whose clock passes (Takedown.passed) in the time that begins a day after ``after`` and ends a day after ``until``."""
    rows = Takedown.objects.exclude(state=State.NOTIFIED).filter(due_at__lte=until + LATE_AFTER, received_at__lte=until)
    return rows.filter(Q(due_at__gt=after + LATE_AFTER) | Q(received_at__gt=after))


def subject_of(takedown: Takedown) -> Reviewable | None:
    """The text that a request is about, where the desk has said which."""
    if not takedown.kind or takedown.subject_id is None:
        return None
    return find_text(takedown.kind, takedown.subject_id)


def texts_holding(words: str) -> list[Reviewable]:
    """Some public texts that hold the beginning of what the claimant quoted. It reads through the texts: to be asked by a person, not by each page."""
    lines = [line.strip("「」『』\"' 　") for line in words.splitlines()]
    sought = max(lines, key=len, default="")[:SOUGHT_BY].strip()
    if len(sought) < 4:
        return []
    found: list[Reviewable] = []
    for kind in kinds():
        columns = [field.name for field in kind._meta.concrete_fields if isinstance(field, models.TextField)]
        held = Q()
        for column in columns:
            held |= Q(**{f"{column}__contains": sought})
        if columns:
            found += kind.for_desk().filter(held, state=Reviewable.State.APPROVED)[:MATCHES_SHOWN]
    return found[:MATCHES_SHOWN]


def inquiries_to(request: HttpRequest, kind: str) -> list[Takedown]:
    """The unanswered inquiries about texts of ``kind`` that were written by who asks; one query where there are none, two else."""
    asked = list(
        Takedown.objects.filter(kind=kind, state=State.INQUIRY, answered_at=None).order_by("due_at")[:INQUIRIES_READ]
    )
    model = kind_named(kind)
    if not asked or model is None:
        return []
    texts = model.for_desk().in_bulk([takedown.subject_id for takedown in asked])
    return [one for one in asked if one.subject_id in texts and texts[one.subject_id].may_appeal(request)]


@dataclass(frozen=True)
class Step:
    """One line of the state page: a step, when it was taken (None: not yet), and what there is to say."""

    label: str
    at: datetime | None
    text: str = ""


def steps(takedown: Takedown) -> list[Step]:
    """The way of a request, for its claimant. The inquiry is left out where it was decided without one."""
    inquiry = Step(State.INQUIRY.label, takedown.inquired_at, "投稿した人に、削除に同意するかを尋ねています。")
    if takedown.answered_at is not None:
        inquiry = Step("投稿者に照会", takedown.inquired_at, "投稿した人から回答がありました。")
    elif takedown.inquired_at is not None and not takedown.open:
        inquiry = Step("投稿者に照会", takedown.inquired_at, "期限までに回答はありませんでした。")
    decided = f"{takedown.get_outcome_display()}。理由：{takedown.reason}" if takedown.outcome else ""
    asked = [inquiry] if takedown.inquired_at is not None or takedown.open else []
    return [
        Step(State.RECEIVED.label, takedown.received_at),
        *asked,
        Step("判断", takedown.decided_at, decided),
        Step("通知", takedown.notified_at),
    ]


def to_empty(before: datetime) -> QuerySet[Takedown]:
    """Ended ones that still name their claimant though the time for it is over."""
    return Takedown.objects.filter(state=State.NOTIFIED, emptied_at=None, notified_at__lt=before)


def time_left(takedown: Takedown, at: datetime) -> str:
    """What is left of a clock, in words."""
    left = takedown.due_at - at
    whole = abs(left)
    words = (
        f"{whole.days}日{whole.seconds // 3600}時間"
        if whole.days
        else f"{whole.seconds // 3600}時間{whole.seconds % 3600 // 60}分"
    )
    if left >= timedelta():
        return f"あと{words}"
    return f"{words}超過" if takedown.passed(at) else "直ちに"
