"""The politician's desk."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.accounts.factories import UserFactory
from tests.activities.factories import DraftFactory, ReportFactory
from tests.claims.factories import InvitationFactory
from tests.comments.factories import CommentFactory, PendingFactory
from tests.evaluations.assessing import assess
from tests.people.factories import DelegateFactory, PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts.models import User
from tsushinbo.addresses import encode
from tsushinbo.claims.models import Invitation
from tsushinbo.evaluations.models import Assessment
from tsushinbo.mail.models import Message
from tsushinbo.moderation.services import decide
from tsushinbo.people.models import Delegate, Politician
from tsushinbo.people.queries import speaks_for
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db


@pytest.fixture
def politician() -> Politician:
    return PoliticianFactory.create()


@pytest.fixture
def holder(politician: Politician) -> User:
    return DelegateFactory.create(politician=politician).user


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def approved(pledge: Pledge, comment: str) -> Assessment:
    """What a citizen said, and others may read."""
    said = assess(pledge, UserFactory.create(), comment=comment)
    decide(item=said, approve=True, by=UserFactory.create(), at=timezone.now())
    return said


def desk_of(politician: Politician) -> str:
    return reverse("office:politician", args=[politician.pk])


def team_of(politician: Politician) -> str:
    return reverse("office:team", args=[politician.pk])


def test_the_desk_opens_to_who_speaks_for_the_politician_alone(holder: User, politician: Politician) -> None:
    for path in (desk_of(politician), team_of(politician), "/office/"):
        assert Client().get(path).headers["Location"].startswith("/accounts/login/")
    other = DelegateFactory.create().user
    for path in (desk_of(politician), team_of(politician)):
        assert logged_in(other).get(path).status_code == 404
        response = logged_in(holder).get(path)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"


def test_the_door_leads_to_the_one_desk_or_lets_one_choose(holder: User, politician: Politician) -> None:
    client = logged_in(holder)
    assert f"{politician.spaced_name}の事務所" in client.get("/office/").content.decode()
    second = DelegateFactory.create(user=holder).politician
    page = client.get("/office/").content.decode()
    assert desk_of(politician) in page
    assert desk_of(second) in page
    nobody = logged_in(UserFactory.create()).get("/office/").content.decode()
    assert "登録されていません" in nobody


def test_everything_of_ones_own_is_there_and_nothing_of_others(holder: User, politician: Politician) -> None:
    pledge = PledgeFactory.create(politician=politician)
    report = ReportFactory.create(politician=politician, author=holder)
    draft = DraftFactory.create(politician=politician, author=holder)
    secret = DraftFactory.create(politician=politician, fields={"title": "ほかの人の下書き"})
    comment = CommentFactory.create(report=report, body="地図はありますか。")
    PendingFactory.create(report=report, body="まだ見せないでください。")
    assessment = approved(pledge, "予算が足りません。")
    others = CommentFactory.create(body="ほかの政治家へのコメント")
    page = logged_in(holder).get(desk_of(politician)).content.decode()
    for words in (pledge.title, report.title, draft.title, comment.body, assessment.comment, "回答を待っているもの"):
        assert words in page
    assert reverse("pledges:new") in page
    assert reverse("pledges:import") in page
    assert reverse("mfa_index") in page
    for words in (secret.title, "まだ見せないでください。", others.body):
        assert words not in page


def test_the_desk_costs_the_same_with_many(holder: User, politician: Politician) -> None:
    def fill(times: int) -> None:
        for _ in range(times):
            pledge = PledgeFactory.create(politician=politician)
            report = ReportFactory.create(politician=politician, pledge=pledge)
            CommentFactory.create(report=report)
            approved(pledge, "まだです。")
            DraftFactory.create(politician=politician, author=holder)
            DelegateFactory.create(politician=politician, role=Delegate.Role.TEAM)

    client = logged_in(holder)
    fill(1)
    client.get(desk_of(politician))
    with CaptureQueriesContext(connection) as few:
        client.get(desk_of(politician))
    fill(5)
    with CaptureQueriesContext(connection) as many:
        client.get(desk_of(politician))
    assert len(many) <= len(few)
    assert len(few) < 35


def test_the_holder_invites_and_removes(holder: User, politician: Politician) -> None:
    client = logged_in(holder)
    assert client.post(team_of(politician), {"deed": "invite", "address": "x"}).status_code == 422
    assert client.post(team_of(politician), {"deed": "invite"}).status_code == 422
    assert client.post(team_of(politician), {"deed": "invite", "address": "hisho@example.jp"}).status_code == 303
    assert "http://testserver/accounts/invitation/" in Message.objects.get().text
    invitation = Invitation.objects.get()
    assert "hisho@example.jp" in client.get(team_of(politician)).content.decode()
    sent = {"deed": "withdraw", "invitation": encode(invitation.pk)}
    assert client.post(team_of(politician), sent).status_code == 303
    member = DelegateFactory.create(politician=politician, role=Delegate.Role.TEAM)
    assert client.post(team_of(politician), {"deed": "remove", "member": encode(member.pk)}).status_code == 303
    assert not speaks_for(member.user, politician)


def test_a_member_sees_the_team_and_may_leave_it_but_changes_nothing(holder: User, politician: Politician) -> None:
    member = DelegateFactory.create(politician=politician, role=Delegate.Role.TEAM)
    other = DelegateFactory.create(politician=politician, role=Delegate.Role.TEAM)
    client = logged_in(member.user)
    invitation = InvitationFactory.create(politician=politician)
    assert invitation.address not in client.get(team_of(politician)).content.decode()
    for sent in (
        {"deed": "invite", "address": "hisho@example.jp"},
        {"deed": "withdraw", "invitation": encode(invitation.pk)},
        {"deed": "remove", "member": encode(other.pk)},
    ):
        assert client.post(team_of(politician), sent).status_code == 422
    assert not Message.objects.exists()
    assert client.post(team_of(politician), {"deed": "leave"}).status_code == 303
    assert not speaks_for(member.user, politician)
    assert speaks_for(other.user, politician)


def test_rows_of_another_office_are_out_of_reach(holder: User, politician: Politician) -> None:
    elsewhere = PoliticianFactory.create()
    member = DelegateFactory.create(politician=elsewhere, role=Delegate.Role.TEAM)
    invitation = InvitationFactory.create(politician=elsewhere)
    client = logged_in(holder)
    for sent in (
        {"deed": "remove", "member": encode(member.pk)},
        {"deed": "withdraw", "invitation": encode(invitation.pk)},
        {"deed": "remove", "member": "x"},
        {"deed": "else"},
    ):
        assert client.post(team_of(politician), sent).status_code == 404
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is None
    assert speaks_for(member.user, elsewhere)
