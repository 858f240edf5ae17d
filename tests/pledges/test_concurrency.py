"""Several editors at once, each on a connection of its own, on the database that is really there."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.utils import timezone

from tests.accounts.factories import UserFactory
from tests.evaluations.test_concurrency import all_at_once
from tests.pledges.weighing import confirm, editor, propose, reject, settled, undo
from tsushinbo.accounts.models import User
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.models import DecisionReason, LogEntry
from tsushinbo.moderation.services import decide
from tsushinbo.pledges.contents import Content
from tsushinbo.pledges.errors import AlreadyDecided, EvidenceRefused, NothingToUndo, StatusMoved
from tsushinbo.pledges.models import Evidence, Pledge, PledgeProposal, StatusChange
from tsushinbo.pledges.queries import verdict_of
from tsushinbo.pledges.queries.contributions import newest_revision
from tsushinbo.pledges.services.proposals import propose_change

pytestmark = pytest.mark.django_db(transaction=True)


def results(*works: Callable[[], object]) -> list[object]:
    """What became of each deed done at the same moment: its answer, or the refusal it met."""
    told: list[object] = []

    def run(work: Callable[[], object]) -> None:
        try:
            told.append(work())
        except RuleBroken as refusal:
            told.append(refusal)

    all_at_once(*(lambda work=work: run(work) for work in works))
    return told


def test_of_ten_editors_who_decide_at_once_one_does_and_the_others_are_told(pledge: Pledge) -> None:
    evidence, editors = propose(pledge), [editor() for _ in range(10)]
    told = results(
        *(
            lambda by=by, number=number: confirm(evidence, by, seen=0) if number % 2 else reject(evidence, by)
            for number, by in enumerate(editors)
        )
    )
    done = [answer for answer in told if not isinstance(answer, RuleBroken)]
    assert len(done) == 1
    assert {type(answer) for answer in told if answer not in done} == {AlreadyDecided}
    evidence.refresh_from_db()
    confirmed = isinstance(done[0], StatusChange)
    assert evidence.state == ("confirmed" if confirmed else "rejected")
    pledge.refresh_from_db()
    assert (pledge.status, StatusChange.objects.count()) == (("started", 1) if confirmed else ("unrated", 0))


def test_what_is_decided_while_its_author_writes_it_anew_stays_decided(pledge: Pledge) -> None:
    moderator = UserFactory.create(role="moderator")

    def send(author: User, title: str) -> PledgeProposal:
        content = replace(Content.of(pledge), title=title)
        seen = newest_revision(pledge)
        return propose_change(
            pledge=pledge, author=author, content=content, reason="直す", seen=seen, at=timezone.now()
        )

    for turn in range(8):
        author, pledge = UserFactory.create(), Pledge.objects.get()
        first = send(author, f"題名{turn}")
        results(
            lambda author=author, turn=turn: send(author, f"別の題名{turn}"),
            lambda first=first, turn=turn: decide(
                item=first, approve=turn % 2 == 0, by=moderator, reason=DecisionReason.OTHER, at=timezone.now()
            ),
        )
    decided = PledgeProposal.objects.exclude(state=PledgeProposal.State.PENDING)
    assert sorted(decided.values_list("pk", flat=True)) == sorted(LogEntry.objects.values_list("subject_id", flat=True))


def test_of_two_proposals_confirmed_at_once_the_second_is_read_again_first(pledge: Pledge) -> None:
    waiting = [propose(pledge, status=status) for status in ("partly", "kept", "broken", "stalled")]
    editors = [editor() for _ in waiting]
    told = results(
        *(
            lambda evidence=evidence, by=by: confirm(evidence, by, seen=0)
            for evidence, by in zip(waiting, editors, strict=True)
        )
    )
    [change] = [answer for answer in told if isinstance(answer, StatusChange)]
    assert [type(answer) for answer in told if answer is not change] == [StatusMoved] * 3
    pledge.refresh_from_db()
    assert verdict_of(pledge) == change.after
    assert Evidence.objects.filter(state="proposed").count() == 3


def test_one_page_sent_ten_times_at_once_waits_once(pledge: Pledge) -> None:
    by = editor()
    told = results(*(lambda: propose(pledge, by, url="https://www.example.com/one/") for _ in range(10)))
    assert Evidence.objects.count() == 1
    assert [type(answer) for answer in told if not isinstance(answer, Evidence)] == [EvidenceRefused] * 9


def test_a_change_is_undone_once_however_many_undo_it(pledge: Pledge) -> None:
    settled(pledge, "started")
    change, editors = settled(pledge, "kept"), [editor() for _ in range(6)]
    told = results(*(lambda by=by: undo(change, by) for by in editors))
    assert [type(answer) for answer in told if not isinstance(answer, StatusChange)] == [NothingToUndo] * 5
    pledge.refresh_from_db()
    assert pledge.status == "started"
    assert StatusChange.objects.count() == 3
