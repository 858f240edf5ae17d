"""Who else writes in a politician's name."""

from datetime import timedelta

import pytest

from tests.accounts.factories import UserFactory
from tests.claims.claiming import AT
from tests.claims.factories import InvitationFactory, VerifiedClaimFactory
from tests.people.factories import DelegateFactory, PoliticianFactory
from tsushinbo.accounts.models import User
from tsushinbo.claims.errors import (
    AlreadyClaimed,
    ClaimRefused,
    InvitationGone,
    InvitedElsewhere,
    NotTheHolder,
    TeamFull,
)
from tsushinbo.claims.models import Invitation
from tsushinbo.claims.queries import invitation_of
from tsushinbo.claims.queries.teams import TEAM_LIMIT, token_of
from tsushinbo.claims.services import accept, forget_expired_codes, invite, leave, remove_member, withdraw_invitation
from tsushinbo.mail.models import Message
from tsushinbo.people.models import Delegate, Politician
from tsushinbo.people.queries import speaks_for

pytestmark = pytest.mark.django_db
LINK = "https://example.com/accounts/invitation/TOKEN/"
ADDRESS = "hisho@example.jp"


@pytest.fixture
def holder(politician: Politician) -> User:
    """Who was verified."""
    return DelegateFactory.create(politician=politician).user


def invited(politician: Politician, by: User, address: str = ADDRESS) -> Invitation:
    return invite(politician=politician, by=by, address=address, link=LINK, at=AT)


def test_an_invitation_is_mailed_and_makes_a_member(politician: Politician, holder: User) -> None:
    invitation = invited(politician, holder, "Hisho@Example.jp")
    message = Message.objects.get()
    assert message.to == ADDRESS
    token = message.text.partition("invitation/")[2].partition("/")[0]
    assert invitation_of(token) == invitation
    user = UserFactory.create(email=ADDRESS)
    delegate = accept(invitation=invitation, user=user, at=AT)
    assert (delegate.role, delegate.recorded_by) == (Delegate.Role.TEAM, holder)
    assert speaks_for(user, politician)
    invitation.refresh_from_db()
    assert (invitation.accepted_by, invitation.address) == (user, "")


def test_it_is_good_once_and_for_the_invited_address_alone(politician: Politician, holder: User) -> None:
    invitation = invited(politician, holder)
    for other in (UserFactory.create(), UserFactory.create(email=ADDRESS, confirmed=False)):
        with pytest.raises(InvitedElsewhere):
            accept(invitation=invitation, user=other, at=AT)
    accept(invitation=invitation, user=UserFactory.create(email=ADDRESS), at=AT)
    with pytest.raises(InvitationGone):
        accept(invitation=invitation, user=UserFactory.create(email="HISHO@example.jp"), at=AT)
    assert Delegate.objects.count() == 2


@pytest.mark.parametrize("how", ["over", "withdrawn", "holder gone", "holder of another"])
def test_one_that_is_over_opens_nothing(politician: Politician, holder: User, how: str) -> None:
    invitation, at = invited(politician, holder), AT
    if how == "over":
        at += timedelta(days=7)
    elif how == "withdrawn":
        withdraw_invitation(invitation=invitation, by=holder, at=AT)
    else:
        Delegate.objects.all().delete()
        if how == "holder of another":
            DelegateFactory.create(user=holder)
    with pytest.raises(InvitationGone):
        accept(invitation=invitation, user=UserFactory.create(email=ADDRESS), at=at)


def test_a_token_that_was_changed_is_none(politician: Politician, holder: User) -> None:
    token = token_of(invited(politician, holder))
    assert invitation_of(token) is not None
    for changed in (token[:-1], f"{token}x", "x", "", token.swapcase()):
        assert invitation_of(changed) is None


def test_only_the_holder_invites_removes_and_withdraws(politician: Politician, holder: User) -> None:
    member = DelegateFactory.create(politician=politician, role=Delegate.Role.TEAM)
    invitation = InvitationFactory.create(politician=politician, invited_by=holder, invited_at=AT)
    elsewhere = DelegateFactory.create(politician=PoliticianFactory.create()).user
    for other in (member.user, elsewhere, UserFactory.create()):
        with pytest.raises(NotTheHolder):
            invited(politician, other)
        with pytest.raises(NotTheHolder):
            withdraw_invitation(invitation=invitation, by=other, at=AT)
        with pytest.raises(NotTheHolder):
            remove_member(delegate=member, by=other, at=AT)
    assert not Message.objects.exists()
    remove_member(delegate=member, by=holder, at=AT)
    assert not speaks_for(member.user, politician)


def test_a_holder_is_not_removed_by_another_nor_leaves_by_this_door(politician: Politician, holder: User) -> None:
    second = DelegateFactory.create(politician=politician)
    VerifiedClaimFactory.create(politician=politician, user=second.user)
    with pytest.raises(NotTheHolder):
        remove_member(delegate=second, by=holder, at=AT)
    with pytest.raises(NotTheHolder):
        leave(delegate=second, at=AT)
    assert Delegate.objects.count() == 2


def test_a_member_leaves(politician: Politician, holder: User) -> None:
    member = DelegateFactory.create(politician=politician, role=Delegate.Role.TEAM)
    leave(delegate=member, at=AT)
    assert not speaks_for(member.user, politician)


def test_a_holder_whom_staff_recorded_gives_it_up_and_the_last_one_takes_the_team_along(
    politician: Politician, holder: User
) -> None:
    first = DelegateFactory.create(politician=politician)
    member = DelegateFactory.create(politician=politician, role=Delegate.Role.TEAM)
    leave(delegate=first, at=AT)
    assert [row.user for row in Delegate.objects.order_by("pk")] == [holder, member.user]
    leave(delegate=Delegate.objects.get(user=holder), at=AT)
    assert not Delegate.objects.exists()


def test_there_is_a_limit_that_counts_invitations(politician: Politician, holder: User) -> None:
    InvitationFactory.create_batch(TEAM_LIMIT - 2, politician=politician, invited_at=AT)
    invited(politician, holder)
    with pytest.raises(TeamFull):
        invited(politician, holder, "more@example.jp")


@pytest.mark.parametrize("address", ["", "x", "a@b", "a@example.jp\nBcc: b@example.jp", "あ@example.jp"])
def test_what_is_no_address_is_named(politician: Politician, holder: User, address: str) -> None:
    with pytest.raises(ClaimRefused):
        invited(politician, holder, address)


def test_an_address_is_invited_once_at_a_time_and_again_when_it_is_over(politician: Politician, holder: User) -> None:
    invited(politician, holder)
    with pytest.raises(ClaimRefused):
        invited(politician, holder)
    later = AT + timedelta(days=8)
    invite(politician=politician, by=holder, address=ADDRESS, link=LINK, at=later)
    assert forget_expired_codes(at=later + timedelta(days=8)) == 1


def test_who_speaks_for_the_politician_joins_no_more(politician: Politician, holder: User) -> None:
    invitation = invited(politician, holder, holder.email)
    with pytest.raises(AlreadyClaimed):
        accept(invitation=invitation, user=holder, at=AT)
    assert Delegate.objects.get(user=holder).role == Delegate.Role.HOLDER
