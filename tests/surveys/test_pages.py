"""Pages of surveys, in both depths: everybody's, which any cache may hold, and a voter's own."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.elections.factories import CandidacyFactory, ContestFactory, UpcomingElectionFactory
from tests.surveys.conftest import NOW
from tests.surveys.factories import DraftFactory, QuestionFactory, SurveyFactory
from tests.surveys.test_answering import ALL, answer
from tsushinbo.surveys.models import FreeAnswer, Question, Response, Survey
from tsushinbo.surveys.queries import candidates
from tsushinbo.surveys.said import Said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SENT = {
    "wording": "1",
    "q1": "1",
    "q2": ["1", "3"],
    "q3-1": "2",
    "q3-2": "1",
    "q3-3": "",
    "q4": "4",
    "q5": "日かげがほしい。",
}
COOKIE = "tsushinbo_voter"


def page(survey: Survey, name: str = "survey") -> str:
    return reverse(f"surveys:{name}", args=[survey.pk])


def text(response: Any) -> str:
    return response.content.decode()


def stand(name: str) -> None:
    """Let somebody plan to stand in an election that is held on 13 December."""
    election = UpcomingElectionFactory.create(name="見本市長選挙", polling_on="2026-12-13", precision="day")
    CandidacyFactory.create(contest=ContestFactory.create(election=election), politician=None, name=name)
    candidates.forget()


def test_the_page_is_everybodys(client: Client, survey: Survey) -> None:
    response = client.get(page(survey))
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert not response.cookies
    assert "子育ての調べ" in text(response)
    assert 'name="q3-2"' in text(response)
    assert "回答すると、途中の結果を見られます" in text(response)


def test_an_answer_brings_the_cookie_and_the_results(client: Client, survey: Survey) -> None:
    client.get(page(survey))
    assert COOKIE not in client.cookies
    response = client.post(page(survey, "answer"), SENT)
    assert (response.status_code, response.headers["Location"]) == (303, f"{page(survey, 'answer')}?done=answered")
    assert client.cookies[COOKIE]["httponly"]
    own = client.get(response.headers["Location"])
    assert own.headers["Cache-Control"] == "no-store"
    assert "回答を受け付けました" in text(own)
    assert "途中の結果" in text(own)
    assert "確認待ち" in text(own)
    assert "日かげがほしい。" not in text(client.get(page(survey)))


def test_what_was_answered_stands_in_the_form_and_can_be_changed(client: Client, survey: Survey) -> None:
    client.post(page(survey, "answer"), SENT)
    own = text(client.get(page(survey, "answer")))
    assert 'name="q4" value="4" checked' in own
    assert '<option value="1" selected>' in own
    mark = Response.objects.get().mark
    assert f'name="seen" value="{mark}"' in own
    client.post(page(survey, "answer"), {**SENT, "q4": "2", "seen": mark})
    assert Response.objects.count() == 1
    assert 'name="q4" value="2" checked' in text(client.get(page(survey, "answer")))


def test_bad_input_comes_back_with_everything_typed(client: Client, survey: Survey) -> None:
    response = client.post(page(survey, "answer"), {**SENT, "q2": ["1", "2", "3"], "q3-3": "1", "q5": "長い" * 201})
    assert response.status_code == 422
    assert COOKIE not in client.cookies
    shown = text(response)
    assert "3か所を直してください" in shown
    for message in (
        "問2は2つまでです（3つ選ばれています）。",
        "問3で1位が2つ以上選ばれています。",
        "400字を超えています（402字）。",
    ):
        assert shown.count(message) == 2, message
    assert "長い" * 201 in shown
    assert shown.count('name="q2" value="2" checked') == 1
    assert not Response.objects.exists()


def test_an_answer_to_other_questions_than_those_of_now_comes_back(client: Client, survey: Survey) -> None:
    Survey.objects.update(wording=2)
    response = client.post(page(survey, "answer"), SENT)
    assert response.status_code == 422
    assert "設問が変わりました" in text(response)
    # The next try is for the questions that stand there now.
    assert 'name="wording" value="2"' in text(response)


@pytest.mark.parametrize("wording", ["", "x", "１", "-1", "9" * 40])
def test_a_form_without_its_wording_is_told_so(client: Client, survey: Survey, wording: str) -> None:
    assert client.post(page(survey, "answer"), {**SENT, "wording": wording}).status_code == 422


def test_a_double_tap_is_one_person(survey: Survey) -> None:
    client = Client()
    ticket = client.get(page(survey, "answer"), headers={"HX-Request": "true"}).context["ticket"]
    for _ in range(2):
        Client().post(page(survey, "answer"), {**SENT, "ticket": ticket})
    assert Response.objects.count() == 1


def test_htmx_gets_the_part_that_says_whether_it_was_answered(client: Client, survey: Survey) -> None:
    part = client.get(page(survey, "answer"), headers={"HX-Request": "true"})
    assert "<html" not in text(part)
    assert 'name="ticket"' in text(part)
    client.post(page(survey, "answer"), SENT)
    part = client.get(page(survey, "answer"), headers={"HX-Request": "true"})
    assert "回答済みです" in text(part)


def test_a_flood_is_told_when_to_go_on(client: Client, survey: Survey, settings: Any) -> None:
    settings.RATE_BALLOTS_PER_NETWORK = 1
    assert client.post(page(survey, "answer"), SENT).status_code == 303
    response = client.post(page(survey, "answer"), {**SENT, "q1": "2"})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert 'name="q1" value="2" checked' in text(response)


@pytest.mark.parametrize(
    ("results", "open_everybody", "open_voter", "closed"),
    [("always", True, True, True), ("after_answer", False, True, True), ("at_close", False, False, True)],
)
def test_results_are_shown_to_whom_the_survey_says(
    survey: Survey, results: str, open_everybody: bool, open_voter: bool, closed: bool
) -> None:
    Survey.objects.update(results=results)
    voter, other = Client(), Client()
    voter.post(page(survey, "answer"), SENT)
    marker = 'id="r1"'
    assert (marker in text(other.get(page(survey)))) is open_everybody
    assert (marker in text(other.get(page(survey, "answer")))) is open_everybody
    assert (marker in text(other.get(page(survey, "embed")))) is open_everybody
    assert (other.get(page(survey, "csv")).status_code == 200) is open_everybody
    assert (marker in text(voter.get(page(survey, "answer")))) is open_voter
    with time_machine.travel(survey.closes_at):
        assert (marker in text(other.get(page(survey)))) is closed
        assert (other.get(page(survey, "csv")).status_code == 200) is closed


def test_what_is_over_takes_nothing_and_shows_what_was_said(client: Client, survey: Survey) -> None:
    client.post(page(survey, "answer"), SENT)
    with time_machine.travel(survey.closes_at):
        response = client.post(page(survey, "answer"), {**SENT, "q1": "2"})
        assert (response.status_code, "受付中ではない" in text(response)) == (422, True)
        assert "<form" not in text(client.get(page(survey))).partition("<main")[2].partition("共有する")[0]
        assert "2位 保育園" not in text(client.get(page(survey, "answer")))
        assert "1位 近さ" in text(client.get(page(survey, "answer")))


@pytest.mark.parametrize("name", ["survey", "answer", "csv", "embed"])
def test_what_is_no_public_survey_does_not_exist(client: Client, name: str) -> None:
    draft, early = DraftFactory.create(), SurveyFactory.create(opens_at=NOW + timedelta(days=1))
    for survey in (draft, early):
        assert client.get(page(survey, name)).status_code == 404
    assert client.post(page(draft, "answer"), SENT).status_code == 404


# The lists


def test_lists_are_open_and_closed_ones(client: Client, survey: Survey, django_assert_num_queries: Any) -> None:
    for number in range(3):
        QuestionFactory.create(
            survey=SurveyFactory.create(title=f"終わり{number}", closes_at=NOW - timedelta(days=number))
        )
        QuestionFactory.create(survey=SurveyFactory.create())
    client.get(reverse("surveys:surveys"))
    with django_assert_num_queries(4):
        response = client.get(reverse("surveys:surveys"))
    assert "子育ての調べ" in text(response)
    assert "終わり0" not in text(response)
    with django_assert_num_queries(4):
        closed = text(client.get(reverse("surveys:surveys"), {"show": "closed"}))
    assert closed.index("終わり0") < closed.index("終わり2")
    assert "子育ての調べ" not in closed


def test_a_page_is_read_in_few_queries(client: Client, survey: Survey, django_assert_num_queries: Any) -> None:
    for voter in range(12):
        answer(survey, voter=voter)
    FreeAnswer.objects.update(state=FreeAnswer.State.APPROVED)
    Survey.objects.update(results="always")
    client.get(page(survey))
    with django_assert_num_queries(6):
        client.get(page(survey))
    client.post(page(survey, "answer"), SENT)
    client.get(page(survey, "answer"))
    with django_assert_num_queries(9):
        client.get(page(survey, "answer"))


def test_home_names_what_is_open(client: Client, survey: Survey) -> None:
    SurveyFactory.create(title="終わったもの", closes_at=NOW)
    home = text(client.get("/"))
    assert "子育ての調べ" in home
    assert "終わったもの" not in home


# 公職選挙法 第138条の3


def test_a_survey_whose_options_stand_is_hidden_everywhere_until_the_polls_close(client: Client) -> None:
    survey = SurveyFactory.create(title="公園の名前", results="always", closes_at=NOW + timedelta(days=60))
    QuestionFactory.create(survey=survey, text="名前の案は", options=("見本太郎広場", "みどり広場"))
    client.post(page(survey, "answer"), {"wording": "1", "q1": "1"})
    stand("見本太郎")
    for address in (page(survey), page(survey, "answer"), page(survey, "embed")):
        shown = text(client.get(address))
        assert "138条の3" in shown
        assert "見本太郎" not in shown
        assert "laws.e-gov.go.jp" in shown
    assert client.get(page(survey, "csv")).status_code == 451
    listed = text(client.get(reverse("surveys:surveys")))
    assert "公園の名前" not in listed
    assert "表示していないアンケート" in listed
    assert "公園の名前" not in text(client.get("/"))
    response = client.post(page(survey, "answer"), {"wording": "1", "q1": "2"})
    assert "138条の3" in text(response)
    assert Response.objects.count() == 1
    with time_machine.travel("2026-12-13T19:59:59+09:00"):
        assert "見本太郎" not in text(client.get(page(survey)))
    with time_machine.travel("2026-12-13T20:00:00+09:00"):
        assert "見本太郎広場" in text(client.get(page(survey)))


# Results apart


def test_the_results_may_be_framed_and_do_nothing_else(client: Client, survey: Survey) -> None:
    response = client.get(page(survey, "embed"))
    assert "X-Frame-Options" not in response.headers
    policy = response.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'none'" in policy
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Cache-Control"] == "public, max-age=60"
    other = client.get(page(survey))
    assert other.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]


def test_the_code_to_embed_is_sound_whatever_the_title(client: Client, survey: Survey) -> None:
    Survey.objects.update(results="always", title='"><script>')
    assert "title=&quot;アンケート「&amp;quot;&amp;gt;&amp;lt;script&amp;gt;」の結果&quot;" in text(
        client.get(page(survey))
    )


def test_all_texts_stand_on_a_page_of_their_own(client: Client, survey: Survey) -> None:
    for voter in range(8):
        answer(survey, voter=voter, said={5: Said(text=f"意見{voter}")}, at=NOW + timedelta(seconds=voter))
    FreeAnswer.objects.exclude(voter=3).update(state=FreeAnswer.State.APPROVED)
    Survey.objects.update(results="always")
    address = reverse("surveys:texts", args=[survey.pk, 5])
    assert address in text(client.get(page(survey)))
    shown = text(client.get(address))
    assert "意見7" in shown
    assert "意見3" not in shown
    assert client.get(reverse("surveys:texts", args=[survey.pk, 4])).status_code == 404


def test_tables_of_two_questions_wait_for_the_close(client: Client) -> None:
    survey = SurveyFactory.create(results="always", closes_at=NOW + timedelta(days=1))
    QuestionFactory.create(survey=survey, number=1, required=True)
    QuestionFactory.create(survey=survey, number=2, required=True, options=("電車", "バス"), text="何で来ますか")
    for voter in range(20):
        said = {number: Said(frozenset({((voter >> shift) % 2 + 1, 0)})) for number, shift in ((1, 0), (2, 1))}
        answer(survey, voter=voter, said=said)
    asked = f"{page(survey)}?rows=1&columns=2"
    assert "2つの設問を重ねる" not in text(client.get(asked))
    with time_machine.travel(survey.closes_at + timedelta(minutes=1)):
        table = text(client.get(asked))
        assert '<td class="r">5</td>' in table
        assert "この組み合わせは表示しません" not in table
        for odd in ("?rows=1&columns=1", "?rows=9&columns=x", "?rows=&columns=", "?rows=1"):
            assert client.get(page(survey) + odd).status_code == 200


# Editors


HEAD = {"title": "道路の調べ", "intro": "", "opens_at": "", "closes_at": "2026-12-24T18:00", "results": "at_close"}
QUESTIONS = {
    "q1-text": "どちらを先に直しますか", "q1-kind": "single", "q1-options": "通学路\n駅前通り\n", "q1-required": "on", "q1-most": "", "q1-low": "", "q1-high": "",
    "q2-text": "", "q2-kind": "single", "q2-options": "", "q2-most": "", "q2-low": "", "q2-high": "",
}  # fmt: skip


@pytest.fixture
def editor() -> Client:
    client = Client()
    log_in_with_second_factor(client, UserFactory.create(role="editor"))
    return client


def test_an_editor_makes_and_publishes_a_survey_without_script(editor: Client) -> None:
    assert editor.get(reverse("surveys:new")).status_code == 200
    response = editor.post(reverse("surveys:new"), {**HEAD, **QUESTIONS, "deed": "save"})
    survey = Survey.objects.get()
    assert (response.status_code, response.headers["Location"]) == (303, f"{page(survey, 'edit')}?done=saved")
    form = editor.get(page(survey, "edit"))
    assert "駅前通り" in text(form)
    response = editor.post(page(survey, "edit"), {**HEAD, **QUESTIONS, "seen": "1", "deed": "publish"})
    assert response.headers["Location"].endswith("?done=published")
    survey.refresh_from_db()
    assert (survey.state, survey.opens_at, survey.closes_at.isoformat()) == (
        "published",
        NOW,
        "2026-12-24T09:00:00+00:00",
    )
    [question] = Question.objects.all()
    assert (question.required, [option.text for option in question.options.all()]) == (True, ["通学路", "駅前通り"])
    assert "道路の調べ" in text(editor.get(reverse("surveys:editing")))


def test_more_questions_come_by_a_button_and_nothing_is_lost(editor: Client) -> None:
    response = editor.post(reverse("surveys:new"), {**HEAD, **QUESTIONS, "deed": "more"})
    assert response.status_code == 200
    assert 'name="q3-text"' in text(response)
    assert "駅前通り" in text(response)
    assert not Survey.objects.exists()


def test_a_preview_saves_nothing(editor: Client) -> None:
    response = editor.post(reverse("surveys:new"), {**HEAD, **QUESTIONS, "deed": "preview"})
    assert "まだ保存していません" in text(response)
    assert text(response).count('<legend class="legend">問1 どちらを先に直しますか') == 1
    assert not Survey.objects.exists()


def test_faults_stand_beside_their_fields(editor: Client) -> None:
    sent = {**HEAD, **QUESTIONS, "title": "", "closes_at": "いつか", "q1-options": "一つだけ", "deed": "publish"}
    response = editor.post(reverse("surveys:new"), sent)
    assert response.status_code == 422
    assert "日時を読み取れません" in text(response)
    response = editor.post(reverse("surveys:new"), {**sent, "closes_at": HEAD["closes_at"]})
    assert response.status_code == 422
    for words in (
        "公開できませんでした。",
        "題名が入力されていません",
        "選択肢が2つより少なく",
        "2か所を直してください",
        "一つだけ",
    ):
        assert words in text(response)


def test_a_popularity_vote_is_refused_with_the_law_linked(editor: Client) -> None:
    stand("見本太郎")
    response = editor.post(
        reverse("surveys:new"), {**HEAD, **QUESTIONS, "q1-options": "見本太郎\nほか", "deed": "publish"}
    )
    assert response.status_code == 422
    assert "公職選挙法第138条の3" in text(response)
    assert "https://laws.e-gov.go.jp/law/325AC1000000100" in text(response)
    assert "見本太郎\nほか" in text(response)
    assert not Survey.objects.exists()


def test_after_the_first_answer_the_form_says_what_may_change(editor: Client, survey: Survey) -> None:
    answer(survey, said={1: ALL[1]})
    form = text(editor.get(page(survey, "edit")))
    assert "最初の回答が届いたため" in form
    assert 'name="title"' not in form
    late = editor.post(page(survey, "edit"), {**HEAD, **QUESTIONS, "seen": "1", "deed": "save"})
    assert late.status_code == 409
    sent = {"intro": "議会に届けます。", "closes_at": "2026-12-25T12:00", "seen": "1", "deed": "save"}
    assert editor.post(page(survey, "edit"), sent).status_code == 303
    public = text(editor.get(page(survey)))
    assert "議会に届けます。" in public
    assert editor.post(page(survey, "edit"), {**sent, "seen": "2", "deed": "close", "sure": "on"}).status_code == 303
    survey.refresh_from_db()
    assert survey.closes_at == NOW


def test_who_was_logged_out_meanwhile_gets_back_what_was_typed(client: Client) -> None:
    response = client.post(reverse("surveys:new"), {**HEAD, **QUESTIONS, "deed": "publish"})
    assert response.status_code == 403
    assert "駅前通り" in text(response)
    assert "ログインしていない" in text(response)
    assert not Survey.objects.exists()


def test_an_option_may_be_tied_to_a_politician(editor: Client) -> None:
    from tests.people.factories import PoliticianFactory

    person = PoliticianFactory.create()
    options = f"{person.name}の提案 {person.get_absolute_url()}\n市の案"
    editor.post(reverse("surveys:new"), {**HEAD, **QUESTIONS, "q1-options": options, "deed": "save"})
    option = Question.objects.get().options.get(number=1)
    assert (option.text, option.politician) == (f"{person.name}の提案", person)
    assert options in text(editor.get(page(Survey.objects.get(), "edit")))
    response = editor.post(
        reverse("surveys:new"), {**HEAD, **QUESTIONS, "q1-options": "案 /politicians/0000000000/\n市", "deed": "save"}
    )
    assert response.status_code == 422
