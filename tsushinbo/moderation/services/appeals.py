"""Appeals (異議申立て): opened by who wrote, decided by another moderator than the first."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse

from tsushinbo.accounts.models import User
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.models import Appeal, Ban, Deed, LogEntry, Reviewable
from tsushinbo.moderation.queries.conflicts import in_conflict
from tsushinbo.moderation.queries.texts import find_text, last_decision
from tsushinbo.moderation.services.bans import lift_ban
from tsushinbo.moderation.services.decisions import AlreadyDecided, NotYours, restore
from tsushinbo.moderation.services.log import record
from tsushinbo.notices.models import Kind
from tsushinbo.notices.services import tell


class NothingToAppeal(RuleBroken):
    """There is no decision against it, or an appeal was opened before."""

    message = "この判断への異議は、すでに申し立てられているか、判断が変わっています。"


class SameModerator(RuleBroken):
    """An appeal goes to somebody else."""

    message = "自分が判断した投稿への異議は、審査できません。ほかの担当者に任せてください。"


class AppealMoved(RuleBroken):
    """The text is no longer as the decision left it."""

    message = "投稿が取り消されたか、判断のあとに変わっています。公開には戻せません。「判断を維持」を選び、理由に書いてください。"


class AlreadyAnswered(RuleBroken):
    """Somebody else decided the appeal first."""

    message = "ほかの担当者が、この異議を先に審査しました。"


def open_appeal(*, item: Reviewable, by: User | None, text: str, at: datetime) -> Appeal:
    """Say something against the last decision on a text, once. ``by`` is empty for who wrote without an account. Raises NothingToAppeal."""
    entry = last_decision(item)
    if entry is None:
        raise NothingToAppeal
    try:
        with transaction.atomic():
            appeal = Appeal.objects.create(
                entry=entry, kind=item.kind, subject_id=item.pk, opened_by=by, text=text, opened_at=at
            )
            record(actor=by, deed=Deed.APPEAL_OPENED, subject=item, at=at, before=item.state, after=item.state)
    except IntegrityError:
        raise NothingToAppeal from None
    return appeal


def open_appeal_of_ban(*, ban: Ban, by: User, text: str, at: datetime) -> Appeal:
    """Say something against a ban, once. Raises NothingToAppeal."""
    entry = LogEntry.objects.filter(kind=ban._meta.label_lower, subject_id=ban.pk, deed=Deed.BAN).first()
    if entry is None or ban.account_id != by.pk or not ban.holds(at):
        raise NothingToAppeal
    try:
        with transaction.atomic():
            appeal = Appeal.objects.create(
                entry=entry, kind=ban._meta.label_lower, subject_id=ban.pk, opened_by=by, text=text, opened_at=at
            )
            record(actor=by, deed=Deed.APPEAL_OPENED, subject=ban, at=at)
    except IntegrityError:
        raise NothingToAppeal from None
    return appeal


def answer_appeal(*, appeal: Appeal, grant: bool, by: User, answer: str, at: datetime) -> LogEntry:
    """Let the decision stand, or change it: granted, the text comes before the public.

    Raises SameModerator, NotYours, AlreadyAnswered, AppealMoved and what the text's own ``effect`` raises.
    """
    with transaction.atomic():
        item = find_text(appeal.kind, appeal.subject_id)
        if appeal.entry.actor_id == by.pk:
            raise SameModerator
        if appeal.opened_by_id == by.pk or (item is not None and in_conflict(by, [item])):
            raise NotYours
        state = Appeal.State.GRANTED if grant else Appeal.State.UPHELD
        still_open = Appeal.objects.filter(pk=appeal.pk, state=Appeal.State.OPEN)
        if not still_open.update(state=state, answer=answer, decided_by=by, decided_at=at):
            raise AlreadyAnswered
        before = item.state if item is not None else ""
        ban = Ban.objects.filter(pk=appeal.subject_id).first() if appeal.kind == Ban._meta.label_lower else None
        if grant and ban is not None:
            lift_ban(ban=ban, by=by, note=answer, at=at)
        elif grant:
            if item is None or last_decision(item) != appeal.entry:
                raise AppealMoved
            try:
                restore(item=item, by=by, note=answer, at=at)
            except AlreadyDecided:
                raise AppealMoved from None
        waited = int((at - appeal.opened_at).total_seconds())
        deed = Deed.APPEAL_GRANTED if grant else Deed.APPEAL_UPHELD
        if appeal.opened_by_id is not None:
            words = "判断を変えました" if grant else "はじめの判断のままとしました"
            of_text = reverse("moderation:appeal", args=[appeal.kind, appeal.subject_id])
            url = of_text if ban is None else reverse("moderation:own-ban")
            title = f"異議申立て：{words}"
            tell(users=[appeal.opened_by_id], kind=Kind.APPEAL, title=title, url=url, text=answer, at=at)
        return record(
            actor=by, deed=deed, subject=item or ban, kind=appeal.kind, at=at, note=answer, waited=waited,
            before=before, after=item.state if item is not None else "",
        )  # fmt: skip
