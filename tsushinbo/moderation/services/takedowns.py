"""Deeds on takedown requests (送信防止措置の申出), each in one transaction with its entry in the record. The law: models/takedowns.py."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tsushinbo.accounts.models import User
from tsushinbo.accounts.services import count_use
from tsushinbo.errors import RuleBroken
from tsushinbo.mail.services import queue
from tsushinbo.moderation.models import DecisionReason, Deed, Reviewable
from tsushinbo.moderation.models.takedowns import Takedown
from tsushinbo.moderation.queries.conflicts import in_conflict
from tsushinbo.moderation.queries.takedowns import subject_of, to_empty
from tsushinbo.moderation.services.decisions import NotYours, decide, hide
from tsushinbo.moderation.services.log import record
from tsushinbo.notices.models import Kind
from tsushinbo.notices.services import tell

State, Outcome = Takedown.State, Takedown.Outcome
EMPTIED = {"name": "", "principal": "", "email": "", "election": "", "how": "", "words": "", "answer": ""}
SIGNATURE = "先生の通信簿"


class TakedownMoved(RuleBroken):
    """Somebody else took the next step first."""

    message = "ほかの担当者が先に進めたか、状態が変わりました。いまの状態を確かめてください。"


class NoText(RuleBroken):
    """It is not said which text of the site is meant."""

    message = "対象の投稿が決まっていません。先に、対象の投稿を選んでください。"


class AlreadyAnswered(RuleBroken):
    """The poster answered before, or it is decided."""

    message = "この照会には、すでに回答があったか、判断が済んでいます。"


def due_of(*, candidate: bool, contact_missing: bool, at: datetime) -> datetime:
    """By when a request of ``at`` is decided: at once, in two days, or in seven (settings)."""
    if contact_missing:
        return at + timedelta(hours=settings.TAKEDOWN_AT_ONCE_HOURS)
    return at + timedelta(days=settings.TAKEDOWN_CANDIDATE_DAYS if candidate else settings.TAKEDOWN_DAYS)


def request_takedown(*, network: str, address: str, at: datetime, **said: Any) -> Takedown:
    """Take a request in and acknowledge it by mail. ``said``: the columns of the form; ``address``: where the site is reached.

    Raises accounts.services.TooMany.
    """
    with transaction.atomic():
        # Counted apart from the ballots of the same network.
        count_use({f"t:{network}"[:64]: settings.RATE_TAKEDOWNS_PER_NETWORK}, at=at)
        due = due_of(candidate=said["candidate"], contact_missing=said["contact_missing"], at=at)
        takedown = Takedown.objects.create(received_at=at, due_at=due, **said)
        record(actor=None, deed=Deed.TAKEDOWN_RECEIVED, subject=takedown, at=at)
        _write(
            takedown,
            "削除の申出を受け付けました",
            f"受付番号：{takedown.receipt}\n対象のページ：{takedown.page}\n\n{_shown(due)}までに判断し、結果をこのアドレスにお知らせします。"
            f"\n状況は、次のページで確かめられます。受付番号を知っている人だけが開けます。\n{address}{takedown.get_absolute_url()}",
            at=at,
        )
        return takedown


def choose_text(*, takedown: Takedown, item: Reviewable, by: User, at: datetime) -> None:
    """Say which text is meant. Raises TakedownMoved once the poster was asked or it was decided, and NotYours."""
    with transaction.atomic():
        if in_conflict(by, [item]):
            raise NotYours
        _step(takedown, {State.RECEIVED}, kind=item.kind, subject_id=item.pk)


def send_inquiry(*, takedown: Takedown, by: User, at: datetime) -> None:
    """Ask who wrote the text whether it may go. An account is told in its bell and by mail, everybody else beside their own text.

    The clock runs on to the day on which the answer is due: two days for a candidate's request, else seven (第3条第2項第2号, 第4条第1号).
    Raises TakedownMoved, NoText and NotYours.
    """
    with transaction.atomic():
        item = _text_of(takedown, by)
        days = settings.TAKEDOWN_CANDIDATE_ANSWER_DAYS if takedown.candidate else settings.TAKEDOWN_ANSWER_DAYS
        due = at + timedelta(days=days)
        late = takedown.late or takedown.passed(at)
        _step(takedown, {State.RECEIVED}, state=State.INQUIRY, inquired_at=at, due_at=due, late=late)
        record(actor=by, deed=Deed.TAKEDOWN_INQUIRY, subject=takedown, at=at)
        if item.written_by is not None:
            path = reverse("moderation:takedown-answer", args=[takedown.pk])
            title = "あなたの投稿に、削除の申出がありました"
            text = f"{_shown(due)}までに、削除に同意するか、しない理由をお答えください。"
            tell(users=[item.written_by.pk], kind=Kind.DECISION, title=title, url=path, text=text, at=at)
        _write(
            takedown,
            "投稿者に照会しました",
            f"受付番号：{takedown.receipt}\n\n投稿した人に、削除に同意するかを尋ねました。回答の期限は{_shown(due)}です。期限のあと、すみやかに判断してお知らせします。",
            at=at,
        )


def answer_inquiry(*, takedown: Takedown, text: str, by: User | None, at: datetime) -> None:
    """Keep what the poster says; from themselves, or written down by a moderator who was told. Who asks was judged at the door. Raises AlreadyAnswered."""
    with transaction.atomic():
        waits = Takedown.objects.filter(pk=takedown.pk, state=State.INQUIRY, answered_at=None)
        if not waits.update(answer=text, answered_at=at):
            raise AlreadyAnswered
        record(actor=by, deed=Deed.TAKEDOWN_INQUIRY, subject=takedown, at=at, note="投稿者の回答")


def decide_takedown(
    *, takedown: Takedown, remove: bool, reason: str, by_hand: bool = False, by: User, at: datetime
) -> None:
    """Remove the text or let it stand, with a reason that claimant and poster read. ``by_hand``: what is no text of the desk was taken away before.

    Raises TakedownMoved, NoText, NotYours and what hiding raises.
    """
    with transaction.atomic():
        item = subject_of(takedown)
        if item is not None and in_conflict(by, [item]):
            raise NotYours
        if remove and not by_hand:
            item = _text_of(takedown, by)
        outcome, deed = (Outcome.REMOVED, Deed.TAKEDOWN_REMOVED) if remove else (Outcome.KEPT, Deed.TAKEDOWN_KEPT)
        late = takedown.late or takedown.passed(at)
        decided = {"outcome": outcome, "reason": reason, "decided_at": at, "decided_by": by, "late": late}
        _step(takedown, {State.RECEIVED, State.INQUIRY}, state=State.DECIDED, **decided)
        waited = int((at - takedown.received_at).total_seconds())
        given = DecisionReason.TAKEDOWN if remove else ""
        record(actor=by, deed=deed, subject=takedown, at=at, reason=given, note=reason, waited=waited)
        if remove and not by_hand and item is not None:
            # Either tells the poster, who reads the reason and may appeal.
            if item.state == Reviewable.State.APPROVED:
                hide(item=item, by=by, reason=DecisionReason.TAKEDOWN, note=reason, at=at)
            elif item.state == Reviewable.State.PENDING:
                # It was changed meanwhile: else somebody who knows nothing of the request would approve it.
                decide(item=item, approve=False, by=by, reason=DecisionReason.TAKEDOWN, note=reason, at=at)


def notify_claimant(*, takedown: Takedown, by: User, at: datetime) -> None:
    """Tell the claimant the outcome by mail (第25条); with it the request ends. Raises TakedownMoved."""
    with transaction.atomic():
        late = takedown.late or takedown.passed(at)
        _step(takedown, {State.DECIDED}, state=State.NOTIFIED, notified_at=at, late=late)
        record(actor=by, deed=Deed.TAKEDOWN_NOTIFIED, subject=takedown, at=at)
        outcome = takedown.get_outcome_display()
        _write(
            takedown,
            f"申出の結果：{outcome}",
            f"受付番号：{takedown.receipt}\n対象のページ：{takedown.page}\n\n結果：{outcome}\n理由：{takedown.reason}\n\n"
            f"お申出の内容とお名前・アドレスは、{settings.TAKEDOWN_KEPT_DAYS}日後に消します。",
            at=at,
        )


def empty_ended(*, at: datetime) -> int:
    """Delete what names claimants and posters of requests that ended some time ago (settings); return how many. Times and outcomes stay."""
    ended = to_empty(at - timedelta(days=settings.TAKEDOWN_KEPT_DAYS))
    return ended.update(**EMPTIED, emptied_at=at)


def _text_of(takedown: Takedown, by: User) -> Reviewable:
    item = subject_of(takedown)
    if item is None:
        raise NoText
    if in_conflict(by, [item]):
        raise NotYours
    return item


def _step(takedown: Takedown, states: set[Takedown.State], **columns: object) -> None:
    """Take a request from the state in which it was read into the next; of two moderators at once the second is refused."""
    known: Mapping[str, object] = {"pk": takedown.pk, "state": takedown.state, "due_at": takedown.due_at}
    if takedown.state not in states or not Takedown.objects.filter(**known).update(**columns):
        raise TakedownMoved
    takedown.refresh_from_db()


def _write(takedown: Takedown, subject: str, text: str, *, at: datetime) -> None:
    if takedown.email:
        queue(to=takedown.email, subject=f"【{SIGNATURE}】{subject}", text=f"{text}\n\n{SIGNATURE}\n", at=at)


def _shown(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y年%-m月%-d日 %H:%M}"
