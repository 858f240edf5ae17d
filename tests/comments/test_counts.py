"""The counts that the database keeps, and the reports that are talked about most."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.activities.factories import MemberReportFactory, ReportFactory
from tests.comments.factories import CommentFactory, PendingFactory
from tests.people.factories import TermFactory
from tsushinbo.activities.queries import ReportFilter
from tsushinbo.comments.models import Comment, CommentTally, CountedWeek, TermTally
from tsushinbo.comments.queries import miscounted_reports, popular_reports
from tsushinbo.comments.services import file_by_terms, move_week, recount
from tsushinbo.people.models import Office

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)
State = Comment.State


def popular(at: datetime = NOW, limit: int = 10, offset: int = 0) -> list[tuple[int, int]]:
    return [(row.report.pk, row.comments) for row in popular_reports(at, limit, offset=offset)]


def said(report: object, *ages: timedelta, state: str = State.APPROVED) -> None:
    for age in ages:
        CommentFactory(report=report, made_at=NOW - age, state=state)


def test_only_what_is_approved_is_counted_whatever_statement_did_it() -> None:
    report = ReportFactory()
    waiting = PendingFactory(report=report)
    assert not CommentTally.objects.exists()
    Comment.objects.filter(pk=waiting.pk).update(state=State.APPROVED)
    CommentFactory(report=report, made_at=waiting.made_at - SECOND)
    tally = CommentTally.objects.get()
    assert (tally.comments, tally.recent, tally.latest_at) == (2, 2, waiting.made_at)
    Comment.objects.filter(pk=waiting.pk).update(state=State.HIDDEN)
    tally.refresh_from_db()
    assert (tally.comments, tally.recent, tally.latest_at) == (1, 1, waiting.made_at - SECOND)
    Comment.objects.all().delete()
    tally.refresh_from_db()
    assert (tally.comments, tally.recent, tally.latest_at) == (0, 0, None)


def test_a_comment_that_moves_to_another_report_is_counted_there() -> None:
    comment, other = CommentFactory(), ReportFactory()
    Comment.objects.update(report=other)
    assert dict(CommentTally.objects.values_list("report", "comments")) == {comment.report_id: 0, other.pk: 1}
    assert miscounted_reports() == 0


def test_the_most_comments_of_seven_days_come_first() -> None:
    quiet, busy, old = ReportFactory(), ReportFactory(), ReportFactory()
    said(quiet, SECOND)
    said(busy, timedelta(days=1), timedelta(days=2))
    said(old, *[WEEK + SECOND] * 5)
    assert popular() == [(busy.pk, 2), (quiet.pk, 1)]
    assert popular(limit=1) == [(busy.pk, 2)]
    assert popular(limit=1, offset=1) == [(quiet.pk, 1)]


def test_a_comment_counts_until_it_is_seven_days_old_to_the_second() -> None:
    report = ReportFactory()
    said(report, timedelta())
    assert popular(NOW + WEEK - SECOND) == [(report.pk, 1)]
    assert popular(NOW + WEEK) == []


def test_of_equal_numbers_the_one_commented_on_last_comes_first() -> None:
    first, second = ReportFactory(), ReportFactory()
    said(first, timedelta(hours=2))
    said(second, timedelta(hours=1))
    assert [report for report, _ in popular()] == [second.pk, first.pk]


def test_reports_that_are_not_public_are_left_out() -> None:
    said(MemberReportFactory(), SECOND)
    said(ReportFactory(publish_at=NOW + SECOND), SECOND)
    assert popular() == []


def test_the_clock_alone_changes_nothing_that_is_read() -> None:
    """Whenever the week was last moved, before or after the moment asked for, the answer is that of a recount."""
    dice = random.Random(5)  # noqa: S311 - no secret
    reports = [ReportFactory() for _ in range(6)]
    for _ in range(60):
        said(dice.choice(reports), timedelta(hours=dice.randrange(24 * 10)))
    moments = [NOW + timedelta(hours=hours) for hours in (-30, 0, 1, 50, 167)]
    for moved in (None, *moments):
        if moved is not None:
            move_week(at=moved)
        assert miscounted_reports() == 0
        for at in moments:
            window = Comment.objects.filter(made_at__gt=at - WEEK).values_list("report", flat=True)
            counts = sorted((list(window).count(report.pk) for report in reports), reverse=True)
            for limit in (1, 3, 10):
                assert [number for _, number in popular(at, limit)] == [n for n in counts if n][:limit]


def test_many_reports_that_are_not_public_hide_none_that_is() -> None:
    shown = ReportFactory()
    said(shown, SECOND)
    for _ in range(25):
        said(MemberReportFactory(), SECOND, SECOND)
    assert popular(limit=1) == [(shown.pk, 1)]


def test_moving_the_week_takes_off_what_became_too_old_once() -> None:
    report = ReportFactory()
    said(report, WEEK, WEEK - SECOND)
    assert move_week(at=NOW) == 1
    assert move_week(at=NOW) == 0
    assert move_week(at=NOW - WEEK) == 0
    assert CommentTally.objects.get().recent == 1
    # What is approved after its seven days are over was never recent.
    late = CommentFactory(report=report, made_at=NOW - WEEK)
    assert CommentTally.objects.get().recent == 1
    Comment.objects.filter(pk=late.pk).delete()
    assert CommentTally.objects.get().recent == 1
    assert miscounted_reports() == 0


def test_a_page_reads_no_more_the_more_comments_there_are(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(3):
        said(ReportFactory(), *[SECOND] * 5)
    move_week(at=NOW)
    with django_assert_num_queries(3):
        popular(limit=2)
    with django_assert_num_queries(4):
        popular(NOW + SECOND, limit=2)


def test_wrong_counts_are_found_and_counted_anew() -> None:
    report, other, never = ReportFactory(), ReportFactory(), ReportFactory()
    said(report, SECOND, WEEK + SECOND)
    said(other, SECOND)
    move_week(at=NOW)
    CommentTally.objects.filter(report=report).update(comments=7, recent=5)
    CommentTally.objects.filter(report=other).delete()
    CommentTally.objects.create(report=never, comments=1)
    assert miscounted_reports() == 3
    recount()
    assert miscounted_reports() == 0
    assert sorted(popular()) == sorted([(report.pk, 1), (other.pk, 1)])
    assert CountedWeek.objects.get().since == NOW - WEEK


def numbers_filed() -> set[tuple[int, str, int]]:
    return set(TermTally.objects.values_list("report", "office", "recent"))


def test_what_is_filed_by_terms_moves_with_the_counts_whatever_statement_did_it() -> None:
    report, ended = ReportFactory(), ReportFactory()
    for office in (Office.MAYOR, Office.GOVERNOR):
        TermFactory(politician=report.politician, office=office)
    TermFactory(politician=ended.politician, office=Office.MAYOR, running=False)
    said(report, SECOND, WEEK - SECOND)
    said(ended, SECOND)
    assert file_by_terms(at=NOW) == 2
    assert file_by_terms(at=NOW) == 0
    assert numbers_filed() == {(report.pk, "mayor", 2), (report.pk, "governor", 2)}
    said(report, 2 * SECOND)
    assert {number for *_, number in numbers_filed()} == {3}
    Comment.objects.filter(made_at=NOW - SECOND).update(state=State.HIDDEN)
    assert {number for *_, number in numbers_filed()} == {2}
    assert set(TermTally.objects.values_list("latest_at", flat=True)) == {NOW - 2 * SECOND}
    move_week(at=NOW + SECOND)
    assert {number for *_, number in numbers_filed()} == {1}
    recount()
    assert {number for *_, number in numbers_filed()} == {1}


def test_the_chores_file_anew_what_terms_have_changed_and_forget_what_is_no_longer_of_the_week() -> None:
    report, quiet = ReportFactory(), ReportFactory()
    term = TermFactory(politician=report.politician, office=Office.MAYOR)
    TermFactory(politician=quiet.politician, office=Office.MAYOR)
    said(report, SECOND)
    said(quiet, SECOND)
    file_by_terms(at=NOW)
    term.office = Office.GOVERNOR
    term.save()
    Comment.objects.filter(report=quiet).delete()
    assert file_by_terms(at=NOW) == 2
    assert numbers_filed() == {(report.pk, "governor", 1)}
    said(quiet, SECOND)
    mayors = ReportFilter(office=Office.MAYOR)
    assert [row.report.pk for row in popular_reports(NOW, 10, wanted=mayors)] == [quiet.pk]


@pytest.mark.parametrize("filed", [False, True], ids=["not filed", "filed"])
def test_a_narrowed_order_is_that_of_a_recount_at_every_moment(filed: bool) -> None:
    dice = random.Random(6)  # noqa: S311 - no secret
    reports = [TermFactory(office=dice.choice([Office.MAYOR, Office.GOVERNOR])) for _ in range(8)]
    offices = {ReportFactory(politician=term.politician).pk: term.office for term in reports}
    for _ in range(60):
        CommentFactory(report_id=dice.choice([*offices]), made_at=NOW - timedelta(minutes=dice.randrange(60 * 24 * 10)))
    move_week(at=NOW)
    if filed:
        file_by_terms(at=NOW)
    for hours in (-30, 0, 1, 50, 167):
        at = NOW + timedelta(hours=hours)
        window = list(Comment.objects.filter(made_at__gt=at - WEEK).values_list("report", flat=True))
        latest = dict(CommentTally.objects.values_list("report", "latest_at"))
        mayors = [report for report, office in offices.items() if office == Office.MAYOR and report in window]
        mayors.sort(key=lambda report: (-window.count(report), -latest[report].timestamp(), report))
        for limit in (1, 3, 10):
            found = popular_reports(at, limit, wanted=ReportFilter(office=Office.MAYOR))
            assert [(row.report.pk, row.comments) for row in found] == [
                (report, window.count(report)) for report in mayors
            ][:limit]
