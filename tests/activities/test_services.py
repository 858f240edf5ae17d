"""Posting and changing reports, drafts, pictures, and what moderators decide."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.accounts.factories import UserFactory
from tests.activities.factories import POSTED_AT, DraftFactory, MemberReportFactory, ReportFactory, upload
from tests.people.factories import DelegateFactory, PartyFactory, PoliticianFactory, TermFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory
from tsushinbo.accounts.membership import GONE, close_account
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import exported
from tsushinbo.accounts.services import TooMany
from tsushinbo.activities import images
from tsushinbo.activities.errors import (
    AlreadyLookedAt,
    DraftGone,
    NotTheWriter,
    PictureRefused,
    ReportMoved,
    ReportRefused,
)
from tsushinbo.activities.models import ActivityReport, Draft, Picture
from tsushinbo.activities.queries import own_reports, published, report_page
from tsushinbo.activities.services import (
    Wording,
    add_picture,
    change_report,
    delete_draft,
    forget_abandoned_pictures,
    judge_report,
    post_report,
    remove_picture,
    save_draft,
)
from tsushinbo.drafts import TooManyDrafts
from tsushinbo.moderation.services import decide
from tsushinbo.people.models import Politician
from tsushinbo.people.services import merge

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=5)
State = ActivityReport.State


def wording(**changes: Any) -> Wording:
    values: dict[str, Any] = {
        "title": "通学路の安全点検に参加しました",
        "happened_on": date(2026, 11, 19),
        "body": "41か所を確かめました。",
        "points": ("41か所を点検した",),
        "source_title": "市議会だより",
        "source_url": "https://www.example.com/tayori/",
    }
    return Wording(**{**values, **changes})


def picture_of(draft: Draft, alt: str = "児童を見守る人") -> Picture:
    file = upload()
    return add_picture(draft=draft, file=file.open(), size=file.size or 0, alt=alt, at=AT)


def test_the_politicians_own_is_public_at_once_and_not_yet_looked_at(politician: Politician, office: User) -> None:
    report = post_report(politician=politician, author=office, wording=wording(source_title="", source_url=""), at=AT)
    assert report.by_owner
    assert report.decided_at is None
    assert list(published(AT)) == [report]


def test_anybody_elses_waits_for_approval(politician: Politician, citizen: User) -> None:
    report = post_report(politician=politician, author=citizen, wording=wording(), at=AT)
    assert not report.by_owner
    assert not published(LATER).exists()
    decide(item=report, approve=True, by=UserFactory.create(), at=LATER)
    assert not published(LATER - timedelta(seconds=1)).exists()
    assert list(published(LATER)) == [report]
    assert report.publish_at == LATER


def test_a_delegate_of_another_is_anybody_else(office: User) -> None:
    report = post_report(politician=PoliticianFactory.create(), author=office, wording=wording(), at=AT)
    assert report.state == State.PENDING


def test_approval_waits_for_the_time_of_publication(politician: Politician, citizen: User) -> None:
    wanted = AT + timedelta(days=2)
    report = post_report(politician=politician, author=citizen, wording=wording(), publish_at=wanted, at=AT)
    decide(item=report, approve=True, by=UserFactory.create(), at=LATER)
    assert not published(LATER).exists()
    assert published(wanted).exists()


def test_a_time_of_publication_that_passed_while_writing_is_now(politician: Politician, office: User) -> None:
    report = post_report(
        politician=politician, author=office, wording=wording(), publish_at=AT - timedelta(minutes=59), at=AT
    )
    assert report.publish_at == AT


def test_a_time_of_publication_long_past_is_a_slip_and_publishes_nothing(politician: Politician, office: User) -> None:
    with pytest.raises(ReportRefused) as refusal:
        post_report(
            politician=politician, author=office, wording=wording(), publish_at=AT - timedelta(minutes=61), at=AT
        )
    assert refusal.value.faults == {"publish_at": "公開の日時が過ぎています。すぐに公開するときは、空にしてください。"}
    assert not ActivityReport.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"happened_on": date(2026, 11, 21)}, "happened_on"),
        ({"source_title": ""}, "source_title"),
        ({"source_url": ""}, "source_url"),
    ],
)
def test_what_is_wrong_is_said_by_field(
    politician: Politician, citizen: User, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(ReportRefused) as refusal:
        post_report(politician=politician, author=citizen, wording=wording(**changes), at=AT)
    assert set(refusal.value.faults) == {field}
    assert not ActivityReport.objects.exists()


def test_publication_is_within_a_year(politician: Politician, office: User) -> None:
    with pytest.raises(ReportRefused) as refusal:
        post_report(politician=politician, author=office, wording=wording(), publish_at=AT + timedelta(days=366), at=AT)
    assert set(refusal.value.faults) == {"publish_at"}


def test_a_report_is_tied_to_pledges_of_the_person_or_the_party(politician: Politician, office: User) -> None:
    party = PartyFactory.create()
    TermFactory(politician=politician, party=party)
    TermFactory(politician=politician, party=PartyFactory.create(), running=False)
    fitting = [PledgeFactory(politician=politician), PartyPledgeFactory(party=party)]
    strange = [PledgeFactory(), PartyPledgeFactory(), PledgeFactory(politician=politician, published=False)]
    for number, pledge in enumerate(fitting):
        post_report(politician=politician, author=office, wording=wording(title=f"活動{number}", pledge=pledge), at=AT)
    for pledge in strange:
        with pytest.raises(ReportRefused) as refusal:
            post_report(politician=politician, author=office, wording=wording(pledge=pledge), at=AT)
        assert set(refusal.value.faults) == {"pledge"}


def test_the_same_report_twice_is_refused(politician: Politician, office: User) -> None:
    post_report(politician=politician, author=office, wording=wording(), at=AT)
    with pytest.raises(ReportRefused, match="すでに投稿"):
        post_report(politician=politician, author=office, wording=wording(), at=AT)


def test_posts_are_counted(politician: Politician, office: User, settings: Settings) -> None:
    settings.RATE_REPORTS_PER_ACCOUNT = 1
    post_report(politician=politician, author=office, wording=wording(), at=AT)
    with pytest.raises(TooMany):
        post_report(politician=politician, author=office, wording=wording(title="別の活動"), at=AT)
    assert ActivityReport.objects.count() == 1


def test_a_draft_becomes_the_report_with_the_pictures_it_names(politician: Politician, office: User) -> None:
    draft = save_draft(author=office, politician=politician, fields={"title": "書きかけ"}, at=AT)
    shown, left_out = picture_of(draft), picture_of(draft)
    assert (shown.number, left_out.number) == (1, 2)
    report = post_report(
        politician=politician, author=office, wording=wording(body="前\n\n![](写真1)"), draft=draft, at=AT
    )
    assert not Draft.objects.exists()
    assert [(one.pk, one.report_id, one.draft_id) for one in Picture.objects.all()] == [(shown.pk, report.pk, None)]
    with pytest.raises(DraftGone):
        post_report(politician=politician, author=office, wording=wording(title="もう一度"), draft=draft, at=AT)


def test_a_public_wording_stays_readable_and_no_other(politician: Politician, office: User) -> None:
    report = post_report(politician=politician, author=office, wording=wording(), at=AT)
    report = change_report(
        report=report, author=office, wording=wording(body="42か所を確かめました。"), seen=AT, at=LATER
    )
    assert list(published(LATER)) == [report]
    [change] = report_page(report, LATER).history
    assert change.replaced_at == LATER
    [field] = change.changes
    assert field.name == "本文"
    assert [(piece.kind, piece.text) for piece in field.pieces][:2] == [("removed", "41"), ("added", "42")]


def test_a_long_stretch_that_stayed_is_shortened(politician: Politician, office: User) -> None:
    long = "あいうえお" * 400
    report = post_report(politician=politician, author=office, wording=wording(body=f"前{long}後。"), at=AT)
    report = change_report(
        report=report, author=office, wording=wording(body=f"前{long}後。終わり。"), seen=AT, at=LATER
    )
    [field] = report_page(report, LATER).history[0].changes
    assert [(piece.kind, len(piece.text)) for piece in field.pieces] == [("same", 81), ("added", 4)]


def test_an_equal_wording_changes_nothing(politician: Politician, office: User) -> None:
    report = post_report(politician=politician, author=office, wording=wording(), at=AT)
    change_report(report=report, author=office, wording=wording(), seen=AT, at=LATER)
    report.refresh_from_db()
    assert report.changed_at == AT
    assert not report.revisions.exists()


def test_a_citizens_change_waits_again_and_is_not_new_a_second_time(politician: Politician, citizen: User) -> None:
    moderator = UserFactory.create()
    report = post_report(politician=politician, author=citizen, wording=wording(), at=AT)
    change_report(
        report=report, author=citizen, wording=wording(body="書き直し"), seen=AT, at=AT + timedelta(minutes=1)
    )
    report.refresh_from_db()
    assert not report.revisions.exists(), "nobody ever saw it"
    decide(item=report, approve=True, by=moderator, at=LATER)
    change_report(
        report=report,
        author=citizen,
        wording=wording(body="また書き直し"),
        seen=report.changed_at,
        at=LATER + timedelta(hours=1),
    )
    report.refresh_from_db()
    assert report.state == State.PENDING
    assert not published(LATER + timedelta(hours=1)).exists()
    decide(item=report, approve=True, by=moderator, at=LATER + timedelta(hours=2))
    assert report.publish_at == LATER
    assert report.revisions.count() == 1


def test_another_does_not_change_a_report(politician: Politician, citizen: User, neighbour: User, office: User) -> None:
    own, official = (
        MemberReportFactory(politician=politician, author=citizen),
        ReportFactory(politician=politician, author=office),
    )
    for report, stranger in ((own, neighbour), (own, office), (official, citizen)):
        with pytest.raises(NotTheWriter):
            change_report(report=report, author=stranger, wording=wording(), seen=report.changed_at, at=LATER)
        with pytest.raises(NotTheWriter):
            save_draft(author=stranger, politician=politician, report=report, fields={}, at=LATER)


def test_every_delegate_changes_the_politicians_own(politician: Politician, office: User) -> None:
    colleague = DelegateFactory.create(politician=politician).user
    report = ReportFactory(politician=politician, author=office)
    changed = change_report(report=report, author=colleague, wording=wording(), seen=report.changed_at, at=LATER)
    assert changed.title == wording().title
    assert list(own_reports(colleague)) == [report]


def test_what_was_changed_meanwhile_is_not_overwritten(politician: Politician, office: User) -> None:
    report = ReportFactory(politician=politician, author=office)
    change_report(report=report, author=office, wording=wording(), seen=POSTED_AT, at=LATER)
    with pytest.raises(ReportMoved):
        change_report(report=report, author=office, wording=wording(body="別の画面"), seen=POSTED_AT, at=LATER)


def test_moderators_take_the_politicians_own_out_of_sight_and_it_waits_when_changed(
    politician: Politician, office: User
) -> None:
    report, moderator = ReportFactory(politician=politician, author=office), UserFactory.create()
    read_before = ActivityReport.objects.get()
    judge_report(report=report, visible=False, by=moderator, at=LATER)
    assert not published(LATER).exists()
    with pytest.raises(AlreadyLookedAt):
        judge_report(report=read_before, visible=True, by=moderator, at=LATER)
    report.refresh_from_db()
    assert report.state == State.HIDDEN
    changed = change_report(report=report, author=office, wording=wording(), seen=report.changed_at, at=LATER)
    assert changed.state == State.PENDING
    assert not changed.revisions.exists(), "what was taken down does not come back as history"


def test_what_waits_is_not_judged_by_the_wrong_door(politician: Politician, citizen: User) -> None:
    report = MemberReportFactory(politician=politician, author=citizen)
    with pytest.raises(AlreadyLookedAt):
        judge_report(report=report, visible=True, by=UserFactory.create(), at=LATER)


def test_a_draft_is_kept_for_its_writer(politician: Politician, citizen: User, neighbour: User) -> None:
    draft = save_draft(author=citizen, politician=politician, fields={"title": "一"}, at=AT)
    again = save_draft(author=citizen, politician=politician, draft_id=draft.pk, fields={"title": "二"}, at=LATER)
    assert again.pk == draft.pk
    assert again.title == "二"
    with pytest.raises(DraftGone):
        save_draft(author=neighbour, politician=politician, draft_id=draft.pk, fields={"title": "横取り"}, at=LATER)
    delete_draft(draft)
    with pytest.raises(DraftGone):
        save_draft(author=citizen, politician=politician, draft_id=draft.pk or again.pk, fields={}, at=LATER)


def test_a_change_has_one_draft_for_each_writer(politician: Politician, office: User) -> None:
    report = ReportFactory(politician=politician, author=office)
    drafts = {
        save_draft(author=office, politician=politician, report=report, fields={"title": title}, at=AT).pk
        for title in "一二"
    }
    assert len(drafts) == 1


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"title": "視察", "body": "本文"}, "視察"),
        ({"title": "", "body": "## 視察\n\n区を歩きました。"}, "## 視察 区を歩きました。"),
        ({"title": "", "text": "あ" * 31}, f"{'あ' * 29}…"),
        ({"title": "", "body": " "}, "（題名なし）"),
        ({}, "（題名なし）"),
    ],
    ids=["title", "report", "long pledge", "blank", "nothing"],
)
def test_a_draft_without_a_title_is_named_by_its_text(fields: dict[str, str], named: str) -> None:
    assert DraftFactory.build(fields=fields, author=None, politician=None).title == named


def test_drafts_are_no_storehouse(politician: Politician, citizen: User) -> None:
    DraftFactory.create_batch(20, author=citizen, politician=politician)
    with pytest.raises(TooManyDrafts):
        save_draft(author=citizen, politician=politician, fields={}, at=AT)


def test_pictures_are_numbered_past_those_of_the_report(politician: Politician, office: User) -> None:
    report = ReportFactory(politician=politician, author=office)
    draft = save_draft(author=office, politician=politician, report=report, fields={}, at=AT)
    picture_of(draft)
    body = "![](写真1)"
    report = change_report(
        report=report, author=office, wording=wording(body=body), draft=draft, seen=POSTED_AT, at=LATER
    )
    draft = save_draft(author=office, politician=politician, report=report, fields={}, at=LATER)
    assert picture_of(draft).number == 2
    assert remove_picture(draft=draft, number=2)
    assert not remove_picture(draft=draft, number=1), "that is the report's own"


def test_two_delegates_do_not_mix_up_their_pictures(politician: Politician, office: User) -> None:
    colleague = DelegateFactory.create(politician=politician).user
    report = ReportFactory(politician=politician, author=office)
    drafts = [
        save_draft(author=who, politician=politician, report=report, fields={}, at=AT) for who in (office, colleague)
    ]
    for draft in drafts:
        assert picture_of(draft).number == 1
    body = "![](写真1)"
    change_report(report=report, author=office, wording=wording(body=body), draft=drafts[0], seen=POSTED_AT, at=LATER)
    with pytest.raises(ReportRefused, match="同じ番号"):
        change_report(
            report=report, author=colleague, wording=wording(body=body + "追記"), draft=drafts[1], seen=LATER, at=LATER
        )


def test_pictures_are_limited_in_number(politician: Politician, citizen: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tsushinbo.activities.services.pictures.PICTURES", 1)
    draft = DraftFactory(author=citizen, politician=politician)
    picture_of(draft)
    with pytest.raises(PictureRefused, match="枚まで"):
        picture_of(draft)


def test_a_row_that_cannot_be_written_leaves_no_file(politician: Politician, citizen: User, pictures_dir: Any) -> None:
    draft = DraftFactory(author=citizen, politician=politician)
    Draft.objects.all().delete()
    with pytest.raises(DraftGone):
        picture_of(draft)
    assert list(pictures_dir.iterdir()) == []


def test_chores_delete_the_files_that_belong_to_nothing(
    politician: Politician, citizen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, dropped = DraftFactory.create_batch(2, author=citizen, politician=politician)
    kept, gone = picture_of(draft), picture_of(dropped)
    delete_draft(dropped)
    assert forget_abandoned_pictures() == 0, "not within the hour"
    monkeypatch.setattr(images, "ABANDONED_SECONDS", -1)
    assert forget_abandoned_pictures() == 1
    assert images.read(kept.name, 480, "jpg")
    assert images.read(gone.name, 480, "jpg") is None


def test_merged_politicians_bring_their_reports(politician: Politician, office: User) -> None:
    first, report = PoliticianFactory.create(), ReportFactory(politician=politician, author=office)
    DraftFactory(author=office, politician=politician)
    merge(first, politician, at=LATER)
    report.refresh_from_db()
    assert report.politician == first
    assert Draft.objects.get().politician == first


def test_an_account_takes_its_reports_along_and_leaves_what_was_public(politician: Politician, citizen: User) -> None:
    public = MemberReportFactory(politician=politician, author=citizen, state=State.APPROVED)
    waiting = MemberReportFactory(politician=politician, author=citizen)
    of_politician = ReportFactory(politician=politician, author=citizen, state=State.PENDING)
    draft = DraftFactory(author=citizen, politician=politician)
    told = exported(citizen)["activity_reports"]
    assert {row["title"] for row in told["reports"]} == {public.title, waiting.title, of_politician.title}
    assert [row["fields"] for row in told["drafts"]] == [draft.fields]
    close_account(user=citizen)
    assert set(ActivityReport.objects.all()) == {public, of_politician}
    assert not Draft.objects.exists()
    public.refresh_from_db()
    assert public.author.public_name == GONE


def test_an_account_without_public_reports_is_gone_altogether(politician: Politician, citizen: User) -> None:
    MemberReportFactory(politician=politician, author=citizen)
    close_account(user=citizen)
    assert not User.objects.filter(pk=citizen.pk).exists()


def test_the_page_of_a_report_takes_few_queries(politician: Politician, office: User) -> None:
    report = ReportFactory(politician=politician, author=office)
    ReportFactory.create_batch(5)
    with CaptureQueriesContext(connection) as taken:
        report_page(report, LATER)
    # Three of its own, and two of which elections run, at this moment and at the one that was asked for.
    assert len(taken) == 5
