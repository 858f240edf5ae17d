"""Voters and an editor at once, each on a connection of its own, on the database that is really there."""

import pytest
from django.contrib.auth.models import Group

from tests.accounts.factories import UserFactory
from tests.evaluations.counting import AT, cast, counted, kept
from tests.evaluations.test_concurrency import all_at_once
from tests.people.factories import PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts.roles import Role
from tsushinbo.evaluations.models import AssessmentTally, Ballot
from tsushinbo.evaluations.queries import tally_mismatches
from tsushinbo.evaluations.services import assess_pledge, merge_pledges, withdraw_ballot
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db(transaction=True)
VOTERS = tuple(range(1, 17))


def test_no_ballot_cast_while_a_merge_is_under_way_is_lost_or_counted_twice() -> None:
    politician = PoliticianFactory.create()
    source, target = PledgeFactory.create_batch(2, politician=politician)
    editor, citizen = UserFactory.create(), UserFactory.create()
    editor.groups.add(Group.objects.get_or_create(name=Role.EDITOR)[0])
    for voter in VOTERS[::2]:
        cast(source, voter, "bad")
        cast(target, voter, "bad")

    def judge(voter: int) -> None:
        for pledge in (source, target) if voter % 3 else (target, source):
            cast(pledge, voter, "good", "clear")
        if voter % 4 == 0:
            withdraw_ballot(pledge=source, voter=voter, at=AT)
            cast(source, voter, "good", "clear")

    all_at_once(
        lambda: merge_pledges(source=source, target=target, by=editor, reason="同じ公約です。", at=AT),
        lambda: assess_pledge(pledge=source, author=citizen, progress=10, achievement=20, at=AT),
        *(lambda voter=voter: judge(voter) for voter in VOTERS),
    )
    assert Pledge.objects.get(pk=source.pk).merged_into == target
    assert not Ballot.objects.filter(pledge=source).exists()
    assert set(Ballot.objects.filter(pledge=target).values_list("voter", "choice")) == {
        (voter, "good") for voter in VOTERS
    }
    assert kept(target) == counted(target) == {"good": 16, "clear": 16}
    assert AssessmentTally.objects.get(pledge=target).assessments == 1
    assert not list(tally_mismatches())
