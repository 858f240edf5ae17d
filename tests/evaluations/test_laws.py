"""Laws of counting, over any sequence of judging, changing and withdrawing by several people."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as running
from hypothesis import strategies as st
from pytest_django import Settings

from tests.accounts.factories import UserFactory
from tests.evaluations.assessing import counted_sums, kept_sums, sums
from tests.evaluations.counting import AT, cast, counted, kept
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.evaluations import services
from tsushinbo.evaluations.models import DIMENSIONS, Assessment, Ballot, Choice, Reason, ReasonText, Tally
from tsushinbo.evaluations.queries import ASSESSMENTS, tally_mismatches
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db
# The database is rolled back after the last example, not after each; every example makes pledges of its own.
many = running(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _no_limit(settings: Settings) -> None:
    settings.RATE_BALLOTS_PER_VOTER = settings.RATE_ASSESSMENTS_PER_ACCOUNT = 1_000_000


one_of_each = st.tuples(
    *(st.sampled_from([None, each.positive, each.negative]) for each in DIMENSIONS),
    st.sampled_from([None, Reason.OTHER]),
)
reasons = one_of_each.map(lambda chosen: [reason for reason in chosen if reason])
ballots = st.tuples(st.sampled_from(Choice), reasons, st.sampled_from(["", "理由", "別の理由"]))
deeds = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 1), st.one_of(st.none(), ballots)), min_size=1, max_size=25
)


def do(pledge: Pledge, voter: int, ballot: tuple[Choice, list[Reason], str] | None, second: int = 0) -> None:
    at = AT + timedelta(seconds=second)
    if ballot is None:
        services.withdraw_ballot(pledge=pledge, voter=voter, at=at)
        return
    choice, why, text = ballot
    cast(pledge, voter, choice, *why, text=text if Reason.OTHER in why else "", at=at)


@many
@given(deeds)
def test_the_tally_always_equals_a_recount(
    sequence: list[tuple[int, int, tuple[Choice, list[Reason], str] | None]],
) -> None:
    pledges = PledgeFactory.create_batch(2)
    latest: dict[tuple[int, int], tuple[Choice, list[Reason], str]] = {}
    for second, (voter, which, ballot) in enumerate(sequence):
        do(pledges[which], voter, ballot, second)
        if ballot is None:
            latest.pop((which, voter), None)
        else:
            latest[which, voter] = ballot
    for which, pledge in enumerate(pledges):
        expected = {voter: ballot for (of, voter), ballot in latest.items() if of == which}
        stored = {ballot.voter: ballot for ballot in Ballot.objects.filter(pledge=pledge)}
        assert {voter: (row.choice, row.reasons) for voter, row in stored.items()} == {
            voter: (choice, set(why)) for voter, (choice, why, _) in expected.items()
        }
        texts = dict(ReasonText.objects.filter(pledge=pledge).values_list("voter", "text"))
        assert texts == {voter: text for voter, (_, why, text) in expected.items() if text and Reason.OTHER in why}
        assert kept(pledge) == counted(pledge)
    assert not list(tally_mismatches())


@many
@given(st.lists(ballots, min_size=1, max_size=4))
def test_the_order_of_voters_does_not_matter(cast_by: list[tuple[Choice, list[Reason], str]]) -> None:
    orders = [*permutations(enumerate(cast_by, 1))][:6]
    tallies = []
    for order in orders:
        pledge = PledgeFactory.create()
        for voter, ballot in order:
            do(pledge, voter, ballot)
        tallies.append(kept(pledge))
    assert all(tally == tallies[0] for tally in tallies)


@many
@given(st.lists(ballots, max_size=4), ballots)
def test_withdrawing_restores_the_tally_exactly(
    before: list[tuple[Choice, list[Reason], str]], ballot: tuple[Choice, list[Reason], str]
) -> None:
    pledge = PledgeFactory.create()
    for voter, earlier in enumerate(before, 1):
        do(pledge, voter, earlier)
    restored = kept(pledge)
    do(pledge, 99, ballot)
    do(pledge, 99, None)
    assert kept(pledge) == restored


@many
@given(st.lists(ballots, max_size=4))
def test_one_more_good_never_lowers_support(before: list[tuple[Choice, list[Reason], str]]) -> None:
    pledge = PledgeFactory.create()
    for voter, earlier in enumerate(before, 1):
        do(pledge, voter, earlier)
    tally = Tally.objects.filter(pk=pledge.pk).first()
    share = tally.good / tally.ballots if tally else 0
    cast(pledge, 99, "good")
    after = Tally.objects.get(pk=pledge.pk)
    assert after.good / after.ballots >= share


# assessments: who of five (the last two speak for the politician), on which of two pledges, what; None withdraws

points = st.integers(0, 100)
judgements = st.tuples(points, points, st.sampled_from(["", "言葉", "別の言葉"]))
assessed = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 1), st.one_of(st.none(), judgements)), min_size=1, max_size=25
)


@many
@given(assessed)
def test_the_sums_always_equal_a_recount(sequence: list[tuple[int, int, tuple[int, int, str] | None]]) -> None:
    first = PledgeFactory.create()
    pledges = [first, PledgeFactory.create(politician=first.politician)]
    people = UserFactory.create_batch(5)
    for user in people[3:]:
        DelegateFactory.create(user=user, politician=first.politician)
    latest: dict[tuple[int, int], tuple[int, int]] = {}
    for second, (who, which, judgement) in enumerate(sequence):
        delegate = who >= 3
        deed = services.self_assess if delegate else services.assess_pledge
        voice = 3 if delegate else who
        at = AT + timedelta(seconds=second)
        if judgement is None:
            was_there = latest.pop((which, voice), None) is not None
            assert services.withdraw_assessment(pledge=pledges[which], author=people[who], at=at) == was_there
            continue
        progress, achievement, comment = judgement
        deed(
            pledge=pledges[which],
            author=people[who],
            progress=progress,
            achievement=achievement,
            comment=comment,
            at=at,
        )
        latest[which, voice] = (progress, achievement)
    for which, pledge in enumerate(pledges):
        expected = [values for (of, voice), values in latest.items() if of == which and voice < 3]
        assert kept_sums(pledge) == counted_sums(pledge) == (sums(*expected) if expected else (0,) * 5)
        own = Assessment.objects.filter(pledge=pledge, current=True, by_owner=True)
        assert [(row.progress, row.achievement) for row in own] == [
            latest[key] for key in [(which, 3)] if key in latest
        ]
    assert not list(tally_mismatches(ASSESSMENTS))
