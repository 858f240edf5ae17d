"""The work that a new key's first ballot takes while its owner has a sudden change: who is asked, what is refused, and what is held."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory
from tests.evaluations.ballot_pages import HTMX, address, post, text
from tests.evaluations.counting import AT, cast, counted, kept
from tests.evaluations.holding import release
from tests.people.factories import PartyFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts import proof_of_work
from tsushinbo.accounts.models import RateCount
from tsushinbo.accounts.proof_of_work import LEAST_BITS, Challenge, WorkAsked, WorkRefused, WorkSpent, challenge, solve
from tsushinbo.evaluations.models import Alert, Ballot, HeldBallot, HoldCase, Standing
from tsushinbo.evaluations.queries import flagged
from tsushinbo.evaluations.services import work_purpose
from tsushinbo.evaluations.services.attacks import look_for_attacks
from tsushinbo.evaluations.services.holds import mark_alert_seen
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.any_database

type Alarm = Callable[..., Alert]


@pytest.fixture(autouse=True)
def _short_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few rounds: what is proved here does not hang on how long one takes."""
    monkeypatch.setattr(proof_of_work, "ROUNDS", 1)


@pytest.fixture
def alarm(db: None) -> Alarm:
    """A maker of open alerts about the owner of a pledge, known to this process at once."""

    def raise_alert(pledge: Pledge, *, strength: float = 6.0, found_at: datetime | None = None) -> Alert:
        now = timezone.now()
        alert = Alert.objects.create(
            politician_id=pledge.politician_id,
            party_id=pledge.party_id,
            kind=Alert.Kind.BURST,
            choice="bad",
            begins_at=now - timedelta(hours=6),
            ends_at=now,
            strength=strength,
            found_at=found_at or now,
        )
        flagged.forget()
        return alert

    return raise_alert


def solution(pledge: Pledge, *, bits: int = LEAST_BITS + 4, at: datetime = AT) -> str:
    return solve(challenge(work_purpose(pledge.pk), bits, at))


def test_nobody_is_asked_in_ordinary_times(pledge: Pledge) -> None:
    cast(pledge, work="")
    assert kept(pledge) == {"good": 1}


def test_a_new_key_is_asked_while_the_change_is_open(pledge: Pledge, alarm: Alarm) -> None:
    alarm(pledge)
    with pytest.raises(WorkAsked) as asked:
        cast(pledge, work="")
    assert asked.value.bits == LEAST_BITS + 4
    assert not Ballot.objects.exists()
    assert not RateCount.objects.exists()


@pytest.mark.parametrize(("strength", "more"), [(5.0, 3), (5.9, 3), (8.0, 6), (10.0, 7), (300.0, 7)])
def test_the_work_grows_with_the_window(pledge: Pledge, alarm: Alarm, strength: float, more: int) -> None:
    alarm(pledge, strength=2.5)
    alarm(PledgeFactory.create(), strength=300)
    Alert.objects.filter(politician=pledge.politician_id).update(strength=strength)
    flagged.forget()
    assert flagged.bits_for(pledge, 1) == LEAST_BITS + more


def test_the_strongest_of_several_changes_counts(pledge: Pledge, alarm: Alarm) -> None:
    alarm(pledge, strength=9.0)
    other = alarm(PledgeFactory.create(), strength=5.0)
    Alert.objects.filter(pk=other.pk).update(politician=pledge.politician_id, kind=Alert.Kind.LEVEL)
    flagged.forget()
    assert flagged.bits_for(pledge, 1) == LEAST_BITS + 7


def test_the_answer_lets_the_ballot_count(pledge: Pledge, alarm: Alarm) -> None:
    alarm(pledge)
    ballot = cast(pledge, work=solution(pledge))
    assert ballot.standing == Standing.COUNTED
    assert kept(pledge) == {"good": 1}


def test_an_answer_is_good_for_one_ballot(pledge: Pledge, alarm: Alarm) -> None:
    alarm(pledge)
    answer = solution(pledge)
    cast(pledge, 1, work=answer)
    with pytest.raises(WorkSpent):
        cast(pledge, 2, work=answer)
    assert kept(pledge) == {"good": 1}


def test_an_answer_is_good_for_its_pledge_its_bits_and_ten_minutes(pledge: Pledge, alarm: Alarm) -> None:
    alarm(pledge)
    other = PledgeFactory.create(politician=pledge.politician)
    late = AT - proof_of_work.LIVES - timedelta(seconds=1)
    for answer in (solution(other), solution(pledge, bits=LEAST_BITS + 3), solution(pledge, at=late), "nonsense"):
        with pytest.raises(WorkRefused):
            cast(pledge, work=answer)
    assert not Ballot.objects.exists()


def test_who_has_judged_before_is_not_asked(pledge: Pledge, alarm: Alarm) -> None:
    cast(PledgeFactory.create(), 1)
    alarm(pledge)
    assert cast(pledge, 1, work="").standing == Standing.COUNTED
    assert cast(pledge, 1, "bad", work="").standing == Standing.COUNTED


def test_nobody_is_asked_about_another_owner(pledge: Pledge, alarm: Alarm) -> None:
    alarm(PledgeFactory.create())
    alarm(PledgeFactory.create(politician=None, party=PartyFactory.create()))
    assert cast(pledge, work="").standing == Standing.COUNTED


def test_parties_are_owners_too(alarm: Alarm) -> None:
    pledge = PledgeFactory.create(politician=None, party=PartyFactory.create())
    alarm(pledge)
    with pytest.raises(WorkAsked):
        cast(pledge, work="")
    assert cast(pledge).standing == Standing.HELD


def test_nobody_is_asked_after_somebody_looked_or_after_some_days(pledge: Pledge, alarm: Alarm) -> None:
    mark_alert_seen(alert=alarm(pledge), by=UserFactory.create(), at=AT)
    alarm(PledgeFactory.create(politician=pledge.politician), found_at=timezone.now() - timedelta(days=4))
    assert cast(pledge, work="").standing == Standing.COUNTED


def test_the_switch_asks_nobody(pledge: Pledge, alarm: Alarm, settings: object) -> None:
    settings.PROOF_OF_WORK = False  # type: ignore[attr-defined]
    alarm(pledge)
    assert cast(pledge, work="").standing == Standing.COUNTED


def test_without_work_nothing_is_lost_and_nothing_counts(pledge: Pledge, alarm: Alarm) -> None:
    alarm(pledge)
    for voter in (1, 2, 3):
        assert cast(pledge, voter, "bad", "unclear").standing == Standing.HELD
    other = PledgeFactory.create(politician=pledge.politician)
    cast(other, 4)
    assert kept(pledge) == {"held": 3}
    case = HoldCase.objects.get()
    assert case.sign == HoldCase.Sign.NO_WORK
    assert (case.details["ballots"], case.details["voters"]) == (4, 4)
    assert case.details["targets"][0]["name"] == str(pledge.politician)
    assert counted(pledge) == kept(pledge)
    release(case)
    assert kept(pledge) == {"bad": 3, "unclear": 3}


def test_a_case_that_was_decided_takes_no_more(pledge: Pledge, alarm: Alarm) -> None:
    alarm(pledge)
    cast(pledge, 1)
    release(HoldCase.objects.get())
    cast(pledge, 2)
    assert kept(pledge) == {"good": 1, "held": 1}
    assert HoldCase.objects.count() == 2


def test_a_ballot_that_was_held_stays_so_when_it_is_withdrawn_and_cast_again_with_work(
    pledge: Pledge, alarm: Alarm
) -> None:
    from tsushinbo.evaluations.services import withdraw_ballot

    alarm(pledge)
    cast(pledge, 1)
    withdraw_ballot(pledge=pledge, voter=1, at=AT)
    assert cast(pledge, 1, work=solution(pledge)).standing == Standing.HELD
    assert HeldBallot.objects.count() == 1


def test_a_key_that_lives_on_is_counted_without_anybodys_decision(pledge: Pledge, alarm: Alarm) -> None:
    alarm(pledge)
    cast(pledge, 1)
    for days, other in ((8, PledgeFactory.create()), (9, PledgeFactory.create()), (10, PledgeFactory.create())):
        cast(other, 1, at=AT + timedelta(days=days))
    assert look_for_attacks(at=AT + timedelta(days=11)).lived_on == 1
    assert kept(pledge) == {"good": 1}
    assert HoldCase.objects.get().state == HoldCase.State.RELEASED


def test_it_costs_one_query_more_and_only_there(
    pledge: Pledge, alarm: Alarm, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    alarm(pledge)
    other = PledgeFactory.create()
    answer = solution(pledge)
    flagged.flagged()
    # Two savepoints, and the statements of an ordinary ballot.
    with django_assert_num_queries(6) as ordinary:
        cast(other, 1)
    # Whether the key is new; what is spent.
    with django_assert_num_queries(len(ordinary) + 2):
        cast(pledge, 2, work=answer)
    with django_assert_num_queries(len(ordinary) + 1):
        cast(pledge, 1, work="")


# Over HTTP.


def asked_of(page: str) -> Challenge:
    """The challenge of a form that came back."""
    found = re.search(r'data-work="([^"]+)"\s+data-parts="(\d+)"\s+data-bits="(\d+)"\s+data-rounds="(\d+)"', page)
    assert found is not None
    return Challenge(found[1], int(found[3]) + 2, int(found[2]), int(found[4]))


def test_a_browser_gets_the_form_back_with_a_challenge_and_everything_that_was_typed(
    client: Client, pledge: Pledge, alarm: Alarm
) -> None:
    alarm(pledge)
    response = post(client, pledge, "bad", "other", htmx=True, reason_text="財源がない。")
    page = text(response)
    assert response.status_code == 422
    assert "評価を送れませんでした" not in page
    assert "財源がない。" in page
    assert re.search(r'id="choice-bad"[^>]*checked', page)
    assert not response.cookies
    response = post(client, pledge, "bad", "other", htmx=True, reason_text="財源がない。", work=solve(asked_of(page)))
    assert response.status_code == 200
    assert kept(pledge) == {"bad": 1, "other": 1}


def test_who_does_not_wait_reads_that_the_ballot_is_held(client: Client, pledge: Pledge, alarm: Alarm) -> None:
    alarm(pledge)
    response = post(client, pledge, htmx=True, without_work="1")
    assert "あなたの評価は確認中です" in text(response)
    assert kept(pledge) == {"held": 1}


def test_without_script_the_ballot_is_taken_and_the_next_page_says_that_it_is_held(
    client: Client, pledge: Pledge, alarm: Alarm
) -> None:
    alarm(pledge)
    response = post(client, pledge)
    assert response.status_code == 303
    assert response.headers["Location"] == address(pledge)
    assert "あなたの評価は確認中です" in text(client.get(address(pledge)))


def test_an_answer_that_does_not_do_is_answered_with_a_new_challenge(
    client: Client, pledge: Pledge, alarm: Alarm
) -> None:
    alarm(pledge)
    old = asked_of(text(post(client, pledge, htmx=True)))
    response = post(client, pledge, htmx=True, work=f"{old.token},1,2,3,x")
    assert response.status_code == 422
    assert "計算による確認ができませんでした" in text(response)
    assert asked_of(text(response)).token != old.token
    assert not Ballot.objects.exists()


def test_a_page_that_is_looked_at_asks_for_nothing(client: Client, pledge: Pledge, alarm: Alarm) -> None:
    alarm(pledge)
    for headers in ({}, HTMX):
        assert "data-work" not in text(client.get(address(pledge), headers=headers))
