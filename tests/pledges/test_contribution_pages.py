"""Where editors and moderators deal with contributions: the desk, the admin, going back, merging."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import UserFactory, add_app, log_in_with_second_factor
from tests.people.factories import PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tests.pledges.test_proposals import AT, account
from tsushinbo.accounts.roles import Role
from tsushinbo.addresses import encode
from tsushinbo.pledges.contents import Content
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.services.proposals import change_pledge, propose_pledge, register_pledge

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge(content: Content) -> Pledge:
    """A pledge that came through the form."""
    return register_pledge(owner=PoliticianFactory.create(), author=account(Role.EDITOR), content=content, at=AT)


def test_the_desk_shows_a_proposal_to_who_may_decide(content: Content) -> None:
    propose_pledge(owner=PoliticianFactory.create(), author=UserFactory.create(), content=content, at=AT)
    for role, status in ((Role.MODERATOR, 200), (Role.ADMINISTRATOR, 200), (None, 403)):
        client = Client()
        who = account(role)
        add_app(who)
        log_in_with_second_factor(client, who)
        response = client.get(reverse("moderation:desk"))
        assert response.status_code == status, role
        assert ("小中学校の給食費を無償にします。" in response.content.decode()) == (role is not None)


def test_editors_see_the_pages_of_editors_and_others_do_not(pledge: Pledge) -> None:
    editor = Client()
    who = account(Role.EDITOR)
    add_app(who)
    log_in_with_second_factor(editor, who)
    revert, merge = reverse("pledges:revert", args=[pledge.pk]), reverse("evaluations:merge", args=[pledge.pk])
    change_pledge(
        pledge=pledge, author=account(Role.EDITOR), content=replace(Content.of(pledge), deadline=""), reason="直す", seen=1, at=AT
    )  # fmt: skip
    assert "1版" in editor.get(revert).content.decode()
    other = PledgeFactory.create(politician=pledge.politician, title="給食費を無償化します")
    assert other.title in editor.get(merge).content.decode()
    assert (
        "統合は取り消せません"
        in editor.get(merge, {"other": f"http://testserver{other.get_absolute_url()}"}).content.decode()
    )
    assert editor.post(merge, {"other": encode(other.pk), "stays": "this"}).status_code == 422
    assert (
        editor.post(merge, {"other": encode(PledgeFactory.create().pk), "stays": "this", "reason": "a"}).status_code
        == 422
    )
    assert "読み取れません" in editor.get(merge, {"other": "<script>"}).content.decode()
    for sent in ({}, {"version": "1", "seen": "2"}, {"version": "x", "reason": "a"}):
        assert editor.post(revert, sent).status_code == 422
    assert editor.post(revert, {"version": "1", "seen": "2", "reason": "戻す"}).status_code == 303
    assert (
        editor.post(merge, {"other": encode(other.pk), "stays": "other", "reason": "同じ"}).headers["Location"]
        == f"{other.get_absolute_url()}#h-his"
    )
    member = Client()
    member.force_login(UserFactory.create())
    for address in (
        revert.replace(encode(pledge.pk), encode(other.pk)),
        merge.replace(encode(pledge.pk), encode(other.pk)),
    ):
        assert member.get(address).status_code == 403
        assert member.post(address, {"version": "1", "seen": "1", "reason": "a"}).status_code == 403


def test_a_moderator_approves_in_the_admin(content: Content) -> None:
    proposal = propose_pledge(owner=PoliticianFactory.create(), author=UserFactory.create(), content=content, at=AT)
    client, who = Client(), account(Role.MODERATOR)
    add_app(who)
    log_in_with_second_factor(client, who)
    address = reverse("admin:pledges_pledgeproposal_changelist")
    assert "給食費を無償にします" in client.get(address).content.decode()
    assert (
        "小中学校の給食費"
        in client.get(reverse("admin:pledges_pledgeproposal_change", args=[proposal.pk])).content.decode()
    )
    client.post(address, {"action": "approve", "_selected_action": [str(proposal.pk)]})
    assert Pledge.objects.get().title == content.title
