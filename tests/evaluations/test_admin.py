"""Words wait for a person, who approves or rejects them in the admin."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.evaluations.assessing import assess
from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts.models import User
from tsushinbo.evaluations.models import Assessment, Choice, Reason, ReasonText
from tsushinbo.evaluations.services import Link, cast_ballot
from tsushinbo.moderation.services import AlreadyDecided, decide
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator() -> User:
    return User.objects.create_superuser("unei", password="mugi-no-ho-ga-yureru")


@pytest.fixture
def pledge() -> Pledge:
    return PledgeFactory.create()


@pytest.fixture
def text(pledge: Pledge) -> ReasonText:
    cast_ballot(
        pledge=pledge, voter=7, choice=Choice.GOOD, reasons=[Reason.OTHER], text="通学路が明るくなる", at=timezone.now()
    )
    return ReasonText.objects.get()


def test_an_approved_reason_is_seen_on_the_pledge_and_a_rejected_one_is_not(
    client: Client, moderator: User, pledge: Pledge, text: ReasonText
) -> None:
    assert text.text not in client.get(pledge.get_absolute_url()).content.decode()
    decide(item=text, approve=True, by=moderator, at=timezone.now())
    assert text.text in client.get(pledge.get_absolute_url()).content.decode()


def test_two_moderators_never_decide_the_same_text(moderator: User, text: ReasonText) -> None:
    same = ReasonText.objects.get()
    decide(item=text, approve=True, by=moderator, at=timezone.now())
    with pytest.raises(AlreadyDecided):
        decide(item=same, approve=False, by=moderator, at=timezone.now())
    assert ReasonText.objects.get().state == ReasonText.State.APPROVED


def test_a_text_that_changed_while_it_was_read_is_not_approved(
    moderator: User, pledge: Pledge, text: ReasonText
) -> None:
    later = timezone.now() + timedelta(minutes=1)
    cast_ballot(pledge=pledge, voter=7, choice=Choice.GOOD, reasons=[Reason.OTHER], text="別の言葉", at=later)
    with pytest.raises(AlreadyDecided):
        decide(item=text, approve=True, by=moderator, at=later)
    assert ReasonText.objects.get().state == ReasonText.State.PENDING


# comments of assessments

ASSESSMENTS = "/admin/evaluations/assessment/"


@pytest.fixture
def worded(pledge: Pledge) -> Assessment:
    link = Link("予算書", "https://www.example.com/budget/")
    return assess(pledge, UserFactory.create(username="himitsu"), comment="半分まで進みました。", links=[link])


def test_staff_read_comment_and_links_and_not_who_wrote_them(
    client: Client, moderator: User, worded: Assessment
) -> None:
    log_in_with_second_factor(client, moderator)
    for page in (ASSESSMENTS, f"{ASSESSMENTS}{worded.pk}/change/"):
        html = client.get(page).content.decode()
        assert "半分まで進みました。" in html
        assert '予算書: <a href="https://www.example.com/budget/" rel="noreferrer noopener" target="_blank">' in html
        assert "himitsu" not in html


@pytest.mark.parametrize(("action", "state"), [("approve", "approved"), ("reject", "rejected")])
def test_staff_decide_on_them_and_rewrite_nothing(
    client: Client, moderator: User, worded: Assessment, action: str, state: str
) -> None:
    log_in_with_second_factor(client, moderator)
    client.post(ASSESSMENTS, {"action": action, "reason": "unsourced", "_selected_action": [worded.pk]})
    worded.refresh_from_db()
    assert (worded.state, worded.decided_by) == (state, moderator)
    assert client.post(f"{ASSESSMENTS}{worded.pk}/change/", {"comment": "x"}).status_code == 403
    assert client.post(f"{ASSESSMENTS}{worded.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"{ASSESSMENTS}add/").status_code == 403


def test_a_rejection_in_the_admin_gives_a_reason_of_the_published_list(
    client: Client, moderator: User, worded: Assessment
) -> None:
    log_in_with_second_factor(client, moderator)
    assert "出典から確認できない内容" in client.get(ASSESSMENTS).content.decode()
    for reason in ("", "takedown", "nonsense"):
        client.post(ASSESSMENTS, {"action": "reject", "reason": reason, "_selected_action": [worded.pk]})
        worded.refresh_from_db()
        assert worded.state == "pending"
    client.post(ASSESSMENTS, {"action": "reject", "reason": "unsourced", "_selected_action": [worded.pk]})
    worded.refresh_from_db()
    assert (worded.state, worded.decision_reason) == ("rejected", "unsourced")


def test_nothing_waits_that_has_no_words_or_ended(client: Client, moderator: User, pledge: Pledge) -> None:
    author = UserFactory.create()
    assess(pledge, author, comment="消した言葉")
    assess(pledge, author, 11, 12)
    log_in_with_second_factor(client, moderator)
    html = client.get(ASSESSMENTS).content.decode()
    assert "消した言葉" not in html
    assert 'name="_selected_action"' not in html


def test_the_list_costs_a_fixed_number_of_queries(
    client: Client, moderator: User, pledge: Pledge, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    log_in_with_second_factor(client, moderator)
    for author in UserFactory.create_batch(20):
        assess(pledge, author, comment="言葉", links=[Link("一", "https://www.example.com/")])
    with django_assert_max_num_queries(10):
        client.get(ASSESSMENTS)
