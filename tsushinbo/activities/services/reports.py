"""Writes of reports: posting, changing, and what moderators decide on those that are public already."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tsushinbo.accounts.models import User
from tsushinbo.accounts.services import count_use
from tsushinbo.activities.errors import AlreadyLookedAt, DraftGone, NotTheWriter, ReportMoved, ReportRefused
from tsushinbo.activities.markdown import named_pictures
from tsushinbo.activities.models import ActivityReport, Draft, ReportRevision
from tsushinbo.activities.queries import is_writer, offered_pledges
from tsushinbo.activities.services.news import tell_published
from tsushinbo.drafts import lock
from tsushinbo.elections.queries.posting import frozen_people, frozen_since
from tsushinbo.moderation.models import DecisionReason
from tsushinbo.moderation.queries.campaigns import FREEZE, held_by
from tsushinbo.moderation.services import (
    AlreadyDecided,
    ask_contact,
    confirm,
    hide,
    keep_contact,
    refuse_banned,
    refuse_frozen,
    restore,
)
from tsushinbo.notices.services import postpone
from tsushinbo.people.models import Politician
from tsushinbo.people.queries import speaks_for
from tsushinbo.pledges.errors import PledgeGone
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.services import standing_pledge

LATEST = timedelta(days=365)
# Who writes until after the time that was set still means it; further back it is a slip, and an embargo would be broken by it.
PASSED = timedelta(hours=1)
State = ActivityReport.State


@dataclass(frozen=True)
class Wording:
    """What a writer says. ``points``: up to POINTS short lines; ``source_*`` may be empty for the politician's own."""

    title: str
    happened_on: date
    body: str
    points: tuple[str, ...] = ()
    pledge: Pledge | None = None
    source_title: str = ""
    source_url: str = ""
    machine_made: bool = False

    def write_to(self, report: ActivityReport) -> None:
        """Make it the wording of a report."""
        report.title, report.happened_on, report.body, report.points = (
            self.title, self.happened_on, self.body, list(self.points),
        )  # fmt: skip
        report.pledge, report.machine_made = self.pledge, self.machine_made
        report.source_title, report.source_url = self.source_title, self.source_url


def post_report(
    *,
    politician: Politician,
    author: User,
    wording: Wording,
    publish_at: datetime | None = None,
    contact: str = "",
    draft: Draft | None = None,
    at: datetime,
) -> ActivityReport:
    """Publish a report of who speaks for the politician, or let anybody else's wait for approval. It takes the place of ``draft``.

    publish_at: when others may see it at the earliest; None is at once, and on the day of polling in which the politician stands when the polls close.
    contact: how the writer can be reached; asked while the politician stands in a campaign. Pictures of the draft that the text names come along.
    Raises ReportRefused with a message for each field, DraftGone, moderation.services.Banned and ContactRefused, and accounts.services.TooMany.
    """
    with transaction.atomic():
        refuse_banned(account=author, at=at)
        wording = _on_standing_pledge(wording)
        _count_use(author, at)
        if draft is not None:
            draft = _lock(draft)
        by_owner = speaks_for(author, politician)
        faults = _faults(politician, wording, publish_at, by_owner=by_owner, at=at)
        if ActivityReport.objects.filter(
            politician=politician, author=author, title=wording.title, body=wording.body
        ).exists():
            faults.setdefault("title", "同じ題名と本文の活動報告を、すでに投稿しています。")
        if faults:
            raise ReportRefused(faults)
        contact = ask_contact([politician.pk], contact, at)
        report = ActivityReport(politician=politician, author=author, by_owner=by_owner)
        wording.write_to(report)
        report.state = State.APPROVED if by_owner else State.PENDING
        report.created_at = report.changed_at = report.submitted_at = at
        report.publish_at = _after_polls(politician.pk, max(publish_at or at, at))
        report.save(force_insert=True)
        keep_contact(report, contact, by=author, at=at)
        if draft is not None:
            _take_pictures(draft, report, wording.body)
            draft.delete()
        if by_owner:
            tell_published(item=report, by=author, at=at)
        return report


def change_report(
    *,
    report: ActivityReport,
    author: User,
    wording: Wording,
    publish_at: datetime | None = None,
    contact: str = "",
    draft: Draft | None = None,
    seen: datetime,
    at: datetime,
) -> ActivityReport:
    """Give a report another wording. One that was public before stays readable in its history.

    A politician's own stays public, and is looked at again; one that moderators took down, and anybody else's, waits for approval anew.
    seen: ``changed_at`` of what the writer had before the eyes. An equal wording changes nothing. Raises as ``post_report``, NotTheWriter,
    ReportMoved, and on the day of polling moderation.services.PollingDay where the new wording would be public at once.
    """
    with transaction.atomic():
        refuse_banned(account=author, at=at)
        # Before the report: a merge, too, locks the pledges first.
        wording = _on_standing_pledge(wording)
        _count_use(author, at)
        if draft is not None:
            draft = _lock(draft)
        report = (
            ActivityReport.objects.select_for_update(no_key=True, of=("self",))
            .select_related("pledge")
            .get(pk=report.pk)
        )
        if not is_writer(author, report):
            raise NotTheWriter
        if report.changed_at != seen:
            raise ReportMoved
        was_public, before = report.is_public(at), report.content
        # A new wording of what was public is no news.
        known = was_public or report.revisions.exists()
        moment = report.publish_at if known else _after_polls(report.politician_id, max(publish_at or at, at))
        faults = _faults(report.politician, wording, None if known else publish_at, by_owner=report.by_owner, at=at)
        if draft is not None and _collides(draft, report):
            faults.setdefault("body", "ほかの人が同じ番号の写真を加えました。下書きの写真を加え直してください。")
        if faults:
            raise ReportRefused(faults)
        contact = ask_contact([report.politician_id], contact, at)
        wording.write_to(report)
        if report.content != before or moment != report.publish_at:
            if was_public and report.content != before:
                number = report.revisions.count() + 1
                ReportRevision.objects.create(
                    report=report, number=number, content=before, replaced_at=at, replaced_by=author
                )
            stays = report.by_owner and report.state not in {State.REJECTED, State.HIDDEN}
            if stays and was_public:
                refuse_frozen([report.politician_id], at)
            report.state = State.APPROVED if stays else State.PENDING
            report.decided_at = report.decided_by = None
            report.decision_reason = report.decision_note = ""
            report.publish_at, report.changed_at, report.submitted_at = moment, at, at
            report.save()
            keep_contact(report, contact, by=author, at=at)
            if stays and not known:
                tell_published(item=report, by=author, at=at)
        if draft is not None:
            _take_pictures(draft, report, wording.body)
            draft.delete()
        return report


def judge_report(
    *,
    report: ActivityReport,
    visible: bool,
    by: User,
    at: datetime,
    reason: DecisionReason | None = None,
    note: str = "",
) -> None:
    """Keep a report that was decided or published before in sight, or take it out of sight, as ``report`` was read.

    What waits for approval is decided by moderation.services. Raises AlreadyLookedAt and moderation.services.NotYours.
    """
    try:
        if not visible:
            hide(item=report, by=by, reason=reason, note=note, at=at)
        elif report.state == State.APPROVED:
            confirm(item=report, by=by, note=note, at=at)
        else:
            restore(item=report, by=by, note=note, at=at)
    except AlreadyDecided:
        raise AlreadyLookedAt from None


def postpone_scheduled(*, at: datetime) -> int:
    """Let what was to come out on the day of polling about who stands come out when the polls close, with what followers are told of it; return how many.

    Nobody reads it before in any case (queries.public): this moves it where everything that goes by the time of publication looks, the search too.
    """
    people = frozen_people(at)
    if people is None:
        return 0
    waiting = ActivityReport.objects.filter(politician__in=people, publish_at__gte=frozen_since(at))
    moved = 0
    for report in waiting.only("politician", "publish_at").order_by("pk"):
        moment = _after_polls(report.politician_id, report.publish_at)
        with transaction.atomic():
            rows = ActivityReport.objects.filter(pk=report.pk, publish_at=report.publish_at)
            if moment != report.publish_at and rows.update(publish_at=moment):
                postpone(url=report.get_absolute_url(), at=moment)
                moved += 1
    return moved


def _after_polls(politician: int, moment: datetime) -> datetime:
    """The moment, or the close of the polls where it lies on the day of polling in which the politician stands."""
    hold = held_by(FREEZE, [politician], moment)
    return moment if hold is None else hold.until


def _on_standing_pledge(wording: Wording) -> Wording:
    """The wording, tied to the pledge into which its own was merged meanwhile. Until the end of the transaction that one is merged into no other."""
    if wording.pledge is None:
        return wording
    try:
        standing = standing_pledge(wording.pledge.pk)
    except PledgeGone:
        return wording
    return wording if standing == wording.pledge.pk else replace(wording, pledge=Pledge.objects.get(pk=standing))


def _count_use(author: User, at: datetime) -> None:
    count_use({f"report:{author.pk}": settings.RATE_REPORTS_PER_ACCOUNT}, at=at)


def _lock(draft: Draft) -> Draft:
    return lock(Draft.objects.all(), draft.pk, gone=DraftGone)


def _faults(
    politician: Politician, wording: Wording, publish_at: datetime | None, *, by_owner: bool, at: datetime
) -> dict[str, str]:
    """What is wrong with a report, by field of the form."""
    faults = {}
    if wording.happened_on > timezone.localdate(at):
        faults["happened_on"] = "日付が未来になっています。活動した日付を入れてください。"
    if wording.pledge is not None and not offered_pledges(politician).filter(pk=wording.pledge.pk).exists():
        faults["pledge"] = "この政治家と所属政党の公約ではありません。一覧から選んでください。"
    if not by_owner:
        if not wording.source_title:
            faults["source_title"] = "出典の題名が入力されていません。活動が分かるページの題名を入れてください。"
        if not wording.source_url:
            faults["source_url"] = "出典のアドレスが入力されていません。活動が分かるページのアドレスを入れてください。"
    elif bool(wording.source_title) != bool(wording.source_url):
        empty = "source_url" if wording.source_title else "source_title"
        faults[empty] = "出典は、題名とアドレスの両方を入れるか、両方を空にしてください。"
    if publish_at is not None and publish_at > at + LATEST:
        faults["publish_at"] = "公開の日時が1年より先になっています。1年以内の日時を入れてください。"
    if publish_at is not None and publish_at < at - PASSED:
        faults["publish_at"] = "公開の日時が過ぎています。すぐに公開するときは、空にしてください。"
    return faults


def _collides(draft: Draft, report: ActivityReport) -> bool:
    numbers = draft.pictures.values_list("number", flat=True)
    return report.pictures.filter(number__in=list(numbers)).exists()


def _take_pictures(draft: Draft, report: ActivityReport, body: str) -> None:
    """Give the report those pictures of the draft that its text names; the others go with the draft."""
    draft.pictures.filter(number__in=named_pictures(body)).update(draft=None, report=report)
