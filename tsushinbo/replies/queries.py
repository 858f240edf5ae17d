"""Reads of replies: those pinned below what they answer, and what waits for one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.activities.queries import published
from tsushinbo.claims.queries import verification_of
from tsushinbo.comments.models import Comment
from tsushinbo.evaluations.models import Assessment
from tsushinbo.moderation.queries.contacts import give_contacts
from tsushinbo.people.models import Delegate, Politician
from tsushinbo.pledges.models import Evidence
from tsushinbo.replies.models import Reply, ReplyRevision

SHOWN = 10
LABELS = {"comment": "活動報告へのコメント", "assessment": "進捗度・達成度の評価", "evidence": "実施状況の根拠"}
Answerable = Comment | Assessment | Evidence


def attach_replies(rows: Iterable[Any], through: str = "") -> str:
    """Give each of some comments, assessments or pieces of evidence its public reply as ``pinned``, None where there is none; return "".

    through: the attribute of each row that holds what may be answered; rows without one are left alone. One query, none for no rows, and one
    more each for earlier wordings and for the stamp where there are replies; what stands on a page is about one politician.
    """
    targets = [getattr(row, through) if through else row for row in rows]
    targets = [target for target in targets if target is not None]
    for target in targets:
        target.pinned = None
    if targets:
        kind = type(targets[0])._meta.model_name
        revisions = Prefetch("revisions", queryset=ReplyRevision.objects.order_by("-number"))
        found = Reply.objects.filter(state=Reply.State.APPROVED, **{f"{kind}__in": [target.pk for target in targets]})
        by_target = {
            getattr(reply, f"{kind}_id"): reply
            for reply in found.select_related("politician").prefetch_related(revisions)
        }
        answering = {reply.politician_id for reply in by_target.values()}
        verified = {politician: verification_of(politician) for politician in answering}
        for politician in answering:
            give_contacts(
                [row for row in by_target.values() if row.politician_id == politician], politician, timezone.now()
            )
        for target in targets:
            reply = target.pinned = by_target.get(target.pk)
            # The stamp of now says nothing of what was written before it.
            stamp = verified[reply.politician_id] if reply else None
            target.stamp = stamp if stamp and reply and stamp.covers(reply.made_at) else None
    return ""


def answerable(kind: str, at: datetime) -> QuerySet[Any]:
    """What may be answered of one kind: public words of others about a politician's report or pledge."""
    if kind == "comment":
        # What the office of another politician says under its own name is a word of others like any.
        own = Delegate.objects.filter(user=OuterRef("author"), politician=OuterRef("report__politician"))
        by_others = Q(by_owner=False) | Q(author__isnull=False) & ~Exists(own)
        public = Comment.objects.filter(by_others, state=Comment.State.APPROVED, report__in=published(at))
        return public.select_related("report__politician", "author")
    if kind == "assessment":
        words = Assessment.objects.filter(
            state=Assessment.State.APPROVED, current=True, by_owner=False, worded=True, pledge__published=True
        )
        return words.select_related("pledge__politician", "author")
    shown = Evidence.objects.filter(state=Evidence.State.CONFIRMED, pledge__published=True)
    return shown.select_related("pledge__politician", "proposed_by")


def _about(kind: str, politician: Politician) -> Q:
    return Q(report__politician=politician) if kind == "comment" else Q(pledge__politician=politician)


def politician_of(target: Answerable) -> Politician | None:
    """Whom a text is about; None for a party's pledge."""
    return target.report.politician if isinstance(target, Comment) else target.pledge.politician


def writer_of(target: Answerable) -> User | None:
    """The account that wrote it, where there is one."""
    return target.proposed_by if isinstance(target, Evidence) else target.author


@dataclass(frozen=True)
class Target:
    """A text that may be answered, as a list shows it."""

    kind: str
    row: Any

    @property
    def words(self) -> str:
        """What it says."""
        if self.kind == "evidence":
            return f"{self.row.title}：{self.row.shows}"
        said = self.row.body if self.kind == "comment" else self.row.comment
        return said or f"進捗度 {self.row.progress}%、達成度 {self.row.achievement}%"

    @property
    def by(self) -> str:
        """Who wrote it, as readers see it."""
        if self.kind == "comment":
            return str(self.row.nickname)
        return "編集者" if self.kind == "evidence" else self.row.author.public_name

    @property
    def at(self) -> datetime:
        """When it was written, or confirmed."""
        moment: datetime = self.row.decided_at if self.kind == "evidence" else self.row.made_at
        return moment

    @property
    def about(self) -> Any:
        """The report or the pledge."""
        return self.row.report if self.kind == "comment" else self.row.pledge

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        what = "活動報告" if self.kind == "comment" else "公約"
        return f"{what}「{self.about.title}」"

    @property
    def reply_url(self) -> str:
        """Where it is answered."""
        return reverse("replies:reply", args=[self.kind, self.row.pk])


@dataclass(frozen=True)
class Group:
    """The newest texts of one kind without an answer, and how many there are."""

    label: str
    total: int
    rows: list[Target]


@dataclass(frozen=True)
class Waiting:
    """What waits for a politician's answer."""

    groups: list[Group]

    @property
    def total(self) -> int:
        """How much it is."""
        return sum(group.total for group in self.groups)


def waiting_for(politician: Politician, at: datetime) -> Waiting:
    """What others said of a politician in public, and nobody answered: two queries a kind at most, however much it is."""
    groups = []
    for kind, label in LABELS.items():
        rows = answerable(kind, at).filter(_about(kind, politician), reply__isnull=True)
        newest = list(rows.order_by("-decided_at" if kind == "evidence" else "-made_at", "pk")[: SHOWN + 1])
        total = rows.count() if len(newest) > SHOWN else len(newest)
        groups.append(Group(label, total, [Target(kind, row) for row in newest[:SHOWN]]))
    return Waiting(groups)


def answered_by(politician: Politician, at: datetime) -> list[Target]:
    """The newest answers of a politician that may be changed, each as what it answers; the answer is ``row.reply``. One query."""
    public = Q()
    for kind in LABELS:
        public |= Q(**{f"{kind}__in": answerable(kind, at).order_by().values("pk")})
    replies = Reply.objects.filter(public, politician=politician).select_related(
        "author", "comment__report", "assessment__pledge", "assessment__author", "evidence__pledge"
    )
    newest = list(replies.order_by("-changed_at", "pk")[:SHOWN])
    return [Target(str(reply.target._meta.model_name), reply.target) for reply in newest]


def find_target(kind: str, pk: int, at: datetime) -> Target | None:
    """A text that may be answered."""
    row = answerable(kind, at).filter(pk=pk).first()
    return Target(kind, row) if row is not None else None


def reply_to(target: Answerable) -> Reply | None:
    """The reply to a text, whatever its state."""
    kind = str(target._meta.model_name)
    return Reply.objects.select_related("author").filter(**{kind: target.pk}).first()


def exported(user: User) -> list[dict[str, Any]]:
    """Everything the site keeps of an account's replies, for its owner."""
    rows = Reply.objects.filter(author=user).select_related("politician").order_by("made_at", "pk")
    return [
        {
            "politician": addresses.encode(row.politician_id),
            "answers": next(kind for kind in Reply.TARGETS if getattr(row, f"{kind}_id")),
            "body": row.body,
            "earlier": list(row.revisions.order_by("number").values("body", "replaced_at")),
            "state": row.state,
            "decision_reason": row.decision_reason,
            "decision_note": row.decision_note,
            "made_at": row.made_at,
            "changed_at": row.changed_at,
        }
        for row in rows.prefetch_related("revisions")
    ]
