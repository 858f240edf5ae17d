"""What moderators decide on claims, and how a verification ends."""

from datetime import timedelta

import pytest

from tests.accounts.factories import UserFactory
from tests.claims.claiming import AT, PUBLIC, decided, mailed_code, opened, waiting
from tests.claims.factories import WaitingClaimFactory
from tests.evaluations.counting import kept
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts.models import User
from tsushinbo.accounts.roles import Role
from tsushinbo.claims.errors import ClaimMoved, ClaimRefused, NotAModerator, OwnClaim
from tsushinbo.claims.models import Claim, ClaimReason, Way
from tsushinbo.claims.queries import verification_of
from tsushinbo.claims.services import decide_claim, end_verification, enter_code
from tsushinbo.evaluations.errors import OwnPledge
from tsushinbo.evaluations.models import Choice
from tsushinbo.evaluations.services import assess_pledge, cast_ballot, end_assessments_of_delegates
from tsushinbo.moderation.models import LogEntry
from tsushinbo.notices.models import Kind, Notice
from tsushinbo.people.models import Delegate, Politician
from tsushinbo.people.queries import speaks_for

pytestmark = pytest.mark.django_db
State = Claim.State


def test_a_moderator_verifies_and_the_record_says_who(claimant: User, politician: Politician, moderator: User) -> None:
    claim = opened(claimant, politician)
    enter_code(claim=claim, digits=mailed_code(claim, PUBLIC), at=AT)
    claim = decided(claim, moderator, verify=True)
    assert (claim.state, claim.decided_by, claim.address) == (State.VERIFIED, moderator, "")
    assert speaks_for(claimant, politician)
    verification = verification_of(politician)
    assert verification is not None
    assert (verification.way, verification.by) == (Way.CODE, "モデレーター")
    entry = LogEntry.objects.get()
    assert (entry.actor, entry.kind, entry.subject_id) == (moderator, "claims.claim", claim.pk)
    assert Notice.objects.filter(user=claimant, kind=Kind.CLAIM).count() == 2


def test_a_refusal_gives_a_reason_that_the_claimant_reads(
    claimant: User, politician: Politician, moderator: User
) -> None:
    claim = waiting(claimant, politician)
    with pytest.raises(ClaimRefused):
        decide_claim(claim=claim, verify=False, by=moderator, seen=claim.version, at=AT)
    claim = decided(claim, moderator, verify=False)
    assert (claim.state, claim.reason, claim.note) == (State.REFUSED, ClaimReason.UNPROVED, "確かめました。")
    assert not speaks_for(claimant, politician)
    told = Notice.objects.filter(user=claimant, kind=Kind.CLAIM).order_by("-pk")[0]
    assert "本人・事務所のものと確かめられない" in told.text
    assert opened(claimant, politician).is_open


def test_two_moderators_never_decide_the_same(claimant: User, politician: Politician, moderator: User) -> None:
    claim = waiting(claimant, politician)
    seen = claim.version
    decided(claim, UserFactory.create(role=Role.ADMINISTRATOR), verify=False, at=AT + timedelta(minutes=1))
    with pytest.raises(ClaimMoved):
        decide_claim(claim=claim, verify=True, by=moderator, seen=seen, at=AT + timedelta(minutes=2))
    assert LogEntry.objects.count() == 1
    assert not speaks_for(claimant, politician)


def test_what_was_changed_since_it_was_read_is_not_decided(
    claimant: User, politician: Politician, moderator: User
) -> None:
    claim = waiting(claimant, politician)
    Claim.objects.filter(pk=claim.pk).update(changed_at=AT + timedelta(seconds=1))
    with pytest.raises(ClaimMoved):
        decide_claim(claim=claim, verify=True, by=moderator, seen=claim.version, at=AT)


@pytest.mark.parametrize("role", ["", Role.EDITOR])
def test_who_is_no_moderator_decides_nothing(claimant: User, politician: Politician, role: str) -> None:
    claim = waiting(claimant, politician)
    with pytest.raises(NotAModerator):
        decided(claim, UserFactory.create(role=role), verify=True)
    with pytest.raises(NotAModerator):
        decided(claim, claimant, verify=True)
    assert not speaks_for(claimant, politician)


def test_who_has_a_part_in_it_decides_nothing(politician: Politician, moderator: User) -> None:
    own = waiting(moderator, politician)
    with pytest.raises(OwnClaim):
        decided(own, moderator, verify=True)
    DelegateFactory.create(user=moderator, politician=politician)
    rival = WaitingClaimFactory.create(politician=politician)
    with pytest.raises(OwnClaim):
        decided(rival, moderator, verify=False)


def test_a_transfer_ends_what_the_others_held(claimant: User, politician: Politician, moderator: User) -> None:
    first = UserFactory.create()
    decided(waiting(first, politician), moderator, verify=True)
    DelegateFactory.create(politician=politician, role=Delegate.Role.TEAM)
    claim = waiting(claimant, politician, statement="秘書が交代しました。")
    assert claim.state == State.DISPUTED
    decided(claim, moderator, verify=True, end_others=True)
    assert [row.user for row in Delegate.objects.all()] == [claimant]
    ended = Claim.objects.get(user=first)
    assert (ended.state, ended.reason) == (State.ENDED, ClaimReason.TRANSFERRED)
    assert Notice.objects.filter(user=first, title__contains="終えました").exists()


def test_without_a_word_the_others_stay(claimant: User, politician: Politician, moderator: User) -> None:
    holder = DelegateFactory.create(politician=politician).user
    decided(waiting(claimant, politician, statement="2つ目です。"), moderator, verify=True)
    assert speaks_for(holder, politician)
    assert speaks_for(claimant, politician)


def test_a_member_of_the_team_may_become_a_holder(politician: Politician, moderator: User) -> None:
    DelegateFactory.create(politician=politician)
    member = DelegateFactory.create(politician=politician, role=Delegate.Role.TEAM).user
    decided(waiting(member, politician, statement="代表が交代しました。"), moderator, verify=True)
    assert Delegate.objects.get(user=member).role == Delegate.Role.HOLDER


def test_a_verification_ends_with_a_reason_and_the_team_with_it(
    claimant: User, politician: Politician, moderator: User
) -> None:
    claim = decided(waiting(claimant, politician), moderator, verify=True)
    DelegateFactory.create(politician=politician, role=Delegate.Role.TEAM)
    for nobody in (UserFactory.create(), UserFactory.create(role=Role.EDITOR)):
        with pytest.raises(NotAModerator):
            end_verification(claim=claim, by=nobody, seen=claim.version, reason=ClaimReason.IMPOSTOR, at=AT)
    with pytest.raises(ClaimMoved):
        end_verification(claim=claim, by=moderator, seen="2026", reason=ClaimReason.IMPOSTOR, at=AT)
    end_verification(claim=claim, by=moderator, seen=claim.version, reason=ClaimReason.IMPOSTOR, at=AT)
    assert not Delegate.objects.exists()
    assert verification_of(politician) is None
    deeds = LogEntry.objects.order_by("pk").values_list("deed", flat=True)
    assert sorted(deeds) == ["claim_ended", "claim_verified", "delegate_removed"]


def test_the_holder_gives_it_up(claimant: User, politician: Politician, moderator: User) -> None:
    claim = decided(waiting(claimant, politician), moderator, verify=True)
    end_verification(claim=claim, by=claimant, seen=claim.version, reason=ClaimReason.REQUESTED, at=AT)
    assert not speaks_for(claimant, politician)


def test_after_a_claim_the_account_judges_no_own_pledge_and_what_it_said_as_a_citizen_ends(
    claimant: User, politician: Politician, moderator: User
) -> None:
    pledge = PledgeFactory.create(politician=politician)
    said = assess_pledge(pledge=pledge, author=claimant, progress=50, achievement=50, at=AT)
    cast_ballot(pledge=pledge, voter=1, choice=Choice.GOOD, account=claimant, at=AT)
    decided(waiting(claimant, politician), moderator, verify=True)
    with pytest.raises(OwnPledge):
        cast_ballot(pledge=pledge, voter=2, choice=Choice.GOOD, account=claimant, at=AT)
    with pytest.raises(OwnPledge):
        assess_pledge(pledge=pledge, author=claimant, progress=50, achievement=50, at=AT)
    end_assessments_of_delegates(at=AT)
    said.refresh_from_db()
    assert not said.current
    # A ballot holds no account: nobody knows whose it was.
    assert kept(pledge) == {"good": 1}
