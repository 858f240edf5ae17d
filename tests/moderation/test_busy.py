"""What cannot be recorded now, as the database is locked, goes back to who sent it with everything that was typed."""

from datetime import UTC, datetime

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.activities.factories import MemberReportFactory
from tests.claims.claiming import waiting
from tests.moderation.conftest import at_desk
from tests.moderation.factories import waiting_text
from tests.people.factories import PoliticianFactory
from tsushinbo.accounts.models import User
from tsushinbo.claims import services as claims
from tsushinbo.moderation import services
from tsushinbo.moderation.models import Appeal, Ban, DecisionReason, LogEntry
from tsushinbo.moderation.services import ban_account, decide, open_appeal

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
TYPED = "資料の41ページに書いてあります。"


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every deed of the desk, of appeals and of claims finds the database locked."""

    def deed(**_: object) -> None:
        raise OperationalError("database is locked")

    for name in ("open_appeal", "open_appeal_of_ban", "answer_appeal", "decide", "hide", "ban_writer", "lift_ban"):
        monkeypatch.setattr(services, name, deed)
    for name in ("open_claim", "decide_claim"):
        monkeypatch.setattr(claims, name, deed)


@pytest.fixture
def author(citizen: User) -> Client:
    client = Client()
    client.force_login(citizen)
    return client


def comes_back(response: HttpResponse) -> None:
    """The answer says that it may be tried again, and holds what was typed."""
    page = response.content.decode()
    assert response.status_code == 503
    assert "混み合っていて" in page
    assert TYPED in page


def test_an_appeal(citizen: User, moderator: User, author: Client, locked: None) -> None:
    report = MemberReportFactory.create(author=citizen, publish_at=AT, submitted_at=AT)
    decide(item=report, approve=False, by=moderator, reason=DecisionReason.UNSOURCED, note="出典が違います。", at=AT)
    comes_back(author.post(report.appeal_address, {"text": TYPED}))
    assert not Appeal.objects.exists()


def test_an_appeal_of_a_ban(citizen: User, moderator: User, author: Client, locked: None) -> None:
    ban_account(account=citizen, by=moderator, reason=DecisionReason.OTHER, note="宣伝です。", until=None, at=AT)
    comes_back(author.post("/accounts/ban/", {"text": TYPED}))
    assert not Appeal.objects.exists()


def test_the_answer_to_an_appeal(
    citizen: User, moderator: User, colleague: User, request: pytest.FixtureRequest
) -> None:
    report = MemberReportFactory.create(author=citizen, publish_at=AT, submitted_at=AT)
    decide(item=report, approve=False, by=moderator, reason=DecisionReason.UNSOURCED, note="出典が違います。", at=AT)
    appeal = open_appeal(item=report, by=citizen, text="3ページです。", at=AT)
    request.getfixturevalue("locked")
    answer = at_desk(colleague).post(
        reverse("moderation:answer", args=[appeal.pk]), {"verdict": "granted", "answer": TYPED}
    )
    comes_back(answer)
    appeal.refresh_from_db()
    assert appeal.decided_at is None


@pytest.mark.parametrize("htmx", [False, True])
def test_a_decision(desk: Client, locked: None, htmx: bool) -> None:
    text = waiting_text(at=AT)
    address = reverse("moderation:decide", args=[text.kind, text.pk])
    sent = {"deed": "reject", "reason": "unsourced", "note": TYPED, "version": text.version}
    comes_back(desk.post(address, sent, headers={"HX-Request": "true"} if htmx else {}))
    text.refresh_from_db()
    assert text.state == text.State.PENDING
    assert not LogEntry.objects.exists()


def test_a_ban(citizen: User, desk: Client, locked: None) -> None:
    report = MemberReportFactory.create(author=citizen, publish_at=AT, submitted_at=AT)
    sent = {"scope": "account", "reason": "other", "note": TYPED, "length": "7"}
    comes_back(desk.post(reverse("moderation:ban", args=[report.kind, report.pk]), sent))
    assert not Ban.objects.exists()


def test_a_claim(citizen: User, moderator: User, author: Client, locked: None) -> None:
    politician = PoliticianFactory.create()
    sent = {"deed": "open", "claimant": "office", "position": TYPED}
    comes_back(author.post(reverse("claims:claim", args=[politician.pk]), sent))


def test_the_decision_on_a_claim(citizen: User, moderator: User, desk: Client, request: pytest.FixtureRequest) -> None:
    claim = waiting(citizen, PoliticianFactory.create())
    request.getfixturevalue("locked")
    sent = {"deed": "refuse", "reason": "other", "note": TYPED, "seen": claim.version}
    comes_back(desk.post(reverse("claims:decide", args=[claim.pk]), sent))
    claim.refresh_from_db()
    assert claim.state == claim.State.WAITING
