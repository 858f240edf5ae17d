"""The ballot box over HTTP, with htmx and without."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.evaluations.ballot_pages import COOKIE, HTMX, address, post, result, text, ticket
from tests.evaluations.counting import cast, kept
from tsushinbo.accounts.services import network_subject
from tsushinbo.elections.queries import running
from tsushinbo.evaluations.models import Ballot, ReasonText
from tsushinbo.evaluations.queries.flagged import flagged
from tsushinbo.evaluations.queries.runs import current
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db


# casting


def test_without_htmx_the_voter_is_sent_to_the_pledge(client: Client, pledge: Pledge) -> None:
    response = post(client, pledge, "good", "clear")
    assert (response.status_code, response.headers["Location"]) == (303, pledge.get_absolute_url())
    assert kept(pledge) == {"good": 1, "clear": 1}


def test_htmx_is_answered_with_the_result(client: Client, pledge: Pledge) -> None:
    cast(pledge, 7, "bad")
    response = post(client, pledge, "good", "clear", "other", htmx=True, reason_text="理由です。")
    assert response.status_code == 200
    assert result(response) == (1, 1, 2)
    page = text(response)
    assert "<html" not in page
    assert 'id="ballot-box"' in page
    assert 'aria-live="polite"' in page
    assert "1人が支持し、1人が支持していません。" in page
    assert 'data-own="good"' in page
    assert "評価を受け付けました。" in page
    assert "次の公約" in page
    assert "24時間以内に確認します" in page


def test_the_first_accepted_ballot_makes_the_cookie(client: Client, pledge: Pledge) -> None:
    morsel = post(client, pledge).cookies[COOKIE]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"
    assert COOKIE not in post(client, pledge, "bad").cookies
    assert Ballot.objects.count() == 1


@pytest.mark.parametrize("htmx", [False, True])
def test_the_cookie_is_secure_behind_tls(client: Client, pledge: Pledge, htmx: bool) -> None:
    response = client.post(address(pledge), {"choice": "good"}, secure=True, headers=HTMX if htmx else {})
    assert response.cookies[COOKIE]["secure"]


def test_a_ballot_can_be_changed_and_withdrawn(client: Client, pledge: Pledge) -> None:
    post(client, pledge, "good", "clear")
    changed = post(client, pledge, "bad", htmx=True)
    assert result(changed) == (0, 1, 1)
    assert "評価を変更しました。" in text(changed)
    withdrawn = post(client, pledge, "withdraw", htmx=True)
    assert result(withdrawn) == (0, 0, 0)
    assert "評価を取り消しました。" in text(withdrawn)
    assert "data-own" not in text(withdrawn)
    assert kept(pledge) == {}


def test_withdrawing_without_htmx_leads_back_to_the_pledge(client: Client, pledge: Pledge) -> None:
    post(client, pledge)
    response = post(client, pledge, "withdraw")
    assert (response.status_code, response.headers["Location"]) == (303, pledge.get_absolute_url())
    assert not Ballot.objects.exists()


def test_who_never_judged_has_nothing_to_withdraw_and_gets_no_cookie(client: Client, pledge: Pledge) -> None:
    cast(pledge, 7)
    response = post(client, pledge, "withdraw")
    assert response.status_code == 303
    assert not response.cookies
    assert kept(pledge) == {"good": 1}


def test_a_tampered_cookie_is_a_new_voter(client: Client, pledge: Pledge) -> None:
    post(client, pledge)
    client.cookies[COOKIE] = client.cookies[COOKIE].value.replace(":", ":x", 1)
    assert COOKIE in post(client, pledge, "bad").cookies
    assert kept(pledge) == {"good": 1, "bad": 1}


def test_two_taps_before_the_cookie_came_are_one_ballot(client: Client, pledge: Pledge) -> None:
    form = ticket(client.get(address(pledge)))
    for tap in (client, Client()):
        tap.post(address(pledge), {"choice": "good", "ticket": form})
    assert kept(pledge) == {"good": 1}


def test_a_browser_that_keeps_no_cookies_is_one_voter_while_the_form_is_open(pledge: Pledge) -> None:
    first = post(Client(), pledge, "good", htmx=True)
    post(Client(), pledge, "bad", htmx=True, ticket=ticket(first))
    assert kept(pledge) == {"bad": 1}


def test_control_signs_in_a_text_are_taken_out(client: Client, pledge: Pledge) -> None:
    response = post(client, pledge, "good", "other", reason_text="か\u3099\x00い\u202e\r\nこく ")
    assert response.status_code == 303
    assert ReasonText.objects.get().text == "がい\nこく"


def test_no_address_and_no_browser_is_stored(client: Client, pledge: Pledge) -> None:
    client.post(address(pledge), {"choice": "good"}, REMOTE_ADDR="203.0.113.77", headers={"User-Agent": "Sample/1.0"})
    assert {field.name for field in Ballot._meta.fields} == {
        "pk", "pledge", "voter", "choice", "clarity", "feasibility", "sincerity", "other", "cast_at", "changed_at", "standing",
    }  # fmt: skip


# the voter's own page


def test_the_own_page_is_private_and_sets_no_cookie(client: Client, pledge: Pledge) -> None:
    response = client.get(address(pledge))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies
    assert "<html" in text(response)
    # The box of the search in the head asks by htmx too.
    assert "hx-get" not in text(response).split("<main")[-1]


def test_the_own_page_shows_the_own_ballot_with_everything_ticked(client: Client, pledge: Pledge) -> None:
    post(client, pledge, "bad", "unclear", "other", reason_text="理由です。")
    page = text(client.get(address(pledge)))
    assert 'data-own="bad"' in page
    ticked = set(re.findall(r'value="(\w+)"\s+(?:required\s+)?checked', page))
    assert ticked == {"bad", "unclear", "other"}
    assert ">\n理由です。</textarea>" in page
    assert "評価を取り消す" in page
    assert 'name="ticket"' not in page


def test_htmx_fetches_the_own_part_alone(client: Client, pledge: Pledge) -> None:
    post(client, pledge, "bad")
    response = client.get(address(pledge), headers=HTMX)
    assert response.headers["Cache-Control"] == "no-store"
    assert "<html" not in text(response)
    assert 'data-own="bad"' in text(response)


@pytest.mark.parametrize("seen_from", ["http://[bad", "http://testserver:port/", "//[", "\udcff", "%00"])
def test_htmx_on_what_is_no_address_is_answered_all_the_same(client: Client, pledge: Pledge, seen_from: str) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": seen_from}
    assert client.get(address(pledge), headers=headers).status_code == 200
    assert client.post(address(pledge), {"choice": "good"}, headers=headers).status_code == 200
    assert kept(pledge)["good"] == 1


def test_others_do_not_see_a_text_that_waits(client: Client, pledge: Pledge) -> None:
    post(client, pledge, "good", "other", reason_text="確認前の文")
    assert "確認前の文" in text(client.get(address(pledge)))
    assert "確認前の文" not in text(Client().get(address(pledge)))
    assert "確認前の文" not in text(client.get(pledge.get_absolute_url()))


@pytest.mark.parametrize(
    ("state", "said"), [("pending", "24時間以内"), ("approved", "公開しています"), ("rejected", "理由：誹謗中傷")]
)
def test_the_voter_sees_what_became_of_the_text(client: Client, pledge: Pledge, state: str, said: str) -> None:
    post(client, pledge, "good", "other", reason_text="文")
    ReasonText.objects.update(state=state, decision_note="誹謗中傷")
    assert said in text(client.get(address(pledge), headers=HTMX))


def test_what_was_typed_is_shown_escaped(client: Client, pledge: Pledge) -> None:
    page = text(post(client, pledge, "good", "other", htmx=True, reason_text="</textarea><script>alert(1)</script>"))
    assert "<script>alert" not in page
    assert "&lt;/textarea&gt;" in page


# the result


def test_nobody_has_judged_yet(client: Client, pledge: Pledge) -> None:
    page = text(client.get(address(pledge)))
    assert result(client.get(address(pledge))) == (0, 0, 0)
    assert "まだ評価がありません。" in page
    assert "%" not in page


def test_below_ten_ballots_counts_stand_without_shares(client: Client, pledge: Pledge) -> None:
    for voter in range(1, 5):
        cast(pledge, voter, "good" if voter < 4 else "bad", "clear")
    page = text(client.get(address(pledge)))
    assert "評価がまだ足りません（あと6件）" in page
    assert "GOOD 3件・BAD 1件" in page
    assert "評価がまだ足りません（あと10件）" in page
    assert "%" not in page


def test_from_ten_ballots_on_shares_stand_with_their_interval(client: Client, pledge: Pledge) -> None:
    for voter in range(1, 11):
        cast(pledge, voter, "good" if voter < 8 else "bad", "clear" if voter < 10 else "unclear")
    page = text(client.get(address(pledge)))
    assert "GOOD 70%" in page
    assert "BAD 30%" in page
    assert "評価 10件" in page
    assert "GOODの95%の範囲 40〜89%" in page
    assert "明確・的確 90%" in page
    assert 'width="70.00%"' in page
    assert "総合はすべての評価を数えます" in page


# cost


@pytest.fixture
def _key_of_the_day(db: None) -> None:
    """A process asks for it once a day."""
    network_subject("203.0.113.0/24", at=timezone.now())


@pytest.mark.usefixtures("_key_of_the_day")
@pytest.mark.parametrize(
    # The pledge, a savepoint and its release, five statements of the service; for htmx the tally and the own ballot as well.
    ("htmx", "queries"),
    [(False, 8), (True, 10)],
)
def test_casting_costs_a_fixed_number_of_queries(
    client: Client, pledge: Pledge, django_assert_num_queries: DjangoAssertNumQueries, htmx: bool, queries: int
) -> None:
    for voter in range(2, 9):
        cast(pledge, voter)
    # What a process asks once in some seconds.
    current()
    flagged()
    running(timezone.now())
    with django_assert_num_queries(queries):
        post(client, pledge, "good", "clear", htmx=htmx)


@pytest.mark.parametrize(
    # The pledge, its tally, the ballot, its text and whether anything is asked about it; on a page of its own also the owner's name.
    ("htmx", "queries"),
    [(False, 6), (True, 5)],
)
def test_the_own_page_costs_a_fixed_number_of_queries(
    client: Client, pledge: Pledge, django_assert_num_queries: DjangoAssertNumQueries, htmx: bool, queries: int
) -> None:
    post(client, pledge, "good", "other", reason_text="理由")
    current()
    with django_assert_num_queries(queries):
        client.get(address(pledge), headers=HTMX if htmx else {})
