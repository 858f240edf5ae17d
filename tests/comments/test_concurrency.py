"""Several hands at once, each on a connection of its own, on the database that is really there."""

from datetime import timedelta

import pytest

from tests.accounts.factories import UserFactory
from tests.activities.factories import ReportFactory
from tests.comments.conftest import NOW
from tests.comments.factories import PendingFactory
from tests.evaluations.test_concurrency import all_at_once
from tsushinbo.comments.errors import AlreadySaid
from tsushinbo.comments.models import Comment, CommentTally
from tsushinbo.comments.queries import miscounted_reports
from tsushinbo.comments.services import Writer, move_week, post_comment
from tsushinbo.moderation.services import decide

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("cookie", [True, False])
def test_a_button_pressed_many_times_is_one_comment(cookie: bool) -> None:
    report, outcomes = ReportFactory.create(), []

    def press(number: int) -> None:
        writer = Writer(number=7 if cookie else number, network="network:aa")
        try:
            post_comment(report=report, writer=writer, nickname="", body="質問です。", at=NOW)
            outcomes.append("taken")
        except AlreadySaid:
            outcomes.append("said")

    all_at_once(*(lambda number=number: press(number) for number in range(8)))
    assert sorted(outcomes) == ["said"] * 7 + ["taken"]
    assert Comment.objects.count() == 1


def test_the_counts_are_right_whatever_happens_at_once() -> None:
    reports = [ReportFactory.create() for _ in range(2)]
    moderator = UserFactory.create(role="moderator")
    move_week(at=NOW - timedelta(days=1))
    comments = [
        PendingFactory.create(report=reports[number % 2], made_at=NOW - timedelta(days=number % 9))
        for number in range(12)
    ]
    approve = [lambda comment=comment: decide(item=comment, approve=True, by=moderator, at=NOW) for comment in comments]
    moves = [lambda hours=hours: move_week(at=NOW + timedelta(hours=hours)) for hours in range(4)]
    all_at_once(*approve, *moves)
    assert sum(CommentTally.objects.values_list("comments", flat=True)) == len(comments)
    assert miscounted_reports() == 0
