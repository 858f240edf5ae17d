"""Decisions: each once, on what was read, by somebody without a part in it, on record, and told to the writer."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.accounts.factories import UserFactory
from tests.activities.factories import MemberReportFactory, ReportFactory
from tests.moderation.factories import waiting_text
from tests.people.factories import DelegateFactory, PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts.models import User
from tsushinbo.evaluations.models import ReasonText
from tsushinbo.moderation.models import DecisionReason, LogEntry, Reviewable
from tsushinbo.moderation.services import (
    AlreadyDecided,
    CannotUndo,
    NotYours,
    confirm,
    decide,
    hide,
    reopen,
    restore,
)
from tsushinbo.notices.models import Notice

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
State = Reviewable.State


def deeds() -> list[str]:
    return list(LogEntry.objects.order_by("at", "pk").values_list("deed", flat=True))


def test_a_public_text_is_hidden_and_shown_again(moderator: User) -> None:
    text = waiting_text(at=AT)
    decide(item=text, approve=True, by=moderator, at=AT)
    hide(item=text, by=moderator, reason=DecisionReason.PRIVACY, at=LATER)
    assert (text.state, text.decision_reason) == (State.HIDDEN, "privacy")
    restore(item=text, by=moderator, at=LATER + timedelta(minutes=1))
    assert (text.state, text.decision_reason) == (State.APPROVED, "")
    assert deeds() == ["approve", "hide", "restore"]


def test_the_second_moderator_is_told_who_decided_what_and_nothing_is_done_twice(
    moderator: User, colleague: User
) -> None:
    text = waiting_text(at=AT)
    read_too = ReasonText.objects.get()
    decide(item=text, approve=True, by=moderator, at=AT)
    with pytest.raises(AlreadyDecided) as refusal:
        decide(item=read_too, approve=False, by=colleague, reason=DecisionReason.OTHER, at=AT)
    assert refusal.value.message == "moriさんが先に判断しました（承認）。"
    assert ReasonText.objects.get().decided_by == moderator
    assert deeds() == ["approve"]


def test_only_the_wording_that_was_read_is_decided(moderator: User) -> None:
    text = waiting_text(at=AT)
    ReasonText.objects.update(text="別の言葉", submitted_at=LATER)
    with pytest.raises(AlreadyDecided):
        decide(item=text, approve=True, by=moderator, at=LATER)
    assert deeds() == []


def test_what_its_writer_took_back_needs_no_decision(moderator: User) -> None:
    text = waiting_text(at=AT)
    ReasonText.objects.all().delete()
    with pytest.raises(AlreadyDecided, match="取り消しました"):
        decide(item=text, approve=True, by=moderator, at=LATER)


@pytest.mark.parametrize("deed", ["decide", "hide", "restore", "confirm"])
def test_nobody_decides_on_own_words(moderator: User, deed: str) -> None:
    report = MemberReportFactory.create(author=moderator)
    wanted = {"hide": State.APPROVED, "confirm": State.APPROVED, "restore": State.HIDDEN}.get(deed, State.PENDING)
    type(report).objects.update(state=wanted)
    report.refresh_from_db()
    tries = {
        "decide": lambda: decide(item=report, approve=True, by=moderator, at=LATER),
        "hide": lambda: hide(item=report, by=moderator, at=LATER),
        "restore": lambda: restore(item=report, by=moderator, at=LATER),
        "confirm": lambda: confirm(item=report, by=moderator, at=LATER),
    }
    with pytest.raises(NotYours):
        tries[deed]()
    report.refresh_from_db()
    assert (report.state, deeds()) == (wanted, [])


def test_nobody_decides_on_words_about_whom_they_speak_for(moderator: User, colleague: User) -> None:
    politician = PoliticianFactory.create()
    text = waiting_text(at=AT, pledge=PledgeFactory.create(politician=politician))
    DelegateFactory.create(user=moderator, politician=politician)
    with pytest.raises(NotYours):
        decide(item=text, approve=False, by=moderator, reason=DecisionReason.OTHER, at=LATER)
    decide(item=text, approve=False, by=colleague, reason=DecisionReason.OTHER, at=LATER)
    assert deeds() == ["reject"]


def test_the_writer_is_told_with_the_reason_and_where_to_appeal(moderator: User, citizen: User) -> None:
    report = MemberReportFactory.create(author=citizen)
    decide(item=report, approve=False, by=moderator, reason=DecisionReason.UNSOURCED, note="出典が違います。", at=LATER)
    notice = Notice.objects.get(user=citizen)
    assert notice.title == f"活動報告「{report.title}」：投稿は公開されませんでした"
    assert notice.text == "理由：出典から確認できない内容。 出典が違います。"
    assert notice.url == report.appeal_address


def test_a_slip_is_taken_back_within_minutes_by_the_same_hand_and_both_stay_on_record(
    moderator: User, colleague: User
) -> None:
    text = waiting_text(at=AT)
    decide(item=text, approve=False, by=moderator, reason=DecisionReason.OTHER, at=AT)
    with pytest.raises(CannotUndo):
        reopen(item=text, by=colleague, at=LATER)
    reopen(item=text, by=moderator, at=LATER)
    text.refresh_from_db()
    assert (text.state, text.decided_at, text.submitted_at) == (State.PENDING, None, AT)
    assert deeds() == ["reject", "reopen"]
    decide(item=text, approve=True, by=moderator, at=LATER)
    with pytest.raises(CannotUndo):
        reopen(item=text, by=moderator, at=LATER + timedelta(minutes=11))


def test_an_approval_from_which_more_came_is_not_taken_back(moderator: User) -> None:
    report = MemberReportFactory.create()
    decide(item=report, approve=True, by=moderator, at=LATER)
    with pytest.raises(CannotUndo):
        reopen(item=report, by=moderator, at=LATER)


def test_what_was_public_before_anybody_looked_is_confirmed(moderator: User) -> None:
    report = ReportFactory.create()
    assert list(type(report).unseen()) == [report]
    confirm(item=report, by=moderator, at=LATER)
    assert not type(report).unseen().exists()
    assert deeds() == ["confirm"]
    assert UserFactory.create().pk != report.decided_by_id
