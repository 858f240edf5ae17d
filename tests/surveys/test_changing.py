"""Changing an answer: from the form that holds it; no other form takes its place."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.surveys.conftest import NOW
from tests.surveys.test_answering import counts
from tests.surveys.test_pages import SENT, page, text
from tsushinbo.surveys.models import FreeAnswer, Question, Response, Survey

pytestmark = pytest.mark.django_db
BLANK = {"wording": "1", "q1": "", "q3-1": "", "q3-2": "", "q3-3": "", "q5": ""}
ANSWERED = "すでに回答済みです。変更する内容を確かめて送ってください"


def seen(response: Any) -> str:
    """The mark that the form on a page carries."""
    found = re.search(r'name="seen" value="([^"]+)"', text(response))
    assert found
    return found[1]


def test_the_public_form_takes_no_answers_place(client: Client, survey: Survey, clock: Any) -> None:
    assert 'name="seen"' not in text(client.get(page(survey)))
    client.post(page(survey, "answer"), SENT)
    before = counts(survey)
    clock.shift(timedelta(hours=1))
    response = client.post(page(survey, "answer"), {**BLANK, "q1": "2"})
    assert response.status_code == 409
    shown = text(response)
    assert ANSWERED in shown
    # Typed: question 1. On record: all others.
    for standing in ('name="q1" value="2" checked', 'name="q2" value="3" checked', 'name="q4" value="4" checked'):
        assert standing in shown
    assert '<option value="2" selected>' in shown
    assert "日かげがほしい。</textarea>" in shown
    assert 'name="q1" value="1" checked' not in shown
    assert counts(survey) == before
    assert FreeAnswer.objects.get().text == "日かげがほしい。"
    assert Response.objects.get().changed_at == NOW
    done = client.post(page(survey, "answer"), {**SENT, "q1": "2", "seen": seen(response)})
    assert done.headers["Location"].endswith("?done=changed")
    own = text(client.get(done.headers["Location"]))
    assert "回答を変更しました" in own
    assert 'name="q1" value="2" checked' in own
    assert FreeAnswer.objects.get().text == "日かげがほしい。"


def test_a_text_typed_into_the_public_form_is_not_lost_either(client: Client, survey: Survey, clock: Any) -> None:
    client.post(page(survey, "answer"), SENT)
    shown = text(client.post(page(survey, "answer"), {**BLANK, "q5": "ベンチも。"}))
    assert "ベンチも。</textarea>" in shown
    assert '<blockquote dir="auto">日かげがほしい。</blockquote>' in shown
    assert FreeAnswer.objects.get().text == "日かげがほしい。"


def test_what_is_wrong_is_said_after_it_is_known_that_there_is_an_answer(
    client: Client, survey: Survey, clock: Any
) -> None:
    Question.objects.filter(survey=survey, number=4).update(required=True)
    client.post(page(survey, "answer"), SENT)
    response = client.post(page(survey, "answer"), {**BLANK, "q5": "長い" * 201})
    assert response.status_code == 409
    assert "問4に答えがありません" not in text(response)
    assert "長い" * 201 in text(response)


def test_a_change_that_cannot_be_taken_comes_back_filled_in(client: Client, survey: Survey, clock: Any) -> None:
    client.post(page(survey, "answer"), SENT)
    mark = seen(client.get(page(survey, "answer")))
    bad = {**SENT, "q2": ["1", "2", "3"], "q5": "ベンチも。", "seen": mark}
    response = client.post(page(survey, "answer"), bad)
    assert response.status_code == 422
    assert "問2は2つまでです" in text(response)
    assert "ベンチも。</textarea>" in text(response)
    assert text(response).count('name="q2" value="2" checked') == 1
    assert seen(response) == mark
    assert client.post(page(survey, "answer"), {**bad, "q2": "2"}).status_code == 303
    assert FreeAnswer.objects.get().text == "ベンチも。"


def test_an_older_window_takes_no_place_of_a_newer_answer(client: Client, survey: Survey) -> None:
    with time_machine.travel(NOW, tick=False):
        client.post(page(survey, "answer"), SENT)
        mark = seen(client.get(page(survey, "answer")))
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        client.post(page(survey, "answer"), {**SENT, "q5": "ベンチも。", "seen": mark})
        response = client.post(page(survey, "answer"), {**SENT, "q4": "1", "seen": mark})
        assert (response.status_code, ANSWERED in text(response)) == (409, True)
    assert FreeAnswer.objects.get().text == "ベンチも。"


def test_the_same_answer_once_more_is_no_change(client: Client, survey: Survey, clock: Any) -> None:
    for _ in range(2):
        response = client.post(page(survey, "answer"), SENT)
        assert response.headers["Location"].endswith("?done=answered")


@pytest.mark.parametrize("mark", ["x", "2026", "\0", "い" * 5000])
def test_a_mark_that_is_none_changes_nothing(client: Client, survey: Survey, clock: Any, mark: str) -> None:
    client.post(page(survey, "answer"), SENT)
    assert client.post(page(survey, "answer"), {**BLANK, "q1": "2", "seen": mark}).status_code == 409
    assert counts(survey)[1, 1, 0] == 1


def test_who_is_known_by_the_ticket_of_a_form_alone_gets_their_answer_back(survey: Survey, clock: Any) -> None:
    ticket = Client().get(page(survey, "answer"), headers={"HX-Request": "true"}).context["ticket"]
    Client().post(page(survey, "answer"), {**SENT, "ticket": ticket})
    again = Client()
    response = again.post(page(survey, "answer"), {**BLANK, "q1": "2", "ticket": ticket})
    assert "日かげがほしい。</textarea>" in text(response)
    again.post(page(survey, "answer"), {**SENT, "q1": "2", "seen": seen(response)})
    assert Response.objects.count() == 1
    assert counts(survey)[1, 2, 0] == 1
