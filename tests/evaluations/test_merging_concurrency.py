"""Voters and an editor at once, each on a connection of its own, on the database that is really there."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.accounts.factories import UserFactory
from tests.activities.factories import ReportFactory
from tests.evaluations.counting import AT, cast, counted, kept
from tests.evaluations.test_concurrency import all_at_once
from tests.people.factories import DelegateFactory, PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts.models import User
from tsushinbo.accounts.roles import Role
from tsushinbo.activities.models import ActivityReport
from tsushinbo.activities.services import change_report, post_report
from tsushinbo.activities.services.reports import Wording
from tsushinbo.evaluations.models import AssessmentTally, Ballot
from tsushinbo.evaluations.queries import tally_mismatches
from tsushinbo.evaluations.services import assess_pledge, merge_pledges, withdraw_ballot
from tsushinbo.notices.models import Follow, Subject
from tsushinbo.notices.services import follow, unfollow
from tsushinbo.people.models import Politician
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


def two(politician: Politician) -> tuple[Pledge, Pledge, User]:
    """The pledge that goes, the one that stays, and who may make them one."""
    source, target = PledgeFactory.create_batch(2, politician=politician)
    return source, target, UserFactory.create(role=Role.EDITOR)


def test_what_is_tied_to_a_pledge_while_it_is_merged_ends_at_the_one_that_stays(settings: Settings) -> None:
    settings.RATE_REPORTS_PER_ACCOUNT = 100
    delegate = DelegateFactory.create()
    politician, office = delegate.politician, delegate.user
    source, target, editor = two(politician)
    written = [ReportFactory.create(politician=politician, author=office, pledge=source) for _ in range(6)]
    readers, leavers = UserFactory.create_batch(6), UserFactory.create_batch(6)
    for user in leavers:
        follow(user=user, subject=Subject.PLEDGE, subject_id=source.pk, at=AT)

    def said(number: int) -> Wording:
        return Wording(
            title=f"報告{number}", happened_on=AT.date(), body=f"本文{number}", pledge=source, source_title="", source_url=""
        )  # fmt: skip

    def change(number: int) -> None:
        row = written[number]
        change_report(report=row, author=office, wording=said(number), seen=row.changed_at, at=AT)

    all_at_once(
        lambda: merge_pledges(source=source, target=target, by=editor, reason="同じ公約です。", at=AT),
        *(lambda number=number: change(number) for number in range(6)),
        *(
            lambda number=number: post_report(politician=politician, author=office, wording=said(number + 6), at=AT)
            for number in range(6)
        ),
        *(lambda user=user: follow(user=user, subject=Subject.PLEDGE, subject_id=source.pk, at=AT) for user in readers),
        *(
            lambda user=user: unfollow(user=user, subject=Subject.PLEDGE, subject_id=source.pk, at=AT)
            for user in leavers
        ),
    )
    assert ActivityReport.objects.count() == 12
    assert set(ActivityReport.objects.values_list("pledge", flat=True)) == {target.pk}
    assert set(Follow.objects.values_list("user", "subject_id")) == {(user.pk, target.pk) for user in readers}


def test_what_was_begun_before_a_merge_is_kept_with_the_pledge_that_stays(client: Client) -> None:
    delegate = DelegateFactory.create()
    source, target, editor = two(delegate.politician)
    merge_pledges(source=source, target=target, by=editor, reason="同じ公約です。", at=AT)
    wording = Wording(title="報告", happened_on=AT.date(), body="本文", pledge=source)
    report = post_report(politician=delegate.politician, author=delegate.user, wording=wording, at=AT)
    assert report.pledge == target
    client.force_login(editor)
    address = reverse("notices:follow", args=["pledge", source.pk])
    answer = client.post(address, {"choice": "follow"})
    assert answer.headers["Location"] == reverse("notices:follow", args=["pledge", target.pk])
    assert Follow.objects.get().subject_id == target.pk
    client.post(address, {"choice": "unfollow"})
    assert not Follow.objects.exists()
