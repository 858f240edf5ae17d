"""Closing a survey before its time: for good, so it is asked once more."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.surveys.conftest import NOW
from tests.surveys.test_answering import ALL, answer
from tests.surveys.test_pages import editor, page, text
from tsushinbo.surveys.models import Survey

__all__ = ["editor"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SENT = {"intro": "議会に届けます。", "closes_at": "2026-12-24T12:00", "seen": "1", "deed": "close"}


@pytest.fixture
def answered(survey: Survey) -> Survey:
    answer(survey, said={1: ALL[1]})
    return survey


def test_one_tap_closes_nothing(editor: Client, answered: Survey) -> None:
    end = answered.closes_at
    response = editor.post(page(answered, "edit"), SENT)
    assert response.status_code == 422
    assert "締め切れませんでした。" in text(response)
    assert "まだ締め切っていません" in text(response)
    assert "議会に届けます。" in text(response)
    answered.refresh_from_db()
    assert (answered.closes_at, answered.version) == (end, 1)


def test_who_is_sure_closes_it_and_is_told(editor: Client, answered: Survey) -> None:
    assert 'value="close"' in text(editor.get(page(answered, "edit")))
    response = editor.post(page(answered, "edit"), {**SENT, "sure": "on"})
    assert response.headers["Location"] == f"{page(answered, 'edit')}?done=closed"
    answered.refresh_from_db()
    assert answered.closes_at == NOW
    shown = text(editor.get(response.headers["Location"]))
    assert "<strong>締め切りました。</strong>" in shown
    assert "いま締め切る" not in shown
    assert 'name="sure"' not in shown
    assert 'type="datetime-local"' not in shown
    again = editor.post(page(answered, "edit"), {**SENT, "sure": "on"})
    assert again.headers["Location"].endswith("?done=closed")


def test_the_introduction_of_a_closed_one_is_still_mended(editor: Client, answered: Survey) -> None:
    editor.post(page(answered, "edit"), {**SENT, "sure": "on"})
    changed = {"intro": "届けました。", "closes_at": "2026-11-24T12:00", "seen": "2", "deed": "save"}
    assert f'name="closes_at" value="{changed["closes_at"]}"' in text(editor.get(page(answered, "edit")))
    assert editor.post(page(answered, "edit"), changed).status_code == 303
    answered.refresh_from_db()
    assert (answered.intro, answered.closes_at) == ("届けました。", NOW)


def test_the_public_history_says_from_when_to_when(editor: Client, answered: Survey) -> None:
    editor.post(page(answered, "edit"), {**SENT, "deed": "save", "intro": "初めの文"})
    later = {**SENT, "seen": "2", "deed": "save", "closes_at": "2026-12-25T18:00", "intro": "初めの文"}
    editor.post(page(answered, "edit"), later)
    assert "締め切り（2026-12-24 12:00から2026-12-25 18:00へ）を変更" in text(editor.get(page(answered)))
    assert answered.closes_at == NOW + timedelta(days=30)


def test_what_is_not_taken_is_called_by_its_deed(editor: Client, answered: Survey) -> None:
    response = editor.post(page(answered, "edit"), {**SENT, "deed": "save", "closes_at": "いつか"})
    assert "公開できませんでした。" in text(response)
