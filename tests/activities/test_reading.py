"""Pages of reports, and who may look at what is not public."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.accounts.factories import UserFactory, add_app, log_in_with_second_factor
from tests.activities.factories import MemberReportFactory, ReportFactory, image_bytes, upload
from tests.outline import Outline
from tests.people.factories import PoliticianFactory, PrefectureFactory, TermFactory
from tests.pledges.factories import PledgeFactory
from tests.site.asking import html, queries
from tsushinbo.accounts.models import User
from tsushinbo.activities.models import ActivityReport, Picture
from tsushinbo.activities.services import add_picture, judge_report, save_draft
from tsushinbo.addresses import encode
from tsushinbo.people.models import Office, Politician
from tsushinbo.people.services import merge

pytestmark = pytest.mark.django_db
State = ActivityReport.State
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_report_shows_everything_the_design_has(client: Client, politician: Politician, office: User) -> None:
    pledge = PledgeFactory(politician=politician)
    report = ReportFactory(politician=politician, author=office, pledge=pledge, machine_made=True)
    page = html(client, report.get_absolute_url())
    assert f'<h1 id="a-h">{report.title}</h1>' in page
    assert '<time datetime="2026-11-19">2026-11-19</time>' in page
    assert "<h2>点検の結果</h2>" in page
    assert "<li>41か所を点検した</li>" in page
    assert f'href="{pledge.get_absolute_url()}">関連する公約：{pledge.title}</a>' in page
    assert "本人・事務所の投稿" in page
    assert "機械が作成した文章を含みます" in page
    assert "Xで共有する" in page
    assert "変更履歴" not in page


def test_a_citizens_report_names_its_source_and_writer(client: Client, politician: Politician, citizen: User) -> None:
    report = MemberReportFactory(politician=politician, author=citizen, state=State.APPROVED)
    page = html(client, report.get_absolute_url())
    assert '<a href="https://www.example.com/tayori/" rel="ugc nofollow noopener">市議会だより</a>' in page
    assert "花子さんが書きました" in page
    assert "利用者の投稿" in page


@pytest.mark.parametrize("state", [State.PENDING, State.REJECTED])
def test_what_is_not_public_is_for_its_writer_alone(
    client: Client, politician: Politician, citizen: User, neighbour: User, office: User, state: State
) -> None:
    report = MemberReportFactory(politician=politician, author=citizen, state=state, decision_note="出典にありません")
    address = report.get_absolute_url()
    assert client.get(address).status_code == 404
    for stranger in (neighbour, office, UserFactory.create(role="moderator")):
        client.force_login(stranger)
        assert client.get(address).status_code == 404
    client.force_login(citizen)
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    text = response.content.decode()
    assert ("24時間以内に確認します" if state == State.PENDING else "理由：出典にありません") in text
    assert "noindex" in text


def test_moderators_look_with_a_second_factor(client: Client, politician: Politician, citizen: User) -> None:
    report, moderator = MemberReportFactory(politician=politician, author=citizen), UserFactory.create(role="moderator")
    add_app(moderator)
    log_in_with_second_factor(client, moderator)
    assert client.get(report.get_absolute_url()).status_code == 200


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a small table as a whole")
def test_reports_of_a_pledge_are_found_by_their_index_while_all_are_tied_to_none(politician: Politician) -> None:
    ReportFactory.create_batch(30, politician=politician)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        # Statistics are taken up when the schema is.
        cursor.execute("ANALYZE sqlite_schema")
    assert "report_of_pledge" in ActivityReport.objects.filter(pledge=PledgeFactory()).explain()


def test_a_planned_report_is_seen_from_its_time_on(client: Client, politician: Politician, office: User) -> None:
    report = ReportFactory(politician=politician, author=office, publish_at=NOW + timedelta(hours=1))
    assert client.get(report.get_absolute_url()).status_code == 404
    assert report.title not in html(client, "/activities/")
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assert client.get(report.get_absolute_url()).status_code == 200
        assert report.title in html(client, "/activities/")


def test_the_list_has_the_newest_first_and_nothing_that_waits(client: Client, politician: Politician) -> None:
    old = ReportFactory(politician=politician)
    new = ReportFactory(publish_at=NOW - timedelta(minutes=1))
    waiting = MemberReportFactory()
    page = html(client, "/activities/")
    assert page.index(new.title) < page.index(old.title)
    assert waiting.title not in page


def test_the_list_is_narrowed_by_office_prefecture_and_pledge(client: Client) -> None:
    prefecture = PrefectureFactory()
    mayor, member = PoliticianFactory(), PoliticianFactory()
    TermFactory(politician=mayor, office=Office.MAYOR, prefecture=prefecture)
    TermFactory(politician=member)
    pledge = PledgeFactory(politician=member)
    of_mayor, of_member = ReportFactory(politician=mayor), ReportFactory(politician=member, pledge=pledge)
    for params, shown, hidden in (
        ({"office": "mayor"}, of_mayor, of_member),
        ({"office": "representatives"}, of_member, of_mayor),
        ({"prefecture": prefecture.code}, of_mayor, of_member),
        ({"pledge": encode(pledge.pk)}, of_member, of_mayor),
    ):
        page = html(client, "/activities/", **params)
        assert shown.title in page
        assert hidden.title not in page
    assert client.get("/activities/", {"pledge": "x"}).status_code == 404
    assert client.get("/activities/", {"pledge": encode(1)}).status_code == 404


def test_lists_take_the_same_queries_for_few_and_many(client: Client, politician: Politician) -> None:
    ReportFactory(politician=politician, pledge=PledgeFactory(politician=politician))
    pages = ("/activities/", reverse("activities:politician-reports", args=[politician.pk]))
    few = [queries(client, page) for page in pages]
    for _ in range(15):
        ReportFactory(politician=politician, pledge=PledgeFactory(politician=politician))
    assert [queries(client, page) for page in pages] == few == [7, 5]


def test_a_report_takes_few_queries(client: Client, politician: Politician) -> None:
    report = ReportFactory(politician=politician, pledge=PledgeFactory(politician=politician))
    # Five of its own, one of books, one of comments, of what is popular four at most, and of which elections run one in some seconds.
    assert queries(client, report.get_absolute_url()) == 12


def test_the_list_of_a_merged_politician_leads_to_the_other(client: Client, politician: Politician) -> None:
    other = PoliticianFactory()
    merge(other, politician, at=NOW)
    response = client.get(reverse("activities:politician-reports", args=[politician.pk]))
    assert response.status_code == 301
    assert response.headers["Location"] == reverse("activities:politician-reports", args=[other.pk])


def test_hostile_words_are_shown_as_words(client: Client, politician: Politician, citizen: User) -> None:
    evil = '<script>alert(1)</script>"onmouseover=alert(1)'
    report = MemberReportFactory(
        politician=politician, author=citizen, state=State.APPROVED, title=evil, body=evil, points=[evil],
        source_title=evil, source_url="javascript:alert(1)",
    )  # fmt: skip
    for address in (report.get_absolute_url(), "/activities/"):
        page = html(client, address)
        assert "<script>alert" not in page
        assert 'href="javascript' not in page
        assert Outline(page).inline == [], "no attribute was made of it"


def test_pictures_are_served_for_a_year_and_as_pictures_alone(
    client: Client, politician: Politician, office: User
) -> None:
    draft = save_draft(author=office, politician=politician, fields={}, at=NOW)
    file = upload(image_bytes(size=(600, 300)))
    picture = add_picture(draft=draft, file=file.open(), size=file.size or 0, alt="校門", at=NOW)
    for kind, content in (("avif", "image/avif"), ("webp", "image/webp"), ("jpg", "image/jpeg")):
        response = client.get(reverse("activities:picture", args=[picture.name, 480, kind]))
        assert response.headers["Content-Type"] == content
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["Content-Security-Policy"] == "default-src 'none'"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert not response.cookies
        again = client.get(response.request["PATH_INFO"], headers={"If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304
    for name, width, kind in ((picture.name, 960, "jpg"), ("0" * 32, 480, "jpg")):
        assert client.get(reverse("activities:picture", args=[name, width, kind])).status_code == 404
    for path in ("480.svg", "..%2f480.jpg", "480.jpg/../../../secret_key"):
        assert client.get(f"/activities/pictures/{picture.name}/{path}").status_code == 404


def test_the_pictures_of_a_report_that_was_taken_down_are_gone(
    client: Client, politician: Politician, office: User
) -> None:
    report = ReportFactory(politician=politician, author=office, body="![](写真1)")
    draft = save_draft(author=office, politician=politician, fields={}, at=NOW)
    file = upload()
    picture = add_picture(draft=draft, file=file.open(), size=file.size or 0, alt="校門の前", at=NOW)
    Picture.objects.update(draft=None, report=report)
    page = html(client, report.get_absolute_url())
    address = reverse("activities:picture", args=[picture.name, 480, "avif"])
    assert f"{address} 480w" in page
    assert 'alt="校門の前"' in page
    judge_report(report=report, visible=False, by=UserFactory.create(), at=timezone.now())
    assert client.get(address).status_code == 404


def test_moderators_decide_in_the_admin(client: Client, politician: Politician, citizen: User, office: User) -> None:
    waiting, official = (
        MemberReportFactory(politician=politician, author=citizen),
        ReportFactory(politician=politician, author=office),
    )
    moderator = UserFactory.create(role="moderator")
    assert Group.objects.get(name="moderator").permissions.filter(codename="change_activityreport").exists()
    add_app(moderator)
    log_in_with_second_factor(client, moderator)
    listing = reverse("admin:activities_activityreport_changelist")
    assert waiting.title in client.get(listing, {"state": "pending"}).content.decode()
    assert official.title in client.get(listing, {"looked_at": "no", "by_owner": "1"}).content.decode()
    detail = client.get(reverse("admin:activities_activityreport_change", args=[waiting.pk])).content.decode()
    assert "https://www.example.com/tayori/" in detail
    for action, report, state in (
        ("approve", waiting, State.APPROVED),
        ("take_out_of_sight", official, State.HIDDEN),
        ("keep_in_sight", official, State.APPROVED),
    ):
        client.post(listing, {"action": action, "reason": "other", "_selected_action": [report.pk]})
        report.refresh_from_db()
        assert report.state == state
        assert report.decided_by == moderator
    assert waiting.publish_at == NOW
