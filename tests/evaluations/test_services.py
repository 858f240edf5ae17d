"""Casting, changing and withdrawing a ballot."""

from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries, Settings

from tests.evaluations.counting import AT, cast, counted, kept
from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts.models import RateCount
from tsushinbo.accounts.services import TooMany
from tsushinbo.evaluations import services
from tsushinbo.evaluations.errors import ContradictoryReasons, TextWithoutOther
from tsushinbo.evaluations.models import Ballot, Reason, ReasonText, Tally
from tsushinbo.evaluations.queries.flagged import flagged
from tsushinbo.evaluations.services import ballots
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
# Inside a test's own transaction a transaction is a savepoint and its release; on the site they are BEGIN and COMMIT.
SAVEPOINTS = 2


def withdraw(pledge: Pledge, voter: int = 1) -> bool:
    return services.withdraw_ballot(pledge=pledge, voter=voter, at=LATER)


def test_a_ballot_is_kept_and_counted(pledge: Pledge) -> None:
    cast(pledge, 1, "bad", "clear", "infeasible", "other")
    ballot = Ballot.objects.get(pledge=pledge, voter=1)
    assert (ballot.choice, ballot.clarity, ballot.feasibility, ballot.sincerity) == ("bad", True, False, None)
    assert ballot.reasons == {Reason.CLEAR, Reason.INFEASIBLE, Reason.OTHER}
    assert (ballot.cast_at, ballot.changed_at) == (AT, AT)
    assert kept(pledge) == {"bad": 1, "clear": 1, "infeasible": 1, "other": 1}


def test_reasons_are_independent_of_the_choice(pledge: Pledge) -> None:
    cast(pledge, 1, "good", "unclear", "infeasible", "insincere")
    cast(pledge, 2, "bad", "clear", "feasible", "sincere")
    assert kept(pledge) == {column: 1 for column in Tally.COUNTS if column not in {"other", "held", "excluded"}}


def test_a_second_ballot_replaces_the_first(pledge: Pledge) -> None:
    cast(pledge, 1, "good", "clear")
    ballot = cast(pledge, 1, "bad", "unclear", "sincere", at=LATER)
    assert (ballot.cast_at, ballot.changed_at) == (AT, LATER)
    assert Ballot.objects.get().choice == "bad"
    assert Ballot.objects.get().changed_at == LATER
    assert kept(pledge) == {"bad": 1, "unclear": 1, "sincere": 1}
    assert Tally.objects.get().changed_at == LATER


def test_the_same_ballot_again_changes_nothing(pledge: Pledge) -> None:
    cast(pledge, 1, "good", "clear")
    ballot = cast(pledge, 1, "good", "clear", at=LATER)
    assert ballot.changed_at == AT
    assert Ballot.objects.get().changed_at == AT
    assert Tally.objects.get().changed_at == AT
    assert kept(pledge) == {"good": 1, "clear": 1}


def test_a_withdrawn_ballot_leaves_no_trace(pledge: Pledge) -> None:
    cast(pledge, 2, "bad", "unclear")
    cast(pledge, 1, "good", "clear", "other", text="財源が書かれています。")
    assert withdraw(pledge)
    assert list(Ballot.objects.values_list("voter", flat=True)) == [2]
    assert not ReasonText.objects.exists()
    assert kept(pledge) == {"bad": 1, "unclear": 1}


def test_what_is_not_there_cannot_be_withdrawn(pledge: Pledge) -> None:
    cast(pledge, 2)
    assert not withdraw(pledge, 1)
    assert kept(pledge) == {"good": 1}


def test_after_withdrawing_one_may_judge_again(pledge: Pledge) -> None:
    cast(pledge, 1)
    withdraw(pledge)
    ballot = cast(pledge, 1, "bad", at=LATER)
    assert ballot.cast_at == LATER
    assert kept(pledge) == {"bad": 1}


def test_voters_and_pledges_are_kept_apart(pledge: Pledge) -> None:
    other = PledgeFactory.create()
    cast(pledge, 1)
    cast(pledge, 2)
    cast(other, 1, "bad")
    assert (kept(pledge), kept(other)) == ({"good": 2}, {"bad": 1})


@pytest.mark.parametrize(
    ("reasons", "fields"),
    [
        (("clear", "unclear"), {"clarity"}),
        (("feasible", "infeasible", "clear"), {"feasibility"}),
        (("sincere", "insincere", "clear", "unclear"), {"clarity", "sincerity"}),
    ],
)
def test_contradictory_reasons_are_refused(pledge: Pledge, reasons: tuple[str, ...], fields: set[str]) -> None:
    cast(pledge, 1, "good")
    with pytest.raises(ContradictoryReasons) as refusal:
        cast(pledge, 1, "bad", *reasons)
    assert set(refusal.value.faults) == fields
    assert kept(pledge) == {"good": 1}


def test_a_refused_ballot_is_not_counted_as_use(pledge: Pledge) -> None:
    with pytest.raises(ContradictoryReasons):
        cast(pledge, 1, "bad", "clear", "unclear")
    assert not RateCount.objects.exists()


def test_a_text_needs_its_reason(pledge: Pledge) -> None:
    with pytest.raises(TextWithoutOther) as refusal:
        cast(pledge, 1, "good", "clear", text="理由です。")
    assert set(refusal.value.faults) == {"reason_text"}
    assert not Ballot.objects.exists()


def test_a_text_waits_for_approval(pledge: Pledge) -> None:
    cast(pledge, 1, "good", "other", text="理由です。")
    text = ReasonText.objects.get(pledge=pledge, voter=1)
    assert (text.text, text.state, text.submitted_at) == ("理由です。", "pending", AT)


def test_the_reason_needs_no_text(pledge: Pledge) -> None:
    cast(pledge, 1, "good", "other")
    assert kept(pledge) == {"good": 1, "other": 1}
    assert not ReasonText.objects.exists()


def test_an_edited_text_goes_back_to_wait(pledge: Pledge) -> None:
    cast(pledge, 1, "good", "other", text="理由です。")
    ReasonText.objects.update(state="rejected", decided_at=AT, decision_note="誹謗中傷")
    cast(pledge, 1, "good", "other", text="直した理由です。", at=LATER)
    text = ReasonText.objects.get()
    assert (text.text, text.state, text.submitted_at) == ("直した理由です。", "pending", LATER)
    assert (text.decided_at, text.decided_by, text.decision_note) == (None, None, "")


def test_an_unchanged_text_keeps_its_approval(pledge: Pledge) -> None:
    cast(pledge, 1, "good", "other", text="理由です。")
    ReasonText.objects.update(state="approved", decided_at=AT)
    cast(pledge, 1, "bad", "other", "clear", text="理由です。", at=LATER)
    assert ReasonText.objects.get().state == "approved"


@pytest.mark.parametrize("reasons", [("other",), ("clear",), ()])
def test_a_text_taken_out_is_gone(pledge: Pledge, reasons: tuple[str, ...]) -> None:
    cast(pledge, 1, "good", "other", text="理由です。")
    cast(pledge, 1, "good", *reasons)
    assert not ReasonText.objects.exists()


def test_only_the_own_text_is_touched(pledge: Pledge) -> None:
    cast(pledge, 1, "good", "other", text="一人目")
    cast(pledge, 2, "bad", "other", text="二人目")
    withdraw(pledge, 2)
    assert [text.text for text in ReasonText.objects.all()] == ["一人目"]


def test_ballots_are_limited_by_voter_and_by_network(pledge: Pledge, settings: Settings) -> None:
    settings.RATE_BALLOTS_PER_VOTER, settings.RATE_BALLOTS_PER_NETWORK = 2, 3
    cast(pledge, 1, "good", network="network:a")
    cast(pledge, 1, "bad", network="network:a")
    with pytest.raises(TooMany):
        cast(pledge, 1, "good", network="network:a")
    assert kept(pledge) == {"bad": 1}
    cast(pledge, 2, network="network:a")
    with pytest.raises(TooMany):
        cast(pledge, 3, network="network:a")
    cast(pledge, 3, network="network:b")
    assert kept(pledge) == counted(pledge) == {"good": 2, "bad": 1}


def test_withdrawing_is_limited_too(pledge: Pledge, settings: Settings) -> None:
    settings.RATE_BALLOTS_PER_VOTER = 1
    cast(pledge, 1)
    with pytest.raises(TooMany):
        services.withdraw_ballot(pledge=pledge, voter=1, at=AT)
    assert kept(pledge) == {"good": 1}


def test_what_fails_at_the_end_leaves_nothing_behind(pledge: Pledge, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(ballots, "add_to_tally", fail)
    with pytest.raises(RuntimeError):
        cast(pledge, 1, "good", "other", text="理由です。")
    assert not Ballot.objects.exists()
    assert not ReasonText.objects.exists()
    assert not RateCount.objects.exists()


def test_a_new_ballot_is_five_statements(pledge: Pledge, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    # What a process asks once in some seconds.
    flagged()
    with django_assert_num_queries(SAVEPOINTS + 5):
        cast(pledge, 1, "good", "clear", network="network:a")


def test_a_changed_ballot_is_six_statements(pledge: Pledge, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    cast(pledge, 1, "good", "clear", network="network:a")
    with django_assert_num_queries(SAVEPOINTS + 6):
        cast(pledge, 1, "bad", network="network:a")


def test_a_withdrawn_ballot_is_six_statements(
    pledge: Pledge, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cast(pledge, 1, "good", "clear", network="network:a")
    with django_assert_num_queries(SAVEPOINTS + 6):
        withdraw(pledge)


def test_a_lost_tally_is_counted_anew_by_the_next_change(pledge: Pledge) -> None:
    cast(pledge, 1)
    cast(pledge, 2)
    Tally.objects.all().delete()
    cast(pledge, 2, "bad")
    assert kept(pledge) == {"good": 1, "bad": 1}


def test_a_service_may_run_inside_a_larger_transaction(pledge: Pledge) -> None:
    with transaction.atomic():
        cast(pledge, 1)
        cast(pledge, 2, "bad")
    assert kept(pledge) == counted(pledge)
