"""What the ballot box refuses over HTTP, and that nothing typed is lost."""

import re

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.evaluations.ballot_pages import address, post, result, text, ticket
from tests.evaluations.counting import kept
from tests.pledges.factories import PledgeFactory
from tsushinbo.evaluations import services
from tsushinbo.evaluations.models import Ballot, ReasonText
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db


# what was filled in, and how often


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


# addresses, methods and senders


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
