"""Reads of activity reports (活動報告)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, Max, OuterRef, Q, QuerySet
from django.urls import reverse

from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.activities.images import KINDS, exists, kinds
from tsushinbo.activities.markdown import Shown
from tsushinbo.activities.models import ActivityReport, Draft, Picture, ReportRevision
from tsushinbo.elections.queries.posting import frozen_people, frozen_since
from tsushinbo.people.models import Delegate, Politician, Term
from tsushinbo.people.queries import speaks_for
from tsushinbo.pledges.differences import Piece, differences
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import newest_first as newest_pledges_first
from tsushinbo.pledges.queries import published as published_pledges

BESIDE = 3
HISTORY_SHOWN = 20
AROUND = 40
# A person makes some dozens of pledges, a party some hundreds; more would be no choice.
PLEDGES_OFFERED = 300
# The fields of a wording in the order and the words a reader knows them by.
FIELDS = {
    "title": "題名",
    "happened_on": "日付",
    "body": "本文",
    "points": "要点",
    "pledge": "関連する公約",
    "source_title": "出典の題名",
    "source_url": "出典のアドレス",
    "machine_made": "機械が作成した文章",
}


def published(at: datetime) -> QuerySet[ActivityReport]:
    """Every report that everybody may read at ``at``."""
    return ActivityReport.objects.filter(public(at))


def public(at: datetime, report: str = "") -> Q:
    """What a report must be for everybody to read it at ``at``. report: the way to it from another table, ``report__``.

    On the day of polling what was to come out about who stands waits until the polls close, as in ActivityReport.is_public.
    """

    def condition(**columns: object) -> Q:
        return Q(**{f"{report}{column}": value for column, value in columns.items()})

    approved = condition(state=ActivityReport.State.APPROVED, publish_at__lte=at)
    frozen = frozen_people(at)
    if frozen is None:
        return approved
    return approved & ~condition(publish_at__gte=frozen_since(at), politician__in=frozen)


def newest_first(reports: QuerySet[ActivityReport]) -> QuerySet[ActivityReport]:
    """The last published first, with what a row of a list writes beside the title."""
    rows = reports.select_related("politician", "pledge", "reaction_tally", "comment_tally").defer(
        "body", "pledge__text"
    )
    return rows.order_by("-publish_at", "pk")


@dataclass(frozen=True)
class ReportFilter:
    """What a list of reports is narrowed to; None does not narrow. Office, prefecture and party are those of one term running now."""

    office: str | None = None
    prefecture: str | None = None
    party: int | None = None
    pledge: int | None = None


def terms_wanted(wanted: ReportFilter) -> QuerySet[Term] | None:
    """The terms of whose politicians the reports are wanted; None where those of anybody are."""
    asked = {"office": wanted.office, "prefecture": wanted.prefecture, "party": wanted.party}
    of_term = {name: value for name, value in asked.items() if value is not None}
    return Term.objects.filter(running=True, **of_term) if of_term else None


def narrowed(wanted: ReportFilter, at: datetime) -> QuerySet[ActivityReport]:
    """The public reports that fit ``wanted``, in no order yet."""
    reports = published(at)
    terms = terms_wanted(wanted)
    if terms is not None:
        reports = reports.filter(Exists(terms.filter(politician=OuterRef("politician"))))
    if wanted.pledge is not None:
        reports = reports.filter(pledge=wanted.pledge)
    return reports


def of_politician(politician: Politician, at: datetime) -> QuerySet[ActivityReport]:
    """The public reports of a politician, the newest first."""
    return newest_first(published(at).filter(politician=politician))


def of_pledge(pledge: Pledge, at: datetime) -> QuerySet[ActivityReport]:
    """The public reports that are tied to a pledge, the newest first."""
    return newest_first(published(at).filter(pledge=pledge))


@dataclass(frozen=True)
class Latest:
    """The newest public reports of a politician or a pledge, and how many there are. ``changed_at``: when anything of it changed."""

    rows: list[ActivityReport]
    total: int
    changed_at: datetime | None


def latest(at: datetime, limit: int, **of: Politician | Pledge) -> Latest:
    """The newest reports of ``politician=`` or ``pledge=``: one query where there are none, else two."""
    readable = public(at)
    known = ActivityReport.objects.filter(**of).aggregate(
        total=Count("pk", filter=readable),
        shown=Max("publish_at", filter=readable),
        said=Max("changed_at"),
        decided=Max("decided_at"),
        reacted=Max("reaction_tally__changed_at"),
    )
    rows = list(newest_first(published(at).filter(**of))[:limit]) if known["total"] else []
    changes = [known[name] for name in ("shown", "said", "decided", "reacted") if known[name]]
    return Latest(rows, known["total"], max(changes, default=None))


def offered_pledges(politician: Politician) -> QuerySet[Pledge]:
    """The pledges that a report of a politician may be tied to: the person's own, and those of the party in a running term."""
    parties = Term.objects.filter(politician=politician, running=True, party__isnull=False).values("party")
    fitting = published_pledges().filter(Q(politician=politician) | Q(party__in=parties))
    return newest_pledges_first(fitting).only("title", "party", "politician")


@dataclass(frozen=True)
class FieldChange:
    """One field that a wording changed, as pieces kept, removed and added."""

    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Change:
    """How the wording changed at one moment."""

    replaced_at: datetime
    changes: list[FieldChange]


@dataclass(frozen=True)
class ReportPage:
    """Everything on the page of a report. ``earlier``: how many older changes are not shown."""

    report: ActivityReport
    pictures: tuple[Shown, ...]
    history: list[Change]
    earlier: int
    others: list[ActivityReport]

    @property
    def itself(self) -> list[ActivityReport]:
        """The report as a list of one."""
        return [self.report]


def find(report_id: int) -> ActivityReport | None:
    """The report with this id, whoever may read it."""
    rows = ActivityReport.objects.select_related(
        "politician", "author", "pledge", "pledge__politician", "pledge__party", "reaction_tally"
    )
    return rows.filter(pk=report_id).first()


def report_page(report: ActivityReport, at: datetime) -> ReportPage:
    """Read the page of a report: three queries."""
    revisions = list(report.revisions.order_by("-number")[: HISTORY_SHOWN + 1])
    shown = revisions[:HISTORY_SHOWN]
    others = newest_first(published(at).exclude(pk=report.pk))[:BESIDE]
    return ReportPage(
        report=report,
        pictures=pictures_of(report.pictures.order_by("number")),
        history=_changes(report, shown),
        earlier=revisions[-1].number if len(revisions) > HISTORY_SHOWN else 0,
        others=list(others),
    )


def _changes(report: ActivityReport, revisions: Sequence[ReportRevision]) -> list[Change]:
    """What replaced each wording of ``revisions``, which are newest first."""
    newer: list[dict[str, Any]] = [report.content, *(revision.content for revision in revisions)]
    return [
        Change(revision.replaced_at, _compare(revision.content, after))
        for revision, after in zip(revisions, newer, strict=False)
    ]


def _compare(old: dict[str, Any], new: dict[str, Any]) -> list[FieldChange]:
    return [
        FieldChange(label, tuple(map(_around, differences(_text(old.get(name)), _text(new.get(name))))))
        for name, label in FIELDS.items()
        if old.get(name) != new.get(name)
    ]


def _around(piece: Piece) -> Piece:
    """Of a long stretch that stayed, the ends beside what changed."""
    if piece.kind != "same" or len(piece.text) <= 3 * AROUND:
        return piece
    return Piece("same", f"{piece.text[:AROUND]}…{piece.text[-AROUND:]}")


def _text(value: object) -> str:
    return {True: "はい", False: "いいえ"}[value] if isinstance(value, bool) else str(value or "")


def pictures_of(pictures: QuerySet[Picture]) -> tuple[Shown, ...]:
    """Pictures as a page shows them."""
    return tuple(_shown(picture) for picture in pictures)


def _shown(picture: Picture) -> Shown:
    sources = tuple(
        (KINDS[kind], ", ".join(f"{picture_address(picture, width, kind)} {width}w" for width in picture.widths))
        for kind in kinds()
    )
    src = picture_address(picture, picture.widths[min(1, len(picture.widths) - 1)], "jpg")
    return Shown(picture.number, picture.alt, picture.width, picture.height, sources, src)


def picture_address(picture: Picture, width: int, kind: str) -> str:
    """Where one file of a picture is served."""
    return reverse("activities:picture", args=[picture.name, width, kind])


def pictures_without_files() -> int:
    """How many pictures have a row and no files: after a backup that left them out."""
    return sum(not exists(name) for name in Picture.objects.values_list("name", flat=True).iterator())


def may_show_picture(name: str, width: int) -> bool:
    """Whether a file may be served: its picture exists, and is not of a report that moderators keep from the public."""
    row = Picture.objects.filter(name=name).values_list("widths", "report__state").first()
    return (
        row is not None
        and width in row[0]
        and row[1] not in {ActivityReport.State.REJECTED, ActivityReport.State.HIDDEN}
    )


def is_writer(account: User, report: ActivityReport) -> bool:
    """Whether an account may change a report: who wrote it, and for the politician's own every delegate."""
    if report.by_owner:
        return speaks_for(account, report.politician_id)
    return report.author_id == account.pk


def own_reports(account: User) -> QuerySet[ActivityReport]:
    """What an account wrote, or may change for the politician it speaks for; the newest first.

    ``may_change``: as ``is_writer``; who speaks for the politician no longer sees what they wrote, and changes it no more.
    """
    speaks = Exists(Delegate.objects.filter(user=account, politician=OuterRef("politician")))
    rows = ActivityReport.objects.filter(Q(author=account) | Q(speaks, by_owner=True))
    rows = rows.annotate(may_change=ExpressionWrapper(Q(by_owner=False) | speaks, BooleanField()))
    return rows.select_related("politician").defer("body").order_by("-created_at", "pk")


def own_drafts(account: User) -> QuerySet[Draft]:
    """The drafts of an account with which it may go on, the last touched first: not those of a politician's own reports once it speaks no longer."""
    speaks = Exists(Delegate.objects.filter(user=account, politician=OuterRef("report__politician")))
    rows = Draft.objects.filter(Q(report=None) | Q(report__by_owner=False) | speaks, author=account)
    return rows.select_related("politician", "report").order_by("-saved_at", "pk")


def spoken_for(account: User) -> QuerySet[Politician]:
    """The politicians an account speaks for."""
    return Politician.objects.filter(delegates__user=account, merged_into=None).order_by("kana", "name", "pk")


def exported(user: User) -> dict[str, list[dict[str, Any]]]:
    """Everything the site keeps of an account's reports and drafts, for its owner."""
    reports = ActivityReport.objects.filter(author=user).select_related("pledge").order_by("created_at", "pk")
    drafts = Draft.objects.filter(author=user).order_by("saved_at", "pk")
    return {
        "reports": [
            {
                "report": addresses.encode(row.pk),
                "politician": addresses.encode(row.politician_id),
                "by_owner": row.by_owner,
                **row.content,
                "pictures": [{"number": one.number, "alt": one.alt} for one in row.pictures.all()],
                "state": row.state,
                "decision_note": row.decision_note,
                "publish_at": row.publish_at,
                "created_at": row.created_at,
                "changed_at": row.changed_at,
            }
            for row in reports.prefetch_related("pictures").iterator(chunk_size=200)
        ],
        "drafts": [
            {"politician": addresses.encode(row.politician_id), "fields": row.fields, "saved_at": row.saved_at}
            for row in drafts.iterator(chunk_size=200)
        ],
    }
