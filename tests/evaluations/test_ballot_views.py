"""The ballot box over HTTP, with htmx and without."""

import re

import pytest
from django.conf import settings as site_settings
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tests.evaluations.counting import cast, kept
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory
from tsushinbo.accounts.models import User
from tsushinbo.accounts.services import network_subject
from tsushinbo.evaluations import services
from tsushinbo.evaluations.models import Ballot, ReasonText
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db
COOKIE = site_settings.VOTER_COOKIE_NAME
HTMX = {"HX-Request": "true"}


def address(pledge: Pledge) -> str:
    return reverse("evaluations:ballot", args=[pledge.pk])


def post(
    client: Client, pledge: Pledge, choice: str = "good", *reasons: str, htmx: bool = False, **rest: str
) -> HttpResponse:
    data = {"choice": choice, "reasons": list(reasons), **rest}
    return client.post(address(pledge), data, headers=HTMX if htmx else {})


def text(response: HttpResponse) -> str:
    return response.content.decode()


def result(response: HttpResponse) -> tuple[int, int, int]:
    """What the result element says of GOOD, BAD and all ballots."""
    found = re.search(r'data-good="(\d+)"\s+data-bad="(\d+)"\s+data-ballots="(\d+)"', text(response))
    assert found is not None
    return (int(found[1]), int(found[2]), int(found[3]))


def ticket(response: HttpResponse) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', text(response))
    assert found is not None
    return found[1]


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
    assert "hx-get" not in text(response)


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


# refusals


@pytest.mark.parametrize("htmx", [False, True])
def test_contradictory_reasons_are_refused_beside_them_and_all_is_kept(
    client: Client, pledge: Pledge, htmx: bool
) -> None:
    sent = ("clear", "unclear", "feasible", "other")
    response = post(client, pledge, "bad", *sent, htmx=htmx, reason_text="書いた理由")
    assert response.status_code == 422
    page = text(response)
    assert ("<html" in page) is not htmx
    assert "評価を送れませんでした。1か所を直してください。" in page
    assert page.count("「明確・的確」と「不明確・不適格」の両方が選ばれています。どちらか一方を外してください。") == 2
    assert 'href="#reason-clear"' in page
    assert 'aria-describedby="e-clarity"' in page
    assert set(re.findall(r'value="(\w+)"\s+(?:required\s+)?checked', page)) == {"bad", *sent}
    assert ">\n書いた理由</textarea>" in page
    assert not response.cookies
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "評価が選ばれていません。"),
        ({"choice": ""}, "評価が選ばれていません。"),
        ({"choice": "maybe"}, "選ばれた評価を読み取れません。"),
        ({"choice": "good", "reasons": ["clear", "nice"]}, "読み取れないものがあります。"),
        ({"choice": "good", "reason_text": "理由"}, "「その他」が選ばれていません。"),
        (
            {"choice": "good", "reasons": ["other"], "reason_text": "あ" * 412},
            "理由の文が400字を超えています（412字）。12字以上けずってください。",
        ),
    ],
)
def test_each_fault_has_its_message(client: Client, pledge: Pledge, sent: dict[str, str], said: str) -> None:
    response = client.post(address(pledge), sent)
    assert response.status_code == 422
    assert said in text(response)
    assert sent.get("reason_text", "") in text(response)
    assert "Retry-After" not in response.headers
    assert not Ballot.objects.exists()


def test_four_hundred_signs_are_taken(client: Client, pledge: Pledge) -> None:
    assert post(client, pledge, "good", "other", reason_text="か\u3099" * 400).status_code == 303
    assert ReasonText.objects.get().text == "が" * 400


@pytest.mark.parametrize("htmx", [False, True])
def test_too_many_ballots_are_told_when_to_come_again(
    client: Client, pledge: Pledge, settings: Settings, htmx: bool
) -> None:
    settings.RATE_BALLOTS_PER_VOTER = 1
    post(client, pledge)
    response = post(client, pledge, "bad", "other", htmx=htmx, reason_text="書いた理由")
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= settings.RATE_WINDOW_SECONDS
    assert "もう一度お送りください。入力した内容は残っています。" in text(response)
    assert ">\n書いた理由</textarea>" in text(response)
    assert kept(pledge) == {"good": 1}


def test_a_network_is_limited_however_many_voters_it_has(pledge: Pledge, settings: Settings) -> None:
    settings.RATE_BALLOTS_PER_NETWORK = 2
    near, far = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "198.51.100.7"}
    answers = [Client().post(address(pledge), {"choice": "good"}, **near) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert not answers[2].cookies
    assert Client().post(address(pledge), {"choice": "good"}, **far).status_code == 303


@pytest.mark.parametrize("htmx", [False, True])
def test_a_busy_database_is_told_with_everything_kept(
    client: Client, pledge: Pledge, monkeypatch: pytest.MonkeyPatch, htmx: bool
) -> None:
    def locked(**_: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(services, "cast_ballot", locked)
    response = post(client, pledge, "bad", "clear", "other", htmx=htmx, reason_text="書いた理由")
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "記録できませんでした" in text(response)
    assert ">\n書いた理由</textarea>" in text(response)
    assert set(re.findall(r'value="(\w+)"\s+(?:required\s+)?checked', text(response))) == {"bad", "clear", "other"}
    assert not response.cookies
    assert ticket(response)


def test_a_retry_after_a_lost_answer_is_the_same_voter(
    client: Client, pledge: Pledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = services.cast_ballot

    def cut_off(**ballot: object) -> None:
        real(**ballot)  # type: ignore[arg-type]
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(services, "cast_ballot", cut_off)
        form = ticket(client.get(address(pledge)))
        lost = client.post(address(pledge), {"choice": "good", "ticket": form})
    assert lost.status_code == 503
    again = client.post(address(pledge), {"choice": "good", "ticket": ticket(lost)})
    assert again.status_code == 303
    assert kept(pledge) == {"good": 1}


# addresses and methods


@pytest.mark.parametrize("method", ["get", "post"])
def test_unknown_and_unpublished_pledges_are_not_found(client: Client, pledge: Pledge, method: str) -> None:
    hidden = PledgeFactory.create(published=False)
    unknown = reverse("evaluations:ballot", args=[(pledge.pk + 1) % 2**50])
    for place in (address(hidden), unknown):
        assert getattr(client, method)(place, {"choice": "good"} if method == "post" else None).status_code == 404
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_told_so(client: Client, pledge: Pledge, method: str) -> None:
    response = getattr(client, method)(address(pledge))
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"choice=%ff%fe&reasons=%00", "application/x-www-form-urlencoded"),
        (b'{"choice": "good"}', "application/json"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"choice=good", "multipart/form-data"),
        (b"&".join(b"reasons=clear" for _ in range(300)), "application/x-www-form-urlencoded"),
        (b"reason_text=" + b"a" * 2_000_000, "application/x-www-form-urlencoded"),
    ],
)
def test_a_broken_body_is_the_senders_fault(client: Client, pledge: Pledge, body: bytes, kind: str) -> None:
    assert 400 <= client.post(address(pledge), body, content_type=kind).status_code < 500
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Referer": "https://evil.example/"},
    ],
)
def test_a_form_of_another_site_is_refused(client: Client, pledge: Pledge, headers: dict[str, str]) -> None:
    response = client.post(address(pledge), {"choice": "good"}, headers=headers)
    assert response.status_code == 403
    assert not response.cookies
    assert not Ballot.objects.exists()


def test_the_form_of_a_cached_page_is_taken(pledge: Pledge) -> None:
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(pledge.get_absolute_url())
    assert not page.cookies
    assert "csrf" not in text(page)
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
    assert browser.post(address(pledge), {"choice": "good"}, headers=headers).status_code == 303
    assert result(browser.get(pledge.get_absolute_url())) == (1, 0, 1)


# cost


@pytest.fixture
def _key_of_the_day(db: None) -> None:
    """A process asks for it once a day."""
    network_subject("203.0.113.0/24", at=timezone.now())


@pytest.mark.usefixtures("_key_of_the_day")
@pytest.mark.parametrize(
    # The pledge, a savepoint and its release, three statements of the service; for htmx the tally and the own ballot as well.
    ("htmx", "queries"),
    [(False, 6), (True, 8)],
)
def test_casting_costs_a_fixed_number_of_queries(
    client: Client, pledge: Pledge, django_assert_num_queries: DjangoAssertNumQueries, htmx: bool, queries: int
) -> None:
    for voter in range(2, 9):
        cast(pledge, voter)
    with django_assert_num_queries(queries):
        post(client, pledge, "good", "clear", htmx=htmx)


@pytest.mark.parametrize(
    # The pledge, its tally, the ballot and its text; on a page of its own also the owner's name.
    ("htmx", "queries"),
    [(False, 5), (True, 4)],
)
def test_the_own_page_costs_a_fixed_number_of_queries(
    client: Client, pledge: Pledge, django_assert_num_queries: DjangoAssertNumQueries, htmx: bool, queries: int
) -> None:
    post(client, pledge, "good", "other", reason_text="理由")
    with django_assert_num_queries(queries):
        client.get(address(pledge), headers=HTMX if htmx else {})


# who is logged in


def logged_in(pledge: Pledge, *, speaks: bool) -> Client:
    """A browser with a session; the account may speak for the pledge's politician."""
    client = Client()
    client.force_login(DelegateFactory.create(**({"politician": pledge.politician} if speaks else {})).user)
    return client


@pytest.mark.parametrize("htmx", [False, True])
def test_who_speaks_for_the_politician_is_refused_with_the_reason(pledge: Pledge, htmx: bool) -> None:
    client = logged_in(pledge, speaks=True)
    response = post(client, pledge, "good", "clear", htmx=htmx)
    assert response.status_code == 422
    page = text(response)
    assert "市民としての評価はできません" in page
    assert f'href="{reverse("evaluations:assess", args=[pledge.pk])}"' in page
    assert 'value="good"\n' in page
    assert set(re.findall(r'value="(\w+)"\s+(?:required\s+)?checked', page)) == {"good", "clear"}
    assert COOKIE not in response.cookies
    assert kept(pledge) == {}


def test_an_account_casts_as_anybody_on_other_pledges(pledge: Pledge) -> None:
    client = logged_in(pledge, speaks=False)
    assert post(client, pledge).status_code == 303
    assert kept(pledge) == {"good": 1}
    assert post(logged_in(pledge, speaks=True), PartyPledgeFactory.create()).status_code == 303


def test_what_was_cast_before_may_still_be_taken_back(pledge: Pledge) -> None:
    client = Client()
    post(client, pledge)
    client.force_login(DelegateFactory.create(politician=pledge.politician).user)
    assert post(client, pledge, "bad").status_code == 422
    assert kept(pledge) == {"good": 1}
    assert post(client, pledge, "withdraw").status_code == 303
    assert kept(pledge) == {}


def test_a_ballot_neither_needs_nor_makes_a_session(
    client: Client, pledge: Pledge, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    post(client, pledge)
    # The pledge; the counters, the ballot, the one before it and its change, the tally, between savepoint and release.
    with django_assert_num_queries(8):
        response = post(client, pledge, "bad")
    assert set(client.cookies) == {COOKIE}
    assert site_settings.SESSION_COOKIE_NAME not in response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("value", ["", "x", "0" * 32, "'; DROP TABLE--"])
def test_a_session_that_is_none_is_nobody(client: Client, pledge: Pledge, value: str) -> None:
    client.cookies[site_settings.SESSION_COOKIE_NAME] = value
    assert post(client, pledge).status_code == 303
    assert kept(pledge) == {"good": 1}


def test_the_ballot_of_an_account_holds_no_account(pledge: Pledge) -> None:
    client = logged_in(pledge, speaks=False)
    post(client, pledge)
    ballot = Ballot.objects.get()
    assert not {str(value) for value in (ballot.voter,)} & {str(pk) for pk in User.objects.values_list("pk", flat=True)}
