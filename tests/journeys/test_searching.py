"""Searching in a real browser: what is offered while somebody types, by key, finger and input method, and the pages without script."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import CDPSession, Locator, Page, Route, expect

from tests.cast import Cast
from tests.journeys.conftest import Visitor
from tests.journeys.test_pages import overflow
from tests.search.factories import indexed, person

pytestmark = pytest.mark.browser
SUGGEST = re.compile("/search/suggest/")
DESK, PHONE = 1280, 390
HUNG_UP = ("console: htmx:afterRequest", "console: htmx:sendAbort")


@pytest.fixture
def visitor(visitor: Callable[..., Visitor]) -> Iterator[Callable[..., Visitor]]:
    """Visitors on whose console htmx may note that it hung up on a question: that is what is asked of it here."""
    made = []

    def make(**options: Any) -> Visitor:
        made.append(visitor(**options))
        return made[-1]

    yield make
    for someone in made:
        someone.faults[:] = [fault for fault in someone.faults if not fault.startswith(HUNG_UP)]


@pytest.fixture
def found(site: Cast) -> Cast:
    """The cast with three people called 見本, as the search knows them."""
    for name, kana in (("次郎", "じろう"), ("三郎", "さぶろう"), ("四郎", "しろう")):
        person(f"見本 {name}", f"みほん {kana}")
    indexed()
    return site


def box(page: Page) -> Locator:
    """The search box of the page: there is one."""
    return page.get_by_role("combobox", name="さがす")


def options(page: Page) -> Locator:
    """What is offered."""
    return page.get_by_role("listbox", name="候補").get_by_role("option")


def pointed(page: Page) -> str:
    """The option that the arrow keys stand on, as a screen reader is told; "" for none."""
    name = box(page).get_attribute("aria-activedescendant")
    chosen = page.locator("[role=option][aria-selected=true]")
    if name is None:
        expect(chosen).to_have_count(0)
        return ""
    expect(chosen).to_have_id(name)
    return chosen.inner_text()


def typed(page: Page, text: str) -> None:
    """Type, and wait until something is offered."""
    box(page).press_sequentially(text)
    expect(options(page).first).to_be_visible()


class Slow:
    """Holds the answers to some suggestions back until the test lets them go. ``asked``: what was asked, in order."""

    def __init__(self, page: Page, *held: str) -> None:
        self.asked: list[str] = []
        self._held = {quote(one) for one in held}
        self._waiting: list[Route] = []
        page.route(SUGGEST, self._take)

    def _take(self, route: Route) -> None:
        words = route.request.url.split("q=")[1]
        self.asked.append(words)
        if words in self._held:
            self._waiting.append(route)
        else:
            route.continue_()

    def let_go(self) -> None:
        """Answer now what was held back; the browser may have hung up."""
        for route in self._waiting:
            route.fulfill(body='<a role="option" id="hint-1" href="/">古い答え</a>')


@pytest.mark.parametrize(("width", "address"), [(DESK, "/pledges/"), (PHONE, "/"), (PHONE, "/search/")])
def test_names_are_offered_and_chosen_by_key(
    visitor: Callable[..., Visitor], found: Cast, width: int, address: str
) -> None:
    page = visitor(width=width).go(address)
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    expect(options(page)).to_have_count(0)
    typed(page, "みほん")
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    names = options(page).all_inner_texts()
    assert len(names) >= 3
    expect(page.locator("[aria-live]").filter(has_text="候補が")).to_have_text(
        f"候補が{len(names)}件あります。上下の矢印キーで選べます。"
    )
    assert pointed(page) == ""
    for key, place in (
        ("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", None), ("ArrowUp", -1), ("ArrowDown", None),
        ("ArrowDown", 0), ("End", -1), ("Home", 0),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert pointed(page) == (names[place] if place is not None else ""), key
    expect(box(page)).to_have_value("みほん")
    expect(box(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/politicians/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("見本")


def test_enter_without_a_choice_searches(visitor: Callable[..., Visitor], found: Cast) -> None:
    page = visitor(width=DESK).go("/pledges/")
    typed(page, "みほん")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="「みほん」の検索結果")).to_be_visible()


def test_escape_tab_and_an_empty_box_close_the_list_and_keep_what_was_typed(
    visitor: Callable[..., Visitor], found: Cast
) -> None:
    page = visitor(width=DESK).go("/pledges/")
    typed(page, "みほん")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    expect(box(page)).to_have_value("みほん")
    assert pointed(page) == ""
    # An arrow opens it again.
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Tab")
    expect(options(page)).to_have_count(0)
    expect(page.locator(".head-search button")).to_be_focused()
    box(page).focus()
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_be_visible()
    box(page).fill("")
    expect(options(page)).to_have_count(0)


def test_a_finger_chooses(visitor: Callable[..., Visitor], found: Cast) -> None:
    page = visitor(has_touch=True, is_mobile=True).go("/")
    typed(page, "給食")
    target = options(page).filter(has_text="給食費を無償にします")
    size = target.bounding_box()
    assert size
    assert size["height"] >= 44
    target.tap()
    expect(page).to_have_url(re.compile("/pledges/"))
    expect(page.get_by_role("heading", level=1, name="給食費を無償にします")).to_be_visible()


def test_a_press_outside_closes_the_list(visitor: Callable[..., Visitor], found: Cast) -> None:
    page = visitor(width=DESK).go("/pledges/")
    typed(page, "みほん")
    page.mouse.click(1_200, 800)
    expect(options(page)).to_have_count(0)


def test_quick_typing_asks_once(visitor: Callable[..., Visitor], found: Cast) -> None:
    page = visitor(width=DESK).go("/pledges/")
    slow = Slow(page)
    # All at once, in one turn of the page: no clock decides.
    box(page).evaluate(
        "(box) => { for (const text of ['み', 'みほ', 'みほん']) { box.value = text; box.dispatchEvent(new InputEvent('input', {bubbles: true})); } box.focus(); }"
    )
    expect(options(page).first).to_be_visible()
    assert slow.asked == [quote("みほん")]


def test_an_answer_to_what_was_typed_before_never_shows(visitor: Callable[..., Visitor], found: Cast) -> None:
    page = visitor(width=DESK).go("/pledges/")
    slow = Slow(page, "見")
    with page.expect_request(SUGGEST):
        box(page).press_sequentially("見")
    with page.expect_event("requestfailed"):
        typed(page, "本")
    expect(options(page).filter(has_text="見本 太郎")).to_have_count(1)
    slow.let_go()
    # Another question after it: had the old answer been taken, it would have come by now.
    typed(page, " 次")
    expect(options(page)).to_have_count(1)
    assert slow.asked == [quote(words) for words in ("見", "見本", "見本 次")]
    expect(page.get_by_text("古い答え")).to_have_count(0)


@pytest.mark.parametrize("leave", ["Escape", "Tab"])
def test_an_answer_that_nobody_waits_for_opens_nothing(
    visitor: Callable[..., Visitor], found: Cast, leave: str
) -> None:
    page = visitor(width=DESK).go("/pledges/")
    slow = Slow(page, "見")
    with page.expect_request(SUGGEST):
        box(page).press_sequentially("見")
    with page.expect_event("requestfailed"):
        page.keyboard.press(leave)
    slow.let_go()
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    box(page).fill("見本")
    expect(options(page).first).to_be_visible()
    expect(page.get_by_text("古い答え")).to_have_count(0)


def compose(keyboard: CDPSession, text: str) -> None:
    """Kana in an input method, not yet settled."""
    keyboard.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})


def test_kana_on_their_way_to_kanji_find_names_and_keep_their_keys(
    visitor: Callable[..., Visitor], found: Cast
) -> None:
    page = visitor(width=DESK).go("/pledges/")
    keyboard = page.context.new_cdp_session(page)
    box(page).focus()
    for text in ("み", "みほ", "みほん"):
        compose(keyboard, text)
    expect(box(page)).to_have_value("みほん")
    expect(options(page).filter(has_text="見本 次郎")).to_have_count(1)
    # Enter takes the kanji: the browser says 229, and so does Safari, after the composition has ended.
    for composing in ("true", "false"):
        taken = box(page).evaluate(
            "(box, composing) => !box.dispatchEvent(new KeyboardEvent('keydown', "
            "{key: 'Enter', keyCode: 229, isComposing: composing, bubbles: true, cancelable: true}))",
            composing == "true",
        )
        assert taken, composing
    for key in ("ArrowDown", "Escape"):
        event = f"new KeyboardEvent('keydown', {{key: '{key}', keyCode: 229, isComposing: true, bubbles: true, cancelable: true}})"
        assert box(page).evaluate(f"(box) => box.dispatchEvent({event})"), f"{key} belongs to the input method"
    expect(box(page)).not_to_have_attribute("aria-activedescendant", re.compile("."))
    keyboard.send("Input.insertText", {"text": "見本"})
    expect(box(page)).to_have_value("見本")
    expect(options(page).filter(has_text="見本 太郎")).to_have_count(1)
    assert page.url.endswith("/pledges/")


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_axe_finds_nothing_with_the_list_open(
    visitor: Callable[..., Visitor], found: Cast, broken_rules: Callable[[Page], list[str]], width: int, scheme: str
) -> None:
    someone = visitor(width=width, color_scheme=scheme)
    for address in ("/", "/search/?q=見本", *(["/pledges/"] if width == DESK else [])):
        page = someone.go(address)
        box(page).fill("")
        typed(page, "みほん")
        page.keyboard.press("ArrowDown")
        assert broken_rules(page) == []


def test_axe_finds_nothing_on_what_a_search_answers(
    visitor: Callable[..., Visitor], found: Cast, broken_rules: Callable[[Page], list[str]]
) -> None:
    someone = visitor()
    for query in (
        "q=見本",
        "q=見本&type=politicians",
        "q=給食&topic=childcare&order=new",
        "q=存在しない名前",
        "q=140-0014",
        "q=-増税",
        "q=" + "あ " * 40,
        "",
    ):
        assert broken_rules(someone.go(f"/search/?{query}")) == [], query


def test_the_list_moves_nothing_and_fits_a_narrow_screen(visitor: Callable[..., Visitor], found: Cast) -> None:
    person("見本" * 20, "みほん" * 12)
    indexed()
    page = visitor(width=320).go("/")
    below = page.get_by_role("heading", name="使い方")
    before = below.bounding_box()
    typed(page, "みほん")
    assert below.bounding_box() == before
    assert overflow(page) == 0
    for address in (
        "/search/?q=見本",
        "/search/?q=見本&type=politicians&prefecture=130001",
        "/search/?q=" + "あ" * 100,
    ):
        page.goto(page.url.split("/search")[0].rstrip("/") + address)
        assert overflow(page) == 0


def test_the_list_stands_out_where_colours_are_forced(visitor: Callable[..., Visitor], found: Cast) -> None:
    page = visitor(width=DESK, forced_colors="active").go("/pledges/")
    typed(page, "みほん")
    page.keyboard.press("ArrowDown")
    styles = options(page).first.evaluate(
        "(one) => [getComputedStyle(one).outlineStyle, getComputedStyle(one).outlineWidth]"
    )
    assert styles == ["solid", "3px"]


def test_without_script_the_box_is_a_plain_form(visitor: Callable[..., Visitor], found: Cast) -> None:
    page = visitor(java_script_enabled=False).go("/")
    plain = page.get_by_role("searchbox", name="政治家の名前・公約・郵便番号からさがす")
    plain.fill("見本")
    expect(page.get_by_role("listbox")).to_have_count(0)
    page.get_by_role("button", name="検索").click()
    expect(page.get_by_role("heading", level=1, name="「見本」の検索結果")).to_be_visible()
    page.get_by_role("navigation", name="種類でしぼり込む").get_by_role("link", name="公約").click()
    page.get_by_text("条件と並び順").click()
    page.get_by_label("政策分野").select_option("子育て")
    page.get_by_label("並び順").select_option("新しい順")
    page.get_by_role("button", name="表示する").click()
    expect(page.get_by_role("link", name="児童手当を増やします")).to_be_visible()
    page.get_by_role("link", name="種類：公約を外す").click()
    expect(page.get_by_text("でしぼり込んだため")).to_contain_text("政治家・政党・地域・書籍はさがしていません。")
    page.get_by_role("link", name="政策分野：子育てを外す").click()
    expect(page.get_by_role("link", name="見本 太郎")).to_be_visible()
