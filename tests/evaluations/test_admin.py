"""Reasons in words wait for a person, who approves or rejects them in the admin."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts.models import User
from tsushinbo.evaluations.models import Choice, Reason, ReasonText
from tsushinbo.evaluations.services import cast_ballot
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
