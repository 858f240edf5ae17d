"""Comments over HTTP, with htmx and without, by friends and by others."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory
from tests.activities.factories import MemberReportFactory, ReportFactory
from tests.comments.conftest import NOW
from tests.comments.factories import CommentFactory, PendingFactory
from tests.people.factories import DelegateFactory
from tests.site.asking import html, queries
from tsushinbo.accounts.models import User
from tsushinbo.activities.models import ActivityReport
from tsushinbo.comments import services
from tsushinbo.comments.models import Comment

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
COOKIE = "tsushinbo_comment"
NOTICES = (
    "コメントを投稿することができます。管理者の確認後公開されます。誹謗中傷・公序良俗に反する投稿は削除されます。",
    "※サイト運営スタッフにより内容が確認後公開されます。24時間以内に確認されます。",
)


@pytest.fixture(autouse=True)
def _now(clock: time_machine.Traveller) -> None:
    """Every page at NOW."""


def address(report: ActivityReport) -> str:
    return reverse("comments:comments", args=[report.pk])


def post(client: Client, report: ActivityReport, *, htmx: bool = False, **fields: str) -> HttpResponse:
    given = {"nickname": "キッシー", "body": "質問です。", **fields}
    return client.post(address(report), given, headers=HTMX if htmx else {})


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_the_report_shows_comments_as_the_screens_say(client: Client, report: ActivityReport) -> None:
    made_at = datetime(2025, 4, 9, 1, 33, 16, tzinfo=UTC)
    comment = CommentFactory(report=report, made_at=made_at, body="一行目\n二行目 https://example.com/a を見ました")
    PendingFactory(report=report, body="まだ見えません")
    page = html(client, report.get_absolute_url())
    assert "2025-04-09 10:33:16(キッシー)" in page
    assert f'id="{comment.anchor}"' in page
    assert "一行目<br>二行目" in page
    assert '<a href="https://example.com/a" rel="ugc nofollow noopener">https://example.com/a</a>' in page
    assert all(notice in page for notice in NOTICES)
    assert '<a href="#comment">コメント投稿する</a>' in page
    assert "まだ見えません" not in page
    assert "人気のある活動報告" not in page  # it is older than seven days


def test_the_public_page_is_the_same_for_everybody(client: Client, report: ActivityReport, citizen: User) -> None:
    post(client, report)
    client.force_login(citizen)
    response = client.get(report.get_absolute_url())
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert not response.cookies
    assert response.content == Client().get(report.get_absolute_url()).content


def test_without_htmx_the_writer_is_sent_to_the_comments(client: Client, report: ActivityReport) -> None:
    response = post(client, report)
    assert response.status_code == 303
    assert response.headers["Location"] == f"{report.get_absolute_url()}?done=comment#comments"
    morsel = response.cookies[COOKIE]
    assert (morsel["httponly"], morsel["samesite"]) == (True, "Lax")
    assert "コメントを受け付けました" in html(client, report.get_absolute_url(), done="comment")


def test_the_cookie_is_of_its_own_and_comes_with_the_first_accepted_comment(
    client: Client, report: ActivityReport
) -> None:
    assert not client.get(address(report)).cookies
    assert not post(client, report, body="").cookies
    post(client, report)
    reaction = client.post(reverse("evaluations:reaction", args=[report.pk]), {"choice": "helpful"})
    comment = Comment.objects.get()
    assert reaction.cookies.keys() == {"tsushinbo_voter"}
    assert not report.reactions.filter(voter=comment.writer).exists()


def test_htmx_is_answered_in_place_with_the_own_comment(client: Client, report: ActivityReport) -> None:
    page = text(post(client, report, htmx=True))
    assert page.strip().startswith('<section class="sec" id="comment"')
    assert "コメントを受け付けました" in page
    assert "2026-11-24 12:00:00(キッシー)" in page
    assert "確認待ち" in page
    assert "質問です。</textarea>" not in page


def test_only_its_writer_sees_a_comment_that_waits(client: Client, report: ActivityReport, citizen: User) -> None:
    post(client, report)
    comment = Comment.objects.get()
    response = client.get(address(report))
    assert "質問です。" in text(response)
    assert response.headers["Cache-Control"] == "no-store"
    assert client.get(comment.get_absolute_url()).headers["Location"] == f"{address(report)}#{comment.anchor}"
    stranger = Client()
    for _ in range(2):
        assert "質問です。" not in html(stranger, address(report))
        assert stranger.get(comment.get_absolute_url()).status_code == 404
        assert stranger.post(reverse("comments:withdraw", args=[comment.pk])).status_code == 404
        stranger.force_login(citizen)
    stranger.cookies[COOKIE] = f"{comment.writer}"
    assert "質問です。" not in html(stranger, address(report))
    assert Comment.objects.exists()


def test_an_account_sees_its_own_on_every_device(client: Client, report: ActivityReport, citizen: User) -> None:
    client.force_login(citizen)
    response = post(client, report, as_me="on")
    assert COOKIE not in response.cookies
    other = Client()
    other.force_login(citizen)
    page = html(other, address(report))
    assert "2026-11-24 12:00:00(花子)" in page
    assert "表示名「花子」で投稿する" in page
    assert "as_me" not in html(Client(), address(report))


def test_the_writer_reads_the_reason_and_can_appeal(client: Client, report: ActivityReport) -> None:
    post(client, report)
    Comment.objects.update(
        state="rejected", decision_reason="unrelated", decision_note="別の議題です。", decided_at=NOW
    )
    page = html(client, address(report))
    assert "理由：話題と関係がない内容。別の議題です。" in page
    appeal = Comment.objects.get().appeal_address
    assert f'href="{appeal}"' in page
    assert client.get(appeal).status_code == 200
    assert Client().get(appeal).status_code == 404


def test_the_writer_takes_a_comment_back(client: Client, report: ActivityReport) -> None:
    post(client, report)
    response = client.post(reverse("comments:withdraw", args=[Comment.objects.get().pk]))
    assert response.status_code == 303
    assert "コメントを取り消しました" in html(client, response.headers["Location"])
    assert not Comment.objects.exists()
    shown = CommentFactory(report=report)
    client.get(address(report))
    assert client.post(reverse("comments:withdraw", args=[shown.pk])).status_code == 404


def test_what_was_typed_is_kept_on_every_refusal(
    client: Client, report: ActivityReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(status: int, **fields: str) -> str:
        for htmx in (True, False):
            response = post(client, report, htmx=htmx, **fields)
            assert response.status_code == status
            assert response.headers["Cache-Control"] == "no-store"
            assert fields.get("nickname", "キッシー") in text(response)
        return text(response)

    assert "コメントが入力されていません" in refused(422, body="\u200b ")
    long = "長" * 2001
    assert long in refused(422, body=long)
    assert "20字を超えています" in refused(422, nickname="名" * 21)
    assert "質問です。</textarea>" in refused(422, nickname="運営")
    assert "空のままにして" in refused(422, website="https://spam.example.com/")

    def full(**_: object) -> None:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(services, "post_comment", full)
        assert "質問です。</textarea>" in refused(503)
    assert not Comment.objects.exists()
    post(client, report)
    assert "すでに受け付けています" in refused(422)
    assert Comment.objects.count() == 1


def test_a_form_of_another_site_is_refused(client: Client, report: ActivityReport) -> None:
    comment = PendingFactory(report=report)
    for headers in ({"Origin": "https://evil.example.com"}, {"Sec-Fetch-Site": "cross-site"}):
        for target in (address(report), reverse("comments:withdraw", args=[comment.pk])):
            assert client.post(target, {"body": "x"}, headers=headers).status_code == 403
    assert Comment.objects.count() == 1


def test_what_is_no_public_report_has_no_comments(client: Client, citizen: User) -> None:
    waiting = MemberReportFactory(author=citizen)
    client.force_login(citizen)
    assert client.get(address(waiting)).status_code == 404
    assert post(client, waiting).status_code == 404
    assert "コメント投稿" not in html(client, waiting.get_absolute_url())
    assert client.get(CommentFactory(report=waiting).get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        'https://example.com/"onmouseover="alert(1)',
        "javascript:alert(1)",
        "https://good.example.com@evil.example.com/",
        "{{ settings.SECRET_KEY }}{% load x %}",
    ],
)
def test_what_others_wrote_stays_text(client: Client, report: ActivityReport, hostile: str) -> None:
    post(client, report, nickname=hostile[:20], body=hostile)
    Comment.objects.update(state="approved")
    for page in (html(client, report.get_absolute_url()), html(client, address(report))):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert not re.search(r'<[^>]*"\s*onmouseover', page)
        assert 'href="javascript' not in page
        assert 'href="https://good.example.com@' not in page
    assert Comment.objects.get().body == hostile


def test_tricks_with_signs_are_taken_out(client: Client, report: ActivityReport) -> None:
    zalgo = "か" + "\u0301" * 50
    post(client, report, nickname="ab\u202ecd\r\nSet-Cookie: x=1", body=f"\u202e{zalgo}\x00\u2066")
    comment = Comment.objects.get()
    assert comment.nickname == "abcd Set-Cookie: x=1"
    assert comment.body == "か" + "\u0301" * 4


def test_an_oversized_post_is_refused(client: Client, report: ActivityReport) -> None:
    assert post(client, report, body="x" * 2_000_000).status_code in {400, 413}
    assert not Comment.objects.exists()


def test_a_wrong_method_or_address_writes_nothing(client: Client, report: ActivityReport) -> None:
    comment = PendingFactory(report=report)
    led = client.get(reverse("comments:withdraw", args=[comment.pk]))
    assert (led.status_code, led.url) == (303, reverse("comments:comment", args=[comment.pk]))
    assert Comment.objects.get().state == "pending"
    assert client.put(address(report)).status_code == 405
    assert client.get("/comments/0000000000/").status_code == 404
    given = {
        "state": "approved",
        "by_owner": "on",
        "made_at": "2000-01-01",
        "writer": "1",
        "author": "1",
        "report": "1",
    }
    client.post(address(report), {"body": "質問です。", **given})
    made = Comment.objects.exclude(pk=comment.pk).get()
    assert (made.state, made.by_owner, made.made_at, made.author, made.report) == ("pending", False, NOW, None, report)
    assert made.writer != 1


def test_a_ticket_makes_two_taps_one_writer(client: Client, report: ActivityReport) -> None:
    ticket = re.search(r'name="writer" value="([^"]+)"', html(client, address(report)))
    assert ticket is not None
    for body in ("一つ目", "二つ目"):
        post(Client(), report, body=body, writer=ticket[1])
    assert len(set(Comment.objects.values_list("writer", flat=True))) == 1


def test_comments_are_leafed_through_and_found_by_their_own_address(
    client: Client, report: ActivityReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tsushinbo.comments.queries.texts.PAGE_SIZE", 2)
    comments = [CommentFactory(report=report) for _ in range(3)]
    comments.sort(key=lambda comment: comment.pk)
    first, second = html(client, report.get_absolute_url()), html(client, report.get_absolute_url(), page="2")
    assert comments[0].body in first
    assert comments[2].body not in first
    assert comments[2].body in second
    target = client.get(comments[2].get_absolute_url()).headers["Location"]
    assert target == f"{report.get_absolute_url()}?page=2#{comments[2].anchor}"
    assert client.get(report.get_absolute_url(), {"page": "3"}).status_code == 404


def test_the_page_of_a_report_asks_no_more_the_more_comments_it_has(client: Client, report: ActivityReport) -> None:
    CommentFactory(report=report)
    # Which elections run is read once in some seconds.
    client.get(report.get_absolute_url())
    few = queries(client, report.get_absolute_url())
    for _ in range(6):
        CommentFactory(report=report, author=UserFactory.create(), writer=None)
    assert queries(client, report.get_absolute_url()) == few


def test_the_own_part_takes_few_queries(
    client: Client, report: ActivityReport, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        post(client, report, body=f"{number}")
    with django_assert_num_queries(3):
        client.get(address(report), headers=HTMX)


def test_popular_reports_stand_beside_every_report_on_the_list_and_at_home(client: Client) -> None:
    quiet, busy = ReportFactory(), ReportFactory()
    CommentFactory.create_batch(2, report=busy)
    for where in (quiet.get_absolute_url(), "/activities/", "/"):
        page = html(client, where)
        assert "人気のある活動報告" in page
        assert "7日間でコメント投稿数が多かった活動報告" in page
        assert "7日間のコメント 2件" in page
    page = html(client, "/activities/")
    assert re.search(r"コメント 2件</span><span>参考になった", page)
    assert re.search(r"<span>コメント 0件</span>", page)


def test_a_delegate_who_bears_the_name_is_marked(client: Client, report: ActivityReport) -> None:
    delegate = DelegateFactory.create(politician=report.politician)
    client.force_login(delegate.user)
    post(client, report, nickname=report.politician.name)
    Comment.objects.update(state="approved")
    assert '<span class="tag">本人・事務所</span></p> <blockquote' in html(client, report.get_absolute_url())


def test_closing_the_account_asks_what_becomes_of_comments(citizen: User) -> None:
    from tsushinbo.accounts.forms import CloseAccountForm

    assert CloseAccountForm({"sure": "on", "comments": "remove"}).is_valid()
    assert not CloseAccountForm({"sure": "on"}).is_valid()
