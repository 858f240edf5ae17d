"""Decisions on what others wrote (承認・却下・非公開・再公開), each in one transaction with its entry in the record and the notice to the writer."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.text import Truncator

from tsushinbo.accounts.models import User
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.models import DecisionReason, Deed, LogEntry, Reviewable
from tsushinbo.moderation.queries.conflicts import in_conflict
from tsushinbo.moderation.services.campaigns import refuse_to_publish
from tsushinbo.moderation.services.log import record
from tsushinbo.notices.models import Kind
from tsushinbo.notices.services import retract, tell

State = Reviewable.State
# What brings a text into each state, seen from the one it is in.
DEEDS = {
    (State.PENDING, State.APPROVED): Deed.APPROVE,
    (State.PENDING, State.REJECTED): Deed.REJECT,
    (State.APPROVED, State.APPROVED): Deed.CONFIRM,
    (State.APPROVED, State.HIDDEN): Deed.HIDE,
    (State.HIDDEN, State.APPROVED): Deed.RESTORE,
    (State.REJECTED, State.APPROVED): Deed.RESTORE,
    (State.APPROVED, State.PENDING): Deed.REOPEN,
    (State.REJECTED, State.PENDING): Deed.REOPEN,
}
# A slip of the finger is taken back at once; what comes later is another decision.
UNDO_WITHIN = timedelta(minutes=10)
# How many letters of a text name it in a notice.
NAMED_BY = 30
# What the writer is told of each deed; of the others nothing changes for them.
TOLD = {
    Deed.APPROVE: "投稿を公開しました",
    Deed.REJECT: "投稿は公開されませんでした",
    Deed.HIDE: "投稿の公開をやめました",
    Deed.RESTORE: "投稿を公開しました",
    Deed.REOPEN: "投稿を確認待ちに戻しました",
}


class AlreadyDecided(RuleBroken):
    """Somebody else decided first, or the writer changed the text meanwhile. ``by`` and ``state``: who, and what became of it, where known."""

    message = "ほかの担当者が先に判断したか、投稿の内容が変わりました。もう一度読んでから判断してください。"

    def __init__(self, now: Reviewable | None = None) -> None:
        self.by = now.decided_by if now is not None else None
        self.state = State(now.state) if now is not None else None
        if now is None:
            super().__init__("この投稿は、投稿した人が取り消しました。判断は要りません。")
        elif self.by is not None and now.decided_at is not None:
            super().__init__(f"{shown_as(self.by)}さんが先に判断しました（{self.state.label if self.state else ''}）。")
        else:
            super().__init__()


class NotYours(RuleBroken):
    """Nobody decides on their own words, nor on those about whom they speak for."""

    message = "自分の投稿と、自分が担当する政治家に関する投稿は、判断できません。ほかの担当者に任せてください。"


class CannotUndo(RuleBroken):
    """More came of the decision than can be taken back, or it is not this moderator's last one."""

    message = "この判断は、ここでは取り消せません。自分の判断から10分を過ぎたか、公開に伴う処理がすでに済んでいます。投稿の画面で「公開をやめる」か「公開に戻す」を選んでください。"


def shown_as(user: User) -> str:
    """How colleagues know a moderator."""
    return user.display_name or user.username


def decide(
    *,
    item: Reviewable,
    approve: bool,
    by: User,
    at: datetime,
    reason: DecisionReason | None = None,
    note: str = "",
) -> LogEntry:
    """Publish or reject a text that waits, as it stands in ``item``; return its entry in the record.

    Raises NotYours, AlreadyDecided when it was decided or changed since ``item`` was read, what ``item.effect`` raises, and for an approval what
    election mode has against it (PollingDay, WaitsForPolls): then it goes on waiting.
    """
    if item.state != State.PENDING:
        raise AlreadyDecided(item)
    return _move(item, State.APPROVED if approve else State.REJECTED, by=by, at=at, reason=reason, note=note)


def confirm(*, item: Reviewable, by: User, at: datetime, note: str = "") -> LogEntry:
    """Say that a text which was public before anybody looked was read and may stay. Raises NotYours and AlreadyDecided."""
    if item.state != State.APPROVED:
        raise AlreadyDecided(item)
    return _move(item, State.APPROVED, by=by, at=at, note=note)


def hide(*, item: Reviewable, by: User, at: datetime, reason: DecisionReason | None = None, note: str = "") -> LogEntry:
    """Take a public text from sight, as it stands in ``item``. Raises NotYours and AlreadyDecided."""
    if item.state != State.APPROVED:
        raise AlreadyDecided(item)
    return _move(item, State.HIDDEN, by=by, at=at, reason=reason, note=note)


def restore(*, item: Reviewable, by: User, at: datetime, note: str = "") -> LogEntry:
    """Bring a hidden or rejected text before the public, as it stands in ``item``. Raises as an approval by ``decide``."""
    if item.state not in {State.HIDDEN, State.REJECTED}:
        raise AlreadyDecided(item)
    return _move(item, State.APPROVED, by=by, at=at, note=note)


def reopen(*, item: Reviewable, by: User, at: datetime) -> LogEntry:
    """Take one's own decision of the last minutes back: the text waits again, and its 24 hours run on. The record keeps both.

    Raises CannotUndo where something came into being with an approval, NotYours and AlreadyDecided.
    """
    if item.state not in {State.APPROVED, State.REJECTED}:
        raise AlreadyDecided(item)
    last = LogEntry.objects.filter(kind=item.kind, subject_id=item.pk).order_by("-at", "-pk").first()
    mine = last is not None and last.actor_id == by.pk and last.deed in {Deed.APPROVE, Deed.REJECT}
    came_of_it = item.state == State.APPROVED and bool(item.effect or item.effect_of_sight or item.revised_on_approval)
    if not mine or last is None or at - last.at > UNDO_WITHIN or came_of_it:
        raise CannotUndo
    return _move(item, State.PENDING, by=by, at=at)


def _move(
    item: Reviewable,
    state: Reviewable.State,
    *,
    by: User,
    at: datetime,
    reason: DecisionReason | None = None,
    note: str = "",
) -> LogEntry:
    """Bring a text from the state in which it was read into another."""
    before = State(item.state)
    deed = DEEDS[before, state]
    # A text is new to the public where it never was approved; then what shall come into being with it does.
    first = state == State.APPROVED and before in {State.PENDING, State.REJECTED}
    waited = int((at - item.submitted_at).total_seconds()) if before == State.PENDING else None
    with transaction.atomic():
        if in_conflict(by, [item]):
            raise NotYours
        if state == State.APPROVED and before != State.APPROVED:
            refuse_to_publish(item, at)
        changes: dict[str, Any] = item.changes_on_approval(at) if first else {}
        # submitted_at moves with every change of the text, decided_at with every decision: only what was read is decided.
        as_read = type(item)._default_manager.filter(
            pk=item.pk, state=before, submitted_at=item.submitted_at, decided_at=item.decided_at
        )
        given = "" if state == State.APPROVED or reason is None else reason
        decided = (None, None) if state == State.PENDING else (at, by)
        if not as_read.update(
            state=state,
            decided_at=decided[0],
            decided_by=decided[1],
            decision_reason=given,
            decision_note=note,
            **changes,
        ):
            raise AlreadyDecided(type(item)._default_manager.select_related("decided_by").filter(pk=item.pk).first())
        item.refresh_from_db()
        if first and item.effect:
            import_string(item.effect)(item=item, by=by, at=at)
        elif deed in {Deed.HIDE, Deed.RESTORE} and item.effect_of_sight:
            import_string(item.effect_of_sight)(item=item, by=by, at=at)
        if deed == Deed.HIDE and (page := getattr(item, "get_absolute_url", None)):
            retract(url=page())
        _tell_writer(item, deed, at)
        return record(
            actor=by, deed=deed, subject=item, at=at, reason=given, note=note, before=before, after=state, waited=waited
        )


def _tell_writer(item: Reviewable, deed: Deed, at: datetime) -> None:
    writer, title = item.written_by, TOLD.get(deed)
    if writer is None or title is None:
        return
    reason = item.get_decision_reason_display()
    text = " ".join(filter(None, [f"理由：{reason}。" if reason else "", item.decision_note]))
    url = item.appeal_address or item.about or reverse("accounts:home")
    which = Truncator(" ".join(str(item).split())).chars(NAMED_BY)
    title = f"{item._meta.verbose_name}「{which}」：{title}" if which else f"{item._meta.verbose_name}：{title}"
    tell(users=[writer.pk], kind=Kind.DECISION, title=title, url=url, text=text, at=at)
