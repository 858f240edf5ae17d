"""Voting advice as visitors go through it: with script nothing leaves the browser, without it a form is answered."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect
from pytest_django.live_server_helper import LiveServer

import tsushinbo
from tests.advice.factories import answers, asked, standing
from tests.elections.factories import ContestFactory, UpcomingElectionFactory
from tests.journeys.conftest import Visitor
from tsushinbo.advice.models import Questionnaire
from tsushinbo.advice.words import agreement_words
from tsushinbo.scoring.agreement import agreement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCRIPT = Path(tsushinbo.__file__).parent / "advice" / "static" / "advice" / "match.js"


@pytest.fixture
def found(live_server: LiveServer) -> Questionnaire:
    """A mayor's election whose day is not known: 桜 disagrees with everything, 太郎 agrees, 花子 answered five, 弥生 nothing."""
    election = UpcomingElectionFactory.create(name="見本市長選挙")
    contest, made = ContestFactory.create(election=election, name="見本市"), asked(election=election)
    for given, kana, code in (
        ("太郎", "たろう", "4" * 10),
        ("桜", "さくら", "0" * 10),
        ("花子", "はなこ", "44444"),
        ("弥生", "やよい", ""),
    ):
        answers(made, standing(contest, given, kana), code, reason="見本の理由です。")
    return made


def agree_with_all(page: Page) -> None:
    for number in range(1, 11):
        page.locator(f"input[name=q{number}][value='4']").check()


def said(page: Page) -> list[str]:
    return page.locator(".said").all_inner_texts()


def test_the_script_works_out_what_the_server_does(visitor: Callable[..., Visitor], live_server: LiveServer) -> None:
    """Thousands of random cases of up to 60 statements, through both."""
    chance = random.Random(20270401)  # noqa: S311 - cases, not secrets
    page = visitor().go("/matching/method/")
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    cases: list[Any] = []
    for _ in range(4000):
        size = chance.randint(0, chance.choice([6, 12, 60]))
        silent = chance.random()
        rows = [
            [None if chance.random() < silent * share else chance.randint(0, 4) for _ in range(size)]
            for share in (0.5, 1)
        ]
        cases.append([*rows, [chance.randint(1, 2) for _ in range(size)]])
    told = page.evaluate(
        "cases => cases.map(([mine, theirs, weights]) => { const it = tsushinboAgreement.agreement(mine, theirs, weights);"
        " return [it.points, it.most, it.missing, it.compared, it.answered, it.percent, it.low, it.high, it.shown, tsushinboAgreement.words(it)]; })",
        cases,
    )
    for case, row in zip(cases, told, strict=True):
        one = agreement(*case)
        ours = [
            one.points,
            one.most,
            one.missing,
            one.compared,
            one.answered,
            one.percent,
            one.low,
            one.high,
            one.shown,
        ]
        assert row == [*ours, agreement_words(one)], case


def test_with_script_the_answers_stay_in_the_browser(
    visitor: Callable[..., Visitor], found: Questionnaire, broken_rules: Callable[[Page], list[str]]
) -> None:
    person = visitor()
    page = person.go(found.get_absolute_url())
    asked_for: list[Request] = []
    page.on("request", lambda request: asked_for.append(request))
    expect(page.locator("#result")).to_be_hidden()
    expect(page.get_by_text("このブラウザーの中だけで計算し")).to_be_visible()
    agree_with_all(page)
    page.get_by_label("この設問を2倍に重くする").first.check()
    page.get_by_role("button", name="一致度を計算する").click()
    expect(page.locator("#result")).to_be_visible()
    assert said(page) == [
        "一致 0%（10問を比較）",
        "一致 100%（10問を比較）",
        "一致 100%（範囲 55〜100%、10問のうち5問を比較）",
    ]
    page.get_by_label("一致度の順").check()
    assert [text[:7] for text in said(page)] == ["一致 100%", "一致 100%", "一致 0%（1"]
    page.get_by_label("五十音順").check()
    assert said(page)[0] == "一致 0%（10問を比較）"
    page.locator("#s1 summary").click()
    expect(page.locator("[data-mine='1']")).to_have_text("賛成（2倍）")
    assert broken_rules(page) == []
    # A reload of the same tab still has the answers, another tab has not; the button takes them away.
    page.reload()
    expect(page.locator("input[name=q3][value='4']")).to_be_checked()
    expect(person.go(found.get_absolute_url()).locator("input[name=q3][value='']")).to_be_checked()
    page.get_by_role("button", name="答えを消す").click()
    # htmx keeps the path of the page there.
    kept = page.evaluate("[...Object.keys(sessionStorage), ...Object.keys(localStorage)]")
    assert [key for key in kept if not key.startswith("htmx-")] == []
    expect(page.locator("input[name=q3][value='']")).to_be_checked()
    assert {request.method for request in asked_for} == {"GET"}
    assert all("q1" not in request.url for request in asked_for)
    assert person.context.cookies() == []


def test_without_script_a_form_is_answered(visitor: Callable[..., Visitor], found: Questionnaire) -> None:
    person = visitor(java_script_enabled=False)
    page = person.go(found.get_absolute_url())
    expect(page.get_by_text("計算のためだけに送られます")).to_be_visible()
    agree_with_all(page)
    page.get_by_label("一致度の順").check()
    page.get_by_role("button", name="一致度を計算する").click()
    expect(page.get_by_role("heading", name="考えの近さ")).to_be_visible()
    assert said(page) == [
        "一致 100%（10問を比較）",
        "一致 100%（範囲 50〜100%、10問のうち5問を比較）",
        "一致 0%（10問を比較）",
    ]
    assert "?" not in page.url
    expect(page.locator("input[name=q3][value='4']")).to_be_checked()
    assert person.context.cookies() == []
