"""公職選挙法 第138条の3: what may not be asked, and of whom. Names are invented."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.elections.factories import CandidacyFactory, ContestFactory, UpcomingElectionFactory
from tests.people.factories import PoliticianFactory
from tests.surveys.conftest import NOW
from tests.surveys.factories import QuestionFactory, SurveyFactory
from tsushinbo.elections.models import Candidacy
from tsushinbo.people.models import PoliticianName
from tsushinbo.surveys.popularity import Asked, Choice, People, Standing, find
from tsushinbo.surveys.queries import candidates, shown
from tsushinbo.surveys.queries.candidates import ANEW, SECONDS, kept_people, people_standing

CLOSES = datetime(2026, 12, 13, 11, 0, tzinfo=UTC)


def person(
    name: str, family: str, *, politician: int | None = None, election: int = 1, until: Any = CLOSES
) -> Standing:
    return Standing(name, frozenset({name}), frozenset({family}), politician, election, "見本市長選挙", until)


PEOPLE = People.of(
    [
        person("見本太郎", "見本", politician=5),
        person("仮名良子", "仮名"),
        person("森一", "森"),
        person("例示花子", "例示", election=2),
    ]
)


def found(*choices: str, text: str = "大切なことは", title: str = "", at: datetime = NOW) -> Any:
    asked = [Asked(1, text, tuple(Choice(choice) for choice in choices))]
    return find((title, ""), asked, PEOPLE, at)


@pytest.mark.parametrize(
    "text",
    [
        "次の市長にふさわしいのは誰ですか", "次の 市長には 誰が ふさわしい と思いますか", "誰に投票しますか", "どの候補を支持しますか", "どの政党に投票しますか",
        "どちらが当選すると思いますか", "投票したい人を選んでください", "今度の選挙の投票先を教えてください", "各党の獲得議席を予想してください", "だれが勝つと思いますか", "市長になってほしいのはどなたですか",
    ],
)  # fmt: skip
def test_nobody_is_asked_who_should_hold_office(text: str) -> None:
    assert found("はい", "いいえ", text=text).who is None
    assert find((text, ""), [], People(), NOW).question is None


@pytest.mark.parametrize(
    "text",
    [
        "誰もが投票しやすい投票所に必要なものは", "給食費の無償化に賛成ですか", "市長の子育て政策の進み方をどう思いますか", "この1年の議会の仕事に満足していますか", "だれでも使える公園に必要なものは",
        "選挙に行きましたか", "支持する政策を選んでください", "どちらの道路を先に直すべきですか", "議員の報酬は適正だと思いますか", "情報はどこで得ていますか",
    ],
)  # fmt: skip
def test_policies_and_past_work_may_be_asked_about(text: str) -> None:
    assert found("はい", "いいえ", text=text) is None


@pytest.mark.parametrize(
    "choice",
    [
        "見本太郎",
        "見本 太郎",
        "見 本 太 郎さん",
        "（現職）見本太郎",
        "見本太郎氏を推す",
        "見本市長",
        "見本さん",
        "森一",
        "森 一 議員",
        "森氏",
    ],
)
def test_an_option_may_not_name_who_stands(choice: str) -> None:
    hit = found(choice, "その他")
    assert hit is not None
    assert (hit.question, hit.words) == (1, choice)


def test_two_family_names_beside_each_other_are_people() -> None:
    assert found("見本", "仮名") is not None
    assert found("森", "公園", "川") is None
    # Of different elections they are not set against each other.
    assert found("見本", "例示") is None


@pytest.mark.parametrize("choice", ["見本市の計画", "森林の手入れ", "仮名で答える", "一人森に入る", "太郎"])
def test_ordinary_words_are_no_names(choice: str) -> None:
    assert found(choice, "その他") is None


def test_a_link_to_who_stands_is_a_name() -> None:
    assert find(("", ""), [Asked(1, "大切なことは", (Choice("あの人", 5),))], PEOPLE, NOW).who.name == "見本太郎"  # type: ignore[union-attr]


def test_two_people_of_one_election_may_not_be_set_beside_each_other_in_questions() -> None:
    one = Asked(1, "見本太郎さんの子育て政策をどう思いますか")
    two = Asked(2, "仮名良子さんの子育て政策をどう思いますか")
    other = Asked(2, "例示花子さんの子育て政策をどう思いますか")
    assert find(("", ""), [one], PEOPLE, NOW) is None
    assert find(("", ""), [one, other], PEOPLE, NOW) is None
    assert find(("", ""), [one, two], PEOPLE, NOW).question == 2  # type: ignore[union-attr]
    assert find(("見本太郎さんと仮名良子さん", ""), [], PEOPLE, NOW).question is None  # type: ignore[union-attr]


@pytest.mark.parametrize(("at", "held"), [(CLOSES - timedelta(seconds=1), True), (CLOSES, False)])
def test_it_ends_when_the_polls_close(at: datetime, held: bool) -> None:
    assert (found("見本太郎", at=at) is not None) is held


NAME = st.text(alphabet="見本太郎仮名良子例示花山川田", min_size=3, max_size=6)


@given(name=NAME, before=st.text(alphabet="あいう 。", max_size=5), after=st.text(alphabet="あいう 。", max_size=5))
def test_a_whole_name_is_found_wherever_it_stands(name: str, before: str, after: str) -> None:
    people = People.of([person(name, "家")])
    spaced = f"{before}{name[0]} {name[1:]}{after}"
    assert find(("", ""), [Asked(1, "大切なことは", (Choice(spaced),))], people, NOW) is not None


# With the database: who stands, and by which names.


@pytest.mark.django_db
def test_planned_candidates_stand_by_every_name_on_record_until_the_polls_close() -> None:
    election = UpcomingElectionFactory.create(name="見本市長選挙", polling_on="2026-12-13", precision="day")
    politician = PoliticianFactory.create(
        family_name="見本", given_name="太郎", family_kana="みほん", given_kana="たろう"
    )
    PoliticianName.objects.create(politician=politician, kind="former", text="元姓太郎", folded="元姓太郎")
    CandidacyFactory.create(
        contest=ContestFactory.create(election=election),
        politician=politician,
        name="見本太郎",
        name_on_ballot="みほん太郎",
    )
    CandidacyFactory.create(contest=ContestFactory.create(), name="昔の人")
    people = people_standing(NOW)
    [standing] = people.by_politician[politician.pk]
    assert {"見本太郎", "みほん太郎", "元姓太郎"} <= standing.names
    assert standing.families == {"見本", "みほん"}
    assert standing.until == datetime(2026, 12, 13, 11, 0, tzinfo=UTC)
    assert not people.by_name.get("昔の人")
    assert not people_standing(datetime(2026, 12, 13, 11, 0, tzinfo=UTC)).by_politician


@pytest.mark.django_db
def test_an_election_without_a_known_day_binds() -> None:
    contest = ContestFactory.create(election=UpcomingElectionFactory.create())
    CandidacyFactory.create(contest=contest, politician=None, name="見本太郎")
    assert people_standing(NOW).by_name["見本太郎"]


@pytest.mark.django_db
def test_who_stands_is_read_in_few_queries(django_assert_num_queries: Any) -> None:
    for _ in range(5):
        CandidacyFactory.create(contest=ContestFactory.create(election=UpcomingElectionFactory.create()))
    with django_assert_num_queries(3):
        people_standing(NOW)


@pytest.mark.django_db
def test_an_open_survey_is_held_once_its_options_stand() -> None:
    survey = SurveyFactory.create()
    QuestionFactory.create(survey=survey, options=("見本太郎", "仮名良子"))
    assert shown(survey).held(NOW) is None
    contest = ContestFactory.create(
        election=UpcomingElectionFactory.create(name="見本市長選挙", polling_on="2026-12-13", precision="day")
    )
    CandidacyFactory.create(contest=contest, politician=None, name="仮名良子")
    candidates.forget()
    held = shown(survey).held(NOW)
    assert held is not None
    assert held.who is not None
    assert held.who.election == "見本市長選挙"
    assert shown(survey).held(datetime(2026, 12, 13, 11, 0, tzinfo=UTC)) is None
    assert Candidacy.objects.count() == 1


@pytest.mark.django_db
def test_a_scale_from_one_who_stands_to_another_is_held_as_options_are() -> None:
    survey = SurveyFactory.create()
    QuestionFactory.create(
        survey=survey, kind="scale", text="どちらの考えに近いですか", low="見本太郎", high="仮名良子"
    )
    contest = ContestFactory.create(election=UpcomingElectionFactory.create())
    CandidacyFactory.create(contest=contest, politician=None, name="仮名良子")
    candidates.forget()
    assert shown(survey).held(NOW) is not None


@pytest.mark.django_db
def test_names_are_read_anew_when_somebody_is_added_or_after_ten_minutes(
    django_assert_num_queries: Any, clock: Any
) -> None:
    contest = ContestFactory.create(election=UpcomingElectionFactory.create())
    first = CandidacyFactory.create(contest=contest, politician=None, name="見本太郎")
    assert kept_people().by_name["見本太郎"]
    clock.shift(timedelta(seconds=SECONDS))
    kept_again()
    with django_assert_num_queries(2):
        kept_people()
    CandidacyFactory.create(contest=contest, politician=None, name="仮名良子")
    kept_again()
    assert kept_people().by_name["仮名良子"]
    # A name that is corrected in place leaves no sign.
    Candidacy.objects.filter(pk=first.pk).update(name="例示花子")
    kept_again()
    assert not kept_people().by_name.get("例示花子")
    clock.shift(ANEW)
    kept_again()
    assert kept_people().by_name["例示花子"]


def kept_again() -> None:
    """As if the minute of a process were over."""
    candidates._kept.forget()
