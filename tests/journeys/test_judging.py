"""Judging a pledge in a real browser: with a finger, by key, without script."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.evaluations.counting import AT, cast, kept
from tests.journeys.conftest import Visitor
from tests.journeys.test_pages import overflow
from tests.pledges.factories import PledgeFactory
from tsushinbo.evaluations.models import Ballot, ReasonText
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.browser
RANDOM = reverse("evaluations:random")


def counts(page: Page, good: int, bad: int) -> None:
    """Wait until the result says so."""
    result = page.locator("#result")
    expect(result).to_have_attribute("data-good", str(good))
    expect(result).to_have_attribute("data-bad", str(bad))


def shown(page: Page) -> Pledge:
    """The pledge on the page of the draw."""
    return Pledge.objects.get(title=page.locator("#drawn").inner_text())


def personal(page: Page) -> None:
    """Wait until the voter's own part has taken the place of everybody's."""
    expect(page.locator("#ballot-box[hx-get]")).to_have_count(0)


def test_one_tap_judges_the_next_adds_a_reason(visitor: Callable[..., Visitor], site: Cast) -> None:
    page = visitor().go(site.unjudged.get_absolute_url())
    personal(page)
    assert page.context.cookies() == []
    page.locator("label.g").click()
    counts(page, 1, 0)
    expect(page.locator("[data-own=good]")).to_be_visible()
    expect(page.locator("#ballot-said")).to_have_text("評価を受け付けました。")
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == (settings.VOTER_COOKIE_NAME, True, "Lax")

    page.get_by_label("明確・的確", exact=True).click()
    expect(page.locator(".own .tag")).to_have_text(["明確・的確"])
    assert kept(site.unjudged) == {"good": 1, "clear": 1}
    page.get_by_label("不明確・不適格").click()
    expect(page.locator(".own .tag")).to_have_text(["不明確・不適格"])
    assert kept(site.unjudged) == {"good": 1, "unclear": 1}

    page.get_by_label("その他の理由").fill("財源が書かれていません。")
    page.get_by_role("button", name="評価を変更する").click()
    expect(page.locator("#result")).to_contain_text("24時間以内に確認します")
    assert ReasonText.objects.get().text == "財源が書かれていません。"

    page.reload()
    expect(page.locator("[data-own=good]")).to_be_visible()
    page.get_by_role("button", name="評価を取り消す").click()
    counts(page, 0, 0)
    assert not Ballot.objects.exists()


def test_what_is_typed_while_an_answer_is_on_its_way_stays(visitor: Callable[..., Visitor], site: Cast) -> None:
    page = visitor().go(site.unjudged.get_absolute_url())
    personal(page)
    page.locator("label.g").click()
    counts(page, 1, 0)
    page.evaluate("""() => {
        const send = XMLHttpRequest.prototype.send;
        XMLHttpRequest.prototype.send = function (body) { window.release = () => send.call(this, body); };
    }""")
    page.get_by_label("現実的", exact=True).click()
    page.wait_for_function("window.release !== undefined")
    page.get_by_label("その他の理由").press_sequentially("財源が")
    page.evaluate("window.release()")
    expect(page.locator(".own .tag")).to_have_text(["現実的"])
    expect(page.get_by_label("その他の理由")).to_have_value("財源が")
    expect(page.get_by_label("その他の理由")).to_be_focused()
    page.keyboard.type("書かれていません。")
    expect(page.get_by_label("その他の理由")).to_have_value("財源が書かれていません。")


def test_two_quick_taps_are_one_ballot(visitor: Callable[..., Visitor], site: Cast) -> None:
    page = visitor().go(RANDOM)
    pledge = shown(page)
    page.locator("[data-key=g]").dblclick()
    expect(page.locator("#result")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert Ballot.objects.filter(pledge=pledge).count() == 1


def test_arrow_keys_look_around_without_judging(visitor: Callable[..., Visitor], site: Cast) -> None:
    page = visitor().go(site.unjudged.get_absolute_url())
    personal(page)
    page.locator("#choice-good").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#choice-bad")).to_be_checked()
    page.wait_for_load_state("networkidle")
    assert not Ballot.objects.exists()
    page.keyboard.press("Enter")
    counts(page, 0, 1)


def test_refused_input_is_named_beside_its_field_and_kept(visitor: Callable[..., Visitor], site: Cast) -> None:
    someone = visitor()
    page = someone.go(site.unjudged.get_absolute_url())
    personal(page)
    page.get_by_label("その他の理由").fill("あ" * 401)
    page.locator("#choice-good").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="評価を送る").click()
    expect(page.locator("#ballot-errors")).to_be_focused()
    expect(page.locator("#e-reason_text")).to_have_text(re.compile("1字以上けずってください"))
    expect(page.get_by_label("その他の理由")).to_have_value("あ" * 401)
    expect(page.locator("#choice-good")).to_be_checked()
    assert not Ballot.objects.exists()
    page.get_by_label("その他の理由").fill("短い理由")
    page.get_by_role("button", name="評価を送る").click()
    counts(page, 1, 0)
    someone.faults.clear()  # the console tells of the refused form itself


def test_without_a_network_it_says_so_and_keeps_everything(visitor: Callable[..., Visitor], site: Cast) -> None:
    someone = visitor()
    page = someone.go(site.unjudged.get_absolute_url())
    personal(page)
    page.get_by_label("その他の理由").fill("書いた理由")
    someone.context.set_offline(True)
    page.locator("label.b").click()
    expect(page.locator("#ballot-fault")).to_be_visible()
    expect(page.get_by_label("その他の理由")).to_have_value("書いた理由")
    someone.context.set_offline(False)
    page.get_by_role("button", name="評価を送る").click()
    counts(page, 0, 1)
    expect(page.locator("#ballot-fault")).to_be_hidden()
    someone.faults.clear()  # the console tells of the lost request itself


def test_the_draw_goes_on_by_key_and_can_be_told_not_to(visitor: Callable[..., Visitor], site: Cast) -> None:
    PledgeFactory.create_batch(3)
    page = visitor(width=1280).go(RANDOM)
    first = shown(page)
    page.keyboard.press("g")
    expect(page.locator("[data-own=good]")).to_be_visible()
    expect(page.locator("#ballots-today")).to_have_text("1件")
    page.keyboard.press("n")
    expect(page.locator("#drawn")).not_to_have_text(first.title)
    second = shown(page)
    page.keyboard.press("b")
    expect(page.locator("[data-own=bad]")).to_be_visible()
    page.keyboard.press("n")
    expect(page.locator("#ballots-today")).to_have_text("2件")
    third = shown(page)
    page.keyboard.press("n")
    expect(page.locator("#drawn")).not_to_have_text(third.title)
    assert {(ballot.pledge_id, ballot.choice) for ballot in Ballot.objects.all()} == {
        (first.pk, "good"),
        (second.pk, "bad"),
    }

    page.locator("#keys-switch").uncheck()
    page.keyboard.press("g")
    page.wait_for_load_state("networkidle")
    assert Ballot.objects.count() == 2
    page.reload()
    expect(page.locator("#keys-switch")).not_to_be_checked()


def test_the_result_takes_the_place_of_the_question(visitor: Callable[..., Visitor], site: Cast) -> None:
    page = visitor().go(RANDOM)
    expect(page.locator("#result")).to_have_count(0)
    page.locator("[data-key=b]").click()
    expect(page.locator("#result .note")).to_be_focused()
    expect(page.get_by_role("link", name="次の公約")).to_be_visible()
    expect(page.get_by_text("わからない・次へ")).to_have_count(0)


def test_the_pledge_of_the_day_is_judged_on_the_first_page(visitor: Callable[..., Visitor], site: Cast) -> None:
    page = visitor().go("/")
    page.locator("[data-key=g]").click()
    expect(page.locator("[data-own=good]")).to_be_visible()
    assert Ballot.objects.get().choice == "good"


def test_everything_works_without_script(visitor: Callable[..., Visitor], site: Cast) -> None:
    someone = visitor(java_script_enabled=False)
    page = someone.go(site.unjudged.get_absolute_url())
    page.locator("label.g").click()
    for label in ("明確・的確", "不明確・不適格"):
        page.get_by_label(label, exact=True).check()
    page.get_by_role("button", name="評価を送る").click()
    expect(page.locator("#ballot-errors")).to_contain_text("1か所を直してください。")
    page.get_by_label("不明確・不適格").uncheck()
    page.get_by_role("button", name="評価を送る").click()
    expect(page).to_have_url(re.compile(re.escape(site.unjudged.get_absolute_url()) + "$"))
    counts(page, 1, 0)
    page.get_by_role("link", name="前に送った自分の評価を確かめる・取り消す").click()
    expect(page.locator("[data-own=good]")).to_be_visible()
    expect(page.locator(".own .tag")).to_have_text(["明確・的確"])
    page.get_by_role("button", name="評価を取り消す").click()
    counts(page, 0, 0)

    page = someone.go(RANDOM)
    first = shown(page)
    page.get_by_role("link", name="わからない・次へ").click()
    expect(page.locator("#drawn")).not_to_have_text(first.title)
    page.locator("[data-key=b]").click()
    expect(page.locator("#result")).to_be_visible()
    page.get_by_role("link", name="ほかの公約をランダムに評価する").click()
    expect(page.locator("h1")).to_have_text("ランダム評価")
    someone.faults.clear()  # the console tells of the refused form itself


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_axe_finds_nothing_on_the_way(
    visitor: Callable[..., Visitor], site: Cast, broken_rules: Callable[[Page], list[str]], width: int, scheme: str
) -> None:
    someone = visitor(width=width, color_scheme=scheme)
    for voter in range(1, 13):
        cast(site.unjudged, voter, "good" if voter % 3 else "bad", "clear", at=AT)
    address = reverse("evaluations:ballot", args=[site.unjudged.pk])
    found = {}
    page = someone.go(address)
    found["own page"] = broken_rules(page)
    page.locator("#reason-clear").check()
    page.get_by_label("その他の理由").fill("あ" * 401)
    page.locator("#choice-bad").focus()
    page.keyboard.press("Space")
    page.locator("#ballot-form button").click()
    expect(page.locator("#ballot-errors")).to_be_visible()
    found["refused"] = broken_rules(page)
    page = someone.go(RANDOM)
    found["draw"] = broken_rules(page)
    page.locator("[data-key=g]").click()
    expect(page.locator("#result")).to_be_visible()
    found["draw, judged"] = broken_rules(page)
    found["nothing left"] = broken_rules(someone.go(f"{RANDOM}?topic=nonsense&office=governor"))
    someone.faults.clear()  # the console tells of the refused form itself
    assert {name: rules for name, rules in found.items() if rules} == {}


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_nothing_scrolls_sideways(visitor: Callable[..., Visitor], site: Cast, width: int) -> None:
    someone = visitor(width=width)
    page = someone.go(RANDOM)
    assert overflow(page) == 0
    page.locator("[data-key=g]").click()
    expect(page.locator("#result")).to_be_visible()
    assert overflow(page) == 0
    assert overflow(someone.go(reverse("evaluations:ballot", args=[site.pledge.pk]))) == 0
