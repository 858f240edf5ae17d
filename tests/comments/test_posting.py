"""Posting, refusing and taking back comments: the rules."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from tests.accounts.factories import UserFactory
from tests.activities.factories import MemberReportFactory, ReportFactory
from tests.comments.conftest import NOW
from tests.comments.factories import CommentFactory, PendingFactory
from tests.people.factories import DelegateFactory
from tsushinbo.accounts.membership import GONE, close_account
from tsushinbo.accounts.models import User
from tsushinbo.accounts.services import TooMany
from tsushinbo.activities.models import ActivityReport
from tsushinbo.comments.errors import AlreadySaid, CommentRefused, NotWaiting, ReportClosed
from tsushinbo.comments.models import Comment, CommentNetwork
from tsushinbo.comments.queries import exported
from tsushinbo.comments.services import Writer, forget_networks, leave_comments, post_comment, withdraw_comment
from tsushinbo.moderation.models import DecisionReason
from tsushinbo.moderation.services import Banned, ban_account, ban_network, decide, hide
from tsushinbo.notices.models import Event, Notice, Subject
from tsushinbo.notices.services import fan_out, follow
from tsushinbo.people.models import PoliticianName

pytestmark = pytest.mark.django_db
HOME = "network:aa"


def post(report: ActivityReport, writer: Writer | None = None, nickname: str = "", body: str = "質問です。") -> Comment:
    return post_comment(report=report, writer=writer or Writer(number=7), nickname=nickname, body=body, at=NOW)


def test_a_comment_waits_and_bears_its_time(report: ActivityReport) -> None:
    comment = post(report, Writer(number=7, network=HOME))
    assert (comment.state, comment.nickname, comment.made_at, comment.writer) == ("pending", "名無し", NOW, 7)
    assert CommentNetwork.objects.get().network == HOME


def test_an_account_is_recorded_instead_of_the_browser(report: ActivityReport, citizen: User) -> None:
    comment = post(report, Writer(account=citizen, number=7))
    assert (comment.author, comment.writer) == (citizen, None)


def test_only_public_reports_take_comments() -> None:
    for report in (MemberReportFactory(), ReportFactory(publish_at=NOW + timedelta(seconds=1))):
        with pytest.raises(ReportClosed):
            post(report)


def test_more_than_three_links_are_refused(report: ActivityReport) -> None:
    links = [f"https://example.com/{number}/" for number in range(4)]
    post(report, body="\n".join(links[:3]))
    with pytest.raises(CommentRefused, match="リンクは3つまで"):
        post(report, body="\n".join(links))


def test_the_same_text_is_refused_to_a_writer_and_within_a_day_to_a_network(report: ActivityReport) -> None:
    other = ReportFactory.create()
    post(report, Writer(number=7, network=HOME))
    for again in (Writer(number=7), Writer(number=8, network=HOME)):
        with pytest.raises(AlreadySaid):
            post(report, again)
    with pytest.raises(AlreadySaid):
        post(other, Writer(number=8, network=HOME), body="質問\u3000です。")
    post(other, Writer(number=8, network="network:bb"))
    later = NOW + timedelta(days=1)
    post_comment(report=other, writer=Writer(number=9, network=HOME), nickname="", body="質問です。", at=later)


def test_a_flood_is_held_off_by_writer_and_by_network(report: ActivityReport, settings: Settings) -> None:
    settings.RATE_COMMENTS_PER_WRITER, settings.RATE_COMMENTS_PER_NETWORK = 2, 3
    for number in range(2):
        post(report, Writer(number=7, network=HOME), body=f"{number}")
    with pytest.raises(TooMany):
        post(report, Writer(number=7, network=HOME), body="三つ目")
    post(report, Writer(number=8, network=HOME), body="三つ目")
    with pytest.raises(TooMany):
        post(report, Writer(number=9, network=HOME), body="四つ目")


def test_who_is_banned_writes_nothing(report: ActivityReport, citizen: User) -> None:
    moderator = UserFactory.create(role="moderator")
    ban_account(account=citizen, by=moderator, reason=DecisionReason.ADVERTISEMENT, at=NOW)
    ban_network(network=HOME, by=moderator, reason=DecisionReason.ADVERTISEMENT, at=NOW)
    for writer in (Writer(account=citizen), Writer(number=7, network=HOME)):
        with pytest.raises(Banned):
            post(report, writer)
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "nickname",
    [
        "運営",
        "運 営",
        "運・営",
        "運營事務局",
        "ｶﾝﾘｼｬ管理者",
        "Ａｄｍｉｎ",
        "аdmin",
        "adm1n",
        "Öfficial",
        "モデレーター",
        "もでれーたー",
        GONE,
    ],
)
def test_nobody_passes_for_the_site(report: ActivityReport, nickname: str) -> None:
    with pytest.raises(CommentRefused) as refusal:
        post(report, nickname=nickname)
    assert refusal.value.faults.keys() == {"nickname"}


@pytest.mark.parametrize(
    "nickname", ["見本太郎", "見本 太郎", "見本太郎（本人）", "見本太郎議員", "けんぽんたろう", "ケンポンタロウ事務所"]
)
def test_nobody_passes_for_a_politician_who_speaks_here(report: ActivityReport, nickname: str) -> None:
    delegate = DelegateFactory.create(politician=report.politician)
    for text, folded in (("見本太郎", "見本太郎"), ("けんぽんたろう", "けんぽんたろう")):
        PoliticianName.objects.create(politician=delegate.politician, kind="common", text=text, folded=folded)
    with pytest.raises(CommentRefused):
        post(report, nickname=nickname)
    comment = post(report, Writer(account=delegate.user), nickname=nickname)
    assert comment.by_owner


@pytest.mark.parametrize("nickname", ["キッシー", "運動好き", "見本町の者", "Админ🙂さん"[6:], "山田", "🙂"])
def test_ordinary_nicknames_are_taken(report: ActivityReport, nickname: str) -> None:
    assert not post(report, nickname=nickname).by_owner


@pytest.mark.parametrize("nickname", ["\u3164", "\u2800", "\u115f"])
def test_a_nickname_can_be_seen(report: ActivityReport, nickname: str) -> None:
    with pytest.raises(CommentRefused):
        post(report, nickname=nickname)


def test_only_its_writer_takes_a_comment_back_and_only_while_it_waits(report: ActivityReport, citizen: User) -> None:
    comment = post(report, Writer(number=7, network=HOME))
    for stranger in (Writer(number=8), Writer(account=citizen), Writer()):
        with pytest.raises(NotWaiting):
            withdraw_comment(comment=comment, writer=stranger)
    withdraw_comment(comment=comment, writer=Writer(number=7))
    assert not Comment.objects.exists()
    assert not CommentNetwork.objects.exists()
    shown = CommentFactory(report=report, writer=7)
    with pytest.raises(NotWaiting):
        withdraw_comment(comment=shown, writer=Writer(number=7))


def test_of_a_new_comment_the_office_and_the_reports_writer_are_told(citizen: User) -> None:
    delegate = DelegateFactory.create()
    report = ReportFactory.create(politician=delegate.politician, author=citizen)
    moderator = UserFactory.create(role="moderator")
    comment = post(report, Writer(account=citizen), body="自分の報告への補足です。")
    decide(item=comment, approve=True, by=moderator, at=NOW)
    told = Notice.objects.filter(kind="comment")
    assert list(told.values_list("user", "url")) == [(delegate.user.pk, comment.get_absolute_url())]
    hide(item=comment, by=moderator, reason=DecisionReason.UNRELATED, at=NOW)
    assert not Notice.objects.filter(kind="comment").exists()


def test_who_follows_a_report_is_told_of_its_comments_once_and_of_their_own_never(citizen: User) -> None:
    delegate, reader, bystander = DelegateFactory.create(), UserFactory.create(), UserFactory.create()
    report = ReportFactory.create(politician=delegate.politician, author=delegate.user)
    for user in (reader, delegate.user, citizen):
        follow(user=user, subject=Subject.REPORT, subject_id=report.pk, at=NOW)
    comment = post(report, Writer(account=citizen), body="点検の結果を知りたいです。")
    assert not Event.objects.exists(), "nothing is told of what waits"
    decide(item=comment, approve=True, by=UserFactory.create(role="moderator"), at=NOW)
    fan_out(at=NOW)
    told = Notice.objects.filter(kind="comment").order_by("user").values_list("user", "url")
    assert list(told) == sorted((user.pk, comment.get_absolute_url()) for user in (reader, delegate.user))
    assert not Notice.objects.filter(user=bystander).exists()


def test_a_politicians_own_people_decide_on_none_of_the_comments() -> None:
    delegate = DelegateFactory.create()
    comment = post(ReportFactory.create(politician=delegate.politician))
    assert comment.concerns == {delegate.politician_id}


def test_networks_are_forgotten_after_two_days(report: ActivityReport) -> None:
    post(report, Writer(number=7, network=HOME))
    assert forget_networks(at=NOW + timedelta(days=1)) == 0
    assert forget_networks(at=NOW + timedelta(days=2)) == 1
    assert not CommentNetwork.objects.exists()
    assert Comment.objects.exists()


def test_closing_an_account_keeps_its_comments_without_the_name(report: ActivityReport, citizen: User) -> None:
    shown = CommentFactory(report=report, writer=None, author=citizen, nickname="花子", by_owner=True)
    PendingFactory(report=report, writer=None, author=citizen)
    others = PendingFactory(report=report)
    close_account(user=citizen)
    shown.refresh_from_db()
    assert (shown.nickname, shown.author, shown.by_owner, shown.state) == (GONE, None, False, "approved")
    assert set(Comment.objects.all()) == {shown, others}
    assert not User.objects.filter(pk=citizen.pk).exists()


def test_closing_an_account_removes_its_comments_where_that_was_chosen(report: ActivityReport, citizen: User) -> None:
    CommentFactory(report=report, writer=None, author=citizen)
    close_account(user=citizen, keep=False)
    assert not Comment.objects.exists()
    leave_comments(user=UserFactory.create(), keep=False)


def test_the_export_has_every_comment_of_the_account(report: ActivityReport, citizen: User) -> None:
    CommentFactory(report=report)
    PendingFactory(report=report, writer=None, author=citizen, body="確認待ちです。")
    assert [(row["body"], row["state"]) for row in exported(citizen)] == [("確認待ちです。", "pending")]
