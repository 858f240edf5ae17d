"""Scores of an owner and a pledge on the ruler of the current run."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.evaluations.counting import AT, cast
from tests.people.factories import PartyFactory, PoliticianFactory, TermFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory
from tsushinbo.evaluations.models import AssessmentTally
from tsushinbo.evaluations.queries import scores
from tsushinbo.people.models import Office


def test_tallies_of_an_owner_are_one_query_and_hold_every_published_pledge(db: None) -> None:
    owner = PoliticianFactory()
    judged, assessed, unjudged = PledgeFactory.create_batch(3, politician=owner)
    hidden, foreign = PledgeFactory(politician=owner, published=False), PledgeFactory()
    for pledge in (judged, hidden, foreign):
        cast(pledge, 1, "good", "clear", "infeasible")
        cast(pledge, 2, "bad", "clear", "sincere")
    AssessmentTally.objects.create(
        pledge=assessed, assessments=3, progress_sum=120, progress_squares=5000, achievement_sum=60, achievement_squares=1300, changed_at=AT,
    )  # fmt: skip
    with CaptureQueriesContext(connection) as taken:
        tallies = scores.tallies_of(owner)
    assert len(taken) == 1
    assert sorted(tallies.pledge) == sorted(pledge.pk for pledge in (judged, assessed, unjudged))
    assert set(tallies.owner) == {owner.pk}
    assert not tallies.party.any()
    at = {pk: number for number, pk in enumerate(tallies.pledge)}
    assert tallies.positive[:, at[judged.pk]].tolist() == [1, 2, 0, 1]
    assert tallies.n[:, at[judged.pk]].tolist() == [2, 2, 1, 1]
    assert tallies.ratings[:, at[assessed.pk]].tolist() == [3, 3]
    assert tallies.total[:, at[assessed.pk]].tolist() == [120, 60]
    assert tallies.squares[:, at[assessed.pk]].tolist() == [5000, 1300]
    assert not tallies.n[:, at[unjudged.pk]].any()


def test_owner_without_pledges_has_empty_tallies(db: None) -> None:
    assert scores.tallies_of(PoliticianFactory()).pledge.shape == (0,)


def test_tallies_of_a_party_are_those_of_its_own_pledges(db: None) -> None:
    party = PartyFactory()
    pledge = PartyPledgeFactory(party=party)
    TermFactory(party=party, politician=PledgeFactory().politician)
    tallies = scores.tallies_of(party)
    assert tallies.pledge.tolist() == [pledge.pk]
    assert tallies.party.all()


@pytest.mark.parametrize("office", list(Office))
def test_politician_is_compared_by_the_office_held_now(db: None, office: Office) -> None:
    assert scores.kind_of(TermFactory(office=office).politician) == office


def test_who_holds_no_office_any_more_is_compared_within_all(db: None) -> None:
    assert scores.kind_of(TermFactory(running=False).politician) == "none"
    assert scores.kind_of(PoliticianFactory()) == "none"
    assert scores.kind_of(PartyFactory()) == "party"


def test_of_several_offices_the_newest_counts_then_the_order_of_offices(db: None) -> None:
    person = PoliticianFactory()
    TermFactory(politician=person, office=Office.MUNICIPAL_ASSEMBLY, starts_on="")
    assert scores.kind_of(person) == "municipal_assembly"
    TermFactory(politician=person, office=Office.MAYOR, starts_on="2023-04-27")
    assert scores.kind_of(person) == "mayor"
    TermFactory(politician=person, office=Office.PREFECTURAL_ASSEMBLY, starts_on="2025-01")
    assert scores.kind_of(person) == "prefectural_assembly"
    TermFactory(politician=person, office=Office.REPRESENTATIVES, starts_on="2025-01")
    assert scores.kind_of(person) == "representatives"


def test_before_the_first_run_there_is_neither_explanation_nor_mark(db: None) -> None:
    pledge = PledgeFactory()
    assert scores.explanation(pledge.politician) is None
    assert scores.marks(pledge) is None
