"""The activity reports that are talked about most, as the page shows them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.activities.factories import ReportFactory
from tests.comments.factories import CommentFactory, PendingFactory
from tests.outline import Outline
from tests.pledges.factories import PledgeFactory
from tests.site.asking import html
from tsushinbo.activities.models import ActivityReport
from tsushinbo.rankings.models import Kind
from tsushinbo.rankings.queries import popular

pytestmark = pytest.mark.django_db
POPULAR = "/rankings/popular-activities/"


def said(report: ActivityReport, *hours: int) -> None:
    for ago in hours:
        CommentFactory(report=report, made_at=timezone.now() - timedelta(hours=ago))


def table(page: str) -> list[str]:
    rows = re.findall(r'<tr role="row"><td.*?</tr>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_who_is_talked_about_most_comes_first_and_equal_ones_share_a_place(client: Client) -> None:
    pledge = PledgeFactory(title="通学路の安全")
    busy, tied, second, old = ReportFactory(pledge=pledge), ReportFactory(), ReportFactory(), ReportFactory()
    said(busy, 1, 2, 3, 4)
    said(tied, 2, 3)
    said(second, 1, 5)
    said(old, 170)
    last = ReportFactory()
    said(last, 100)
    PendingFactory(report=last, made_at=timezone.now())
    page = html(client, POPULAR)
    rows = table(page)
    assert [(row.split()[0], row.split()[-2]) for row in rows] == [("1", "4"), ("2", "2"), ("2", "2"), ("4", "1")]
    assert rows[0] == f"1 位 {busy.title} {busy.politician.spaced_name} 2026-11-19 公約「通学路の安全」 4 件"
    assert second.title in rows[1]
    assert f'href="{busy.get_absolute_url()}"' in page
    assert old.title not in page


def test_it_is_live(client: Client) -> None:
    report = ReportFactory()
    assert "この7日間に公開されたコメントのある活動報告は、ありません。" in html(client, POPULAR)
    said(report, 0)
    assert len(table(html(client, POPULAR))) == 1
    report.state = ActivityReport.State.HIDDEN
    report.save()
    assert table(html(client, POPULAR)) == []


def test_no_more_than_so_many_are_listed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(popular, "MOST", 2)
    for _ in range(3):
        said(ReportFactory(), 1)
    assert len(table(html(client, POPULAR))) == 2


def test_it_is_listed_beside_the_other_rankings(client: Client) -> None:
    link = f'<a href="{POPULAR}">人気のある活動報告</a>'
    assert link in html(client, "/rankings/")
    assert link in html(client, "/rankings/activities/")
    page = html(client, POPULAR)
    assert all(f'href="/rankings/{kind}/"' in page for kind in Kind)
    assert link not in page
    assert client.get(f"{POPULAR}unranked/").status_code == 404


def test_hostile_text_stays_text(client: Client) -> None:
    pledge = PledgeFactory(title="<b>公約</b>")
    said(ReportFactory(title='<script>alert("x")</script>', pledge=pledge, politician__name="<i>名</i>"), 1)
    page = html(client, POPULAR)
    assert not re.search("<script>|<b>|<i>", page)
    assert "&lt;script&gt;" in page


def test_the_page_is_well_formed_public_and_refuses_other_methods(client: Client) -> None:
    said(ReportFactory(), 1)
    response = client.get(POPULAR)
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert not response.cookies
    outline = Outline(response.content.decode())
    assert outline.inline == []
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.wanted <= set(outline.ids)
    assert outline.headings[0] == 1
    assert client.post(POPULAR).status_code == 405


def test_the_page_takes_the_same_few_queries_however_many_there_are(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 5):
        for _ in range(count):
            said(ReportFactory(pledge=PledgeFactory()), 1)
        with django_assert_num_queries(4):
            client.get(POPULAR)
