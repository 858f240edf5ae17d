"""参考になった / ならなかった on activity reports: what is recorded, who may not, and that the tally is that of the reactions."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as running
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from tests.accounts.factories import UserFactory
from tests.activities.factories import MemberReportFactory, ReportFactory
from tests.evaluations.counting import AT, cast
from tests.evaluations.reacting import counted_reactions, kept_reactions, react, withdraw
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts.services import TooMany
from tsushinbo.activities.models import ActivityReport
from tsushinbo.activities.queries import latest
from tsushinbo.evaluations import services
from tsushinbo.evaluations.errors import OwnReport
from tsushinbo.evaluations.models import Reaction, ReactionTally
from tsushinbo.evaluations.queries import ASSESSMENTS, BALLOTS, REACTIONS, tally_mismatches
from tsushinbo.evaluations.queries.inputs import read_inputs

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def report(db: None) -> ActivityReport:
    """A public report that nobody has reacted to."""
    return ReportFactory.create()


def test_a_reaction_is_counted_at_once(report: ActivityReport) -> None:
    react(report, 1)
    react(report, 2, "unhelpful")
    react(ReportFactory.create(), 1)
    assert kept_reactions(report) == counted_reactions(report) == {"helpful": 1, "unhelpful": 1}


def test_the_latest_counts_and_the_first_time_stays(report: ActivityReport) -> None:
    react(report)
    changed = react(report, choice="unhelpful", at=LATER)
    assert (changed.cast_at, changed.changed_at) == (AT, LATER)
    stored = Reaction.objects.get()
    assert (stored.helpful, stored.cast_at, stored.changed_at) == (False, AT, LATER)
    assert kept_reactions(report) == {"unhelpful": 1}
    assert ReactionTally.objects.get().changed_at == LATER


def test_saying_the_same_again_changes_nothing(report: ActivityReport) -> None:
    react(report)
    assert react(report, at=LATER).changed_at == AT
    assert kept_reactions(report) == {"helpful": 1}
    assert ReactionTally.objects.get().changed_at == AT


def test_what_is_taken_back_is_gone(report: ActivityReport) -> None:
    react(report, 1)
    react(report, 2)
    assert withdraw(report, 1)
    assert not withdraw(report, 1)
    assert kept_reactions(report) == counted_reactions(report) == {"helpful": 1}


def test_a_missing_tally_is_counted_anew_by_the_next_deed(report: ActivityReport) -> None:
    for voter in (1, 2, 3):
        react(report, voter)
    ReactionTally.objects.all().delete()
    react(report, 1, "unhelpful")
    assert kept_reactions(report) == {"helpful": 2, "unhelpful": 1}


def test_who_wrote_the_report_or_speaks_for_its_politician_is_refused(report: ActivityReport) -> None:
    office = DelegateFactory.create(politician=report.politician).user
    for account in (report.author, office):
        with pytest.raises(OwnReport):
            react(report, account=account)
    react(report, account=UserFactory.create())
    react(report, 2, account=DelegateFactory.create().user)
    assert kept_reactions(report) == {"helpful": 2}


def test_a_citizen_may_not_react_to_their_own_report() -> None:
    report = MemberReportFactory.create(state=ActivityReport.State.APPROVED)
    with pytest.raises(OwnReport):
        react(report, account=report.author)
    assert not Reaction.objects.exists()


def test_reactions_and_ballots_share_one_limit(report: ActivityReport, settings: Settings) -> None:
    settings.RATE_BALLOTS_PER_VOTER = 2
    cast(PledgeFactory.create(), 1)
    react(report, 1)
    with pytest.raises(TooMany):
        react(report, 1, "unhelpful")
    with pytest.raises(TooMany):
        withdraw(report, 1)
    react(report, 2)
    assert kept_reactions(report) == counted_reactions(report) == {"helpful": 2}


def test_a_network_is_limited_however_many_voters_it_has(report: ActivityReport, settings: Settings) -> None:
    settings.RATE_BALLOTS_PER_NETWORK = 2
    for voter in (1, 2):
        react(report, voter, network="network:one-school")
    with pytest.raises(TooMany):
        react(report, 3, network="network:one-school")
    assert kept_reactions(report) == {"helpful": 2}


def test_what_fails_at_the_end_leaves_nothing_behind(report: ActivityReport, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("cut off")

    monkeypatch.setattr(services.reactions, "add_to_tally", fail)
    with pytest.raises(RuntimeError):
        react(report)
    assert not Reaction.objects.exists()
    assert not ReactionTally.objects.exists()


def test_nothing_points_at_a_person() -> None:
    assert {field.name for field in Reaction._meta.fields} == {
        "pk", "report", "voter", "helpful", "cast_at", "changed_at",
    }  # fmt: skip


@pytest.mark.parametrize("others", [0, 20])
def test_reacting_takes_the_same_queries_however_many_did(
    report: ActivityReport, others: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for voter in range(100, 100 + others):
        react(report, voter)
    # A savepoint and its release, the counter, the reaction, the tally.
    with django_assert_num_queries(5):
        react(report)
    # Changed: the row that is there is locked and written as well.
    with django_assert_num_queries(7):
        react(report, choice="unhelpful")


def test_pages_with_the_latest_reports_know_that_a_reaction_came(report: ActivityReport) -> None:
    react(report, at=LATER)
    newest = latest(LATER, 3, politician=report.politician)
    assert newest.changed_at == LATER
    assert newest.rows[0].reaction_tally.helpful == 1


def test_reactions_go_with_their_report(report: ActivityReport) -> None:
    react(report)
    report.delete()
    assert not Reaction.objects.exists()
    assert not ReactionTally.objects.exists()


# the proof


@pytest.mark.parametrize("column", ReactionTally.COUNTS)
def test_one_too_many_in_any_column_is_found_and_mended(report: ActivityReport, column: str) -> None:
    other = ReportFactory.create()
    for voter in (1, 2, 3):
        react(report, voter, "helpful" if voter < 3 else "unhelpful")
        react(other, voter)
    assert tally_mismatches(REACTIONS) == []
    right = kept_reactions(report)
    ReactionTally.objects.filter(pk=report.pk).update(**{column: right[column] + 1})
    assert tally_mismatches(REACTIONS) == [report.pk]
    assert read_inputs().wrong == {BALLOTS.name: [], ASSESSMENTS.name: [], REACTIONS.name: [report.pk]}
    services.recount(tally_mismatches(REACTIONS), REACTIONS)
    assert kept_reactions(report) == right
    assert tally_mismatches(REACTIONS) == []


def test_missing_tallies_and_those_of_nothing_are_found_and_mended(report: ActivityReport) -> None:
    react(report)
    empty = ReportFactory.create()
    ReactionTally.objects.all().delete()
    ReactionTally.objects.create(report=empty, helpful=1, changed_at=AT)
    assert set(tally_mismatches(REACTIONS)) == {report.pk, empty.pk}
    services.recount([report.pk, empty.pk], REACTIONS)
    assert (kept_reactions(report), kept_reactions(empty)) == ({"helpful": 1}, {})


deeds = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["helpful", "unhelpful", ""])), min_size=1, max_size=20)


@running(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds)
def test_the_tally_always_equals_a_recount(sequence: list[tuple[int, str]]) -> None:
    report, latest_of = ReportFactory.create(), dict[int, str]()
    for second, (voter, choice) in enumerate(sequence):
        # Each an hour after the last: the limit on one voter is not what is looked at.
        at = AT + timedelta(hours=second)
        if choice:
            react(report, voter, choice, at=at)
        else:
            withdraw(report, voter, at=at)
        latest_of[voter] = choice
    said = [choice for choice in latest_of.values() if choice]
    assert kept_reactions(report) == counted_reactions(report) == {choice: said.count(choice) for choice in set(said)}
