"""The page of a member's own comments."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory
from tests.activities.factories import MemberReportFactory
from tests.comments.factories import CommentFactory, PendingFactory
from tsushinbo.accounts.models import User
from tsushinbo.comments.models import Comment

pytestmark = pytest.mark.django_db
PAGE = "/comments/mine/"


@pytest.fixture
def member(client: Client) -> User:
    user = UserFactory.create()
    client.force_login(user)
    return user


def text(client: Client) -> str:
    response = client.get(PAGE)
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    return response.content.decode()


def test_every_own_comment_is_there_with_what_became_of_it_and_no_other(client: Client, member: User) -> None:
    own = {"author": member, "writer": None}
    shown = CommentFactory.create(body="見えています。", **own)
    waiting = PendingFactory.create(body="待っています。", **own)
    rejected = CommentFactory.create(
        body="断られました。", state=Comment.State.REJECTED, decision_reason="privacy", **own
    )
    CommentFactory.create(body="ほかの会員です。", author=UserFactory.create(), writer=None)
    CommentFactory.create(body="会員ではありません。")
    page = text(client)
    assert [word in page for word in ("見えています。", "待っています。", "断られました。")] == [True] * 3
    assert [word in page for word in ("ほかの会員です。", "会員ではありません。")] == [False] * 2
    assert [word in page for word in ("公開中", "確認待ち", "非公開", "理由：住所・家族・健康などの個人情報")] == [
        True
    ] * 4
    for comment in (shown, waiting, rejected):
        assert reverse("comments:comment", args=[comment.pk]) in page
    assert rejected.appeal_address in page
    assert client.get(reverse("comments:comment", args=[waiting.pk])).status_code == 302


def test_a_report_that_is_public_no_longer_is_named_without_a_link(client: Client, member: User) -> None:
    comment = CommentFactory.create(report=MemberReportFactory.create(), author=member, writer=None)
    page = text(client)
    assert f"{comment.report.title}（いまは公開されていません）" in page
    assert reverse("comments:comment", args=[comment.pk]) not in page


def test_many_comments_cost_no_more(
    client: Client, member: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(25):
        CommentFactory.create(author=member, writer=None, body=f"{number}番目です。")
    with django_assert_num_queries(6):
        page = text(client)
    assert page.count("番目です。") == 20
    assert "25件" in page
    assert client.get(f"{PAGE}?page=2").content.decode().count("番目です。") == 5


def test_hostile_words_are_text(client: Client, member: User) -> None:
    CommentFactory.create(author=member, writer=None, body="<script>alert(1)</script>", nickname="<b>太字</b>")
    page = text(client)
    assert "<script>alert(1)" not in page
    assert "<b>太字" not in page


def test_the_way_there_is_on_the_own_page_and_leads_a_visitor_through_the_log_in(client: Client) -> None:
    assert client.get(PAGE).headers["Location"] == f"/accounts/login/?next={PAGE}"
    client.force_login(UserFactory.create())
    assert f'href="{PAGE}"' in client.get(reverse("accounts:home")).content.decode()
    assert "まだありません" in text(client)
