"""Making surveys: what it takes to be published, and what may change when."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.accounts.factories import UserFactory
from tests.elections.factories import CandidacyFactory, ContestFactory, UpcomingElectionFactory
from tests.surveys.conftest import NOW
from tests.surveys.test_answering import ALL, answer
from tsushinbo.accounts.models import User
from tsushinbo.surveys import services
from tsushinbo.surveys.errors import (
    AlreadyAnswered,
    ClosedForGood,
    NotADraft,
    NotReady,
    PopularityVote,
    SavedElsewhere,
    WordingChanged,
)
from tsushinbo.surveys.models import Question, Survey, SurveyRevision
from tsushinbo.surveys.queries import revisions_of, shown
from tsushinbo.surveys.services import OptionDraft, QuestionDraft, SurveyDraft

QUESTION = QuestionDraft("single", "どちらを先に進めますか", (OptionDraft("保育園"), OptionDraft("公園")), field="q1")
DRAFT = SurveyDraft("子育ての調べ", closes_at=NOW + timedelta(days=7), questions=(QUESTION,))


def changed(draft: SurveyDraft = DRAFT, **values: Any) -> SurveyDraft:
    return SurveyDraft(**{**draft.__dict__, **values})


@pytest.fixture
def editor(db: None) -> User:
    return UserFactory.create(role="editor")


def save(editor: User, draft: SurveyDraft = DRAFT, survey: Survey | None = None, **options: Any) -> Survey:
    seen = survey.version if survey else 0
    return services.save_survey(**{"survey": survey, "draft": draft, "by": editor, "seen": seen, "at": NOW, **options})


def test_a_draft_may_be_as_unfinished_as_it_is(editor: User) -> None:
    survey = save(editor, SurveyDraft(""))
    assert (survey.state, survey.version) == (Survey.State.DRAFT, 1)
    assert not SurveyRevision.objects.exists()


def test_publishing_opens_at_once_and_keeps_the_first_version(editor: User) -> None:
    survey = save(editor, publish=True)
    assert survey.takes_answers(NOW)
    assert not survey.takes_answers(NOW + timedelta(days=7))
    [(version, changes)] = revisions_of(survey)
    assert (changes, version.saved_by) == (["公開"], editor)
    assert version.content["questions"][0]["options"][1] == {"text": "公園", "politician": None}


NOT_READY = {
    "no title": (changed(title=""), "title"),
    "no end": (changed(closes_at=None), "closes_at"),
    "an end that is over": (changed(closes_at=NOW), "closes_at"),
    "an end before the beginning": (changed(opens_at=NOW + timedelta(days=8)), "closes_at"),
    "no questions": (changed(questions=()), "q1-text"),
    "a question without words": (changed(questions=(QuestionDraft("text", "", field="q1"),)), "q1-text"),
    "one option": (changed(questions=(QuestionDraft("single", "問い", (OptionDraft("保育園"),), field="q1"),)), "q1-options"),
    "an option twice": (changed(questions=(QuestionDraft("multiple", "問い", (OptionDraft("園"),) * 2, field="q1"),)), "q1-options"),
    "too many to rank": (
        changed(questions=(QuestionDraft("ranked", "問い", tuple(OptionDraft(f"案{n}") for n in range(11)), field="q1"),)),
        "q1-options",
    ),
    "more to choose than there are": (
        changed(questions=(QuestionDraft("multiple", "問い", QUESTION.options, most=3, field="q1"),)), "q1-most",
    ),
    "more boxes than a browser may send": (
        changed(
            questions=tuple(
                QuestionDraft("multiple", "問い", tuple(OptionDraft(f"案{n}") for n in range(20)), field=f"q{q}") for q in range(1, 12)
            )
        ),
        "q11-options",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", NOT_READY)
def test_what_is_not_ready_is_not_published(editor: User, what: str) -> None:
    draft, field = NOT_READY[what]
    with pytest.raises(NotReady) as refused:
        save(editor, draft, publish=True)
    assert field in refused.value.faults
    assert not Survey.objects.exists()


def test_everything_may_change_before_the_first_answer(editor: User) -> None:
    survey = save(editor, publish=True)
    later = QuestionDraft("scale", "いまに満足していますか", low="不満", high="満足", field="q1")
    survey = save(editor, changed(questions=(later,)), survey)
    assert [question.kind for question in shown(survey).questions] == ["scale"]
    assert [changes for _, changes in revisions_of(survey)] == [["設問"], ["公開"]]
    with pytest.raises(WordingChanged):
        answer(survey, said={1: ALL[1]}, wording=survey.wording - 1)


def test_questions_stay_from_the_first_answer_on(editor: User) -> None:
    survey = save(editor, publish=True)
    answer(survey, said={1: ALL[1]})
    with pytest.raises(AlreadyAnswered):
        save(editor, changed(title="別の題名"), survey)
    survey.refresh_from_db()
    assert survey.title == DRAFT.title
    survey = services.amend_survey(
        survey=survey,
        intro="結果は議会に届けます。",
        closes_at=NOW + timedelta(days=9),
        by=editor,
        seen=survey.version,
        at=NOW,
    )
    assert [changes for _, changes in revisions_of(survey)] == [
        ["説明文", "締め切り（2026-12-01 12:00から2026-12-03 12:00へ）"],
        ["公開"],
    ]
    assert Question.objects.get().text == QUESTION.text


def test_what_closed_is_not_opened_again(editor: User) -> None:
    survey = save(editor, publish=True)
    answer(survey, said={1: ALL[1]})
    with pytest.raises(ClosedForGood):
        services.amend_survey(
            survey=survey,
            intro="",
            closes_at=NOW + timedelta(days=30),
            by=editor,
            seen=survey.version,
            at=NOW + timedelta(days=8),
        )
    survey.refresh_from_db()
    assert survey.closes_at == DRAFT.closes_at


def test_an_end_in_the_past_closes_at_once(editor: User) -> None:
    survey = save(editor, publish=True)
    answer(survey, said={1: ALL[1]})
    at = NOW + timedelta(hours=1)
    survey = services.amend_survey(survey=survey, intro="", closes_at=NOW, by=editor, seen=survey.version, at=at)
    assert survey.closes_at == at
    assert survey.has_closed(at)


def test_nobody_writes_over_another(editor: User) -> None:
    survey = save(editor)
    save(editor, changed(title="先の人"), survey)
    with pytest.raises(SavedElsewhere):
        save(editor, changed(title="後の人"), survey, seen=1)
    assert Survey.objects.get().title == "先の人"


def test_only_a_draft_is_thrown_away(editor: User) -> None:
    draft, public = save(editor), save(editor, publish=True)
    services.discard_draft(survey=draft, seen=draft.version)
    with pytest.raises(NotADraft):
        services.discard_draft(survey=public, seen=public.version)
    assert Survey.objects.get() == public


@pytest.mark.parametrize("change", ["update", "delete"])
def test_no_version_can_be_changed_or_taken_away(editor: User, change: str) -> None:
    save(editor, publish=True)
    rows = SurveyRevision.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(content={}) if change == "update" else rows.delete()
    assert SurveyRevision.objects.get().content["title"] == DRAFT.title


def test_candidates_of_a_coming_election_are_refused_with_the_article_named(editor: User) -> None:
    election = UpcomingElectionFactory.create(name="見本市長選挙", polling_on="2026-12-13", precision="day")
    CandidacyFactory.create(contest=ContestFactory.create(election=election), politician=None, name="見本太郎")
    draft = changed(
        questions=(
            QuestionDraft("single", "大切なことは", (OptionDraft("見本　太郎さん"), OptionDraft("公園")), field="q1"),
        )
    )
    with pytest.raises(PopularityVote) as refused:
        save(editor, draft, publish=True)
    assert "公職選挙法第138条の3" in refused.value.message
    assert "見本市長選挙" in refused.value.message
    # As a draft it may be written; an amendment of an introduction is looked at too.
    survey = save(editor, draft)
    assert survey.state == Survey.State.DRAFT
    with pytest.raises(PopularityVote):
        save(editor, changed(title="次の市長にふさわしいのは誰ですか"), publish=True)


def test_a_public_survey_is_looked_at_again_when_it_is_changed(editor: User) -> None:
    survey = save(editor, publish=True)
    with pytest.raises(PopularityVote):
        save(editor, changed(intro="誰に投票しますか"), survey)
    answer(survey, said={1: ALL[1]})
    with pytest.raises(PopularityVote):
        services.amend_survey(
            survey=survey,
            intro="誰に投票しますか",
            closes_at=NOW + timedelta(days=9),
            by=editor,
            seen=survey.version,
            at=NOW,
        )
