"""Work for comments while they come thick: from one network, on the whole site, and what becomes of those that come without."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tests.activities.factories import ReportFactory
from tests.comments.conftest import NOW
from tests.comments.factories import PendingFactory
from tsushinbo.accounts import proof_of_work
from tsushinbo.accounts.models import RateCount, User
from tsushinbo.accounts.network import network_prefix
from tsushinbo.accounts.proof_of_work import (
    MOST_BITS,
    Challenge,
    WorkAsked,
    WorkForged,
    WorkSpent,
    WorkTooLittle,
    WorkTooOld,
    challenge,
    solve,
)
from tsushinbo.accounts.services import network_subject
from tsushinbo.activities.models import ActivityReport
from tsushinbo.comments import pressure
from tsushinbo.comments.errors import AlreadySaid, CommentRefused, TooManyWithoutWork
from tsushinbo.comments.models import Comment, CommentNetwork
from tsushinbo.comments.pressure import BITS, bits_for
from tsushinbo.comments.services import Writer, post_comment, work_purpose

pytestmark = pytest.mark.django_db
HOME, AWAY = "network:aa", "network:bb"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _short_work(monkeypatch: pytest.MonkeyPatch, settings: Settings, clock: time_machine.Traveller) -> None:
    """Few rounds and few comments: what is proved here does not hang on how many there are. Every page at NOW."""
    monkeypatch.setattr(proof_of_work, "ROUNDS", 1)
    settings.COMMENT_WORK_NETWORK = settings.COMMENT_WORK_SITE = 4


def came(number: int, *, network: str = "", at: datetime = NOW, state: str = "pending") -> None:
    """Comments that were posted, all at one moment, from one network or from many."""
    report = ReportFactory.create()
    for comment in PendingFactory.create_batch(number, report=report, made_at=at, state=state):
        if network:
            day = timezone.localdate(at)
            CommentNetwork.objects.create(day=day, comment=comment, network=network, body=comment.pk % 1000)
    pressure.forget()


def post(report: ActivityReport, body: str = "質問です。", network: str = HOME, **rest: object) -> Comment:
    given = {"writer": Writer(number=7, network=network), "nickname": "", "at": NOW, **rest}
    return post_comment(report=report, body=body, **given)  # type: ignore[arg-type]


def solution(report: ActivityReport, *, bits: int = BITS, at: datetime = NOW) -> str:
    return solve(challenge(work_purpose(report.pk), bits, at))


def test_nobody_is_asked_in_ordinary_times(report: ActivityReport) -> None:
    came(3, network=HOME)
    assert post(report, work="").state == "pending"
    assert not RateCount.objects.filter(subject__startswith="work:").exists()


def test_a_network_from_which_many_came_within_an_hour_is_asked_and_no_other(
    report: ActivityReport, settings: Settings
) -> None:
    settings.COMMENT_WORK_SITE = 1000
    came(4, network=HOME, at=NOW - timedelta(minutes=59))
    with pytest.raises(WorkAsked) as asked:
        post(report, work="")
    assert asked.value.bits == BITS
    assert post(report, network=AWAY, work="")
    assert bits_for(HOME, NOW + timedelta(minutes=1)) == 0


@pytest.mark.parametrize(("number", "bits"), [(3, 0), (4, 0), (7, 1), (14, 1), (15, 2), (200, MOST_BITS - BITS)])
def test_the_work_doubles_as_the_comments_do(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, number: int, bits: int
) -> None:
    settings.COMMENT_WORK_SITE = 1000
    monkeypatch.setattr(pressure, "_posted_from", lambda *_: number)
    assert bits_for(HOME, NOW) == (BITS + bits if number >= 4 else 0)


@pytest.mark.parametrize("state", ["pending", "approved", "rejected", "hidden"])
def test_everybody_is_asked_while_the_site_has_far_more_than_usual(report: ActivityReport, state: str) -> None:
    came(4, state=state, at=NOW - timedelta(minutes=59))
    for network in (HOME, AWAY, "network:unknown", None):
        with pytest.raises(WorkAsked):
            post(report, writer=Writer(number=7, network=network), work="")


def test_what_is_usual_on_a_site_is_no_flood() -> None:
    # A hundred and sixty-eight hours with one comment each but for a few: ten in an hour are less than ten times as many.
    came(84, at=NOW - timedelta(days=3))
    came(4)
    assert bits_for(AWAY, NOW) == 0
    came(1)
    assert bits_for(AWAY, NOW) == BITS


def test_a_flood_is_over_after_an_hour(clock: time_machine.Traveller) -> None:
    came(40)
    assert bits_for(AWAY, NOW) > BITS
    clock.shift(timedelta(hours=1, seconds=1))
    pressure.forget()
    assert bits_for(AWAY, timezone.now()) == 0


def test_the_operator_may_ask_always_or_never(report: ActivityReport, settings: Settings) -> None:
    settings.COMMENT_WORK = "always"
    assert bits_for(HOME, NOW) == BITS
    came(15)
    assert bits_for(HOME, NOW) == BITS + 2
    settings.COMMENT_WORK = "off"
    assert bits_for(HOME, NOW) == 0
    settings.COMMENT_WORK, settings.PROOF_OF_WORK = "always", False
    assert post(report, work="")


def test_an_account_is_not_asked(report: ActivityReport, citizen: User) -> None:
    came(40, network=HOME)
    assert post(report, writer=Writer(account=citizen, network=HOME), work="").author == citizen


def test_in_ordinary_times_it_costs_three_short_counts(
    report: ActivityReport, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        assert bits_for(HOME, NOW) == 0
    with django_assert_num_queries(1):
        assert bits_for(HOME, NOW) == 0


def test_the_answer_lets_one_comment_pass(report: ActivityReport) -> None:
    came(4)
    answer = solution(report)
    assert post(report, work=answer).state == "pending"
    with pytest.raises(WorkSpent):
        post(report, body="別の質問です。", work=answer)
    assert Comment.objects.filter(report=report).count() == 1


def test_an_answer_is_good_for_its_report_its_bits_and_ten_minutes(report: ActivityReport) -> None:
    came(4)
    other = ReportFactory.create()
    late = NOW - proof_of_work.LIVES - timedelta(seconds=1)
    wrong = [
        (solution(other), WorkForged),
        (solve(challenge(f"ballot:{report.pk}", BITS, NOW)), WorkForged),
        (solution(report, bits=BITS - 1), WorkTooLittle),
        (solution(report, at=late), WorkTooOld),
        ("nonsense", WorkForged),
    ]
    for answer, refusal in wrong:
        with pytest.raises(refusal) as refused:
            post(report, work=answer)
        assert refused.value.bits == BITS
    assert not Comment.objects.filter(report=report).exists()


def test_nothing_is_asked_of_what_would_be_refused_and_nothing_spent_on_it(report: ActivityReport) -> None:
    came(4)
    with pytest.raises(CommentRefused):
        post(report, work="", nickname="運営")
    answer = solution(report)
    with pytest.raises(CommentRefused):
        post(report, work=answer, nickname="運営")
    post(report, work=answer)
    with pytest.raises(AlreadySaid):
        post(report, work="")


def test_a_few_are_taken_without_work_from_each_network(report: ActivityReport, settings: Settings) -> None:
    settings.RATE_COMMENTS_WITHOUT_WORK = 2
    came(4)
    for number in range(2):
        post(report, body=f"{number}")
    with pytest.raises(TooManyWithoutWork) as refusal:
        post(report, body="三つ目")
    assert refusal.value.retry_after == 600
    assert "約10分たってから" in refusal.value.message
    assert post(report, body="よそから", network=AWAY)
    assert post(report, body="三つ目", work=solution(report))
    assert post(report, body="四つ目", at=NOW + timedelta(minutes=10))


# Over HTTP, with htmx and without.


def address(report: ActivityReport) -> str:
    return reverse("comments:comments", args=[report.pk])


def send(client: Client, report: ActivityReport, *, htmx: bool = True, **fields: str) -> HttpResponse:
    given = {"nickname": "キッシー", "body": "質問です。", **fields}
    return client.post(address(report), given, headers=HTMX if htmx else {})


def text(response: HttpResponse) -> str:
    return response.content.decode()


def asked_of(page: str) -> Challenge:
    """The challenge in a form that was sent back."""
    found = re.search(r'data-work="([^"]+)"\s+data-parts="(\d+)"\s+data-bits="(\d+)"\s+data-rounds="(\d+)"', page)
    assert found is not None
    parts = int(found[2])
    return Challenge(found[1], int(found[3]) + parts.bit_length() - 1, parts, int(found[4]))


def test_the_form_comes_back_with_the_work_and_everything_typed(client: Client, report: ActivityReport) -> None:
    came(4)
    response = send(client, report)
    page = text(response)
    assert response.status_code == 422
    assert response.headers["Cache-Control"] == "no-store"
    assert "受け付けられませんでした" not in page
    assert 'value="キッシー"' in page
    assert "質問です。</textarea>" in page
    assert not response.cookies
    response = send(client, report, work=solve(asked_of(page)))
    assert response.status_code == 200
    assert "コメントを受け付けました" in text(response)
    assert "data-work" not in text(response)
    assert Comment.objects.get(report=report).nickname == "キッシー"


def test_an_answer_that_does_not_do_is_answered_with_a_new_challenge(client: Client, report: ActivityReport) -> None:
    came(4)
    old = asked_of(text(send(client, report)))
    response = send(client, report, work=f"{old.token},1,2,3,x")
    assert response.status_code == 422
    assert "計算による確認ができませんでした" in text(response)
    assert "質問です。</textarea>" in text(response)
    assert asked_of(text(response)).token != old.token


@pytest.mark.parametrize("htmx", [True, False])
def test_without_work_a_few_are_taken_and_then_the_way_out_is_told(
    client: Client, report: ActivityReport, settings: Settings, citizen: User, htmx: bool
) -> None:
    settings.RATE_COMMENTS_WITHOUT_WORK = 1
    came(4)
    without = {"without_work": "1"} if htmx else {}
    assert send(client, report, htmx=htmx, **without).status_code == (200 if htmx else 303)
    response = send(client, report, htmx=htmx, body="もう一つの質問です。", **without)
    page = text(response)
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "600"
    assert (
        "約10分たってから、もう一度お送りください。ログインすると、待たずに送れます。入力した内容は残っています。"
        in page
    )
    assert "もう一つの質問です。</textarea>" in page
    assert f'href="{reverse("account_login")}?next={address(report).replace("/", "%2F")}" target="_blank"' in page
    # No challenge, which a browser that cannot compute would answer by sending without again.
    assert "data-work" not in page
    client.force_login(citizen)
    assert send(client, report, htmx=htmx, body="もう一つの質問です。").status_code == (200 if htmx else 303)


def test_a_page_that_is_looked_at_asks_for_nothing(client: Client, report: ActivityReport) -> None:
    came(40)
    for where in (report.get_absolute_url(), address(report)):
        assert "data-work" not in text(client.get(where))


def test_the_network_of_a_request_is_the_one_that_is_counted(client: Client, report: ActivityReport) -> None:
    network = network_subject(network_prefix(client.get("/about/").wsgi_request), at=NOW)
    came(3, network=network)
    assert send(client, report).status_code == 200
    assert send(client, report, body="四つ目の次です。").status_code == 422
