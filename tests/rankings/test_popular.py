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
from tests.people.factories import PartyFactory, PrefectureFactory, TermFactory
from tests.pledges.factories import PledgeFactory
from tests.site.asking import html
from tsushinbo import addresses
from tsushinbo.activities.models import ActivityReport
from tsushinbo.comments.models import CountedWeek
from tsushinbo.comments.queries import popular as comments
from tsushinbo.comments.services import file_by_terms
from tsushinbo.people.models import Office, Party
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


# What the chores have filed by terms is read from there, the rest beside it.
by_either_way = pytest.mark.parametrize("filed", [False, True], ids=["not filed", "filed"])


def of_term(*, office: str, prefecture: str, party: Party | None = None, running: bool = True) -> ActivityReport:
    """A report of a politician with such a term."""
    report = ReportFactory()
    area = PrefectureFactory(code=prefecture)
    TermFactory(politician=report.politician, office=office, prefecture=area, party=party, running=running)
    return report


@by_either_way
def test_it_is_narrowed_by_one_term_that_runs_now(client: Client, filed: bool) -> None:
    party = PartyFactory()
    mayor = of_term(office=Office.MAYOR, prefecture="130001", party=party)
    other = of_term(office=Office.MAYOR, prefecture="270008")
    member = of_term(office=Office.REPRESENTATIVES, prefecture="130001")
    former = of_term(office=Office.MAYOR, prefecture="130001", party=party, running=False)
    TermFactory(politician=member.politician, office=Office.MAYOR, prefecture=PrefectureFactory(code="270008"))
    for number, report in enumerate((former, member, other, mayor), start=1):
        said(report, *range(1, 6 - number))
    if filed:
        assert file_by_terms(at=timezone.now()) == 4

    def titles(**asked: str) -> list[str]:
        return [row.split()[2] for row in table(html(client, POPULAR, **asked))]

    def named(*reports: ActivityReport) -> list[str]:
        return [report.title for report in reports]

    assert titles() == named(former, member, other, mayor)
    assert titles(office="mayor") == named(member, other, mayor)
    assert titles(prefecture="130001") == named(member, mayor)
    assert titles(party=addresses.encode(party.pk)) == named(mayor)
    assert titles(office="mayor", prefecture="130001") == named(mayor)
    assert titles(office="mayor", prefecture="270008") == named(member, other)
    assert titles(office="governor") == []


@by_either_way
def test_a_narrowed_order_is_exact_to_the_moment(client: Client, monkeypatch: pytest.MonkeyPatch, filed: bool) -> None:
    monkeypatch.setattr(popular, "MOST", 1)
    monkeypatch.setattr(comments, "NOT_PUBLIC", 0)
    fading, next_one = (of_term(office=Office.MAYOR, prefecture="130001") for _ in range(2))
    elsewhere, hidden = (of_term(office=office, prefecture="130001") for office in (Office.GOVERNOR, Office.MAYOR))
    # The chores looked two days ago: three of these comments were young then.
    CountedWeek.objects.update_or_create(pk=CountedWeek.THE_ONE, defaults={"since": timezone.now() - timedelta(days=9)})
    said(fading, 1, 170, 171, 172)
    said(next_one, 2, 3)
    said(elsewhere, 1, 2, 3, 4, 5)
    said(hidden, 1, 2, 3)
    if filed:
        file_by_terms(at=timezone.now())
    ActivityReport.objects.filter(pk=hidden.pk).update(state=ActivityReport.State.HIDDEN)
    (row,) = table(html(client, POPULAR, office="mayor"))
    assert row.startswith(f"1 位 {next_one.title} ")
    assert row.endswith(" 2 件")


def test_places_of_a_narrowed_order_are_those_among_what_fits_and_the_page_says_so(client: Client) -> None:
    mayor, governor = (of_term(office=office, prefecture="130001") for office in (Office.MAYOR, Office.GOVERNOR))
    said(governor, 1, 2)
    said(mayor, 1)
    says = "順位は、その中でのものです。"
    page = html(client, POPULAR, office="mayor")
    assert table(page)[0].startswith("1 位")
    assert says in page
    assert "職：市区町村長を外す" in page
    assert says not in html(client, POPULAR)
    assert "条件に合う活動報告に、この7日間に公開された" in html(client, POPULAR, office="councillors")


def test_only_parties_in_office_are_offered_and_what_is_no_option_is_said(client: Client) -> None:
    party, gone = PartyFactory(), PartyFactory()
    said(of_term(office=Office.MAYOR, prefecture="130001", party=party), 1)
    page = html(client, POPULAR, office="king", party=addresses.encode(gone.pk))
    assert f'<option value="{addresses.encode(party.pk)}">' in page
    assert gone.name not in page
    assert "「職」「政党」の条件を読み取れないため" in page
    assert len(table(page)) == 1


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
    assert response.headers["Cache-Control"].startswith("public, max-age=")
    assert not response.cookies
    outline = Outline(response.content.decode())
    assert outline.inline == []
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.wanted <= set(outline.ids)
    assert outline.headings[0] == 1
    assert client.post(POPULAR).status_code == 405


@pytest.mark.parametrize(
    ("asked", "queries"), [({}, 4), ({"office": "mayor", "prefecture": "130001"}, 5)], ids=["all", "narrowed"]
)
def test_the_page_takes_the_same_few_queries_however_many_there_are(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, asked: dict[str, str], queries: int
) -> None:
    client.get(POPULAR)
    for count in (1, 5):
        for _ in range(count):
            said(of_term(office=Office.MAYOR, prefecture="130001"), 1)
        with django_assert_num_queries(queries):
            client.get(POPULAR, asked)
