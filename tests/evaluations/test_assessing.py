"""Assessing, changing one's mind, withdrawing; the politician's own voice."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tests.accounts.factories import UserFactory
from tests.evaluations.assessing import NOTHING, assess, counted_sums, kept_sums, self_assess, sums
from tests.evaluations.counting import AT
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory
from tsushinbo.accounts.models import RateCount, User
from tsushinbo.accounts.services import TooMany
from tsushinbo.evaluations import services
from tsushinbo.evaluations.errors import NotTheOwner, OwnPledge
from tsushinbo.evaluations.models import Assessment, AssessmentLink, AssessmentTally
from tsushinbo.evaluations.services import Link
from tsushinbo.moderation.services import decide
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
LINKS = (Link("予算書", "https://www.example.com/budget/"), Link("議事録", "https://www.example.com/minutes/"))
# Inside a test's own transaction a transaction is a savepoint and its release; on the site they are BEGIN and COMMIT.
SAVEPOINTS = 2


@pytest.fixture
def citizen(db: None) -> User:
    return UserFactory.create()


@pytest.fixture
def delegate(pledge: Pledge) -> User:
    """Who speaks for the politician whose pledge it is."""
    return DelegateFactory.create(politician=pledge.politician).user


def withdraw(pledge: Pledge, author: User) -> bool:
    return services.withdraw_assessment(pledge=pledge, author=author, at=LATER)


def test_an_assessment_is_kept_and_counted(pledge: Pledge, citizen: User) -> None:
    assess(pledge, citizen, 40, 20, comment="半分まで進みました。", links=LINKS)
    kept = Assessment.objects.get()
    assert (kept.pledge, kept.author, kept.progress, kept.achievement) == (pledge, citizen, 40, 20)
    assert (kept.comment, kept.made_at, kept.current, kept.ended_at) == ("半分まで進みました。", AT, True, None)
    assert [(link.number, link.title, link.url) for link in kept.links.all()] == [
        (number, *link) for number, link in enumerate(LINKS, 1)
    ]
    assert kept_sums(pledge) == sums((40, 20))
    assert AssessmentTally.objects.get().changed_at == AT


@pytest.mark.parametrize(("progress", "achievement"), [(0, 0), (100, 100), (0, 100)])
def test_the_ends_of_the_scale_count(pledge: Pledge, citizen: User, progress: int, achievement: int) -> None:
    assess(pledge, citizen, progress, achievement)
    assert kept_sums(pledge) == sums((progress, achievement))


def test_a_second_one_replaces_the_first_which_stays_as_history(pledge: Pledge, citizen: User) -> None:
    assess(pledge, citizen, 40, 20)
    assess(pledge, citizen, 60, 20, at=LATER)
    first, second = Assessment.objects.order_by("made_at")
    assert (first.progress, first.current, first.ended_at) == (40, False, LATER)
    assert (second.progress, second.current, second.ended_at) == (60, True, None)
    assert kept_sums(pledge) == sums((60, 20))
    assert AssessmentTally.objects.get().changed_at == LATER


def test_the_same_again_changes_nothing(pledge: Pledge, citizen: User) -> None:
    first = assess(pledge, citizen, comment="同じ言葉", links=LINKS)
    assert assess(pledge, citizen, comment="同じ言葉", links=LINKS, at=LATER) == first
    assert Assessment.objects.count() == 1
    assert AssessmentTally.objects.get().changed_at == AT


def test_a_withdrawn_one_counts_no_longer_and_stays_as_history(pledge: Pledge, citizen: User) -> None:
    assess(pledge, UserFactory.create(), 10, 0)
    assess(pledge, citizen)
    assert withdraw(pledge, citizen)
    ended = Assessment.objects.get(author=citizen)
    assert (ended.current, ended.ended_at) == (False, LATER)
    assert kept_sums(pledge) == sums((10, 0))
    assert not withdraw(pledge, citizen)
    assert kept_sums(pledge) == sums((10, 0))


def test_after_withdrawing_one_may_assess_again(pledge: Pledge, citizen: User) -> None:
    assess(pledge, citizen)
    withdraw(pledge, citizen)
    assess(pledge, citizen, 70, 30, at=LATER)
    assert kept_sums(pledge) == sums((70, 30))
    assert Assessment.objects.filter(current=True).count() == 1


def test_people_and_pledges_are_kept_apart(pledge: Pledge, citizen: User) -> None:
    other, neighbour = PledgeFactory.create(), UserFactory.create()
    assess(pledge, citizen, 40, 20)
    assess(pledge, neighbour, 60, 50)
    assess(other, citizen, 0, 0)
    withdraw(other, neighbour)
    assert (kept_sums(pledge), kept_sums(other)) == (sums((40, 20), (60, 50)), sums((0, 0)))


# words wait for a person


def test_words_wait_and_numbers_alone_do_not(pledge: Pledge, citizen: User) -> None:
    assert assess(pledge, citizen).state == "approved"
    assert not Assessment.objects.get().worded
    assert assess(pledge, citizen, comment="言葉", at=LATER).state == "pending"
    assert assess(pledge, citizen, links=LINKS[:1], at=LATER).state == "pending"


@pytest.mark.parametrize("approve", [True, False])
def test_the_same_words_with_other_numbers_keep_the_decision(pledge: Pledge, citizen: User, approve: bool) -> None:
    item = assess(pledge, citizen, comment="言葉", links=LINKS)
    decide(item=item, approve=approve, by=UserFactory.create(), at=AT, note="理由")
    again = assess(pledge, citizen, 99, 99, comment="言葉", links=LINKS, at=LATER)
    again.refresh_from_db()
    assert again != item
    for column in ("state", "submitted_at", "decided_at", "decided_by", "decision_note"):
        assert getattr(again, column) == getattr(item, column)


def test_waiting_words_keep_their_place_in_the_queue(pledge: Pledge, citizen: User) -> None:
    assess(pledge, citizen, comment="言葉")
    assert assess(pledge, citizen, 50, 50, comment="言葉", at=LATER).submitted_at == AT


@pytest.mark.parametrize(
    ("comment", "links"),
    [
        ("別の言葉", LINKS),
        ("言葉", LINKS[:1]),
        ("言葉", LINKS[::-1]),
        ("言葉", (LINKS[0], Link("議事録", "https://b.example/"))),
    ],
)
def test_other_words_wait_anew(pledge: Pledge, citizen: User, comment: str, links: tuple[Link, ...]) -> None:
    decide(item=assess(pledge, citizen, comment="言葉", links=LINKS), approve=True, by=UserFactory.create(), at=AT)
    again = assess(pledge, citizen, comment=comment, links=links, at=LATER)
    assert (again.state, again.submitted_at, again.decided_by) == ("pending", LATER, None)
    assert again.links.count() == len(links)


def test_words_taken_out_leave_nothing_to_wait_for(pledge: Pledge, citizen: User) -> None:
    assess(pledge, citizen, comment="言葉")
    again = assess(pledge, citizen, at=LATER)
    assert (again.worded, again.state, again.decided_by) == (False, "approved", None)


# the politician's own account


def test_who_speaks_for_the_politician_is_refused_with_the_reason(pledge: Pledge, delegate: User) -> None:
    with pytest.raises(OwnPledge) as refusal:
        assess(pledge, delegate)
    assert "市民としての評価はできません" in refusal.value.message
    assert not Assessment.objects.exists()
    assert not RateCount.objects.exists()


def test_who_speaks_for_one_politician_may_assess_anothers_pledges(delegate: User) -> None:
    other, of_party = PledgeFactory.create(), PartyPledgeFactory.create()
    assess(other, delegate)
    assess(of_party, delegate)
    assert (kept_sums(other), kept_sums(of_party)) == (sums((40, 20)), sums((40, 20)))


def test_the_self_assessment_is_kept_and_never_counted(pledge: Pledge, delegate: User, citizen: User) -> None:
    assess(pledge, citizen, 10, 0)
    own = self_assess(pledge, delegate, 90, 80, comment="実施中です。", at=LATER)
    assert (own.by_owner, own.progress, own.state) == (True, 90, "pending")
    assert kept_sums(pledge) == counted_sums(pledge) == sums((10, 0))
    assert AssessmentTally.objects.get().changed_at == LATER


def test_nobody_else_states_it(pledge: Pledge, citizen: User) -> None:
    elsewhere = DelegateFactory.create().user
    for author in (citizen, elsewhere):
        with pytest.raises(NotTheOwner):
            self_assess(pledge, author)
    with pytest.raises(NotTheOwner):
        self_assess(PartyPledgeFactory.create(), elsewhere)
    assert not Assessment.objects.exists()


def test_a_politician_has_one_voice_whoever_of_the_office_writes(pledge: Pledge, delegate: User) -> None:
    colleague = DelegateFactory.create(politician=pledge.politician).user
    self_assess(pledge, delegate, 90, 80)
    self_assess(pledge, colleague, 70, 60, at=LATER)
    assert [(row.author, row.progress) for row in Assessment.objects.filter(current=True)] == [(colleague, 70)]
    assert withdraw(pledge, delegate)
    assert not Assessment.objects.filter(current=True).exists()
    assert kept_sums(pledge) == NOTHING


def test_who_was_a_citizen_before_is_counted_no_longer(pledge: Pledge, citizen: User) -> None:
    assess(pledge, citizen, 100, 100)
    DelegateFactory.create(user=citizen, politician=pledge.politician)
    self_assess(pledge, citizen, 90, 80, at=LATER)
    assert kept_sums(pledge) == counted_sums(pledge) == NOTHING
    assert Assessment.objects.get(current=True).by_owner


def test_what_delegates_said_before_ends_by_itself(pledge: Pledge, citizen: User) -> None:
    neighbour = UserFactory.create()
    assess(pledge, citizen, 100, 100)
    assess(pledge, neighbour, 10, 0)
    assess(PledgeFactory.create(), citizen, 50, 50)
    assert services.end_assessments_of_delegates(at=LATER) == 0
    DelegateFactory.create(user=citizen, politician=pledge.politician)
    self_assess(pledge, DelegateFactory.create(politician=pledge.politician).user)
    assert services.end_assessments_of_delegates(at=LATER) == 1
    assert services.end_assessments_of_delegates(at=LATER) == 0
    assert kept_sums(pledge) == counted_sums(pledge) == sums((10, 0))
    assert Assessment.objects.filter(current=True).count() == 3


def test_who_left_the_office_leaves_the_politicians_voice_alone(pledge: Pledge, delegate: User) -> None:
    self_assess(pledge, delegate)
    services_of = delegate.delegations.get()
    services_of.delete()
    assert not withdraw(pledge, delegate)
    assess(pledge, delegate, 30, 30, at=LATER)
    assert kept_sums(pledge) == sums((30, 30))
    assert Assessment.objects.filter(current=True, by_owner=True).count() == 1


# limits and faults


def test_assessments_are_limited_by_account(pledge: Pledge, citizen: User, settings: Settings) -> None:
    settings.RATE_ASSESSMENTS_PER_ACCOUNT = 2
    assess(pledge, citizen, 1, 1)
    assess(pledge, citizen, 2, 2)
    for deed in (
        lambda: assess(pledge, citizen, 3, 3),
        lambda: services.withdraw_assessment(pledge=pledge, author=citizen, at=AT),
    ):
        with pytest.raises(TooMany):
            deed()
    assess(pledge, UserFactory.create(), 4, 4)
    assert kept_sums(pledge) == sums((2, 2), (4, 4))


def test_what_fails_at_the_end_leaves_nothing_behind(
    pledge: Pledge, citizen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the disk is gone")

    assess(pledge, citizen, 1, 1, comment="言葉", links=LINKS)
    monkeypatch.setattr("tsushinbo.evaluations.services.assessments._save", fail)
    with pytest.raises(RuntimeError):
        assess(pledge, citizen, 2, 2, links=LINKS, at=LATER)
    assert Assessment.objects.get().current
    assert AssessmentLink.objects.count() == 2
    assert kept_sums(pledge) == sums((1, 1))


@pytest.mark.parametrize(
    "broken",
    [
        {"progress": 101},
        {"achievement": -1},
        {"current": False},
        {"ended_at": AT},
        {"state": "pending"},
    ],
)
def test_the_database_refuses_what_no_assessment_is(pledge: Pledge, citizen: User, broken: dict[str, object]) -> None:
    assess(pledge, citizen)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.update(**broken)


def test_the_database_refuses_two_current_ones(pledge: Pledge, citizen: User, delegate: User) -> None:
    for again in (assess(pledge, citizen), self_assess(pledge, delegate)):
        again.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save(force_insert=True)


def test_a_lost_tally_is_counted_anew_by_the_next_deed(pledge: Pledge, citizen: User) -> None:
    assess(pledge, citizen, 40, 20)
    assess(pledge, UserFactory.create(), 60, 50)
    AssessmentTally.objects.all().delete()
    withdraw(pledge, citizen)
    assert kept_sums(pledge) == sums((60, 50))


def test_a_service_may_run_inside_a_larger_transaction(pledge: Pledge, citizen: User) -> None:
    with transaction.atomic():
        assess(pledge, citizen)
        withdraw(pledge, citizen)
    assert kept_sums(pledge) == NOTHING


# work


def test_an_assessment_is_a_fixed_number_of_statements(
    pledge: Pledge, citizen: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for neighbour in UserFactory.create_batch(5):
        assess(pledge, neighbour, comment="言葉", links=LINKS)
    # The counter, who speaks, the tally, what was before, whether the author may write, the new one with its links, the tally again; which elections run.
    with django_assert_num_queries(SAVEPOINTS + 10):
        assess(pledge, citizen, comment="言葉", links=LINKS)
    # The links of what was before, and its end.
    with django_assert_num_queries(SAVEPOINTS + 11):
        assess(pledge, citizen, 50, 50, comment="言葉", links=LINKS, at=timezone.now())
