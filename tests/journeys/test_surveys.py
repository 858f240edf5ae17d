"""A survey from the first look to a changed answer, by an editor and a visitor without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.factories import UserFactory
from tests.cast import Cast
from tests.journeys.conftest import Visitor, at_desk
from tsushinbo.surveys.models import Response, Survey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_survey_is_answered_and_changed_without_script(site: Cast, visitor: Callable[..., Visitor]) -> None:
    someone = visitor(java_script_enabled=False)
    page = someone.go("/")
    page.get_by_role("navigation", name="主なメニュー").get_by_role("link", name="アンケート").click()
    page.get_by_role("link", name="子育ての調べ").click()
    page.get_by_role("radio", name="保育園").check()
    page.get_by_role("combobox", name="安全").select_option("2位")
    page.get_by_role("textbox", name="ご意見を書いてください").fill("日かげがほしいです。")
    page.get_by_role("button", name="回答を送る").click()
    expect(page.get_by_role("alert")).to_contain_text("問3の1位が選ばれていません")
    expect(page.get_by_role("textbox", name="ご意見を書いてください")).to_have_value("日かげがほしいです。")
    # The browser notes the refusal on its console.
    assert [fault for fault in someone.faults if "422" not in fault] == []
    someone.faults.clear()
    page.get_by_role("combobox", name="近さ").select_option("1位")
    page.get_by_role("button", name="回答を送る").click()
    expect(page.get_by_role("status")).to_contain_text("回答を受け付けました")
    expect(page.get_by_role("heading", name="途中の結果")).to_be_visible()
    expect(page.get_by_text("確認待ち")).to_be_visible()
    page.get_by_role("radio", name="公園").check()
    page.get_by_role("button", name="変更を送る").click()
    expect(page.get_by_role("status")).to_contain_text("回答を変更しました")
    expect(page.get_by_role("radio", name="公園")).to_be_checked()
    # The blank form of the public page changes nothing by itself.
    page = someone.go(site.survey.get_absolute_url())
    page.get_by_role("radio", name="保育園").check()
    page.get_by_role("button", name="回答を送る").click()
    expect(page.get_by_role("alert")).to_contain_text("すでに回答済みです")
    expect(page.get_by_role("radio", name="保育園")).to_be_checked()
    expect(page.get_by_role("textbox", name="ご意見を書いてください")).to_have_value("日かげがほしいです。")
    assert [fault for fault in someone.faults if "409" not in fault] == []
    someone.faults.clear()
    page.get_by_role("button", name="変更を送る").click()
    expect(page.get_by_role("status")).to_contain_text("回答を変更しました")
    assert Response.objects.filter(survey=site.survey).count() == 13


def test_with_script_the_page_knows_who_answered(site: Cast, visitor: Callable[..., Visitor]) -> None:
    someone = visitor()
    page = someone.go(site.survey.get_absolute_url())
    page.get_by_role("radio", name="保育園").check()
    page.get_by_role("button", name="回答を送る").click()
    expect(page.get_by_role("status")).to_contain_text("回答を受け付けました")
    again = someone.go(site.survey.get_absolute_url())
    expect(again.get_by_text("この端末から回答済みです。")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_of_surveys_are_accessible(
    site: Cast, visitor: Callable[..., Visitor], broken_rules: Callable[[Page], list[str]], width: int
) -> None:
    someone = visitor(width=width)
    for address in ("/surveys/", site.survey.get_absolute_url(), site.closed_survey.get_absolute_url()):
        page = someone.go(address)
        page.wait_for_load_state("networkidle")
        assert broken_rules(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_an_editor_makes_a_survey(site: Cast, visitor: Callable[..., Visitor]) -> None:
    editing = visitor(width=1280)
    at_desk(editing, UserFactory.create(role="editor"), "surveys").close()
    page = editing.go("/surveys/new/")
    page.get_by_label("題名").fill("歩道の調べ")
    page.get_by_label("締め切り").fill("2126-12-24T18:00")
    first = page.get_by_role("group", name="問1")
    first.get_by_label("設問の文").fill("どちらを先に直しますか")
    first.get_by_label("選択肢").fill("通学路\n駅前通り")
    page.get_by_role("button", name="プレビュー").click()
    expect(page.get_by_role("heading", name="プレビュー")).to_be_visible()
    page.get_by_role("button", name="公開する").click()
    expect(page.get_by_role("status")).to_contain_text("公開しました")
    assert Survey.objects.get(title="歩道の調べ").state == Survey.State.PUBLISHED
