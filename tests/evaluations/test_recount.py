"""Finding and mending tallies that are not those of the ballots."""

import pytest

from tests.accounts.factories import UserFactory
from tests.evaluations.assessing import assess, counted_sums, kept_sums, self_assess
from tests.evaluations.counting import AT, cast, counted, kept
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.evaluations import services
from tsushinbo.evaluations.models import Assessment, AssessmentTally, Ballot, Standing, Tally
from tsushinbo.evaluations.queries import ASSESSMENTS, tally_mismatches
from tsushinbo.evaluations.services import recounting
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged(pledge: Pledge) -> Pledge:
    cast(pledge, 1, "good", "clear", "feasible", "other")
    cast(pledge, 2, "bad", "unclear", "insincere")
    cast(pledge, 3, "bad", "clear", "infeasible", "sincere")
    return pledge


def test_true_tallies_are_no_mismatch(judged: Pledge) -> None:
    PledgeFactory.create()
    assert list(tally_mismatches()) == []


@pytest.mark.parametrize("column", Tally.COUNTS)
def test_one_too_many_in_any_column_is_found_and_mended(judged: Pledge, column: str) -> None:
    right = kept(judged)
    Tally.objects.update(**{column: right.get(column, 0) + 1})
    assert list(tally_mismatches()) == [judged.pk]
    services.recount(tally_mismatches())
    assert kept(judged) == right
    assert list(tally_mismatches()) == []


def test_a_missing_tally_is_found_and_made(judged: Pledge) -> None:
    right = kept(judged)
    Tally.objects.all().delete()
    assert list(tally_mismatches()) == [judged.pk]
    services.recount([judged.pk])
    assert kept(judged) == right


def test_a_tally_without_ballots_is_found_and_emptied(judged: Pledge) -> None:
    Ballot.objects.all().delete()
    assert list(tally_mismatches()) == [judged.pk]
    services.recount([judged.pk])
    assert kept(judged) == {}


def test_only_what_is_asked_is_counted_anew(judged: Pledge) -> None:
    other = PledgeFactory.create()
    cast(other, 1)
    Tally.objects.update(good=9)
    services.recount([judged.pk])
    assert kept(judged) == counted(judged)
    assert list(tally_mismatches()) == [other.pk]


def test_held_and_excluded_ballots_are_counted_apart(judged: Pledge) -> None:
    Ballot.objects.filter(voter=1).update(standing=Standing.HELD)
    Ballot.objects.filter(voter=2).update(standing=Standing.EXCLUDED)
    assert list(tally_mismatches()) == [judged.pk]
    services.recount([judged.pk])
    assert (
        kept(judged)
        == counted(judged)
        == {"bad": 1, "clear": 1, "infeasible": 1, "sincere": 1, "held": 1, "excluded": 1}
    )
    assert list(tally_mismatches()) == []


def test_ballots_on_hidden_pledges_are_counted_too(judged: Pledge) -> None:
    Pledge.objects.update(published=False)
    assert list(tally_mismatches()) == []
    Tally.objects.update(bad=9)
    assert list(tally_mismatches()) == [judged.pk]


def test_many_are_counted_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounting, "BATCH", 2)
    pledges = PledgeFactory.create_batch(5)
    for pledge in pledges:
        cast(pledge, 1)
    Tally.objects.update(bad=7)
    wrong = tally_mismatches()
    assert sorted(wrong) == sorted(pledge.pk for pledge in pledges)
    services.recount(wrong)
    assert not list(tally_mismatches())


# assessments


@pytest.fixture
def assessed(pledge: Pledge) -> Pledge:
    """Two people's, one who changed their mind, one who withdrew, and the politician's own."""
    people = UserFactory.create_batch(3)
    assess(pledge, people[0], 40, 20)
    assess(pledge, people[1], 70, 10)
    assess(pledge, people[1], 75, 15)
    assess(pledge, people[2], 100, 100)
    services.withdraw_assessment(pledge=pledge, author=people[2], at=AT)
    self_assess(pledge, DelegateFactory.create(politician=pledge.politician).user, 100, 99)
    return pledge


def test_true_sums_are_no_mismatch(assessed: Pledge, judged: Pledge) -> None:
    PledgeFactory.create()
    assert list(tally_mismatches(ASSESSMENTS)) == []


@pytest.mark.parametrize("column", AssessmentTally.COUNTS)
def test_one_too_many_in_any_sum_is_found_and_mended(assessed: Pledge, column: str) -> None:
    right = kept_sums(assessed)
    AssessmentTally.objects.update(**{column: right[AssessmentTally.COUNTS.index(column)] + 1})
    assert list(tally_mismatches(ASSESSMENTS)) == [assessed.pk]
    services.recount(tally_mismatches(ASSESSMENTS), ASSESSMENTS)
    assert kept_sums(assessed) == right == counted_sums(assessed)
    assert list(tally_mismatches(ASSESSMENTS)) == []


def test_missing_sums_are_found_and_made(assessed: Pledge) -> None:
    right = kept_sums(assessed)
    AssessmentTally.objects.all().delete()
    assert list(tally_mismatches(ASSESSMENTS)) == [assessed.pk]
    services.recount([assessed.pk], ASSESSMENTS)
    assert kept_sums(assessed) == right


def test_sums_of_nothing_are_found_and_emptied(assessed: Pledge) -> None:
    Assessment.objects.update(current=False, ended_at=AT)
    assert list(tally_mismatches(ASSESSMENTS)) == [assessed.pk]
    services.recount([assessed.pk], ASSESSMENTS)
    assert kept_sums(assessed) == counted_sums(assessed)
    assert not any(kept_sums(assessed))


def test_ballots_and_assessments_are_looked_at_apart(assessed: Pledge, judged: Pledge) -> None:
    Tally.objects.update(good=9)
    assert list(tally_mismatches(ASSESSMENTS)) == []
    assert list(tally_mismatches()) == [judged.pk]
