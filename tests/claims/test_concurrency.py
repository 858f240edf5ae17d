"""Several hands at once, each on a connection of its own, on the database that is really there."""

import pytest

from tests.accounts.factories import UserFactory
from tests.claims.claiming import AT, mailed_code, opened, waiting, wrong
from tests.claims.factories import InvitationFactory
from tests.comments.factories import CommentFactory
from tests.evaluations.test_concurrency import all_at_once
from tests.people.factories import DelegateFactory, LinkFactory, PoliticianFactory
from tsushinbo.accounts.roles import Role
from tsushinbo.claims.models import Claim
from tsushinbo.claims.services import accept, decide_claim, enter_code
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.models import LogEntry
from tsushinbo.people.models import Delegate
from tsushinbo.replies.models import Reply
from tsushinbo.replies.services import answer

pytestmark = pytest.mark.django_db(transaction=True)


def test_guesses_at_once_have_no_more_tries_than_one_after_the_other() -> None:
    politician = PoliticianFactory.create()
    LinkFactory.create(politician=politician, url="https://www.taro-mihon.jp/")
    claim = opened(UserFactory.create(), politician)
    code = mailed_code(claim)
    outcomes: list[str] = []

    def guess() -> None:
        try:
            enter_code(claim=claim, digits=wrong(code), at=AT)
        except RuleBroken as refusal:
            outcomes.append(type(refusal).__name__)

    all_at_once(*(guess for _ in range(8)))
    assert outcomes.count("WrongCode") == 5
    assert outcomes.count("CodeGone") == 3


def test_of_several_who_prove_it_at_once_one_is_verified_and_the_others_are_looked_at() -> None:
    politician = PoliticianFactory.create()
    LinkFactory.create(politician=politician, url="https://www.taro-mihon.jp/")
    claims = [opened(UserFactory.create(), politician) for _ in range(4)]
    codes = [mailed_code(claim) for claim in claims]
    all_at_once(
        *(
            lambda claim=claim, code=code: enter_code(claim=claim, digits=code, at=AT)
            for claim, code in zip(claims, codes, strict=True)
        )
    )
    states = sorted(Claim.objects.values_list("state", flat=True))
    assert states == [Claim.State.DISPUTED] * 3 + [Claim.State.VERIFIED]
    assert Delegate.objects.count() == 1


def test_moderators_at_once_decide_once() -> None:
    claim = waiting(UserFactory.create(), PoliticianFactory.create())
    moderators = [UserFactory.create(role=Role.MODERATOR) for _ in range(4)]
    refused: list[str] = []

    def verify(number: int) -> None:
        try:
            decide_claim(claim=claim, verify=True, by=moderators[number], seen=claim.version, at=AT)
        except RuleBroken as refusal:
            refused.append(type(refusal).__name__)

    all_at_once(*(lambda number=number: verify(number) for number in range(4)))
    assert refused == ["ClaimMoved"] * 3
    assert (Delegate.objects.count(), LogEntry.objects.count()) == (1, 1)
    assert Claim.objects.get().state == Claim.State.VERIFIED


def test_an_invitation_opened_twice_at_once_and_an_answer_sent_twice_at_once_count_once() -> None:
    holder = DelegateFactory.create()
    invitation = InvitationFactory.create(politician=holder.politician, invited_by=holder.user, invited_at=AT)
    users = [UserFactory.create(email=invitation.address), UserFactory.create(email=invitation.address.upper())]
    comment = CommentFactory.create(report__politician=holder.politician)
    refused: list[str] = []

    def join(number: int) -> None:
        try:
            accept(invitation=invitation, user=users[number], at=AT)
        except RuleBroken as refusal:
            refused.append(type(refusal).__name__)

    def reply(number: int) -> None:
        try:
            answer(target=comment, author=holder.user, body=f"回答{number}", seen="", at=AT)
        except RuleBroken as refusal:
            refused.append(type(refusal).__name__)

    all_at_once(*(lambda number=number: join(number) for number in range(2)))
    assert refused == ["InvitationGone"]
    assert Delegate.objects.filter(role=Delegate.Role.TEAM).count() == 1
    all_at_once(*(lambda number=number: reply(number) for number in range(3)))
    assert refused[1:] == ["ReplyMoved"] * 2
    assert Reply.objects.count() == 1
