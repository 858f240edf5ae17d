"""Comments (コメント) themselves: those of a report, and a writer's own."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.activities.models import ActivityReport
from tsushinbo.comments.models import Comment
from tsushinbo.paging import Page, paginate

State = Comment.State
PAGE_SIZE = 50


def public_comments(report: ActivityReport, number: int) -> Page[Comment]:
    """One page of the comments on a report that everybody may read, the oldest first: two queries."""
    return paginate(_in_order(report.pk), number, PAGE_SIZE)


def _in_order(report_id: int) -> QuerySet[Comment]:
    return Comment.objects.filter(report=report_id, state=State.APPROVED).order_by("made_at", "pk")


def page_of(comment: Comment) -> int:
    """On which page of its report a public comment stands."""
    earlier = Q(made_at__lt=comment.made_at) | Q(made_at=comment.made_at, pk__lt=comment.pk)
    return _in_order(comment.report_id).filter(earlier).count() // PAGE_SIZE + 1


def find(comment_id: int) -> Comment | None:
    """The comment with this id on a report that is public, whoever may read it."""
    found = Comment.objects.select_related("report").filter(pk=comment_id).first()
    return found if found is not None and found.report.is_public(timezone.now()) else None


def own_comments(report_id: int, *, account: User | None, writer: int | None) -> QuerySet[Comment]:
    """What an account, or a browser with this number, wrote on a report; the oldest first."""
    who = Q(pk__in=())
    if account is not None:
        who |= Q(author=account)
    if writer is not None:
        who |= Q(writer=writer)
    return Comment.objects.filter(who, report=report_id).order_by("made_at", "pk")


def written_by(account: User) -> QuerySet[Comment]:
    """Everything an account wrote, with its report; the newest first."""
    return Comment.objects.filter(author=account).select_related("report").order_by("-made_at", "-pk")


def own_unpublished(report_id: int, *, account: User | None, writer: int | None) -> list[Comment]:
    """Of these, what others do not see."""
    if account is None and writer is None:
        return []
    return list(own_comments(report_id, account=account, writer=writer).exclude(state=State.APPROVED))


def exported(user: User) -> list[dict[str, Any]]:
    """Every comment of an account, for its owner."""
    rows = Comment.objects.filter(author=user).order_by("made_at", "pk")
    return [
        {
            "comment": addresses.encode(row.pk),
            "report": addresses.encode(row.report_id),
            "nickname": row.nickname,
            "body": row.body,
            "made_at": row.made_at,
            "state": row.state,
            "decision_reason": row.decision_reason,
            "decision_note": row.decision_note,
        }
        for row in rows.iterator(chunk_size=200)
    ]
