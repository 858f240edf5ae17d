"""Appeals go to another moderator, bans end, and both are on record."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.accounts.factories import UserFactory
from tests.activities.factories import MemberReportFactory
from tests.claims.claiming import waiting
from tests.moderation.conftest import at_desk
from tests.moderation.factories import waiting_text
from tests.people.factories import PoliticianFactory
from tsushinbo.accounts import voters
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import exported
from tsushinbo.activities.models import ActivityReport
from tsushinbo.activities.services import post_report
from tsushinbo.moderation.models import Appeal, Ban, DecisionReason, LogEntry
from tsushinbo.moderation.queries import is_banned
from tsushinbo.moderation.services import (
    AlreadyAnswered,
    AppealMoved,
    BanMoved,
    Banned,
    NothingToAppeal,
    NotYours,
    SameModerator,
    answer_appeal,
    ban_account,
    ban_network,
    decide,
    forget_network_bans,
    lift_ban,
    open_appeal,
    warn_of_late,
)
from tsushinbo.moderation.services.takedowns import request_takedown
from tsushinbo.notices.models import Kind, Notice

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
OTHER = DecisionReason.OTHER


@pytest.fixture
def rejected(moderator: User, citizen: User) -> ActivityReport:
    report = MemberReportFactory.create(author=citizen, publish_at=AT, submitted_at=AT)
    decide(item=report, approve=False, by=moderator, reason=DecisionReason.UNSOURCED, note="出典が違います。", at=AT)
    return report


def test_the_export_of_an_account_has_its_appeals_and_bans(
    rejected: ActivityReport, moderator: User, colleague: User, citizen: User
) -> None:
    appeal = open_appeal(item=rejected, by=citizen, text="3ページにあります。", at=AT)
    answer_appeal(appeal=appeal, grant=True, by=colleague, answer="確認しました。", at=LATER)
    ban_account(account=citizen, by=moderator, reason=OTHER, note="連投", until=LATER, at=AT)
    told = exported(citizen)
    assert [(one["text"], one["state"], one["answer"]) for one in told["appeals"]] == [
        ("3ページにあります。", "granted", "確認しました。")
    ]
    assert [(one["until"], one["note"]) for one in told["bans"]] == [(LATER, "連投")]
    assert not any(exported(moderator)[part] for part in ("appeals", "bans"))


def test_another_moderator_grants_an_appeal_and_the_text_becomes_public(
    rejected: ActivityReport, moderator: User, colleague: User, citizen: User
) -> None:
    appeal = open_appeal(item=rejected, by=citizen, text="3ページにあります。", at=AT)
    with pytest.raises(NothingToAppeal):
        open_appeal(item=rejected, by=citizen, text="もう一度", at=AT)
    with pytest.raises(SameModerator):
        answer_appeal(appeal=appeal, grant=True, by=moderator, answer="はい", at=LATER)
    answer_appeal(appeal=appeal, grant=True, by=colleague, answer="3ページで確かめました。", at=LATER)
    rejected.refresh_from_db()
    assert (rejected.state, rejected.decided_by) == ("approved", colleague)
    assert rejected.publish_at == LATER
    deeds = LogEntry.objects.order_by("at", "pk").values_list("deed", flat=True)
    assert sorted(deeds) == ["appeal_granted", "appeal_opened", "reject", "restore"]
    assert Notice.objects.get(user=citizen, kind=Kind.APPEAL).text == "3ページで確かめました。"
    with pytest.raises(AlreadyAnswered):
        answer_appeal(appeal=appeal, grant=False, by=colleague, answer="いいえ", at=LATER)


def test_an_appeal_about_what_changed_since_cannot_be_granted_and_can_be_closed(
    rejected: ActivityReport, colleague: User, citizen: User
) -> None:
    appeal = open_appeal(item=rejected, by=citizen, text="違います。", at=AT)
    ActivityReport.objects.update(state="pending", decided_at=None, decided_by=None)
    with pytest.raises(AppealMoved):
        answer_appeal(appeal=appeal, grant=True, by=colleague, answer="はい", at=LATER)
    assert Appeal.objects.get().state == "open"
    answer_appeal(appeal=appeal, grant=False, by=colleague, answer="変更後の文を確認します。", at=LATER)
    assert Appeal.objects.get().state == "upheld"


def test_a_writer_reads_the_reason_and_appeals_in_the_browser(
    rejected: ActivityReport, citizen: User, colleague: User, client: Client
) -> None:
    client.force_login(citizen)
    page = client.get(rejected.appeal_address).content.decode()
    assert "出典から確認できない内容" in page
    assert client.post(rejected.appeal_address, {"text": ""}).status_code == 422
    assert client.post(rejected.appeal_address, {"text": "3ページです。"}).status_code == 303
    assert client.post(rejected.appeal_address, {"text": "もう一度"}).status_code == 409
    desk = at_desk(colleague)
    assert "3ページです。" in desk.get("/moderation/appeals/").content.decode()
    address = f"/moderation/appeals/{_encoded(Appeal.objects.get())}/"
    assert desk.post(address, {"verdict": "upheld", "answer": ""}).status_code == 422
    assert desk.post(address, {"verdict": "upheld", "answer": "ありませんでした。"}).status_code == 303
    assert "ありませんでした。" in client.get(rejected.appeal_address).content.decode()


def test_appeals_are_leafed_through_and_many_cost_no_more_queries(
    moderator: User, colleague: User, citizen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tsushinbo.moderation.queries.appeals.SIZE", 10)
    desk = at_desk(colleague)

    def open_more(number: int) -> None:
        for _ in range(number):
            text = waiting_text(at=AT)
            decide(item=text, approve=False, by=moderator, reason=OTHER, at=AT)
            open_appeal(item=text, by=None, text=f"異議{Appeal.objects.count():02}", at=AT)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert desk.get("/moderation/appeals/").status_code == 200
        return len(asked)

    open_more(2)
    few = cost()
    open_more(10)
    assert cost() == few
    pages = [desk.get("/moderation/appeals/", {"page": number}).content.decode() for number in (1, 2)]
    assert [sum(f"異議{number:02}" in page for page in pages) for number in range(12)] == [1] * 12
    assert "12件" in pages[0]
    assert desk.get("/moderation/appeals/", {"page": 3}).status_code == 404


def _encoded(row: Appeal) -> str:
    from tsushinbo.addresses import encode

    return encode(row.pk)


def test_nobody_else_sees_a_decision_or_appeals(rejected: ActivityReport, client: Client) -> None:
    assert client.get(rejected.appeal_address).status_code == 404
    client.force_login(UserFactory.create())
    assert client.get(rejected.appeal_address).status_code == 404
    assert client.post(rejected.appeal_address, {"text": "よその人"}).status_code == 404
    assert not Appeal.objects.exists()


def test_who_has_no_account_appeals_with_the_cookie_of_the_ballot(moderator: User, client: Client) -> None:
    text = waiting_text(at=AT)
    decide(item=text, approve=False, by=moderator, reason=OTHER, at=AT)
    assert client.get(text.appeal_address).status_code == 404
    given = HttpResponse()
    voters.remember(given, RequestFactory().get("/"), voters.Voter(text.voter, owed_cookie=True))
    client.cookies.update(given.cookies)
    assert client.post(text.appeal_address, {"text": "事実です。"}).status_code == 303
    assert Appeal.objects.get().opened_by is None


def test_who_is_banned_posts_nothing_until_it_ends(moderator: User, citizen: User) -> None:
    ban = ban_account(account=citizen, by=moderator, reason=OTHER, until=AT + timedelta(days=1), at=AT)
    assert is_banned(account=citizen, at=AT) == ban
    from tests.activities.test_services import wording

    with pytest.raises(Banned, match="その他"):
        post_report(politician=PoliticianFactory.create(), author=citizen, wording=wording(), at=LATER)
    assert is_banned(account=citizen, at=AT + timedelta(days=1)) is None
    lift_ban(ban=ban, by=moderator, at=LATER)
    assert is_banned(account=citizen, at=LATER) is None
    with pytest.raises(BanMoved):
        lift_ban(ban=Ban.objects.get(), by=moderator, at=LATER)
    assert list(LogEntry.objects.order_by("at").values_list("deed", flat=True)) == ["ban", "unban"]


def test_nobody_bans_colleagues_or_themselves(moderator: User, colleague: User) -> None:
    for account in (moderator, colleague, UserFactory.create(is_superuser=True)):
        with pytest.raises(NotYours):
            ban_account(account=account, by=moderator, reason=OTHER, at=AT)
    assert not Ban.objects.exists()


def test_a_network_is_banned_for_the_day_and_then_forgotten(moderator: User) -> None:
    ban = ban_network(network="network:abc", by=moderator, reason=OTHER, at=AT)
    assert timezone.localtime(ban.until).strftime("%m-%d %H:%M") == "06-02 00:00"
    assert is_banned(network="network:abc", at=LATER) == ban
    assert is_banned(network="network:other", at=LATER) is None
    assert is_banned(at=LATER) is None
    assert forget_network_bans(at=LATER) == 0
    assert forget_network_bans(at=AT + timedelta(days=1)) == 1
    assert LogEntry.objects.get().deed == "ban"


def test_a_banned_member_reads_why_and_appeals_and_the_ban_is_lifted(
    moderator: User, colleague: User, citizen: User, client: Client
) -> None:
    ban_account(account=citizen, by=moderator, reason=OTHER, note="宣伝が続きました。", at=timezone.now())
    client.force_login(citizen)
    assert "宣伝が続きました。" in client.get("/accounts/ban/").content.decode()
    assert client.post("/accounts/ban/", {"text": "宣伝ではありません。"}).status_code == 303
    appeal = Appeal.objects.get()
    assert at_desk(moderator).get("/moderation/appeals/").status_code == 200
    answer_appeal(appeal=appeal, grant=True, by=colleague, answer="確かめました。", at=timezone.now())
    assert "停止されていません" in client.get("/accounts/ban/").content.decode()


def test_moderators_are_warned_of_claims_and_takedowns_before_their_time_is_over(moderator: User) -> None:
    claim = waiting(UserFactory.create(), PoliticianFactory.create(), at=AT)
    said = {"page": "/", "words": "言葉", "right": "honour", "how": "違います。", "email": "a@example.jp"}
    for number, more in enumerate(({"candidate": True}, {"contact_missing": True}, {})):
        request_takedown(
            network=f"n{number}", address="", at=AT, **{"candidate": False, "contact_missing": False, **said, **more}
        )
    assert warn_of_late(at=AT + timedelta(hours=19, minutes=59)) == 0
    assert warn_of_late(at=AT + timedelta(hours=20)) == 2
    text = Notice.objects.get(kind=Kind.DESK).text
    assert "本人確認の申請 1件" in text
    assert "送信防止措置の申出 1件" in text
    assert warn_of_late(at=AT + timedelta(days=1)) == 0
    assert warn_of_late(at=AT + timedelta(days=2, hours=-4)) == 1
    assert warn_of_late(at=AT + timedelta(days=6)) == 0
    assert warn_of_late(at=AT + timedelta(days=7, hours=-4)) == 1
    assert warn_of_late(at=AT + timedelta(days=8)) == 0
    assert claim.is_at_desk


def test_moderators_are_warned_once_of_each_text_at_20_hours(moderator: User, colleague: User, citizen: User) -> None:
    waiting_text(at=AT)
    waiting_text(at=AT + timedelta(hours=1))
    assert warn_of_late(at=AT + timedelta(hours=19, minutes=59)) == 0
    assert warn_of_late(at=AT + timedelta(hours=20)) == 1
    assert warn_of_late(at=AT + timedelta(hours=20, minutes=10)) == 0
    assert warn_of_late(at=AT + timedelta(hours=21)) == 1
    told = Notice.objects.filter(kind=Kind.DESK)
    assert {notice.user_id for notice in told} == {moderator.pk, colleague.pk}
    assert told.count() == 4
    assert all(notice.mail_at is not None for notice in told)
