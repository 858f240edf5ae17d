"""Posting a comment, taking it back while it waits, and who is told when it becomes public."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tsushinbo.accounts.membership import GONE
from tsushinbo.accounts.models import NAMELESS, User
from tsushinbo.accounts.nicknames import is_readable, passes_for_the_site
from tsushinbo.accounts.services import UNKNOWN_NETWORK, count_use
from tsushinbo.activities.models import ActivityReport
from tsushinbo.comments.errors import AlreadySaid, CommentRefused, NotWaiting, ReportClosed
from tsushinbo.comments.models import LINKS, Comment, CommentNetwork
from tsushinbo.comments.pressure import bits_for
from tsushinbo.comments.queries import own_comments
from tsushinbo.comments.services.working import take_work
from tsushinbo.moderation.hints import links_in
from tsushinbo.moderation.services import ask_contact, keep_contact, refuse_banned
from tsushinbo.notices.models import Kind, Subject
from tsushinbo.notices.queries import followers_among
from tsushinbo.notices.services import tell, tell_followers
from tsushinbo.people.models import Delegate
from tsushinbo.people.queries.names import speakers_called

# Rows thrown away in one transaction: the write lock of SQLite is held for a moment only.
FORGET_AT_ONCE = 1000
ONE_DAY = timedelta(days=1)
IMPERSONATES = "運営やほかの人と間違われるニックネームは使えません。別のニックネームにしてください。"


@dataclass(frozen=True)
class Writer:
    """Who writes: an account, or the number of a browser; ``network`` is what the rate limit counts."""

    account: User | None = None
    number: int | None = None
    network: str | None = None


def post_comment(
    *,
    report: ActivityReport,
    writer: Writer,
    nickname: str,
    body: str,
    contact: str = "",
    work: str | None = None,
    at: datetime,
) -> Comment:
    """Let a comment wait for approval. An empty nickname is 名無し.

    contact: how the writer can be reached; asked while the politician stands in a campaign, and kept at no other time.
    work: the answer to a challenge where comments come thick (comments/pressure.py) and there is no account; "" where the browser could give one, None
    where it cannot: then some are taken without.

    Posts on one report, by one writer and from one network come one after the other, so that a button pressed twice is one comment. Raises
    moderation's Banned and ContactRefused, CommentRefused with a message for each field, AlreadySaid, ReportClosed, accounts.services.TooMany, TooManyWithoutWork, and
    accounts.proof_of_work.WorkNeeded once nothing else is wrong.
    """
    bits = 0 if writer.account else bits_for(writer.network, at)
    with transaction.atomic():
        _count_use(writer, at)
        refuse_banned(account=writer.account, network=writer.network or "", at=at)
        report = ActivityReport.objects.select_for_update(no_key=True, of=("self",)).get(pk=report.pk)
        if not report.is_public(at):
            raise ReportClosed
        nickname = nickname or NAMELESS
        faults, by_owner = _faults(nickname, body, writer.account)
        if faults:
            raise CommentRefused(faults)
        contact = ask_contact([report.politician_id], contact, at)
        day, digest = timezone.localdate(at), _digest(body)
        if _said_before(report, writer, body, day=day, digest=digest):
            raise AlreadySaid
        take_work(report.pk, writer.network, work, bits, at)
        comment = Comment.objects.create(
            report=report,
            author=writer.account,
            writer=None if writer.account else writer.number,
            nickname=nickname,
            body=body,
            by_owner=by_owner,
            made_at=at,
            submitted_at=at,
        )
        keep_contact(comment, contact, by=writer.account, at=at)
        if writer.network not in {None, UNKNOWN_NETWORK}:
            CommentNetwork.objects.create(day=day, comment=comment, network=writer.network, body=digest)
        return comment


def withdraw_comment(*, comment: Comment, writer: Writer) -> None:
    """Take a comment back that waits, as its own writer. Raises NotWaiting, for anybody else too."""
    with transaction.atomic():
        own = own_comments(comment.report_id, account=writer.account, writer=writer.number)
        waiting = own.filter(pk=comment.pk, state=Comment.State.PENDING)
        if not waiting.select_for_update(of=("self",)).exists():
            raise NotWaiting
        waiting.delete()


def tell_of_comment(*, item: Comment, by: User, at: datetime) -> None:
    """Tell who wrote the report, who speaks for its politician, and who follows it, of a comment that became public; each of them once."""
    report = item.report
    readers = set(Delegate.objects.filter(politician=report.politician_id).values_list("user", flat=True))
    readers.add(report.author_id)
    readers.discard(item.author_id or 0)
    readers -= followers_among(readers, Subject.REPORT, report.pk)
    news: dict[str, Any] = {
        "kind": Kind.COMMENT,
        "title": f"「{report.title}」にコメントがつきました"[:120],
        "url": item.get_absolute_url(),
        "text": f"{item.nickname}さん：{item.body[:200]}",
        "at": at,
    }
    tell(users=sorted(readers), **news)
    about = report.politician_id
    tell_followers(subject=Subject.REPORT, subject_id=report.pk, spare=item.author_id, about=about, **news)


def forget_networks(*, at: datetime) -> int:
    """Delete the networks of all days but today and yesterday (Asia/Tokyo), some at a time; return how many there were."""
    over = CommentNetwork.objects.filter(day__lt=timezone.localdate(at) - ONE_DAY).order_by("day", "comment")
    gone = 0
    while some := list(over.values_list("pk", flat=True)[:FORGET_AT_ONCE]):
        with transaction.atomic():
            gone += CommentNetwork.objects.filter(pk__in=some).delete()[0]
    return gone


def leave_comments(*, user: User, keep: bool) -> None:
    """What becomes of the comments of an account that is closed: they stay under 退会したユーザー, or go. What waits goes in any case."""
    own = Comment.objects.filter(author=user)
    if keep:
        own.exclude(state=Comment.State.APPROVED).delete()
        own.update(author=None, nickname=GONE, by_owner=False)
    else:
        own.delete()


def _count_use(writer: Writer, at: datetime) -> None:
    who = f"account:{writer.account.pk}" if writer.account else f"writer:{writer.number}"
    allowed = {f"comment:{who}": settings.RATE_COMMENTS_PER_WRITER}
    if writer.network is not None:
        allowed[f"comment:{writer.network}"] = settings.RATE_COMMENTS_PER_NETWORK
    count_use(allowed, at=at)


def _faults(nickname: str, body: str, account: User | None) -> tuple[dict[str, str], bool]:
    """What is wrong with a comment, by field of the form; and whether its writer speaks for the politician whose name it bears."""
    faults = {}
    links = len(links_in(body))
    if links > LINKS:
        faults["body"] = f"リンクは{LINKS}つまでです（いまは{links}つ）。減らしてから、もう一度お送りください。"
    if nickname == NAMELESS:
        return faults, False
    if not is_readable(nickname) or passes_for_the_site(nickname):
        return {"nickname": IMPERSONATES, **faults}, False
    speakers = speakers_called(nickname)
    by_owner = account is not None and account.pk in speakers
    if speakers and not by_owner:
        faults["nickname"] = IMPERSONATES
    return faults, by_owner


def _said_before(report: ActivityReport, writer: Writer, body: str, *, day: date, digest: int) -> bool:
    if own_comments(report.pk, account=writer.account, writer=writer.number).filter(body=body).exists():
        return True
    if writer.network in {None, UNKNOWN_NETWORK}:
        return False
    return CommentNetwork.objects.filter(day=day, network=writer.network, body=digest).exists()


def _digest(body: str) -> int:
    """63 bits of a hash of a text, white space aside."""
    return int.from_bytes(hashlib.blake2b("".join(body.split()).encode(), digest_size=8).digest()) >> 1
