"""Ballots that are held: through changes and withdrawals, until a moderator decides, and after."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory
from tests.evaluations.counting import AT, cast, counted, kept
from tests.evaluations.holding import exclude, hold, release
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory
from tsushinbo.evaluations import services
from tsushinbo.evaluations.errors import AlertOfOwn, CaseChanged, CaseOfOwn, DecidedSoAlready, ReasonOfOtherSide
from tsushinbo.evaluations.models import (
    Alert,
    Ballot,
    BallotNetwork,
    HeldBallot,
    HoldCase,
    HoldDecision,
    ReasonText,
    Standing,
)
from tsushinbo.evaluations.queries import tally_mismatches
from tsushinbo.evaluations.queries.holds import (
    facts_of,
    frozen_parties,
    frozen_politicians,
    public_counts,
    standing_mismatches,
    unfinished_cases,
)
from tsushinbo.evaluations.services.attacks import forget_networks
from tsushinbo.evaluations.services.holds import decide_case, mark_alert_seen, mend_standings
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def standing(pledge: Pledge, voter: int = 1) -> Standing:
    return Standing(Ballot.objects.get(pledge=pledge, voter=voter).standing)


def withdraw(pledge: Pledge, voter: int = 1) -> bool:
    return services.withdraw_ballot(pledge=pledge, voter=voter, at=LATER)


# the voter's side


def test_a_held_ballot_counts_as_held_alone(pledge: Pledge) -> None:
    cast(pledge, 1, "bad", "unclear", "other")
    cast(pledge, 2, "good", "clear")
    hold(pledge)
    assert standing(pledge) == Standing.HELD
    assert kept(pledge) == counted(pledge) == {"good": 1, "clear": 1, "held": 1}


def test_a_held_ballot_may_be_changed_and_stays_held(pledge: Pledge) -> None:
    cast(pledge, 1, "bad", "unclear")
    hold(pledge)
    ballot = cast(pledge, 1, "good", "clear", "other", text="言葉", at=LATER)
    assert ballot.standing == Standing.HELD
    stored = Ballot.objects.get()
    assert (stored.choice, stored.clarity, stored.changed_at) == ("good", True, LATER)
    assert ReasonText.objects.get().text == "言葉"
    assert kept(pledge) == counted(pledge) == {"held": 1}


def test_withdrawing_and_casting_again_does_not_escape(pledge: Pledge) -> None:
    cast(pledge, 1, "bad")
    hold(pledge)
    assert withdraw(pledge)
    assert kept(pledge) == {}
    assert cast(pledge, 1, "bad", at=LATER).standing == Standing.HELD
    assert kept(pledge) == counted(pledge) == {"held": 1}


def test_nor_does_it_escape_an_exclusion(pledge: Pledge) -> None:
    cast(pledge, 1, "bad")
    exclude(hold(pledge))
    withdraw(pledge)
    assert cast(pledge, 1, "bad", at=LATER).standing == Standing.EXCLUDED
    assert kept(pledge) == counted(pledge) == {"excluded": 1}


def test_what_was_released_while_it_was_withdrawn_counts_when_cast_again(pledge: Pledge) -> None:
    cast(pledge, 1, "bad")
    case = hold(pledge)
    withdraw(pledge)
    release(case)
    assert cast(pledge, 1, "bad", at=LATER).standing == Standing.COUNTED
    assert kept(pledge) == counted(pledge) == {"bad": 1}


def test_a_hold_concerns_one_pledge_and_one_voter(pledge: Pledge) -> None:
    other = PledgeFactory.create(politician=pledge.politician)
    cast(pledge, 1, "bad")
    hold(pledge)
    cast(other, 1, "bad")
    cast(pledge, 2, "bad")
    assert kept(other) == {"bad": 1}
    assert kept(pledge) == {"bad": 1, "held": 1}


# the moderator's side


def test_a_release_moves_the_tally_back_exactly(pledge: Pledge) -> None:
    cast(pledge, 1, "bad", "unclear", "other")
    before = kept(pledge)
    case = hold(pledge)
    decision = release(case, at=LATER, note="報道のあと")
    assert standing(pledge) == Standing.COUNTED
    assert kept(pledge) == counted(pledge) == before
    assert (decision.ballots, decision.note, decision.decided_at) == (1, "報道のあと", LATER)
    assert HoldCase.objects.get().state == HoldCase.State.RELEASED
    assert HeldBallot.objects.get().ending == HeldBallot.Ending.RELEASED


def test_an_exclusion_counts_the_ballots_as_excluded(pledge: Pledge) -> None:
    other = PledgeFactory.create()
    for one in (pledge, other):
        cast(one, 1, "bad")
        cast(one, 2, "bad")
        cast(one, 3, "good")
    case = hold(pledge, other, voters=(1, 2))
    assert exclude(case).ballots == 4
    for one in (pledge, other):
        assert kept(one) == counted(one) == {"good": 1, "excluded": 2}
    assert not list(tally_mismatches())
    assert not list(standing_mismatches())


def test_a_decision_may_be_revised_and_both_stay_on_record(pledge: Pledge) -> None:
    cast(pledge, 1, "bad")
    case = hold(pledge)
    for verdict, counts in ((exclude, {"excluded": 1}), (release, {"bad": 1}), (exclude, {"excluded": 1})):
        case = HoldCase.objects.get()
        assert verdict(case, at=LATER).ballots == 1
        assert kept(pledge) == counted(pledge) == counts
    assert list(HoldDecision.objects.values_list("verdict", flat=True)) == ["exclude", "release", "exclude"]
    assert not unfinished_cases().exists()


def test_what_was_released_is_never_held_again(pledge: Pledge) -> None:
    cast(pledge, 1, "bad")
    cast(pledge, 2, "bad")
    release(hold(pledge))
    again = hold(pledge, voters=(1, 2))
    assert list(again.ballots.values_list("voter", flat=True)) == [2]
    assert (standing(pledge, 1), standing(pledge, 2)) == (Standing.COUNTED, Standing.HELD)


def test_what_another_case_holds_by_now_is_left_to_it(pledge: Pledge) -> None:
    cast(pledge, 1, "bad")
    cast(pledge, 2, "bad")
    first = hold(pledge)
    release(first)
    second = hold(pledge, voters=(2,))
    HeldBallot.objects.create(case=second, pledge=pledge, voter=1, held_at=LATER)
    mend_standings(at=LATER)
    exclude(HoldCase.objects.get(pk=first.pk))
    assert standing(pledge) == Standing.HELD
    assert not unfinished_cases().exists()


def test_a_second_moderator_is_told_that_it_was_decided(pledge: Pledge) -> None:
    cast(pledge, 1, "bad")
    hold(pledge)
    mine, theirs = HoldCase.objects.get(), HoldCase.objects.get()
    exclude(theirs)
    with pytest.raises(CaseChanged):
        release(mine)
    assert standing(pledge) == Standing.EXCLUDED
    assert HoldDecision.objects.count() == 1


def test_a_case_that_grew_since_it_was_read_is_not_decided(pledge: Pledge) -> None:
    cast(pledge, 1, "bad")
    case = hold(pledge)
    HoldCase.objects.update(details={**case.details, "ballots": 2})
    with pytest.raises(CaseChanged):
        exclude(case)
    assert not HoldDecision.objects.exists()


def test_the_same_decision_again_is_refused(pledge: Pledge) -> None:
    cast(pledge, 1, "bad")
    case = hold(pledge)
    exclude(case)
    with pytest.raises(DecidedSoAlready):
        exclude(case)


@pytest.mark.parametrize(("verdict", "reason"), [("release", "automated"), ("exclude", "ordinary")])
def test_a_reason_belongs_to_its_verdict(pledge: Pledge, verdict: str, reason: str) -> None:
    cast(pledge, 1, "bad")
    case = hold(pledge)
    with pytest.raises(ReasonOfOtherSide):
        decide_case(
            case=case,
            verdict=HoldDecision.Verdict(verdict),
            reason=HoldDecision.Reason(reason),
            by=UserFactory.create(),
            at=AT,
        )
    assert standing(pledge) == Standing.HELD


def test_who_speaks_for_a_politician_concerned_decides_nothing(pledge: Pledge) -> None:
    other = PledgeFactory.create()
    cast(pledge, 1, "bad")
    cast(other, 1, "bad")
    case = hold(pledge, other)
    with pytest.raises(CaseOfOwn):
        release(case, by=DelegateFactory.create(politician=other.politician).user)
    release(case, by=DelegateFactory.create().user)


def test_the_cases_of_a_party_can_be_decided() -> None:
    pledge = PartyPledgeFactory.create()
    cast(pledge, 1, "bad")
    exclude(hold(pledge), by=DelegateFactory.create().user)
    assert kept(pledge) == {"excluded": 1}


def test_facts_are_counts(pledge: Pledge) -> None:
    other = PledgeFactory.create()
    for voter in (1, 2, 3):
        cast(pledge, voter, "bad")
    cast(pledge, 4, "good")
    cast(other, 3, "good", at=AT - timedelta(days=30))
    case = hold(pledge, voters=(1, 2, 3, 4))
    withdraw(pledge, 1)
    facts = facts_of(case)
    assert [(one.pledge, one.good, one.bad) for one in facts.pledges] == [(pledge, 1, 2)]
    assert facts.days == [(date(2026, 11, 24), 3)]
    assert (facts.ballots, facts.voters, facts.only_here, facts.newcomers, facts.withdrawn) == (3, 3, 2, 2, 1)


def test_the_public_is_told_how_many_and_why(pledge: Pledge) -> None:
    for voter in range(1, 8):
        cast(pledge, voter, "bad")
    hold(pledge, voters=(1, 2, 3))
    exclude(hold(pledge, voters=(4, 5)))
    release(hold(pledge, voters=(6,)))
    withdraw(pledge, 3)
    counts = public_counts()
    assert (counts.held, counts.excluded, counts.open_cases, counts.decisions) == (2, 2, 1, 2)
    assert dict(counts.excluded_by_reason)["示し合わせた一斉の評価"] == 2
    assert dict(counts.released_by_reason) == {
        "通常の評価と認められる": 0,
        "報道や話題による自然な集中": 1,
        "地域や会場からの自然な集中": 0,
    }


def test_with_nothing_held_the_counts_are_zero() -> None:
    counts = public_counts()
    assert (counts.held, counts.excluded, counts.lived_on, counts.open_cases, counts.decisions) == (0, 0, 0, 0, 0)
    assert not any(number for _, number in counts.excluded_by_reason + counts.released_by_reason)


# what an interruption left


def test_a_decision_that_was_interrupted_is_carried_out_later(pledge: Pledge, monkeypatch: pytest.MonkeyPatch) -> None:
    cast(pledge, 1, "bad")
    for verdict, counts in ((exclude, {"excluded": 1}), (release, {"bad": 1}), (exclude, {"excluded": 1})):
        case = HoldCase.objects.first() or hold(pledge)
        before = kept(pledge)
        with monkeypatch.context() as patch:
            patch.setattr("tsushinbo.evaluations.services.holds.carry_out", _interrupted)
            with pytest.raises(RuntimeError):
                verdict(case)
        assert kept(pledge) == before
        mend_standings(at=LATER)
        assert kept(pledge) == counted(pledge) == counts
        assert not unfinished_cases().exists()
        assert not list(standing_mismatches())


def _interrupted(*_: object, **__: object) -> None:
    raise RuntimeError("the power is gone")


def test_a_standing_without_a_hold_is_found_and_mended(pledge: Pledge) -> None:
    cast(pledge, 1, "bad")
    cast(pledge, 2, "bad")
    hold(pledge, voters=(2,))
    Ballot.objects.filter(voter=1).update(standing=Standing.EXCLUDED)
    Ballot.objects.filter(voter=2).update(standing=Standing.COUNTED)
    services.recount([pledge.pk])
    assert list(standing_mismatches()) == [(pledge.pk, [1, 2])]
    assert mend_standings(at=LATER) == 2
    assert kept(pledge) == counted(pledge) == {"bad": 1, "held": 1}


# alerts


def alert(pledge: Pledge, **rest: object) -> Alert:
    owner = {"party": pledge.party} if pledge.party_id else {"politician": pledge.politician}
    values = {"begins_at": AT - timedelta(hours=6), "ends_at": AT, "strength": 8.0, "found_at": AT}
    return Alert.objects.create(**{**owner, **values, "kind": "burst", "choice": "bad", **rest})


def test_an_alert_freezes_a_place_for_some_days(pledge: Pledge) -> None:
    alert(pledge)
    of_party = PartyPledgeFactory.create()
    alert(of_party)
    assert frozen_politicians(AT) == frozen_politicians(AT + timedelta(days=2)) == {pledge.politician_id}
    assert frozen_parties(AT) == {of_party.party_id}
    assert frozen_politicians(AT - timedelta(minutes=1)) == frozen_politicians(AT + timedelta(days=3)) == set()


def test_an_alert_that_somebody_saw_freezes_nothing(pledge: Pledge) -> None:
    raised, person = alert(pledge), UserFactory.create()
    own = DelegateFactory.create(politician=pledge.politician).user
    with pytest.raises(AlertOfOwn):
        mark_alert_seen(alert=raised, by=own, at=LATER)
    assert mark_alert_seen(alert=raised, note="報道による", by=person, at=LATER)
    assert not mark_alert_seen(alert=raised, note="別の人", by=UserFactory.create(), at=LATER)
    assert frozen_politicians(LATER) == set()
    raised.refresh_from_db()
    assert (raised.seen_by, raised.seen_at, raised.note) == (person, LATER, "報道による")


# networks


def networks() -> set[tuple[date, int]]:
    return set(BallotNetwork.objects.values_list("day", "voter"))


def test_a_ballot_leaves_its_network_for_the_day_in_tokyo(pledge: Pledge) -> None:
    cast(pledge, 1, network="network:a")
    cast(pledge, 2, network="network:a", at=AT + timedelta(hours=12))
    cast(pledge, 3, network="network:b")
    assert networks() == {(date(2026, 11, 24), 1), (date(2026, 11, 25), 2), (date(2026, 11, 24), 3)}
    numbers = dict(BallotNetwork.objects.values_list("voter", "network"))
    assert numbers[1] == numbers[2] != numbers[3]
    assert all(0 <= number < 2**63 for number in numbers.values())


@pytest.mark.parametrize("network", [None, "network:unknown"])
def test_a_ballot_from_nowhere_leaves_none(pledge: Pledge, network: str | None) -> None:
    cast(pledge, 1, network=network)
    assert not BallotNetwork.objects.exists()


def test_a_withdrawn_ballot_takes_its_network_along(pledge: Pledge) -> None:
    cast(pledge, 1, network="network:a")
    cast(pledge, 2, network="network:a")
    services.withdraw_ballot(pledge=pledge, voter=1, network="network:a", at=AT + timedelta(days=1))
    assert networks() == {(date(2026, 11, 24), 2)}
    cast(pledge, 1, network="network:b", at=AT + timedelta(days=1))
    assert networks() == {(date(2026, 11, 24), 2), (date(2026, 11, 25), 1)}


def test_a_changed_ballot_keeps_where_it_was_first_cast(pledge: Pledge) -> None:
    cast(pledge, 1, network="network:a")
    cast(pledge, 1, "bad", network="network:b", at=AT + timedelta(days=1))
    assert networks() == {(date(2026, 11, 24), 1)}


def test_networks_are_forgotten_after_two_days(pledge: Pledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tsushinbo.evaluations.services.attacks.FORGET_AT_ONCE", 2)
    for day in range(4):
        for voter in (1, 2, 3):
            cast(pledge, 10 * day + voter, network="network:a", at=AT + timedelta(days=day))
    assert forget_networks(at=AT + timedelta(days=3)) == 6
    assert {day for day, _ in networks()} == {date(2026, 11, 26), date(2026, 11, 27)}
    assert forget_networks(at=AT + timedelta(days=3)) == 0


def test_a_decision_moves_many_ballots_in_few_statements(
    pledge: Pledge, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    voters = tuple(range(1, 121))
    with transaction.atomic():
        for voter in voters:
            cast(pledge, voter, "bad")
    case = hold(pledge, voters=voters)
    with django_assert_max_num_queries(30):
        exclude(case)
    assert kept(pledge) == {"excluded": 120}
