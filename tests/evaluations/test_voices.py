"""The three voices on a pledge: evidence, citizens, the politician."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory
from tests.evaluations.assessing import assess, self_assess
from tests.evaluations.counting import AT
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts.queries import exported
from tsushinbo.evaluations.models import Assessment, AssessmentTally
from tsushinbo.evaluations.queries import Sheet, Voices, comments_on, fit_ratings, sheet_of, voices
from tsushinbo.evaluations.queries.assessments import COMMENTS_SHOWN
from tsushinbo.evaluations.services import Link, withdraw_assessment
from tsushinbo.moderation.services import decide
from tsushinbo.pledges.models import Pledge
from tsushinbo.scoring.assessments import fit

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
LINK = Link("予算書", "https://www.example.com/budget/")


def hear(pledge: Pledge) -> Voices:
    """The voices as a page reads them."""
    read = Pledge.objects.select_related("assessment_tally").get(pk=pledge.pk)
    return voices(read, fit_ratings(at=AT))


def tallied(pledge: Pledge, n: int, progress: int, achievement: int) -> None:
    """Sums as of ``n`` people who all said the same."""
    AssessmentTally.objects.create(
        pledge=pledge,
        assessments=n,
        progress_sum=n * progress,
        progress_squares=n * progress**2,
        achievement_sum=n * achievement,
        achievement_squares=n * achievement**2,
        changed_at=AT,
    )


def approved(assessment: Assessment) -> Assessment:
    decide(item=assessment, approve=True, by=UserFactory.create(), at=LATER)
    return assessment


def test_nobody_said_anything(pledge: Pledge, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    known = fit_ratings(at=AT)
    read = Pledge.objects.select_related("assessment_tally").get(pk=pledge.pk)
    with django_assert_num_queries(0):
        heard = voices(read, known)
    assert (heard.own, heard.comments, heard.shown) == (None, [], False)
    assert [(rating.label, rating.n, rating.missing) for rating in heard.ratings] == [
        ("進捗度", 0, 10),
        ("達成度", 0, 10),
    ]


@pytest.mark.parametrize(("people", "shown", "missing"), [(1, False, 9), (9, False, 1), (10, True, 0), (11, True, 0)])
def test_a_value_is_shown_from_ten_people_on(pledge: Pledge, people: int, shown: bool, missing: int) -> None:
    tallied(pledge, people, 40, 20)
    for rating in hear(pledge).ratings:
        assert (rating.n, rating.shown, rating.missing) == (people, shown, missing)


def test_the_value_is_drawn_to_the_mean_of_all_with_an_interval_around_it(pledge: Pledge) -> None:
    tallied(pledge, 10, 90, 60)
    for mean in (10, 20, 30, 40):
        tallied(PledgeFactory.create(), 10, mean, mean)
    progress, achievement = hear(pledge).ratings
    prior = fit([900, 100, 200, 300, 400], [81000, 1000, 4000, 9000, 16000], [10] * 5)
    value, variance = prior.posterior(900, 10)
    assert progress.value == pytest.approx(float(value))
    assert progress.high - progress.value == pytest.approx(min(100 - float(value), 1.959964 * float(variance) ** 0.5))
    assert prior.mean < progress.value < 90
    assert achievement.low < achievement.value < achievement.high
    assert 0 <= progress.low < progress.value < progress.high <= 100


@pytest.mark.parametrize("said", [0, 100])
def test_the_interval_stays_on_the_scale(pledge: Pledge, said: int) -> None:
    tallied(pledge, 10, said, said)
    for rating in hear(pledge).ratings:
        assert 0 <= rating.low <= rating.value <= rating.high <= 100


def test_the_politicians_voice_is_apart(pledge: Pledge) -> None:
    delegate = DelegateFactory.create(politician=pledge.politician).user
    assess(pledge, UserFactory.create(), 10, 0)
    self_assess(pledge, delegate, 90, 80, comment="実施中です。", links=[LINK])
    heard = hear(pledge)
    assert heard.own is not None
    assert (heard.own.progress, heard.own.achievement, heard.own.readable) == (90, 80, False)
    assert heard.tally.assessments == 1
    assert heard.comments == []
    approved(heard.own)
    assert hear(pledge).own.readable


def test_the_newest_comments_that_may_be_read_are_shown(pledge: Pledge) -> None:
    people = UserFactory.create_batch(COMMENTS_SHOWN + 4)
    for number, author in enumerate(people[:-2]):
        approved(assess(pledge, author, comment=f"言葉{number}", at=AT + timedelta(minutes=number)))
    assess(pledge, people[-2], comment="確認待ち", at=LATER)
    assess(pledge, people[-1], at=LATER)
    heard = hear(pledge)
    newest = [f"言葉{COMMENTS_SHOWN + 1 - number}" for number in range(COMMENTS_SHOWN)]
    assert [assessment.comment for assessment in heard.comments] == newest
    assert comments_on(pledge).count() == COMMENTS_SHOWN + 2
    decide(item=Assessment.objects.get(comment="確認待ち"), approve=False, by=people[0], at=LATER)
    assert comments_on(pledge).count() == COMMENTS_SHOWN + 2


def test_what_ended_is_read_no_longer(pledge: Pledge) -> None:
    author = UserFactory.create()
    approved(assess(pledge, author, comment="言葉"))
    assert hear(pledge).comments
    withdraw_assessment(pledge=pledge, author=author, at=LATER)
    assert not hear(pledge).comments


def test_links_alone_are_words_to_read(pledge: Pledge) -> None:
    approved(assess(pledge, UserFactory.create(), links=[LINK]))
    (shown,) = hear(pledge).comments
    assert [link.url for link in shown.links.all()] == [LINK.url]


def test_hearing_takes_three_queries_however_many_speak(
    pledge: Pledge, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for author in UserFactory.create_batch(12):
        approved(assess(pledge, author, comment="言葉", links=[LINK]))
    approved(self_assess(pledge, DelegateFactory.create(politician=pledge.politician).user, links=[LINK]))
    known = fit_ratings(at=AT)
    read = Pledge.objects.select_related("assessment_tally").get(pk=pledge.pk)
    with django_assert_num_queries(3):
        heard = voices(read, known)
        assert [[link.title for link in row.links.all()] for row in (*heard.comments, heard.own)]
        assert [row.author.public_name for row in heard.comments]


def test_everything_shown_dates_the_page(pledge: Pledge) -> None:
    read = Pledge.objects.get(pk=pledge.pk)
    assert list(hear(pledge).times_of_change()) == [read.changed_at]
    approved(assess(pledge, UserFactory.create(), comment="言葉"))
    assert max(hear(pledge).times_of_change()) == LATER
    AssessmentTally.objects.update(changed_at=LATER + timedelta(hours=1))
    assert max(hear(pledge).times_of_change()) == LATER + timedelta(hours=1)


# an account's own


def test_an_account_sees_its_own_and_what_it_said_before(pledge: Pledge) -> None:
    author, other = UserFactory.create_batch(2)
    assess(pledge, other, 1, 1)
    assess(PledgeFactory.create(), author, 2, 2)
    assess(pledge, author, 30, 3)
    assess(pledge, author, 40, 4, comment="確認待ち", at=LATER)
    sheet = sheet_of(pledge, author)
    assert not sheet.as_owner
    assert sheet.current.comment == "確認待ち"
    assert [row.progress for row in sheet.earlier] == [30]
    assert sheet_of(pledge, UserFactory.create()) == Sheet(pledge, False, None, [])


def test_a_delegate_sees_what_anybody_of_the_office_said(pledge: Pledge) -> None:
    one, other = (DelegateFactory.create(politician=pledge.politician).user for _ in range(2))
    self_assess(pledge, one, 90, 80)
    sheet = sheet_of(pledge, other)
    assert sheet.as_owner
    assert sheet.current.progress == 90


def test_an_account_takes_everything_it_said_along(pledge: Pledge) -> None:
    author = UserFactory.create()
    assess(pledge, UserFactory.create(), comment="ほかの人")
    assess(pledge, author, 30, 3, comment="前の言葉", links=[LINK])
    assess(pledge, author, 40, 4, at=LATER)
    first, second = exported(author)["assessments"]
    assert (first["progress"], first["comment"], first["ended_at"]) == (30, "前の言葉", LATER)
    assert first["links"] == [{"title": LINK.title, "url": LINK.url}]
    assert (second["progress"], second["ended_at"]) == (40, None)
