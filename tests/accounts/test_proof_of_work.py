"""Proof of work: what a browser computes before it may send something where very much is sent."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from tsushinbo.accounts.models import RateCount
from tsushinbo.accounts.proof_of_work import (
    LEAST_BITS,
    LIVES,
    MOST_BITS,
    PARTS,
    WorkForged,
    WorkRefused,
    WorkSpent,
    WorkTooLittle,
    WorkTooOld,
    asked,
    challenge,
    check,
    solve,
)
from tsushinbo.accounts.services import forget_expired

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

NOW = datetime(2026, 11, 1, 3, 4, 5, tzinfo=UTC)
BITS = LEAST_BITS


@pytest.fixture
def answer():
    return solve(challenge("ballot:1", BITS, NOW))


def test_a_solution_is_accepted(answer):
    check("ballot:1", answer, BITS, NOW + LIVES)


def test_a_solution_is_accepted_once(answer):
    check("ballot:1", answer, BITS, NOW)
    with pytest.raises(WorkSpent):
        check("ballot:1", answer, BITS, NOW + timedelta(minutes=1))


def test_a_solution_that_was_spent_on_a_deed_that_failed_is_good_for_the_next(answer):
    with transaction.atomic():
        check("ballot:1", answer, BITS, NOW)
        transaction.set_rollback(True)
    check("ballot:1", answer, BITS, NOW)


def test_it_cannot_be_spent_again_before_its_row_is_thrown_away(answer):
    check("ballot:1", answer, BITS, NOW)
    forget_expired(at=NOW + LIVES)
    with pytest.raises(WorkSpent):
        check("ballot:1", answer, BITS, NOW + LIVES)
    forget_expired(at=NOW + 2 * LIVES)
    assert not RateCount.objects.exists()


def test_a_solution_is_too_old_after_a_while(answer):
    with pytest.raises(WorkTooOld):
        check("ballot:1", answer, BITS, NOW + LIVES + timedelta(seconds=1))


def test_a_solution_for_something_else_is_refused(answer):
    with pytest.raises(WorkForged):
        check("ballot:2", answer, BITS, NOW)


def test_a_solution_with_fewer_bits_than_are_asked_for_by_now_is_refused(answer):
    with pytest.raises(WorkTooLittle):
        check("ballot:1", answer, BITS + 1, NOW)


def test_one_with_more_bits_is_accepted(answer):
    check("ballot:1", solve(challenge("ballot:1", BITS + 1, NOW)), BITS, NOW)


@pytest.mark.parametrize(
    "spoilt", ["", "no challenge", "a.b.c:d", "6.99999999999.x:y,1,2,3,4", "１,２,３,４,５", "\x00"]
)
def test_what_is_no_answer_is_refused(spoilt):
    with pytest.raises(WorkForged):
        check("ballot:1", spoilt, BITS, NOW)


@pytest.mark.parametrize("numbers", [[], ["1"], ["-1"] * 4, ["x"] * 4, ["²"] * 4, ["9" * 13] * 4, ["1"] * 5])
def test_numbers_that_solve_nothing_are_refused(answer, numbers):
    token = answer.split(",")[0]
    with pytest.raises(WorkTooLittle):
        check("ballot:1", ",".join([token, *numbers]), BITS, NOW)


def test_every_number_counts():
    token, *numbers = solve(challenge("ballot:1", BITS, NOW)).split(",")
    for part in range(PARTS):
        wrong = ["x" if place == part else number for place, number in enumerate(numbers)]
        with pytest.raises(WorkTooLittle):
            check("ballot:1", ",".join([token, *wrong]), BITS, NOW)


def test_refusals_can_be_said_to_a_visitor(answer):
    with pytest.raises(WorkRefused) as refusal:
        check("ballot:2", answer, BITS, NOW)
    assert refusal.value.message == "計算による確認ができませんでした。もう一度お送りください。"


def test_where_nothing_is_asked_nothing_is_checked():
    check("ballot:1", "", 0, NOW)
    assert not RateCount.objects.exists()


def test_the_switch_turns_it_off(settings):
    settings.PROOF_OF_WORK = False
    assert asked(10) == 0
    check("ballot:1", "", 10, NOW)


@pytest.mark.parametrize(("wanted", "bits"), [(-1, 0), (0, 0), (1, LEAST_BITS), (9, 9), (99, MOST_BITS)])
def test_bits_stay_within_what_a_phone_can_do(wanted, bits):
    assert asked(wanted) == bits
