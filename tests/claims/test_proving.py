"""Claims and their proofs, as services."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from tests.accounts.factories import UserFactory
from tests.claims.claiming import AT, OWN, PUBLIC, mailed_code, opened, waiting, wrong
from tests.people.factories import DelegateFactory, LinkFactory, PoliticianFactory
from tsushinbo.accounts.membership import close_account
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import exported
from tsushinbo.accounts.services import TooMany
from tsushinbo.claims.errors import AlreadyClaimed, ClaimMoved, ClaimRefused, CodeGone, TooManyCodes, WrongCode
from tsushinbo.claims.models import Checker, Claim, ClaimCode, Way
from tsushinbo.claims.queries import verification_of
from tsushinbo.claims.services import enter_code, forget_expired_codes, send_code, submit_page, withdraw_claim
from tsushinbo.claims.services.proving import CODE_LIVES, CODE_TRIES, CODES_A_DAY
from tsushinbo.mail.models import Message
from tsushinbo.notices.models import Kind, Notice
from tsushinbo.people.models import Delegate, Politician
from tsushinbo.people.queries import speaks_for

pytestmark = pytest.mark.django_db
State = Claim.State


def test_a_code_to_the_own_domain_verifies_at_once(claimant: User, politician: Politician) -> None:
    claim = opened(claimant, politician)
    code = mailed_code(claim)
    message = Message.objects.get()
    assert (message.to, message.urgent) == (OWN, True)
    assert politician.spaced_name in message.text
    claim = enter_code(claim=claim, digits=code, at=AT)
    assert (claim.state, claim.way, claim.proof, claim.checker) == (
        State.VERIFIED, Way.CODE, "taro-mihon.jp", Checker.SITE,
    )  # fmt: skip
    assert speaks_for(claimant, politician)
    delegate = Delegate.objects.get()
    assert (delegate.role, delegate.since) == (Delegate.Role.HOLDER, AT)
    verification = verification_of(politician)
    assert verification is not None
    assert (verification.way, verification.verified_at, verification.by) == (Way.CODE, AT, "サイト（自動）")
    assert list(claim.steps.values_list("state", flat=True)) == ["open", "code_sent", "verified"]
    assert Notice.objects.filter(user=claimant, kind=Kind.CLAIM).count() == 1


def test_a_code_to_a_public_body_proves_where_somebody_works_and_moderators_look(
    claimant: User, politician: Politician
) -> None:
    claim = opened(claimant, politician)
    claim = enter_code(claim=claim, digits=mailed_code(claim, PUBLIC), at=AT)
    assert (claim.state, claim.proof, claim.address) == (State.WAITING, "city.mihon.lg.jp", PUBLIC)
    assert not speaks_for(claimant, politician)
    assert verification_of(politician) is None


def test_a_page_that_others_have_too_is_no_own_domain(claimant: User, politician: Politician) -> None:
    LinkFactory.create(url="https://taro-mihon.jp/others/")
    claim = opened(claimant, politician)
    assert enter_code(claim=claim, digits=mailed_code(claim), at=AT).state == State.WAITING


def test_neither_the_code_nor_the_address_is_kept(claimant: User, politician: Politician) -> None:
    claim = opened(claimant, politician)
    code = mailed_code(claim)
    row = ClaimCode.objects.values().get()
    kept = " ".join(str(value) for name, value in row.items() if name not in {"id", "sent_at", "expires_at"})
    assert code not in kept
    assert OWN not in kept
    claim.refresh_from_db()
    assert claim.address == ""


@pytest.mark.parametrize("address", ["a@gmail.com", "a@city.mihon.lg.jp.evil.example", "a@city.mihon.lg.jp."])
def test_another_address_is_refused_and_nothing_is_mailed(claimant: User, politician: Politician, address: str) -> None:
    claim = opened(claimant, politician)
    with pytest.raises(ClaimRefused) as refusal:
        send_code(claim=claim, address=address, at=AT)
    assert "address" in refusal.value.faults
    assert not Message.objects.exists()
    assert not ClaimCode.objects.exists()


def test_a_code_has_five_tries_and_the_right_one_comes_too_late_after_them(
    claimant: User, politician: Politician
) -> None:
    claim = opened(claimant, politician)
    code = mailed_code(claim)
    for left in range(CODE_TRIES - 1, -1, -1):
        with pytest.raises(WrongCode) as refusal:
            enter_code(claim=claim, digits=wrong(code), at=AT)
        assert refusal.value.tries_left == left
    with pytest.raises(CodeGone):
        enter_code(claim=claim, digits=code, at=AT)
    assert not speaks_for(claimant, politician)


def test_a_code_expires(claimant: User, politician: Politician) -> None:
    claim = opened(claimant, politician)
    code = mailed_code(claim)
    with pytest.raises(CodeGone):
        enter_code(claim=claim, digits=code, at=AT + CODE_LIVES)


def test_a_new_code_takes_the_place_of_the_one_before(claimant: User, politician: Politician) -> None:
    claim = opened(claimant, politician)
    first = mailed_code(claim)
    second = mailed_code(claim)
    assert first != second
    with pytest.raises(WrongCode):
        enter_code(claim=claim, digits=first, at=AT)
    assert enter_code(claim=claim, digits=second, at=AT).state == State.VERIFIED


def test_a_code_fits_its_own_claim_only(claimant: User, stranger: User, politician: Politician) -> None:
    claim, other = opened(claimant, politician), opened(stranger, politician)
    code = mailed_code(claim)
    mailed_code(other)
    with pytest.raises(WrongCode):
        enter_code(claim=other, digits=code, at=AT)


def test_an_account_and_a_mailbox_are_sent_five_codes_a_day(claimant: User, politician: Politician) -> None:
    claim = opened(claimant, politician)
    for number in range(CODES_A_DAY):
        send_code(claim=claim, address=f"info+{number}@taro-mihon.jp", at=AT)
    with pytest.raises(TooManyCodes):
        send_code(claim=claim, address="else@taro-mihon.jp", at=AT)
    other = opened(UserFactory.create(), politician)
    with pytest.raises(TooManyCodes):
        send_code(claim=other, address="INFO+x@taro-mihon.jp", at=AT)
    later = AT + timedelta(days=1, seconds=1)
    forget_expired_codes(at=later)
    send_code(claim=other, address=OWN, at=later)


def test_guessing_is_counted_by_account_too(claimant: User, politician: Politician, settings: Settings) -> None:
    settings.RATE_CLAIMS_PER_ACCOUNT = 1
    claim = opened(claimant, politician)
    code = mailed_code(claim)
    for _ in range(3):
        with pytest.raises(WrongCode):
            enter_code(claim=claim, digits=wrong(code), at=AT)
    with pytest.raises(TooMany):
        enter_code(claim=claim, digits=code, at=AT)


def test_one_claim_is_alive_at_a_time(claimant: User, politician: Politician) -> None:
    claim = opened(claimant, politician)
    with pytest.raises(AlreadyClaimed):
        opened(claimant, politician)
    withdraw_claim(claim=claim, at=AT)
    assert opened(claimant, politician).state == State.OPEN
    with pytest.raises(ClaimMoved):
        withdraw_claim(claim=claim, at=AT)


def test_who_speaks_for_the_politician_claims_no_more(politician: Politician) -> None:
    with pytest.raises(AlreadyClaimed):
        opened(DelegateFactory.create(politician=politician).user, politician)


def test_a_second_claim_says_why_and_is_decided_by_moderators(claimant: User, politician: Politician) -> None:
    holder = DelegateFactory.create(politician=politician).user
    with pytest.raises(ClaimRefused) as refusal:
        opened(claimant, politician)
    assert "statement" in refusal.value.faults
    claim = opened(claimant, politician, statement="前の秘書が持っています。")
    claim = enter_code(claim=claim, digits=mailed_code(claim), at=AT)
    assert (claim.state, claim.contested) == (State.DISPUTED, True)
    assert not speaks_for(claimant, politician)
    assert Notice.objects.filter(user=holder, kind=Kind.CLAIM).count() == 1


def test_two_claims_at_once_are_a_dispute(claimant: User, stranger: User, politician: Politician) -> None:
    waiting(stranger, politician)
    claim = opened(claimant, politician)
    assert enter_code(claim=claim, digits=mailed_code(claim), at=AT).state == State.DISPUTED


def test_a_page_with_the_token_waits_for_moderators(claimant: User, politician: Politician) -> None:
    claim = waiting(claimant, politician)
    assert (claim.state, claim.way, claim.contested) == (State.WAITING, Way.PAGE, False)
    for act in (
        lambda: send_code(claim=claim, address=OWN, at=AT),
        lambda: submit_page(claim=claim, way=Way.CALL, url="https://www.example.com/", at=AT),
        lambda: enter_code(claim=claim, digits="00000000", at=AT),
    ):
        with pytest.raises(ClaimMoved):
            act()


def test_what_came_of_a_claim_with_a_code_is_not_reached_by_the_code_later(
    claimant: User, politician: Politician
) -> None:
    claim = opened(claimant, politician)
    code = mailed_code(claim)
    withdraw_claim(claim=claim, at=AT)
    with pytest.raises(ClaimMoved):
        enter_code(claim=claim, digits=code, at=AT)


def test_the_chores_forget_codes_and_claims_of_which_nothing_came(claimant: User, politician: Politician) -> None:
    claim = opened(claimant, politician)
    mailed_code(claim, PUBLIC)
    claim.refresh_from_db()
    assert claim.address == PUBLIC
    assert forget_expired_codes(at=AT + timedelta(hours=1)) == 0
    assert forget_expired_codes(at=AT + timedelta(days=31)) == 2
    claim.refresh_from_db()
    assert (claim.state, claim.address) == (State.WITHDRAWN, "")
    assert not ClaimCode.objects.exists()


def test_one_taken_back_in_the_admin_is_verified_no_longer(claimant: User, politician: Politician) -> None:
    claim = opened(claimant, politician)
    enter_code(claim=claim, digits=mailed_code(claim), at=AT)
    Delegate.objects.all().delete()
    assert verification_of(politician) is None
    forget_expired_codes(at=AT)
    claim.refresh_from_db()
    assert claim.state == State.ENDED
    # Who verified it stays on record beside who ended it.
    assert (claim.checker, claim.steps.order_by("at", "pk").last().role) == ("site", "administrator")
    assert opened(claimant, politician).is_open


def test_one_recorded_by_staff_says_so(politician: Politician) -> None:
    delegate = DelegateFactory.create(politician=politician)
    verification = verification_of(politician)
    assert verification is not None
    assert (verification.way, verification.verified_at, verification.by) == (Way.STAFF, delegate.since, "管理者")


def test_a_member_of_the_team_is_no_verification(politician: Politician) -> None:
    DelegateFactory.create(politician=politician, role=Delegate.Role.TEAM)
    assert verification_of(politician) is None


def test_the_account_holder_takes_claims_along(claimant: User, politician: Politician) -> None:
    waiting(claimant, politician)
    (row,) = exported(claimant)["claims"]["claims"]
    assert (row["state"], row["proof"]) == ("waiting", "https://x.com/mihon/status/1")
    assert [step["state"] for step in row["steps"]] == ["open", "waiting"]


def test_closing_an_account_ends_what_it_held(claimant: User, politician: Politician) -> None:
    claim = opened(claimant, politician)
    enter_code(claim=claim, digits=mailed_code(claim), at=AT)
    other = opened(claimant, PoliticianFactory.create())
    DelegateFactory.create(politician=politician, role=Delegate.Role.TEAM)
    close_account(user=claimant)
    claim.refresh_from_db()
    assert claim.state == State.ENDED
    assert not Claim.objects.filter(pk=other.pk).exists()
    assert not Delegate.objects.exists()
    assert verification_of(politician) is None
