"""参考になった / ならなかった over HTTP, with htmx and without."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tests.activities.factories import MemberReportFactory, ReportFactory
from tests.evaluations.ballot_pages import COOKIE, HTMX, text, ticket
from tests.evaluations.reacting import kept_reactions, react
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PledgeFactory
from tests.site.asking import html
from tsushinbo.accounts.services import network_subject
from tsushinbo.activities.models import ActivityReport
from tsushinbo.evaluations import services
from tsushinbo.evaluations.models import Reaction

pytestmark = pytest.mark.django_db
State = ActivityReport.State


@pytest.fixture
def report(db: None) -> ActivityReport:
    """A public report that nobody has reacted to."""
    return ReportFactory.create()


def address(report: ActivityReport) -> str:
    return reverse("evaluations:reaction", args=[report.pk])


def post(
    client: Client, report: ActivityReport, choice: str = "helpful", *, htmx: bool = False, **rest: str
) -> HttpResponse:
    return client.post(address(report), {"choice": choice, **rest}, headers=HTMX if htmx else {})


def result(page: str) -> tuple[int, int]:
    """What the result element says."""
    found = re.search(r'data-helpful="(\d+)" data-unhelpful="(\d+)"', page)
    assert found is not None
    return (int(found[1]), int(found[2]))


def test_without_htmx_the_voter_is_sent_to_the_report(client: Client, report: ActivityReport) -> None:
    response = post(client, report)
    assert (response.status_code, response.headers["Location"]) == (303, report.get_absolute_url())
    assert kept_reactions(report) == {"helpful": 1}


def test_htmx_is_answered_with_the_box_alone(client: Client, report: ActivityReport) -> None:
    react(report, 7, "unhelpful")
    page = text(post(client, report, htmx=True))
    assert result(page) == (1, 1)
    assert "<html" not in page
    assert 'id="reaction-box"' in page
    assert 'data-own="helpful"' in page
    assert 'id="reaction-helpful" name="choice" value="helpful" aria-pressed="true"' in page
    assert 'id="reaction-unhelpful" name="choice" value="unhelpful" aria-pressed="false"' in page
    assert "「参考になった」を受け付けました。" in page


def test_the_cookie_is_that_of_ballots_and_made_by_the_first_deed(client: Client, report: ActivityReport) -> None:
    morsel = post(client, report).cookies[COOKIE]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"
    assert COOKIE not in post(client, report, "unhelpful").cookies
    ballot = client.post(reverse("evaluations:ballot", args=[PledgeFactory.create().pk]), {"choice": "good"})
    assert COOKIE not in ballot.cookies
    assert Reaction.objects.count() == 1


def test_it_can_be_changed_and_withdrawn(client: Client, report: ActivityReport) -> None:
    post(client, report)
    changed = text(post(client, report, "unhelpful", htmx=True))
    assert result(changed) == (0, 1)
    assert 'data-own="unhelpful"' in changed
    withdrawn = text(post(client, report, "withdraw", htmx=True))
    assert result(withdrawn) == (0, 0)
    assert "data-own" not in withdrawn
    assert "答えを取り消しました。" in withdrawn
    assert post(client, report, "withdraw").status_code == 303


def test_who_never_reacted_has_nothing_to_withdraw_and_gets_no_cookie(client: Client, report: ActivityReport) -> None:
    react(report, 7)
    response = post(client, report, "withdraw")
    assert response.status_code == 303
    assert not response.cookies
    assert kept_reactions(report) == {"helpful": 1}


def test_two_taps_before_the_cookie_came_are_one_reaction(client: Client, report: ActivityReport) -> None:
    form = ticket(client.get(address(report)))
    for tap in (client, Client()):
        tap.post(address(report), {"choice": "helpful", "ticket": form})
    assert kept_reactions(report) == {"helpful": 1}


# pages


def test_the_page_of_the_report_is_the_same_for_everybody_and_sets_no_cookie(
    client: Client, report: ActivityReport
) -> None:
    post(client, report)
    own, strangers = client.get(report.get_absolute_url()), Client().get(report.get_absolute_url())
    assert own.content == strangers.content
    assert not own.cookies
    assert "public" in own.headers["Cache-Control"]
    assert own.headers["ETag"]
    page = text(own)
    assert result(page) == (1, 0)
    assert f'hx-get="{address(report)}"' in page
    assert 'name="ticket"' not in page
    assert "aria-pressed" not in page
    assert f'<a class="more" href="{address(report)}">' in page


def test_the_etag_moves_with_a_reaction(client: Client, report: ActivityReport) -> None:
    before = client.get(report.get_absolute_url()).headers["ETag"]
    react(report)
    headers = {"If-None-Match": before}
    assert client.get(report.get_absolute_url(), headers=headers).status_code == 200


@pytest.mark.parametrize("htmx", [False, True])
def test_the_own_page_is_private_and_sets_no_cookie(client: Client, report: ActivityReport, htmx: bool) -> None:
    response = client.get(address(report), headers=HTMX if htmx else {})
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies
    assert ("<html" in text(response)) is not htmx
    assert "hx-get" not in text(response).split("<main")[-1]
    post(client, report, "unhelpful")
    page = text(client.get(address(report), headers=HTMX if htmx else {}))
    assert 'data-own="unhelpful"' in page
    assert "答えを取り消す" in page
    assert 'name="ticket"' not in page


def test_below_ten_the_counts_stand_alone_and_from_ten_on_the_share(client: Client, report: ActivityReport) -> None:
    assert "まだ答えがありません。" in html(client, report.get_absolute_url())
    for voter in range(1, 10):
        react(report, voter, "helpful" if voter < 8 else "unhelpful")
    page = html(client, report.get_absolute_url())
    assert "参考になった 7件・ならなかった 2件" in page
    assert "評価がまだ足りません（あと1件）" in page
    assert "78%" not in page
    react(report, 10, "unhelpful")
    page = html(client, report.get_absolute_url())
    assert "参考になった 70%" in page
    assert "ならなかった 30%" in page
    assert "参考になったの95%の範囲 40〜89%" in page


def test_lists_show_the_counts(client: Client, report: ActivityReport) -> None:
    post(client, report)
    react(report, 7, "unhelpful")
    react(report, 8, "unhelpful")
    for page in ("/activities/", reverse("activities:politician-reports", args=[report.politician_id]), "/"):
        assert "参考になった 1／ならなかった 2" in html(client, page)
    ReportFactory.create(politician=report.politician)
    assert "参考になった 0／ならなかった 0" in html(client, report.politician.get_absolute_url())


def test_a_report_that_is_not_public_has_no_box(client: Client) -> None:
    report = MemberReportFactory.create()
    client.force_login(report.author)
    assert "reaction-box" not in html(client, report.get_absolute_url())


# refusals


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_public_reports_take_reactions(client: Client, report: ActivityReport, method: str) -> None:
    planned = ReportFactory.create(publish_at=timezone.now() + timedelta(hours=1))
    hidden = [planned, *(MemberReportFactory.create(state=state) for state in (State.PENDING, State.REJECTED))]
    unknown = reverse("evaluations:reaction", args=[(report.pk + 1) % 2**50])
    for place in (*map(address, hidden), unknown):
        assert getattr(client, method)(place, {"choice": "helpful"}).status_code == 404
    assert not Reaction.objects.exists()


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("choice", ["", "good", "参考"])
def test_another_choice_is_refused(client: Client, report: ActivityReport, choice: str, htmx: bool) -> None:
    response = post(client, report, choice, htmx=htmx)
    assert response.status_code == 422
    assert ("<html" in text(response)) is not htmx
    assert "選ばれた答えを読み取れません。" in text(response)
    assert not response.cookies


def test_the_office_is_told_why_it_may_not(client: Client, report: ActivityReport) -> None:
    for account in (report.author, DelegateFactory.create(politician=report.politician).user):
        client.force_login(account)
        response = post(client, report)
        assert response.status_code == 422
        assert "ご本人・事務所のアカウントは" in text(response)
    assert not Reaction.objects.exists()


def test_other_sites_are_refused(client: Client, report: ActivityReport) -> None:
    for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post(address(report), {"choice": "helpful"}, headers=headers).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address(report), {"choice": "helpful"}).status_code == 303
    assert client.put(address(report)).status_code == 405


@pytest.mark.parametrize("htmx", [False, True])
def test_too_many_are_told_when_to_come_again(
    client: Client, report: ActivityReport, settings: Settings, htmx: bool
) -> None:
    settings.RATE_BALLOTS_PER_VOTER = 1
    post(client, report)
    response = post(client, report, "unhelpful", htmx=htmx)
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= settings.RATE_WINDOW_SECONDS
    assert "もう一度お送りください。" in text(response)
    assert "入力した内容" not in text(response).split('id="reaction-box"')[1]
    assert kept_reactions(report) == {"helpful": 1}


def test_a_busy_database_is_told_and_a_retry_is_the_same_voter(
    client: Client, report: ActivityReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = services.react

    def cut_off(**reaction: object) -> None:
        real(**reaction)  # type: ignore[arg-type]
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(services, "react", cut_off)
        lost = post(client, report, ticket=ticket(client.get(address(report))))
    assert lost.status_code == 503
    assert int(lost.headers["Retry-After"]) > 0
    assert not lost.cookies
    assert post(client, report, ticket=ticket(lost)).status_code == 303
    assert kept_reactions(report) == {"helpful": 1}


# cost


@pytest.mark.parametrize(
    # Which elections run, the report, five of the service; for htmx the tally and the own reaction as well.
    ("htmx", "queries"),
    [(False, 7), (True, 9)],
)
def test_reacting_costs_a_fixed_number_of_queries(
    client: Client, report: ActivityReport, django_assert_num_queries: DjangoAssertNumQueries, htmx: bool, queries: int
) -> None:
    network_subject("203.0.113.0/24", at=timezone.now())
    for voter in range(2, 9):
        react(report, voter)
    with django_assert_num_queries(queries):
        post(client, report, htmx=htmx)


def test_the_own_part_takes_three_queries(
    client: Client, report: ActivityReport, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    post(client, report)
    with django_assert_num_queries(3):
        client.get(address(report), headers=HTMX)
