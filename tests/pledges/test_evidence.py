"""How a pledge stands rests on evidence that two editors agree on, and every change stays on record."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory
from tests.pledges.weighing import AT, LATER, PAGE, confirm, editor, propose, reject, settled, undo
from tsushinbo.accounts.membership import GONE, close_account
from tsushinbo.accounts.queries import exported
from tsushinbo.pledges.errors import (
    AlreadyDecided,
    EvidenceRefused,
    NotAnEditor,
    NothingToUndo,
    OwnProposal,
    OwnSide,
    ProposedByOwnSide,
    StatusMoved,
)
from tsushinbo.pledges.models import Evidence, Pledge, PledgeRevision, Slot, StatusChange
from tsushinbo.pledges.queries import items, proposals_waiting, record_of, undoable, verdict_of
from tsushinbo.pledges.services import record_revisions

pytestmark = pytest.mark.django_db
Status = Pledge.Status


def standing(pledge: Pledge) -> tuple[object, ...]:
    """How a pledge stands in the database."""
    return tuple(verdict_of(Pledge.objects.get(pk=pledge.pk)))


# proposing


def test_a_proposal_changes_nothing_yet(pledge: Pledge) -> None:
    by = editor()
    evidence = propose(pledge, by, "kept", **PAGE)
    kept = Evidence.objects.get()
    assert (kept, kept.state, kept.proposed_by, kept.proposed_at) == (evidence, "proposed", by, AT)
    assert (kept.title, kept.url, kept.publisher, kept.dated_on, kept.shows) == tuple(PAGE.values())
    assert standing(pledge) == ("unrated", False, False, "", None)
    assert not StatusChange.objects.exists()


@pytest.mark.parametrize("role", ["", "moderator"])
def test_who_is_no_editor_may_do_nothing(pledge: Pledge, role: str) -> None:
    stranger = UserFactory.create(role=role)
    with pytest.raises(NotAnEditor):
        propose(pledge, stranger)
    waiting, change = propose(pledge), settled(pledge)
    for deed in (lambda: confirm(waiting, stranger), lambda: reject(waiting, stranger), lambda: undo(change, stranger)):
        with pytest.raises(NotAnEditor):
            deed()
    assert (Evidence.objects.count(), StatusChange.objects.count()) == (2, 1)


def test_an_editor_who_was_shut_out_is_none(pledge: Pledge) -> None:
    with pytest.raises(NotAnEditor):
        propose(pledge, UserFactory.create(role="editor", is_active=False))


def test_an_administrator_may_step_in(pledge: Pledge) -> None:
    confirm(propose(pledge, UserFactory.create(role="administrator")))
    assert standing(pledge)[0] == "started"


def test_who_speaks_for_the_politician_has_no_say(pledge: Pledge) -> None:
    delegate = DelegateFactory.create(user=editor(), politician=pledge.politician).user
    with pytest.raises(OwnSide):
        propose(pledge, delegate)
    waiting, change = propose(pledge), settled(pledge)
    for deed in (lambda: confirm(waiting, delegate), lambda: reject(waiting, delegate), lambda: undo(change, delegate)):
        with pytest.raises(OwnSide):
            deed()
    other = PledgeFactory.create()
    confirm(propose(other, delegate))
    assert (standing(pledge)[0], standing(other)[0]) == ("started", "started")


def test_who_came_to_speak_for_the_politician_since_is_not_agreed_with(pledge: Pledge) -> None:
    by = editor()
    evidence = propose(pledge, by)
    DelegateFactory.create(user=by, politician=pledge.politician)
    with pytest.raises(ProposedByOwnSide):
        confirm(evidence)
    assert reject(evidence).state == "rejected"


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"dated_on": date(2026, 11, 25)}, "dated_on", "日付が未来になっています"),
        ({"status": "untestable"}, "missing", "足りない項目が選ばれていません"),
        ({"status": "untestable", "missing": [Slot.DEADLINE]}, "missing", "「期限」は、公約に書かれています"),
        ({"status": "kept", "missing": [Slot.FUNDING]}, "missing", "「判定不能」のときだけ選べます"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(given: dict[str, object], field: str, said: str) -> None:
    pledge = PledgeFactory.create(deadline="2027年度")
    with pytest.raises(EvidenceRefused) as refusal:
        propose(pledge, **given)
    assert said in refusal.value.faults[field]
    assert list(refusal.value.faults) == [field]
    assert not Evidence.objects.exists()


def test_today_in_tokyo_is_not_the_future(pledge: Pledge) -> None:
    # 00:30 on the 25th in Tokyo, still the 24th in UTC.
    assert propose(pledge, dated_on=date(2026, 11, 25), at=AT + timedelta(hours=12, minutes=30))


def test_a_page_waits_once_at_a_time(pledge: Pledge) -> None:
    first = propose(pledge, **PAGE)
    with pytest.raises(EvidenceRefused) as refusal:
        propose(pledge, **PAGE)
    assert list(refusal.value.faults) == ["url"]
    propose(PledgeFactory.create(), **PAGE)
    confirm(first)
    assert propose(pledge, status="kept", **PAGE)


# deciding


def test_the_second_editor_lets_the_pledge_stand_as_proposed(pledge: Pledge) -> None:
    second = editor()
    evidence = propose(pledge, status="broken", overdue=True, withdrawn=True)
    change = confirm(evidence, second)
    assert standing(pledge) == ("broken", True, True, "", date(2026, 11, 25))
    assert Pledge.objects.get().changed_at == LATER
    evidence.refresh_from_db()
    assert (evidence.state, evidence.decided_by, evidence.decided_at) == ("confirmed", second, LATER)
    kept = StatusChange.objects.get()
    assert (kept, kept.number, kept.evidence, kept.changed_by, kept.changed_at) == (change, 1, evidence, second, LATER)
    assert tuple(kept.before) == ("unrated", False, False, "", None)
    assert tuple(kept.after) == standing(pledge)


def test_untestable_says_which_slots_are_missing(pledge: Pledge) -> None:
    settled(pledge, "untestable", missing=[Slot.TARGET, Slot.DEADLINE])
    pledge.refresh_from_db()
    assert pledge.missing_slots == [Slot.DEADLINE, Slot.TARGET]
    settled(pledge, "started")
    pledge.refresh_from_db()
    assert pledge.missing_slots == []


def test_nobody_decides_the_own_proposal(pledge: Pledge) -> None:
    by = editor()
    evidence = propose(pledge, by)
    for deed in (confirm, reject):
        with pytest.raises(OwnProposal):
            deed(evidence, by)
    assert standing(pledge)[0] == "unrated"


def test_the_database_itself_asks_for_a_second_editor(pledge: Pledge) -> None:
    evidence = propose(pledge)
    for columns in (
        {"state": "confirmed", "decided_by": evidence.proposed_by, "decided_at": LATER},
        {"state": "confirmed"},
        {"decided_by": editor(), "decided_at": LATER},
        {"state": "rejected", "decided_by": editor(), "decided_at": LATER},
        {"proposed_status": "untestable"},
        {"missing": "deadline"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.filter(pk=evidence.pk).update(**columns)
    change = settled(pledge)
    for changed in ({"evidence": None}, {"reason": "理由"}, {"undoes": change}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StatusChange.objects.filter(pk=change.pk).update(**changed)


def test_what_is_decided_stays_decided(pledge: Pledge) -> None:
    evidence = propose(pledge)
    confirm(evidence)
    for deed in (confirm, reject):
        with pytest.raises(AlreadyDecided):
            deed(evidence)
    refused = propose(pledge, status="kept")
    reject(refused)
    with pytest.raises(AlreadyDecided):
        confirm(refused)
    assert standing(pledge)[0] == "started"
    assert StatusChange.objects.count() == 1


def test_a_rejection_changes_nothing_and_says_why(pledge: Pledge) -> None:
    second = editor()
    evidence = reject(propose(pledge), second, "資料が公開されていません。")
    assert (evidence.state, evidence.note, evidence.decided_by) == ("rejected", "資料が公開されていません。", second)
    assert standing(pledge)[0] == "unrated"
    assert not StatusChange.objects.exists()


def test_who_read_of_an_older_status_is_told(pledge: Pledge) -> None:
    one, other = propose(pledge, status="started"), propose(pledge, status="kept")
    confirm(one, seen=0)
    with pytest.raises(StatusMoved):
        confirm(other, seen=0)
    assert (standing(pledge)[0], Evidence.objects.get(pk=other.pk).state) == ("started", "proposed")
    confirm(other, seen=1)
    assert standing(pledge)[0] == "kept"


def test_more_evidence_for_the_same_status_renews_its_date(pledge: Pledge) -> None:
    settled(pledge)
    again = confirm(propose(pledge), at=LATER + timedelta(days=9))
    assert not again.moved
    assert standing(pledge) == ("started", False, False, "", date(2026, 12, 4))
    assert record_of(pledge).counted == 2


# undoing and opening again


def test_an_undoing_restores_exactly_and_history_stays(pledge: Pledge) -> None:
    first = settled(pledge, "untestable", missing=[Slot.DEADLINE], overdue=True)
    before = standing(pledge)
    second = confirm(propose(pledge, status="kept", withdrawn=True), at=LATER + timedelta(minutes=5))
    by = editor()
    undoing = undo(second, by, "資料が訂正されました。")
    assert standing(pledge) == before == ("untestable", True, False, "deadline", date(2026, 11, 25))
    assert (undoing.number, undoing.undoes, undoing.evidence, undoing.changed_by) == (3, second, None, by)
    assert undoing.reason == "資料が訂正されました。"
    assert list(StatusChange.objects.order_by("number")) == [first, second, undoing]
    assert Evidence.objects.filter(state="confirmed").count() == 2
    assert Pledge.objects.get().changed_at == undoing.changed_at


def test_changes_are_undone_from_the_newest_back(pledge: Pledge) -> None:
    first, second = settled(pledge, "started"), settled(pledge, "kept")
    with pytest.raises(NothingToUndo):
        undo(first)
    undo(second)
    for gone in (second, StatusChange.objects.latest("number")):
        with pytest.raises(NothingToUndo):
            undo(gone)
    undo(first)
    assert standing(pledge) == ("unrated", False, False, "", None)
    assert undoable(pledge) is None
    assert StatusChange.objects.count() == 4


def test_new_facts_open_it_again(pledge: Pledge) -> None:
    settled(pledge, "kept")
    undo(StatusChange.objects.get())
    settled(pledge, "stalled")
    settled(pledge, "broken")
    assert standing(pledge)[0] == "broken"
    numbers = list(StatusChange.objects.order_by("number").values_list("number", "status_after"))
    assert numbers == [(1, "kept"), (2, "unrated"), (3, "stalled"), (4, "broken")]


def test_the_newest_change_is_what_the_pledge_says(pledge: Pledge) -> None:
    for status in Status.values:
        missing = [Slot.FUNDING] if status == "untestable" else []
        settled(pledge, status, missing=missing, overdue=status in {"kept", "broken"})
        assert tuple(StatusChange.objects.latest("number").after) == standing(pledge)
    undo(StatusChange.objects.latest("number"))
    assert tuple(StatusChange.objects.latest("number").after) == standing(pledge)


def test_wordings_are_not_touched(pledge: Pledge) -> None:
    record_revisions([pledge.pk], at=AT, reason="登録")
    settled(pledge, "kept", overdue=True)
    record_revisions([pledge.pk], at=LATER, reason="取り込み")
    assert PledgeRevision.objects.count() == 1


def test_a_partys_pledge_is_weighed_alike() -> None:
    pledge = PartyPledgeFactory.create()
    settled(pledge)
    assert standing(pledge)[0] == "started"


# reading


def test_the_record_counts_what_stands_and_tells_nothing_of_what_waits(pledge: Pledge) -> None:
    assert record_of(pledge).is_empty
    assert record_of(pledge).changed_at is None
    first, second = settled(pledge), settled(pledge, "kept")
    undo(second)
    propose(pledge, title="確認待ちの題名")
    reject(propose(pledge, title="不採用の題名"))
    propose(PledgeFactory.create())
    record = record_of(pledge)
    assert (record.counted, record.waiting, record.undoable, record.earlier) == (1, 1, True, 0)
    assert [change.number for change in record.changes] == [3, 2, 1]
    assert record.changed_at == LATER + timedelta(hours=1)
    assert record.changes[1].undone_by == record.changes[0]
    assert record.changes[2] == first


def test_a_long_record_is_read_in_part_or_whole_in_two_queries(
    pledge: Pledge, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(4):
        settled(pledge)
    undo(settled(pledge, "kept"))
    with django_assert_num_queries(2):
        record = record_of(pledge)
        assert [(change.evidence, change.undoes and change.undoes.number) for change in record.changes]
        assert [getattr(change, "undone_by", None) for change in record.changes]
    assert (len(record.changes), record.earlier, record.counted) == (3, 3, 4)
    assert len(record_of(pledge, whole=True).changes) == 6


def test_editors_see_what_waits_the_oldest_first_and_what_they_may_decide(
    pledge: Pledge, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    by = editor()
    hidden = PledgeFactory.create(published=False)
    newest = propose(pledge, by, at=LATER)
    oldest = propose(pledge)
    settled(pledge)
    own_side = propose(PledgeFactory.create(), at=AT + timedelta(minutes=1))
    DelegateFactory.create(user=by, politician=own_side.pledge.politician)
    propose(hidden)
    rows = list(proposals_waiting())
    assert rows == [oldest, own_side, newest]
    with django_assert_num_queries(2):
        seen = items(rows, by)
    assert [(item.own, item.own_side, item.open_to_me, item.seen) for item in seen] == [
        (False, False, True, 1),
        (False, True, False, 0),
        (True, False, False, 1),
    ]


# accounts


def test_an_editor_takes_the_own_work_along(pledge: Pledge) -> None:
    by = editor()
    reject(propose(pledge, by, title="自分の根拠"), reason="理由です。")
    change = confirm(propose(pledge, title="ほかの人の根拠"), by)
    undo(change, by, "取り消しの理由")
    told = exported(by)["evidence"]
    assert [(row["title"], row["state"], row["note"]) for row in told["proposed"]] == [
        ("自分の根拠", "rejected", "理由です。")
    ]
    assert [(row["title"], row["state"]) for row in told["decided"]] == [("ほかの人の根拠", "confirmed")]
    assert [(row["number"], row["status_after"], row["reason"]) for row in told["undone"]] == [
        (2, "unrated", "取り消しの理由")
    ]
    assert exported(UserFactory.create())["evidence"] == {"proposed": [], "decided": [], "undone": []}


def test_a_closed_account_leaves_its_work_behind_without_a_name(pledge: Pledge) -> None:
    one, second = editor(), editor()
    change = confirm(propose(pledge, one), second)
    waiting = propose(pledge, one)
    for account in (one, second):
        close_account(user=account)
    evidence = Evidence.objects.get(pk=change.evidence_id)
    assert (evidence.proposed_by.public_name, evidence.decided_by.public_name) == (GONE, GONE)
    assert evidence.proposed_by != evidence.decided_by
    assert standing(pledge)[0] == "started"
    assert confirm(waiting).number == 2
