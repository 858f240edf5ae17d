"""Two pledges become one: no ballot is lost, none counts twice, and the count is exact."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.accounts.factories import UserFactory
from tests.activities.factories import ReportFactory
from tests.people.factories import DelegateFactory, PoliticianFactory
from tests.pledges.factories import PledgeFactory, RevisionFactory
from tsushinbo.accounts.models import User
from tsushinbo.accounts.roles import Role
from tsushinbo.evaluations.models import (
    Assessment,
    AssessmentTally,
    Ballot,
    Choice,
    HeldBallot,
    HoldCase,
    Reason,
    ReasonText,
    Standing,
    Tally,
)
from tsushinbo.evaluations.queries.recount import ASSESSMENTS, BALLOTS, counts_of, tally_mismatches
from tsushinbo.evaluations.services import assess_pledge, cast_ballot, merge_pledges, self_assess, withdraw_ballot
from tsushinbo.evaluations.services.standings import settle
from tsushinbo.notices.models import Follow, Subject
from tsushinbo.notices.services import follow
from tsushinbo.pledges.errors import CannotMerge, NotAnEditor, OwnSide
from tsushinbo.pledges.models import Evidence, Pledge, PledgeMerge, PledgeProposal
from tsushinbo.pledges.queries import published
from tsushinbo.pledges.services import confirm_evidence, propose_evidence

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, tzinfo=UTC)
LATER = AT + timedelta(days=30)
REASONS = (Reason.CLEAR, Reason.INFEASIBLE, Reason.SINCERE, Reason.OTHER)


def editor() -> User:
    account = UserFactory.create()
    account.groups.add(Group.objects.get(name=Role.EDITOR))
    return account


def two() -> tuple[Pledge, Pledge]:
    """The pledge that goes and the one that stays, of one politician."""
    politician = PoliticianFactory.create()
    return PledgeFactory.create(politician=politician), PledgeFactory.create(politician=politician)


def merge(source: Pledge, target: Pledge, by: User | None = None) -> PledgeMerge:
    return merge_pledges(source=source, target=target, by=by or editor(), reason="同じ公約です。", at=LATER)


def hold(pledge: Pledge, voter: int, *, state: str = HoldCase.State.OPEN) -> HeldBallot:
    case = HoldCase.objects.create(
        sign=HoldCase.Sign.NETWORK, state=state, begins_at=AT, ends_at=AT, strength=9, expected=1, details={},
        found_at=AT, changed_at=AT, decided_at=None if state == HoldCase.State.OPEN else AT,
    )  # fmt: skip
    held = HeldBallot.objects.create(case=case, pledge=pledge, voter=voter, held_at=AT)
    with transaction.atomic():
        settle(pledge.pk, [voter], at=AT)
    return held


def said(pledge: Pledge) -> dict[int, tuple[str, frozenset[Reason], datetime, datetime, int]]:
    return {
        one.voter: (one.choice, one.reasons, one.cast_at, one.changed_at, one.standing)
        for one in Ballot.objects.filter(pledge=pledge)
    }


def exact(pledge: Pledge) -> bool:
    """Whether both tallies are what a recount gives."""
    kept = Tally.objects.filter(pledge=pledge).values(*BALLOTS.columns).first() or {}
    counted = counts_of([pledge.pk]).get(pledge.pk, dict.fromkeys(BALLOTS.columns, 0))
    assessed = AssessmentTally.objects.filter(pledge=pledge).values(*ASSESSMENTS.columns).first() or {}
    recounted = counts_of([pledge.pk], ASSESSMENTS).get(pledge.pk, dict.fromkeys(ASSESSMENTS.columns, 0))
    return kept == counted and assessed == recounted


deeds = st.lists(
    st.tuples(
        st.booleans(),  # on the one that goes, or the one that stays
        st.integers(1, 4),  # voter
        st.sampled_from(list(Choice)),
        st.sets(st.sampled_from(REASONS)),
        st.booleans(),  # with a text where there is その他
    ),
    max_size=9,
)
holds = st.lists(st.tuples(st.booleans(), st.integers(1, 4), st.sampled_from(["open", "excluded"])), max_size=4)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds, holds)
def test_a_merge_is_as_if_all_had_been_cast_on_one_pledge(
    cast: list[tuple[bool, int, Choice, set[Reason], bool]], held: list[tuple[bool, int, str]]
) -> None:
    with transaction.atomic():
        source, target = two()
        one = PledgeFactory.create()
        for number, (on_source, voter, choice, reasons, worded) in enumerate(cast):
            at = AT + timedelta(minutes=number)
            where = source if on_source else target
            now = Ballot.objects.filter(pledge=where, voter=voter).first()
            if now and now.says == {choice, *reasons}:
                # The same said again changes nothing, and so is no later ballot.
                continue
            text = f"理由{number}" if worded and Reason.OTHER in reasons else ""
            for pledge in (where, one):
                cast_ballot(pledge=pledge, voter=voter, choice=choice, reasons=reasons, text=text, at=at)
        strictest: dict[int, str] = {}
        for on_source, voter, state in {(where, who): (where, who, state) for where, who, state in held}.values():
            hold(source if on_source else target, voter, state=state)
            strictest[voter] = "excluded" if "excluded" in (state, strictest.get(voter)) else "open"
        for voter, state in strictest.items():
            hold(one, voter, state=state)
        before = set(said(source)) | set(said(target))
        on_target = len(said(target))
        done = merge(source, target)
        # A ballot that says the same again does not move its time; on two pledges it may.
        together, alone = said(target), said(one)
        assert {who: row[:3] + row[4:] for who, row in together.items()} == {
            who: row[:3] + row[4:] for who, row in alone.items()
        }
        assert set(together) == before
        texts = {row.voter: row.text for row in ReasonText.objects.filter(pledge=target)}
        assert texts == {row.voter: row.text for row in ReasonText.objects.filter(pledge=one)}
        assert not Ballot.objects.filter(pledge=source).exists()
        assert not ReasonText.objects.filter(pledge=source).exists()
        assert exact(target)
        assert exact(source)
        assert done.ballots_moved - done.ballots_dropped == len(before) - on_target
        columns = list(Tally.COUNTS)
        kept = Tally.objects.filter(pledge=target).values(*columns).get()
        assert kept == (Tally.objects.filter(pledge=one).values(*columns).first() or dict.fromkeys(columns, 0))
        transaction.set_rollback(True)


def test_what_was_cast_in_the_same_moment_stays_as_it_was_on_the_one_that_stays() -> None:
    source, target = two()
    cast_ballot(pledge=source, voter=1, choice=Choice.BAD, at=AT)
    cast_ballot(pledge=target, voter=1, choice=Choice.GOOD, at=AT)
    assert merge(source, target).ballots_dropped == 1
    assert Ballot.objects.get(voter=1).choice == Choice.GOOD


def test_an_exclusion_goes_with_the_ballot_and_a_later_release_does_not_undo_it() -> None:
    source, target = two()
    for pledge in (source, target):
        cast_ballot(pledge=pledge, voter=1, choice=Choice.GOOD, at=AT)
    excluded = hold(source, 1, state=HoldCase.State.EXCLUDED)
    waiting = hold(target, 1)
    merge(source, target)
    assert Ballot.objects.get(voter=1).standing == Standing.EXCLUDED
    assert HeldBallot.objects.get(case=excluded.case).pledge == target
    assert HeldBallot.objects.get(case=waiting.case).pledge == source


def test_of_two_assessments_by_one_person_the_later_is_current() -> None:
    source, target = two()
    citizen, other = UserFactory.create(), UserFactory.create()
    assess_pledge(pledge=target, author=citizen, progress=10, achievement=10, at=AT)
    assess_pledge(pledge=source, author=citizen, progress=50, achievement=40, at=AT + timedelta(days=1))
    assess_pledge(pledge=source, author=other, progress=90, achievement=80, at=AT)
    office = DelegateFactory.create(politician=target.politician).user
    self_assess(pledge=source, author=office, progress=70, achievement=70, at=AT)
    self_assess(pledge=target, author=office, progress=80, achievement=80, at=AT + timedelta(days=1))
    merge(source, target)
    rows = Assessment.objects.filter(pledge=target)
    assert rows.count() == 5
    current = {(row.author_id, row.by_owner): row.progress for row in rows.filter(current=True)}
    assert current == {(citizen.pk, False): 50, (other.pk, False): 90, (office.pk, True): 80}
    assert set(rows.filter(current=False).values_list("ended_at", flat=True)) == {LATER}
    assert exact(target)
    assert AssessmentTally.objects.get(pledge=target).assessments == 2
    assert tally_mismatches() == []


def test_reports_followers_evidence_and_the_record_come_along() -> None:
    source, target = two()
    report = ReportFactory.create(politician=source.politician, pledge=source)
    for person, pledges in ((UserFactory.create(), (source,)), (UserFactory.create(), (source, target))):
        for pledge in pledges:
            follow(user=person, subject=Subject.PLEDGE, subject_id=pledge.pk, at=AT)
    first, second = editor(), editor()
    given_ = {
        "title": "予算書",
        "url": "https://example.com/y",
        "publisher": "市",
        "dated_on": AT.date(),
        "shows": "計上",
        "at": AT,
    }
    evidence = propose_evidence(pledge=source, by=first, status=Pledge.Status.STARTED, **given_)
    confirm_evidence(evidence=evidence, by=second, seen=0, at=AT)
    waiting = propose_evidence(
        pledge=source, by=first, status=Pledge.Status.KEPT, **{**given_, "url": "https://example.com/z"}
    )
    merge(source, target)
    report.refresh_from_db()
    assert report.pledge == target
    assert Follow.objects.filter(subject_id=target.pk).count() == 2
    assert not Follow.objects.filter(subject_id=source.pk).exists()
    assert Evidence.objects.get(pk=waiting.pk).pledge == target
    target.refresh_from_db()
    assert target.status == Pledge.Status.STARTED
    assert target.status_changes.get().evidence == evidence


def test_a_record_stays_readable_where_the_other_has_one_of_its_own(client: Client) -> None:
    source, target = two()
    RevisionFactory.create(pledge=source, content={"title": "前の題名", "text": "前の本文"})
    first, second = editor(), editor()
    for pledge, status in ((source, Pledge.Status.KEPT), (target, Pledge.Status.STARTED)):
        evidence = propose_evidence(
            pledge=pledge, by=first, title=f"資料{status}", url="https://example.com/y", publisher="市", dated_on=AT.date(),
            shows="計上", status=status, at=AT,
        )  # fmt: skip
        confirm_evidence(evidence=evidence, by=second, seen=0, at=AT)
    merge(source, target)
    target.refresh_from_db()
    assert target.status == Pledge.Status.STARTED
    text = client.get(reverse("pledges:merged", args=[source.pk])).content.decode()
    for words in ("同じ公約です。", "前の本文", "資料kept", target.title):
        assert words in text
    page = client.get(target.get_absolute_url()).content.decode()
    assert reverse("pledges:merged", args=[source.pk]) in page


def test_the_address_leads_on_and_the_merged_pledge_is_in_no_list(client: Client) -> None:
    source, target = two()
    third = PledgeFactory.create(politician=target.politician)
    merge(source, target)
    merge(target, third)
    for gone in (source, target):
        response = client.get(gone.get_absolute_url())
        assert (response.status_code, response.headers["Location"]) == (301, third.get_absolute_url())
    assert list(published()) == [third]
    assert client.get(reverse("pledges:edit", args=[source.pk])).headers["Location"] == reverse(
        "pledges:edit", args=[third.pk]
    )
    # A page that was open before the merge still takes a ballot.
    assert client.post(reverse("evaluations:ballot", args=[source.pk]), {"choice": "good"}).status_code == 303
    assert Tally.objects.get(pledge=third).good == 1


def test_what_was_read_before_a_merge_is_written_after_it() -> None:
    """As by somebody who waited for the merge: the pledge in hand is the one from before."""
    source, target = two()
    stale = Pledge.objects.get(pk=source.pk)
    merge(source, target)
    cast_ballot(pledge=stale, voter=7, choice=Choice.GOOD, at=LATER)
    assess_pledge(pledge=stale, author=UserFactory.create(), progress=5, achievement=5, at=LATER)
    assert Tally.objects.get(pledge=target).good == 1
    assert AssessmentTally.objects.get(pledge=target).assessments == 1
    assert withdraw_ballot(pledge=stale, voter=7, at=LATER)
    assert exact(target)


def test_a_waiting_change_of_the_merged_pledge_is_answered() -> None:
    source, target = two()
    proposal = PledgeProposal.objects.create(
        author=UserFactory.create(), politician=source.politician, pledge=source, content={"title": "a"}, before={"title": "b"}, base=1,
        reason="直す", submitted_at=AT,
    )  # fmt: skip
    merge(source, target)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decision_reason) == ("rejected", "duplicate")
    assert target.title in proposal.decision_note


def test_only_an_editor_of_the_other_side_merges_two_that_stand_of_one_owner() -> None:
    source, target = two()
    with pytest.raises(NotAnEditor):
        merge(source, target, UserFactory.create())
    own = editor()
    DelegateFactory.create(politician=target.politician, user=own)
    with pytest.raises(OwnSide):
        merge(source, target, own)
    for wrong in (target, PledgeFactory.create(), PledgeFactory.create(politician=target.politician, published=False)):
        with pytest.raises(CannotMerge):
            merge(wrong, target)
    assert not PledgeMerge.objects.exists()


def test_the_page_is_closed_to_others(client: Client) -> None:
    source, target = two()
    address = reverse("evaluations:merge", args=[target.pk])
    sent = {"other": source.get_absolute_url(), "stays": "this", "reason": "同じ"}
    assert client.post(address, sent).status_code == 403
    client.force_login(UserFactory.create())
    assert client.post(address, sent).status_code == 403
    assert not PledgeMerge.objects.exists()
