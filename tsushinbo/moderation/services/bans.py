"""Bans (投稿の停止): who may write no texts for a time. Each is in the record, and what is over is forgotten where it names a network."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tsushinbo.accounts.models import User
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.models import Ban, DecisionReason, Deed, LogEntry, Reviewable
from tsushinbo.moderation.queries.bans import is_banned
from tsushinbo.moderation.queries.conflicts import in_conflict
from tsushinbo.moderation.services.decisions import NotYours
from tsushinbo.moderation.services.log import record
from tsushinbo.notices.models import Kind
from tsushinbo.notices.services import tell


class Banned(RuleBroken):
    """Who writes may not, for now. ``ban`` says why and until when."""

    def __init__(self, ban: Ban) -> None:
        self.ban = ban
        until = f"{timezone.localtime(ban.until):%Y-%m-%d %H:%M}まで、" if ban.until else ""
        reason = ban.get_reason_display()
        network = "お使いの回線からの" if ban.network else ""
        appeal = "" if ban.network else "マイページの「お知らせ」から、異議を申し立てられます。"
        super().__init__(
            f"{until}{network}投稿を停止しています（理由：{reason}）。評価（支持する・支持しない）は送れます。{appeal}"
        )


class BanMoved(RuleBroken):
    """Somebody else lifted it, or it ran out."""

    message = "この停止は、すでに解除されたか、期限を過ぎています。"


class NobodyToBan(RuleBroken):
    """Of who wrote a text, what shall be banned is not known."""

    message = "この投稿の投稿者は、停止できません。アカウントも、今日の回線の記録もありません。"


def refuse_banned(*, account: User | None = None, network: str = "", at: datetime) -> None:
    """To be called by whoever takes a text. ``network``: what accounts.services.network_subject gives. Raises Banned."""
    if ban := is_banned(account=account, network=network, at=at):
        raise Banned(ban)


def ban_writer(
    *,
    item: Reviewable,
    whole_network: bool,
    by: User,
    reason: DecisionReason,
    note: str = "",
    until: datetime | None = None,
    at: datetime,
) -> Ban:
    """Let who wrote a text write nothing: the account, or for the rest of the day the network it came from; never the one for the other.

    Raises NotYours, for who has a part in the text too, and NobodyToBan.
    """
    if in_conflict(by, [item]):
        raise NotYours
    account, network = (item.written_by if item.writers_by() else None), item.network
    if whole_network and network:
        return ban_network(network=network, by=by, reason=reason, note=note, at=at)
    if whole_network and account is not None:
        raise NobodyToBan("この投稿の回線の記録は、もうありません。アカウントの停止を選んでください。")
    if account is None:
        raise NobodyToBan
    return ban_account(account=account, by=by, reason=reason, note=note, until=until, at=at)


def ban_account(
    *, account: User, by: User, reason: DecisionReason, note: str = "", until: datetime | None = None, at: datetime
) -> Ban:
    """Let an account write nothing, until a moment or with an open end; it is told why. Raises NotYours for one's own and for colleagues'."""
    if account.pk == by.pk or account.is_superuser or account.groups.exists():
        raise NotYours("自分と運営のアカウントの投稿は、ここでは停止できません。役割を外してから停止してください。")
    with transaction.atomic():
        ban = Ban.objects.create(account=account, reason=reason, note=note, begins_at=at, until=until, made_by=by)
        record(actor=by, deed=Deed.BAN, subject=ban, at=at, reason=reason, note=note)
        text = f"理由：{ban.get_reason_display()}。{note}"
        tell(
            users=[account.pk], kind=Kind.DECISION, title="投稿を停止しました", url=reverse("moderation:own-ban"), text=text, at=at
        )  # fmt: skip
        return ban


def ban_network(*, network: str, by: User, reason: DecisionReason, note: str = "", at: datetime) -> Ban:
    """Let nobody write from a network for the rest of the day (Asia/Tokyo): then the key of its hash is thrown away."""
    tomorrow = timezone.localdate(at) + timedelta(days=1)
    until = timezone.make_aware(datetime.combine(tomorrow, time.min))
    with transaction.atomic():
        ban = Ban.objects.create(network=network, reason=reason, note=note, begins_at=at, until=until, made_by=by)
        record(actor=by, deed=Deed.BAN, subject=ban, at=at, reason=reason, note=note)
        return ban


def lift_ban(*, ban: Ban, by: User, note: str = "", at: datetime) -> LogEntry:
    """Let the one who was banned write again. Raises BanMoved."""
    with transaction.atomic():
        if not ban.holds(at) or not Ban.objects.filter(pk=ban.pk, lifted_at=None).update(lifted_at=at, lifted_by=by):
            raise BanMoved
        if ban.account_id is not None:
            title, url = "投稿の停止を解除しました", reverse("accounts:home")
            tell(users=[ban.account_id], kind=Kind.DECISION, title=title, url=url, text=note, at=at)
        return record(actor=by, deed=Deed.UNBAN, subject=ban, at=at, reason=ban.reason, note=note)


def forget_network_bans(*, at: datetime) -> int:
    """Delete the bans of networks that are over; return how many."""
    return Ban.objects.filter(account=None, until__lte=at).delete()[0]
