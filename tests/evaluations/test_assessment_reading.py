"""What everybody reads of 進捗度・達成度."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory
from tests.evaluations.assessing import assess, self_assess
from tests.evaluations.assessment_pages import RTL, text
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PartyPledgeFactory
from tsushinbo.evaluations.models import Assessment
from tsushinbo.evaluations.services import Link
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db


def approve(*rows: Assessment) -> None:
    Assessment.objects.filter(pk__in=[row.pk for row in rows]).update(state="approved")


def test_everybody_reads_what_was_approved_and_nothing_else(pledge: Pledge) -> None:
    link = Link("予算書<b>", "https://www.example.com/budget/?a=1&b=2")
    seen = assess(pledge, UserFactory.create(display_name="見本市民"), comment="一行目\n<script>二行目", links=[link])
    approve(seen)
    hidden = assess(pledge, UserFactory.create(), comment="確認待ちの言葉")
    refused = assess(pledge, UserFactory.create(), comment="却下された言葉")
    Assessment.objects.filter(pk=refused.pk).update(state="rejected")
    for address in (reverse("evaluations:assessments", args=[pledge.pk]), pledge.get_absolute_url()):
        response = Client().get(address)
        html = text(response)
        assert "一行目<br>&lt;script&gt;二行目" in html
        assert (
            '<a href="https://www.example.com/budget/?a=1&amp;b=2" rel="ugc nofollow noopener">予算書&lt;b&gt;</a>'
            in html
        )
        assert "見本市民" in html
        assert hidden.comment not in html
        assert refused.comment not in html
        assert "no-cache" in response.headers["Cache-Control"]
        assert not response.cookies
    assert "登録した人の評価3件のうち" in text(Client().get(reverse("evaluations:assessments", args=[pledge.pk])))


def test_nobody_wrote_yet(client: Client, pledge: Pledge) -> None:
    html = text(client.get(reverse("evaluations:assessments", args=[pledge.pk])))
    assert "公開したコメントは、まだありません。" in html


def test_the_list_is_leafed_through_and_costs_a_fixed_number_of_queries(
    client: Client, pledge: Pledge, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = reverse("evaluations:assessments", args=[pledge.pk])
    for number in range(25):
        approve(
            assess(pledge, UserFactory.create(), comment=f"言葉{number:02}", links=[Link("一", "https://a.example/")])
        )
    # The pledge, the tally, how many, the rows, their links.
    with django_assert_max_num_queries(6):
        first = text(client.get(address))
    second = text(client.get(f"{address}?page=2"))
    assert first.count('class="cmt"') == 20
    assert second.count('class="cmt"') == 5
    assert not set(re.findall(r"言葉\d\d", first)) & set(re.findall(r"言葉\d\d", second))
    for number in ("0", "3", "-1", "x", RTL):
        assert client.get(address, {"page": number}).status_code == 404


def test_the_pledge_shows_too_few_as_too_few_and_enough_with_their_interval(client: Client, pledge: Pledge) -> None:
    for author in UserFactory.create_batch(9):
        assess(pledge, author, 40, 20)
    page = text(client.get(pledge.get_absolute_url()))
    assert "進捗度：評価がまだ足りません" in page
    assert "9件。あと1件で表示します。" in page
    assert "進捗度 40%" not in page
    assess(pledge, UserFactory.create(), 40, 20)
    Client().get(pledge.get_absolute_url())
    page = text(client.get(pledge.get_absolute_url()))
    assert "<b>進捗度 40%</b>" in page
    assert "進捗度・達成度の評価 10件" in page
    assert re.search(r"95%の範囲 \d+〜\d+%", page)


def test_a_partys_pledge_promises_no_self_assessment(client: Client) -> None:
    page = text(client.get(PartyPledgeFactory.create().get_absolute_url()))
    assert "政党が自己評価を記入するしくみは、まだありません。" in page


def test_a_new_assessment_changes_the_etag_at_once(client: Client, pledge: Pledge) -> None:
    before = client.get(pledge.get_absolute_url()).headers["ETag"]
    assess(pledge, UserFactory.create())
    assert client.get(pledge.get_absolute_url(), headers={"If-None-Match": before}).status_code == 200


def test_the_self_assessment_is_read_once_approved(client: Client, pledge: Pledge) -> None:
    own = self_assess(pledge, DelegateFactory.create(politician=pledge.politician).user, comment="実施中です。")
    approve(own)
    page = text(client.get(pledge.get_absolute_url()))
    assert "実施中です。" in page
    assert "市民の評価には数えません。" in page
