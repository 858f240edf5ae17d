"""Saying who stood."""

from datetime import UTC, datetime

import pytest

from tests.elections.factories import CandidacyFactory, ContestFactory
from tests.people.factories import PoliticianFactory
from tsushinbo.elections.models import Candidacy
from tsushinbo.elections.services import (
    CandidacyRow,
    CandidacyTaken,
    keep_candidacies,
    link_candidacies,
    link_candidacy,
)
from tsushinbo.sources.keeping import Outcome

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


def test_a_candidacy_belongs_to_one_politician() -> None:
    candidacy, politician = CandidacyFactory(politician=None), PoliticianFactory()
    link_candidacy(candidacy, politician)
    link_candidacy(candidacy, politician)
    with pytest.raises(CandidacyTaken):
        link_candidacy(candidacy, PoliticianFactory())
    candidacy.refresh_from_db()
    assert candidacy.politician == politician


def test_linking_many_leaves_those_that_belong_to_somebody() -> None:
    taken, free, politician = CandidacyFactory(), CandidacyFactory(politician=None), PoliticianFactory()
    owner = taken.politician
    link_candidacies({taken.pk: politician.pk, free.pk: politician.pk})
    for candidacy in (taken, free):
        candidacy.refresh_from_db()
    assert (taken.politician, free.politician) == (owner, politician)


def row(candidacy: Candidacy, **values: object) -> CandidacyRow:
    stored = Candidacy.objects.filter(pk=candidacy.pk).values(*CandidacyRow._fields).get()
    return CandidacyRow(**{**stored, **values})


def test_a_corrected_district_moves_the_candidacy() -> None:
    candidacy = CandidacyFactory()
    other = ContestFactory(election=candidacy.contest.election)
    outcomes = keep_candidacies([row(candidacy, contest_id=other.pk)], {other.election_id}, at=AT)
    assert outcomes == [Outcome.UPDATED]
    assert Candidacy.objects.get().contest == other


def test_a_row_that_does_not_tell_who_it_is_keeps_the_link() -> None:
    candidacy = CandidacyFactory()
    elections = {candidacy.contest.election_id}
    assert keep_candidacies([row(candidacy, politician_id=None)], elections, at=AT) == [Outcome.UNCHANGED]
    assert Candidacy.objects.get().politician == candidacy.politician


def test_one_key_may_stand_in_two_elections() -> None:
    first, contest = CandidacyFactory(key="1"), ContestFactory()
    outcomes = keep_candidacies([row(first, contest_id=contest.pk)], {contest.election_id}, at=AT)
    assert outcomes == [Outcome.CREATED]
    assert Candidacy.objects.filter(key="1").count() == 2
