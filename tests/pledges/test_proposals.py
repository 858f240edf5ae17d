"""What becomes of a proposal: nothing of it is a pledge before approval; what others changed meanwhile stays."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import UserFactory
from tests.elections.factories import CandidacyFactory, ContestFactory, ElectionFactory
from tests.people.factories import DelegateFactory, PoliticianFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory
from tsushinbo.accounts.membership import close_account
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import exported
from tsushinbo.accounts.roles import Role
from tsushinbo.addresses import encode
from tsushinbo.moderation.models import DecisionReason
from tsushinbo.moderation.services import AlreadyDecided, NotYours, decide, hide, restore
from tsushinbo.notices.models import Event, Notice, Subject
from tsushinbo.notices.services import fan_out, follow
from tsushinbo.pledges.contents import Content, joined
from tsushinbo.pledges.differences import differences
from tsushinbo.pledges.errors import (
    HideByReverting,
    MayNotWrite,
    NoSuchVersion,
    NotAnEditor,
    NothingChanged,
    PledgeGone,
    PledgeMoved,
)
from tsushinbo.pledges.models import Pledge, PledgeDraft, PledgeProposal
from tsushinbo.pledges.queries.contributions import newest_revision
from tsushinbo.pledges.services import wording
from tsushinbo.pledges.services.drafts import save_draft
from tsushinbo.pledges.services.proposals import (
    change_pledge,
    propose_change,
    propose_pledge,
    register_pledge,
    revert_pledge,
)
from tsushinbo.search.models import Kind
from tsushinbo.search.queries import find
from tsushinbo.search.services import catch_up
from tsushinbo.search.words import read

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, tzinfo=UTC)
LATER = AT + timedelta(hours=5)


def account(role: Role | None = None) -> User:
    made = UserFactory.create()
    if role:
        made.groups.add(Group.objects.get(name=role))
    return made


@pytest.fixture
def pledge(content: Content) -> Pledge:
    """A pledge that came through the form."""
    return register_pledge(owner=PoliticianFactory.create(), author=account(Role.EDITOR), content=content, at=AT)


def change(pledge: Pledge, author: User, seen: int = 1, **fields: str) -> PledgeProposal:
    content = replace(Content.of(pledge), **fields)
    return propose_change(pledge=pledge, author=author, content=content, reason="直す", seen=seen, at=AT)


def test_an_approved_proposal_becomes_a_pledge_by_its_author(content: Content, client: Client) -> None:
    politician, author, moderator = (
        PoliticianFactory.create(),
        UserFactory.create(display_name="花子"),
        account(Role.MODERATOR),
    )
    proposal = propose_pledge(owner=politician, author=author, content=content, at=AT)
    assert "給食費を無償にします" in proposal.words
    assert "期限：2027年度" in proposal.words
    assert not Pledge.objects.exists()
    catch_up()
    assert not find(Kind.PLEDGES, read("給食費")).keys
    decide(item=proposal, approve=True, by=moderator, at=LATER)
    pledge = Pledge.objects.get()
    assert (pledge.politician, pledge.title, pledge.source_on, pledge.created_at) == (
        politician,
        content.title,
        "2025-11",
        LATER,
    )
    revision = pledge.revisions.get()
    assert (revision.recorded_by, revision.number, revision.content) == (author, 1, wording(pledge))
    proposal.refresh_from_db()
    assert proposal.pledge == pledge
    catch_up()
    assert find(Kind.PLEDGES, read("給食費")).keys == [pledge.pk]
    assert "花子さん" in client.get(pledge.get_absolute_url()).content.decode()
    assert Event.objects.filter(kind="pledge", subject="politician", subject_id=politician.pk).count() == 1
    with pytest.raises(AlreadyDecided):
        decide(item=proposal, approve=True, by=moderator, at=LATER)
    assert Pledge.objects.count() == 1


def test_an_election_of_that_person_comes_along(content: Content) -> None:
    politician = PoliticianFactory.create()
    election = ElectionFactory.create(name="見本市長選挙")
    CandidacyFactory.create(contest=ContestFactory.create(election=election), politician=politician)
    chosen = replace(content, election=encode(election.pk), election_name=election.name)
    pledge = register_pledge(owner=politician, author=account(Role.EDITOR), content=chosen, at=AT)
    assert (pledge.election, pledge.election_name) == (election, "")
    assert Content.of(pledge) == chosen


def test_a_rejected_proposal_makes_nothing_and_keeps_its_reason(content: Content) -> None:
    proposal = propose_pledge(owner=PoliticianFactory.create(), author=UserFactory.create(), content=content, at=AT)
    decide(item=proposal, approve=False, by=account(Role.MODERATOR), at=LATER, reason=DecisionReason.UNSOURCED)
    assert not Pledge.objects.exists()
    proposal.refresh_from_db()
    assert proposal.decision_reason == "unsourced"


def test_nobody_approves_an_own_proposal_nor_one_about_whom_they_speak_for(content: Content) -> None:
    moderator = account(Role.MODERATOR)
    politician = PoliticianFactory.create()
    office = DelegateFactory.create(politician=politician).user
    own = propose_pledge(owner=politician, author=moderator, content=content, at=AT)
    for by in (moderator, office):
        with pytest.raises(NotYours):
            decide(item=own, approve=True, by=by, at=LATER)
    assert not Pledge.objects.exists()


@pytest.mark.parametrize("role", [None, Role.MODERATOR])
def test_who_may_not_write_at_once(pledge: Pledge, content: Content, role: Role | None) -> None:
    with pytest.raises(MayNotWrite):
        register_pledge(owner=pledge.owner, author=account(role), content=content, at=AT)
    with pytest.raises(MayNotWrite):
        change_pledge(pledge=pledge, author=account(role), content=content, reason="直す", seen=1, at=AT)
    with pytest.raises(NotAnEditor):
        revert_pledge(pledge=pledge, number=1, by=account(role), reason="戻す", seen=1, at=AT)


def test_nobody_speaks_for_a_party(content: Content) -> None:
    with pytest.raises(MayNotWrite):
        register_pledge(
            owner=PartyPledgeFactory.create().owner, author=DelegateFactory.create().user, content=content, at=AT
        )


def test_an_approved_change_adds_a_revision_with_its_reason(pledge: Pledge, client: Client) -> None:
    author = UserFactory.create(display_name="太郎")
    proposal = change(pledge, author, deadline="2028年度")
    assert proposal.words.startswith(f"{pledge.owner}の公約「{pledge.title}」の変更\n変更の理由：")
    assert "期限：2028年度\n　変更前：2027年度" in proposal.words
    assert Pledge.objects.get().deadline == "2027年度"
    decide(item=proposal, approve=True, by=account(Role.MODERATOR), at=LATER)
    pledge.refresh_from_db()
    newest = pledge.revisions.last()
    assert newest is not None
    assert (pledge.deadline, newest.number, newest.recorded_by, newest.reason) == ("2028年度", 2, author, "直す")
    page = client.get(pledge.get_absolute_url()).content.decode()
    assert "<del>2027</del><ins>2028</ins>年度" in page
    assert "太郎さん" in page
    assert Event.objects.filter(kind="revision", subject="pledge", subject_id=pledge.pk).count() == 1


def test_changes_of_different_fields_are_both_kept(pledge: Pledge) -> None:
    first, second = (
        change(pledge, UserFactory.create(), deadline="2028年度"),
        change(pledge, UserFactory.create(), funding="基金"),
    )
    for proposal in (first, second):
        decide(item=proposal, approve=True, by=account(Role.MODERATOR), at=LATER)
    pledge.refresh_from_db()
    assert (pledge.deadline, pledge.funding, newest_revision(pledge)) == ("2028年度", "基金", 3)


def test_a_change_of_the_same_field_is_a_conflict_and_nothing_is_lost(pledge: Pledge, client: Client) -> None:
    author = UserFactory.create()
    first, second = (
        change(pledge, UserFactory.create(), deadline="2028年度"),
        change(pledge, author, deadline="2029年度"),
    )
    decide(item=first, approve=True, by=account(Role.MODERATOR), at=LATER)
    with pytest.raises(PledgeMoved, match="期限"):
        decide(item=second, approve=True, by=account(Role.MODERATOR), at=LATER)
    second.refresh_from_db()
    assert second.state == "pending"
    assert Pledge.objects.get().deadline == "2028年度"
    client.force_login(author)
    page = client.get(reverse("pledges:edit", args=[pledge.pk])).content.decode()
    assert 'value="2029年度"' in page


def test_who_wrote_on_an_old_wording_sees_the_conflict_beside_what_was_typed(pledge: Pledge, client: Client) -> None:
    author = UserFactory.create()
    editor = account(Role.EDITOR)
    change_pledge(
        pledge=pledge,
        author=editor,
        content=replace(Content.of(pledge), deadline="2028年度"),
        reason="直す",
        seen=1,
        at=AT,
    )
    client.force_login(author)
    sent = {**Content.of(pledge).kept, "quoted": "", "deadline": "2029年度", "reason": "直す", "seen": "1"}
    response = client.post(reverse("pledges:edit", args=[pledge.pk]), sent)
    text = response.content.decode()
    assert response.status_code == 409
    assert 'value="2029年度"' in text
    assert 'name="seen" value="2"' in text
    assert "<del>2028</del><ins>2029</ins>年度" in text
    assert not PledgeProposal.objects.exists()
    assert client.post(reverse("pledges:edit", args=[pledge.pk]), {**sent, "seen": "2"}).status_code == 303
    assert PledgeProposal.objects.get().base == 2


def test_an_own_change_that_waits_is_replaced(pledge: Pledge) -> None:
    author = UserFactory.create()
    change(pledge, author, deadline="2028年度")
    change(pledge, author, deadline="2029年度")
    assert PledgeProposal.objects.get().content["deadline"] == "2029年度"


def test_an_equal_wording_is_no_change(pledge: Pledge) -> None:
    with pytest.raises(NothingChanged):
        change(pledge, UserFactory.create())


def test_a_pledge_that_is_not_public_takes_no_change(pledge: Pledge, client: Client) -> None:
    Pledge.objects.update(published=False)
    with pytest.raises(PledgeGone):
        change(pledge, UserFactory.create(), deadline="2028年度")
    client.force_login(UserFactory.create())
    assert client.get(reverse("pledges:edit", args=[pledge.pk])).status_code == 404


def test_an_editor_brings_an_earlier_wording_back_and_the_history_stays(pledge: Pledge) -> None:
    editor = account(Role.EDITOR)
    change_pledge(
        pledge=pledge,
        author=editor,
        content=replace(Content.of(pledge), title="別の題名", deadline=""),
        reason="荒らし",
        seen=1,
        at=AT,
    )
    with pytest.raises(PledgeMoved):
        revert_pledge(pledge=pledge, number=1, by=editor, reason="戻す", seen=1, at=LATER)
    with pytest.raises(NoSuchVersion):
        revert_pledge(pledge=pledge, number=9, by=editor, reason="戻す", seen=2, at=LATER)
    revert_pledge(pledge=pledge, number=1, by=editor, reason="出典と合わないため", seen=2, at=LATER)
    pledge.refresh_from_db()
    assert (pledge.title, pledge.deadline) == ("給食費を無償にします", "2027年度")
    reasons = list(pledge.revisions.values_list("number", "reason"))
    assert reasons == [(1, "登録"), (2, "荒らし"), (3, "出典と合わないため")]
    with pytest.raises(NoSuchVersion):
        revert_pledge(pledge=pledge, number=1, by=editor, reason="戻す", seen=3, at=LATER)


def test_a_pledge_without_a_revision_keeps_its_first_wording(content: Content) -> None:
    old = PledgeFactory.create(deadline="2026年度")
    change_pledge(
        pledge=old,
        author=account(Role.EDITOR),
        content=replace(Content.of(old), deadline="2030年度"),
        reason="直す",
        seen=0,
        at=AT,
    )
    assert [row.content["deadline"] for row in old.revisions.all()] == ["2026年度", "2030年度"]


def test_what_was_approved_is_hidden_and_shown_again(content: Content) -> None:
    moderator = account(Role.MODERATOR)
    proposal = propose_pledge(owner=PoliticianFactory.create(), author=UserFactory.create(), content=content, at=AT)
    decide(item=proposal, approve=True, by=moderator, at=LATER)
    proposal.refresh_from_db()
    hide(item=proposal, by=moderator, at=LATER, reason=DecisionReason.UNSOURCED)
    assert not Pledge.objects.get().published
    proposal.refresh_from_db()
    restore(item=proposal, by=moderator, at=LATER)
    assert Pledge.objects.get().published
    changed = change(Pledge.objects.get(), UserFactory.create(), deadline="2028年度")
    decide(item=changed, approve=True, by=moderator, at=LATER)
    changed.refresh_from_db()
    with pytest.raises(HideByReverting):
        hide(item=changed, by=moderator, at=LATER)


def test_what_followers_were_told_of_a_pledge_goes_when_it_is_hidden(content: Content) -> None:
    moderator, follower, politician = account(Role.MODERATOR), UserFactory.create(), PoliticianFactory.create()
    follow(user=follower, subject=Subject.POLITICIAN, subject_id=politician.pk, at=AT)
    proposal = propose_pledge(owner=politician, author=UserFactory.create(), content=content, at=AT)
    decide(item=proposal, approve=True, by=moderator, at=LATER)
    fan_out(at=LATER)
    assert content.title in Notice.objects.get(user=follower).title
    proposal.refresh_from_db()
    hide(item=proposal, by=moderator, at=LATER, reason=DecisionReason.DEFAMATION)
    assert not Notice.objects.filter(user=follower).exists()
    assert Notice.objects.filter(user=proposal.author).count() == 2


def test_changes_join_field_by_field() -> None:
    base = Content("a", "b", "x", "X", "s", "u", "2025")
    mine, theirs = (
        replace(base, title="A", topic="y", policy_area="Y"),
        replace(base, text="B", topic="z", policy_area="Z"),
    )
    both, conflicts = joined(base, mine, theirs)
    assert (both.title, both.text, both.topic) == ("A", "B", "z")
    assert conflicts == ["policy_area"]
    assert joined(base, mine, mine) == (mine, [])


def test_japanese_is_compared_by_runs_of_one_script() -> None:
    pieces = differences("給食費を2027年度までに無償にします。", "給食費を2028年度までに半額にします。")
    assert [(piece.kind, piece.text) for piece in pieces if piece.kind != "same"] == [
        ("removed", "2027"), ("added", "2028"), ("removed", "無償"), ("added", "半額"),
    ]  # fmt: skip


def test_the_export_holds_all_and_closing_leaves_what_is_public(content: Content) -> None:
    author, politician = UserFactory.create(), PoliticianFactory.create()
    decide(
        item=propose_pledge(owner=politician, author=author, content=content, at=AT),
        approve=True,
        by=account(Role.MODERATOR),
        at=LATER,
    )
    propose_pledge(owner=politician, author=author, content=replace(content, title="もう一つ"), at=AT)
    save_draft(author=author, owner=politician, fields={"title": "書きかけ"}, at=AT)
    told = exported(author)["pledges"]
    text = json.dumps(told, default=str, ensure_ascii=False)
    for words in ("もう一つ", "書きかけ", "給食費を無償にします"):
        assert words in text
    assert len(told["proposals"]) == 2
    close_account(user=author)
    assert [row.title for row in Pledge.objects.all()] == ["給食費を無償にします"]
    assert PledgeProposal.objects.count() == 1
    assert not PledgeDraft.objects.exists()
    assert Pledge.objects.get().revisions.get().recorded_by.public_name == "退会したユーザー"
