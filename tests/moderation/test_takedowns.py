"""Takedown requests (送信防止措置の申出): from the form to the notice, with the clocks of the law."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.activities.factories import ReportFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts.models import User
from tsushinbo.accounts.roles import Role
from tsushinbo.activities.models import ActivityReport
from tsushinbo.comments.models import Comment
from tsushinbo.evaluations.models import ReasonText
from tsushinbo.mail.models import Message
from tsushinbo.moderation.models import Deed, LogEntry
from tsushinbo.moderation.models.takedowns import Takedown
from tsushinbo.moderation.queries import takedowns as queries
from tsushinbo.moderation.services import takedowns as services
from tsushinbo.notices.models import Notice

pytestmark = pytest.mark.django_db
FORM = "/takedown/"
SAID = {
    "page": "/activities/",
    "words": "41か所を確かめました。",
    "right": "honour",
    "how": "確かめていません。",
    "name": "見本花子",
    "email": "hanako@example.jp",
}


def ask(client: Client, **said: str) -> Takedown:
    response = client.post(FORM, {**SAID, **said})
    assert response.status_code == 303
    return Takedown.objects.get(receipt=response.headers["Location"].split("/")[2])


@pytest.fixture
def moderator() -> User:
    return UserFactory.create(role=Role.MODERATOR)


@pytest.fixture
def desk(moderator: User) -> Client:
    client = Client()
    log_in_with_second_factor(client, moderator)
    return client


@pytest.fixture
def report() -> ActivityReport:
    return ReportFactory.create()


def page_of(made: Takedown) -> str:
    return reverse("moderation:takedown-desk", args=[made.pk])


def choose(desk: Client, made: Takedown, report: ActivityReport) -> None:
    text = reverse("moderation:text", args=[report.kind, report.pk])
    assert desk.post(page_of(made), {"deed": "choose", "text": text}).status_code == 303


def test_a_request_gets_a_number_a_mail_and_a_state_page(client: Client) -> None:
    made = ask(client)
    assert len(made.receipt) == 20
    mail = Message.objects.get(to="hanako@example.jp")
    assert made.receipt in mail.text
    assert f"http://testserver/takedown/{made.receipt}/" in mail.text
    state = client.get(made.get_absolute_url())
    assert state.headers["Cache-Control"] == "no-store"
    assert state.headers["X-Robots-Tag"] == "noindex"
    page = state.content.decode()
    assert made.receipt in page
    assert "見本花子" not in page
    assert "hanako@" not in page
    assert LogEntry.objects.get().deed == Deed.TAKEDOWN_RECEIVED
    assert client.get("/takedown/00000000000000000000/").status_code == 404


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ({}, timedelta(days=7)),
        ({"candidate": "on", "election": "見本市長選挙"}, timedelta(days=2)),
        ({"contact_missing": "on"}, timedelta(0)),
        ({"contact_missing": "on", "candidate": "on", "election": "見本市長選挙"}, timedelta(0)),
    ],
)
def test_the_clock_is_that_of_the_law(client: Client, said: dict[str, str], wait: timedelta) -> None:
    made = ask(client, **said)
    assert made.due_at - made.received_at == wait


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("page", ""),
        ("page", "https://elsewhere.example/activities/"),
        ("page", "https://testserver.elsewhere.example/"),
        ("page", "javascript:alert(1)"),
        ("page", "/no/such/page/"),
        ("words", ""),
        ("right", "freedom"),
        ("how", "あ" * 2001),
        ("name", ""),
        ("email", "hanako"),
        ("candidate", "on"),
    ],
)
def test_what_cannot_be_taken_is_told_and_nothing_typed_is_lost(client: Client, field: str, value: str) -> None:
    response = client.post(FORM, {**SAID, field: value})
    assert response.status_code == 422
    page = response.content.decode()
    assert 'role="alert"' in page
    assert "確かめていません。" in page or field == "how"
    assert not Takedown.objects.exists()


def test_the_sites_own_whole_address_is_taken(client: Client) -> None:
    assert ask(client, page="http://testserver/activities/?page=2#c1").page == "/activities/?page=2#c1"


def test_programs_are_refused(client: Client) -> None:
    assert client.post(FORM, {**SAID, "website": "https://spam.example/"}).status_code == 422
    assert not Takedown.objects.exists()


def test_a_flood_is_stopped_with_what_was_typed(client: Client, settings: Any) -> None:
    settings.RATE_TAKEDOWNS_PER_NETWORK = 1
    ask(client)
    response = client.post(FORM, SAID)
    assert response.status_code == 429
    assert "見本花子" in response.content.decode()
    assert Takedown.objects.count() == 1


def test_what_cannot_be_recorded_now_goes_back_with_everything_that_was_typed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(**said: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(services, "request_takedown", locked)
    response = client.post(FORM, SAID)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    page = response.content.decode()
    assert "混み合っていて" in page
    assert "41か所を確かめました。" in page
    assert "確かめていません。" in page


def test_other_sites_cannot_send_it() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(FORM, SAID, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert not Takedown.objects.exists()


def test_the_form_may_be_held_and_what_was_typed_may_not(client: Client) -> None:
    assert client.get(FORM).headers["Cache-Control"].startswith("public, max-age=")
    assert client.post(FORM, {}).headers["Cache-Control"] == "no-store"


def test_a_removal_goes_its_whole_way(client: Client, desk: Client, report: ActivityReport) -> None:
    made = ask(client)
    assert "この投稿を選ぶ" in desk.get(page_of(made), {"find": "1"}).content.decode()
    choose(desk, made, report)
    assert desk.post(page_of(made), {"deed": "ask"}).status_code == 303
    made.refresh_from_db()
    assert made.state == "inquiry"
    notice = Notice.objects.get(user=report.author)
    writer = Client()
    assert report.author is not None
    writer.force_login(report.author)
    asked = writer.get(notice.url).content.decode()
    assert "見本花子" not in asked
    assert "41か所を確かめました。" in asked
    assert writer.post(notice.url, {"answer": "事実です。"}).status_code == 303
    assert writer.post(notice.url, {"answer": "もう一度"}).status_code == 409
    assert "事実です。" in desk.get(page_of(made)).content.decode()
    decided = desk.post(page_of(made), {"deed": "decide", "outcome": "removed", "reason": "根拠が示されませんでした。"})
    assert decided.status_code == 303
    report.refresh_from_db()
    assert (report.state, report.decision_reason) == ("hidden", "takedown")
    assert desk.post(page_of(made), {"deed": "notify"}).status_code == 303
    assert "削除しました" in Message.objects.filter(to="hanako@example.jp").latest("created_at").text
    state = client.get(made.get_absolute_url()).content.decode()
    assert "根拠が示されませんでした。" in state
    deeds = list(LogEntry.objects.order_by("at", "pk").values_list("deed", flat=True))
    for deed in (
        Deed.TAKEDOWN_RECEIVED,
        Deed.TAKEDOWN_INQUIRY,
        Deed.TAKEDOWN_REMOVED,
        Deed.HIDE,
        Deed.TAKEDOWN_NOTIFIED,
    ):
        assert deed in deeds
    assert str(made.pk) not in desk.get(reverse("moderation:takedowns")).content.decode()
    assert made.page in desk.get(reverse("moderation:takedowns"), {"show": "done"}).content.decode()


def test_a_text_that_stays_stays(client: Client, desk: Client, report: ActivityReport) -> None:
    made = ask(client)
    choose(desk, made, report)
    assert (
        desk.post(page_of(made), {"deed": "decide", "outcome": "kept", "reason": "公共の利害に関します。"}).status_code
        == 303
    )
    report.refresh_from_db()
    assert report.state == "approved"


def test_nothing_is_removed_before_it_is_said_which_text(client: Client, desk: Client) -> None:
    made = ask(client)
    removal = {"deed": "decide", "outcome": "removed", "reason": "権利の侵害です。"}
    assert desk.post(page_of(made), removal).status_code == 409
    assert desk.post(page_of(made), {"deed": "ask"}).status_code == 409
    assert desk.post(page_of(made), {"deed": "choose", "text": "/moderation/text/accounts.user/1/"}).status_code == 422
    assert desk.post(page_of(made), {**removal, "by_hand": "on"}).status_code == 303
    made.refresh_from_db()
    assert made.outcome == "removed"


def test_of_two_moderators_the_second_is_refused(client: Client, desk: Client, moderator: User) -> None:
    made = ask(client)
    stale = Takedown.objects.get(pk=made.pk)
    services.decide_takedown(takedown=made, remove=False, reason="残します。", by=moderator, at=made.received_at)
    with pytest.raises(services.TakedownMoved):
        services.decide_takedown(takedown=stale, remove=False, reason="残します。", by=moderator, at=made.received_at)
    assert LogEntry.objects.filter(deed=Deed.TAKEDOWN_KEPT).count() == 1


def test_nobody_decides_about_their_own_text(client: Client, desk: Client, moderator: User) -> None:
    made, own = ask(client), ReportFactory.create(author=moderator)
    text = reverse("moderation:text", args=[own.kind, own.pk])
    assert desk.post(page_of(made), {"deed": "choose", "text": text}).status_code == 403


@pytest.mark.parametrize("role", [None, "", Role.EDITOR])
def test_the_desk_is_closed_to_others(client: Client, role: str | None) -> None:
    made, other = ask(client), Client()
    if role is not None:
        log_in_with_second_factor(other, UserFactory.create(role=role))
    for address in (reverse("moderation:takedowns"), page_of(made)):
        assert other.get(address).status_code in {302, 403}
    assert other.post(page_of(made), {"deed": "decide", "outcome": "kept", "reason": "残します。"}).status_code in {
        302,
        403,
    }
    made.refresh_from_db()
    assert made.state == "received"


def test_nobody_but_the_writer_reads_or_answers_an_inquiry(
    client: Client, desk: Client, report: ActivityReport
) -> None:
    made = ask(client)
    choose(desk, made, report)
    address = reverse("moderation:takedown-answer", args=[made.pk])
    assert report.author is not None
    writer, stranger = Client(), Client()
    writer.force_login(report.author)
    stranger.force_login(UserFactory.create())
    assert writer.get(address).status_code == 404, "nothing was asked yet"
    desk.post(page_of(made), {"deed": "ask"})
    assert writer.get(address).status_code == 200
    for other in (client, stranger):
        assert other.get(address).status_code == 404
        assert other.post(address, {"answer": "事実です。"}).status_code == 404
    made.refresh_from_db()
    assert made.answer == ""


def test_a_clock_that_passed_is_marked_and_counted(client: Client, desk: Client, moderator: User) -> None:
    made, second = ask(client), ask(client, contact_missing="on", right="privacy")
    rows = list(queries.waiting())
    assert rows == [second, made]
    assert not queries.overdue(made.received_at + timedelta(hours=23)).exists()
    assert list(queries.overdue(made.received_at + timedelta(hours=25))) == [second]
    later = made.received_at + timedelta(days=7, hours=1)
    assert queries.overdue(later).count() == 2
    with time_machine.travel(later, tick=False):
        assert "期限を過ぎた申出が2件あります" in desk.get(reverse("moderation:takedowns")).content.decode()
    services.decide_takedown(takedown=made, remove=False, reason="残します。", by=moderator, at=later)
    made.refresh_from_db()
    assert made.late
    # The clock is that of the notice: a decision of which nobody was told is late as well.
    assert queries.overdue(later).count() == 2
    services.notify_claimant(takedown=made, by=moderator, at=later)
    assert list(queries.overdue(later)) == [second]


def test_a_decision_that_nobody_is_told_of_in_time_is_marked_and_late(
    client: Client, desk: Client, moderator: User
) -> None:
    made = ask(client)
    services.decide_takedown(takedown=made, remove=False, reason="残します。", by=moderator, at=made.received_at)
    assert not made.late
    later = made.received_at + timedelta(days=8)
    with time_machine.travel(later, tick=False):
        assert "通知がまだです（1日0時間超過）" in desk.get(reverse("moderation:takedowns")).content.decode()
        assert "通知がまだです（1日0時間超過）" in desk.get(page_of(made)).content.decode()
    services.notify_claimant(takedown=made, by=moderator, at=later)
    made.refresh_from_db()
    assert made.late


def test_a_text_that_was_changed_meanwhile_and_waits_is_removed_too(
    client: Client, desk: Client, moderator: User, report: ActivityReport
) -> None:
    made = ask(client)
    choose(desk, made, report)
    made.refresh_from_db()
    ActivityReport.objects.update(state="pending", decided_at=None, decided_by=None)
    services.decide_takedown(takedown=made, remove=True, reason="権利の侵害です。", by=moderator, at=made.received_at)
    report.refresh_from_db()
    assert (report.state, report.decision_reason, report.decision_note) == (
        "rejected",
        "takedown",
        "権利の侵害です。",
    )


def test_what_names_the_claimant_goes_some_time_after_the_end(client: Client, moderator: User, settings: Any) -> None:
    made, open_one = ask(client), ask(client)
    at = made.received_at
    services.decide_takedown(takedown=made, remove=False, reason="残します。", by=moderator, at=at)
    services.notify_claimant(takedown=made, by=moderator, at=at)
    end = at + timedelta(days=settings.TAKEDOWN_KEPT_DAYS)
    assert services.empty_ended(at=end) == 0
    assert services.empty_ended(at=end + timedelta(seconds=1)) == 1
    made.refresh_from_db()
    open_one.refresh_from_db()
    assert (made.name, made.email, made.how, made.words, made.answer) == ("", "", "", "", "")
    assert (made.outcome, made.reason) == ("kept", "残します。")
    assert open_one.name == "見本花子"
    assert client.get(made.get_absolute_url()).status_code == 200


def test_the_desks_list_costs_the_same_with_many(client: Client, desk: Client, settings: Any) -> None:
    settings.RATE_TAKEDOWNS_PER_NETWORK = 100
    counts = []
    for more in (1, 8):
        for _ in range(more):
            ask(client)
        with CaptureQueriesContext(connection) as taken:
            assert desk.get(reverse("moderation:takedowns")).status_code == 200
        counts.append(len(taken))
    assert counts[0] == counts[1]


def test_words_of_claimants_are_escaped(client: Client, desk: Client) -> None:
    made = ask(client, words="<script>alert(1)</script>本文", name="<b>太字</b>")
    page = desk.get(page_of(made)).content.decode()
    assert "<script>alert(1)" not in page
    assert "<b>太字" not in page


def test_who_wrote_without_an_account_is_asked_beside_the_own_comment(client: Client, desk: Client) -> None:
    report, made = ReportFactory.create(), ask(client)
    writer = Client()
    comments = reverse("comments:comments", args=[report.pk])
    writer.post(comments, {"nickname": "キッシー", "body": "41か所を確かめました。"})
    comment = Comment.objects.get()
    Comment.objects.update(state="approved")
    text = reverse("moderation:text", args=[comment.kind, comment.pk])
    desk.post(page_of(made), {"deed": "choose", "text": text})
    desk.post(page_of(made), {"deed": "ask"})
    address = reverse("moderation:takedown-answer", args=[made.pk])
    assert address in writer.get(comments).content.decode()
    assert address not in Client().get(comments).content.decode()
    assert writer.get(address).status_code == 200
    assert writer.post(address, {"answer": "削除に同意します。"}).status_code == 303
    assert address not in writer.get(comments).content.decode()


def test_a_voter_without_an_account_finds_the_inquiry_beside_the_own_reason(client: Client, desk: Client) -> None:
    pledge, voter, other = PledgeFactory.create(), Client(), Client()
    address = reverse("evaluations:ballot", args=[pledge.pk])
    for browser, words in ((voter, "財源が示されていません。"), (other, "別の理由です。")):
        browser.post(address, {"choice": "bad", "reasons": ["other"], "reason_text": words})
    text = ReasonText.objects.get(text="財源が示されていません。")
    ReasonText.objects.update(state="approved")
    made = ask(client, page=pledge.get_absolute_url())
    desk.post(page_of(made), {"deed": "choose", "text": reverse("moderation:text", args=[text.kind, text.pk])})
    asked = "あなたの理由の文章に、削除の申出がありました。"
    assert asked not in voter.get(address).content.decode(), "nothing was asked yet"
    desk.post(page_of(made), {"deed": "ask"})
    answer = reverse("moderation:takedown-answer", args=[made.pk])
    page = voter.get(address).content.decode()
    assert asked in page
    assert f'href="{answer}"' in page
    for public in (other.get(address), client.get(address), voter.get(pledge.get_absolute_url())):
        assert asked not in public.content.decode()
    assert voter.post(answer, {"answer": "公表された予算書のとおりです。"}).status_code == 303
    assert asked not in voter.get(address).content.decode()
