"""Writes of replies."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from tsushinbo.accounts.models import User
from tsushinbo.accounts.services import count_use
from tsushinbo.comments.models import Comment
from tsushinbo.moderation.services import ask_contact, keep_contact, refuse_banned, refuse_frozen
from tsushinbo.notices.models import Kind, Subject
from tsushinbo.notices.services import tell, tell_followers
from tsushinbo.people.queries import speaks_for
from tsushinbo.replies.errors import NotSpokenFor, NotToBeAnswered, ReplyMoved
from tsushinbo.replies.models import Reply, ReplyRevision
from tsushinbo.replies.queries import Answerable, find_target, politician_of, writer_of

State = Reply.State


def answer(*, target: Answerable, author: User, body: str, seen: str, contact: str = "", at: datetime) -> Reply:
    """Answer a text in the politician's name, or give the one answer another wording; an earlier one stays readable.

    It is public at once; one that moderators hid waits for approval. seen: ``changed_at`` of the reply that the writer had before the eyes,
    "" where there was none. contact: how the office can be reached; asked while the politician stands in a campaign. Who wrote the
    text is told of the first answer. Raises NotSpokenFor, NotToBeAnswered, ReplyMoved, moderation's Banned, ContactRefused and PollingDay, and
    accounts.services.TooMany.
    """
    kind = str(target._meta.model_name)
    with transaction.atomic():
        refuse_banned(account=author, at=at)
        count_use({f"reply:{author.pk}": settings.RATE_REPLIES_PER_ACCOUNT}, at=at)
        politician = politician_of(target)
        if politician is None or not speaks_for(author, politician):
            raise NotSpokenFor
        if find_target(kind, target.pk, at) is None:
            raise NotToBeAnswered
        reply = Reply.objects.select_for_update(of=("self",)).filter(**{kind: target.pk}).first()
        if (reply.changed_at.isoformat() if reply else "") != seen:
            raise ReplyMoved
        if reply is None or reply.state == State.APPROVED:
            # What was hidden waits for a moderator; everything else would be public at once.
            refuse_frozen([politician.pk], at)
        contact = ask_contact([politician.pk], contact, at)
        if reply is not None:
            reply = _change(reply, author, body, at)
            keep_contact(reply, contact, by=author, at=at)
            return reply
        reply = Reply(politician=politician, author=author, body=body, state=State.APPROVED)
        setattr(reply, kind, target)
        reply.made_at = reply.changed_at = reply.submitted_at = at
        try:
            with transaction.atomic():
                reply.save(force_insert=True)
        except IntegrityError:
            # Another member answered in the same moment.
            raise ReplyMoved from None
        keep_contact(reply, contact, by=author, at=at)
        _tell_writer(reply, target, at)
        return reply


def _change(reply: Reply, author: User, body: str, at: datetime) -> Reply:
    if body == reply.body:
        return reply
    if reply.state == State.APPROVED:
        number = reply.revisions.count() + 1
        ReplyRevision.objects.create(reply=reply, number=number, body=reply.body, replaced_at=at, replaced_by=author)
    else:
        reply.state = State.PENDING
    reply.body, reply.author = body, author
    reply.changed_at = reply.submitted_at = at
    reply.decided_at = reply.decided_by = None
    reply.decision_reason = reply.decision_note = ""
    reply.save()
    return reply


def _tell_writer(reply: Reply, target: Answerable, at: datetime) -> None:
    news: dict[str, Any] = {
        "kind": Kind.REPLY,
        "url": reply.get_absolute_url(),
        "text": reply.body,
        "at": at,
        "about": reply.politician_id,
    }
    writer = writer_of(target)
    if writer is not None and writer.pk != reply.author_id:
        tell(users=[writer.pk], title=f"{reply.politician.name}さんが、あなたの投稿に回答しました", **news)
    if isinstance(target, Comment):
        # Whoever wrote the comment was told just now.
        title = f"{reply.politician.name}さんが、「{target.report.title}」へのコメントに回答しました"
        spare = reply.author_id if writer is None else writer.pk
        tell_followers(subject=Subject.REPORT, subject_id=target.report_id, title=title, spare=spare, **news)
