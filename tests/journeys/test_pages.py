"""Every page in a real browser: for everybody, at every width, with and without script, on paper."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast, tally
from tests.elections.factories import CandidacyFactory
from tests.journeys.conftest import Visitor
from tests.people.factories import LinkFactory, PoliticianFactory, TermFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.people.models import Party
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 768, 1280, 1440)
# WCAG 1.4.12: what a reader may set without losing anything.
SPACED = """for (const one of document.querySelectorAll("body *"))
    Object.assign(one.style, {lineHeight: "1.5", letterSpacing: ".12em", wordSpacing: ".16em"})"""


def overflow(page: Page) -> int:
    """How many pixels the page can be scrolled sideways, once it is there: a link just followed may have no document yet."""
    page.wait_for_load_state()
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide


def fits(page: Page) -> None:
    """See that nothing runs over the side at the three widths; end as a phone."""
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert overflow(page) == 0
    page.set_viewport_size({"width": 390, "height": 844})


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_axe_finds_nothing(
    visitor: Callable[..., Visitor], site: Cast, broken_rules: Callable[[Page], list[str]], width: int, scheme: str
) -> None:
    someone = visitor(width=width, color_scheme=scheme)
    found = {name: broken_rules(someone.go(address)) for name, address in site.pages.items()}
    assert {name: rules for name, rules in found.items() if rules} == {}


def test_axe_finds_nothing_on_refusals(
    visitor: Callable[..., Visitor], site: Cast, broken_rules: Callable[[Page], list[str]]
) -> None:
    someone = visitor()
    for address in ("/nothing/", "/politicians/?page=-1", "/?q=%00"):
        assert broken_rules(someone.go(address)) == []
    someone.faults.clear()  # the console tells of the refused address itself


def test_nothing_scrolls_sideways_at_any_width_or_spacing_and_no_cookie_is_set(
    visitor: Callable[..., Visitor], site: Cast
) -> None:
    someone, wide = visitor(), []
    for name, address in {**site.pages, "long name": _stretch(site)}.items():
        page = someone.go(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if overflow(page):
                wide.append(f"{name} at {width}: {overflow(page)} px")
        page.evaluate(SPACED)
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            if overflow(page):
                wide.append(f"{name} at {width}, spaced: {overflow(page)} px")
        page.close()
    assert wide == []
    assert someone.context.cookies() == []


def test_first_key_leads_past_the_menu(visitor: Callable[..., Visitor], site: Cast) -> None:
    page = visitor().go(site.member.get_absolute_url())
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="本文へ移動")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("script", [True, False])
def test_from_the_first_page_to_a_pledge_without_script_as_with_it(
    visitor: Callable[..., Visitor], site: Cast, script: bool
) -> None:
    page = visitor(java_script_enabled=script).go("/")
    page.get_by_role("navigation", name="主なメニュー").get_by_role("link", name="政治家").click()
    page.get_by_label("職").select_option("衆議院議員")
    page.get_by_role("button", name="表示する").click()
    expect(page.get_by_role("heading", name="政治家の一覧")).to_be_visible()
    expect(page.get_by_role("link", name="仮名 良子")).to_have_count(0)
    page.get_by_role("link", name="見本 太郎").click()
    expect(page.get_by_role("article")).to_contain_text("通信簿")
    page.get_by_role("link", name="公約を見て評価する").click()
    page.get_by_role("link", name="給食費を無償にします").click()
    expect(page.get_by_role("heading", level=1, name="給食費を無償にします")).to_be_visible()
    expect(page.get_by_role("link", name="選挙公報")).to_have_attribute("rel", "ugc nofollow noopener")


def test_menu_of_a_phone_is_a_tidy_grid(visitor: Callable[..., Visitor], site: Cast) -> None:
    page = visitor(width=390).go("/politicians/")
    boxes = [box for item in page.locator(".site-nav a").all() if item.is_visible() and (box := item.bounding_box())]
    assert len(boxes) == 10
    assert {round(box["height"]) for box in boxes} == {44}
    # Three rows of three, and the last as wide as the screen.
    assert {round(box["width"]) for box in boxes[:9]} <= {129, 130}
    assert round(boxes[8]["x"] + boxes[8]["width"]) == 390
    assert round(boxes[9]["width"]) == 390


def test_menu_stands_in_one_line_on_a_wide_screen(visitor: Callable[..., Visitor], site: Cast) -> None:
    for width in (960, 1152, 1280):
        page = visitor(width=width).go("/politicians/")
        header = page.locator(".site-head .wrap").bounding_box()
        assert header
        assert header["height"] <= (62 if width >= 1152 else 130), width
        assert overflow(page) == 0


def test_report_card_prints_on_one_sheet(visitor: Callable[..., Visitor], site: Cast, tmp_path: Path) -> None:
    _stretch(site)
    for number in range(90):
        tally(PledgeFactory(politician=site.member, policy_area=site.pledge.policy_area), 20, number)
    for number in range(12):
        TermFactory(politician=site.member, running=False, starts_on=str(1960 + number))
        CandidacyFactory(politician=site.member)
    someone = visitor(width=1280)
    for address in (site.member.get_absolute_url(), site.mayor.get_absolute_url(), site.stranger.get_absolute_url()):
        printed = someone.go(address).pdf(format="A4", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1


def test_card_is_dated_today(visitor: Callable[..., Visitor], site: Cast) -> None:
    today = date.today()  # noqa: DTZ011 - compared below with the page's own day, whichever side of midnight
    shown = visitor().go(site.member.get_absolute_url()).locator(".report-title span").inner_text()
    year, month, day = map(int, re.findall(r"\d+", shown))
    assert abs((date(year, month, day) - today).days) <= 1


def _stretch(site: Cast) -> str:
    """Make every text as long as it may be; return the address of a person with a very long name."""
    long_name = PoliticianFactory(name="寿限無" * 8, family_name="", given_name="", kana="じゅげむじゅげむ" * 6)
    TermFactory(politician=long_name, prefecture=site.prefecture, party=site.party, backing="推薦した政党" * 20)
    Party.objects.filter(pk=site.party.pk).update(name="とても長い名前の政党" * 6)
    Pledge.objects.update(
        title="八十字までの題名" * 10, text="https://example.com/" + "x" * 300 + "\n" + "本文" * 400, source_title="出典の題名" * 30,
        source_publisher="発行元" * 20, deadline="期限" * 60, attribution="著作者" * 60,
    )  # fmt: skip
    LinkFactory(politician=site.member, title="とても長い題名の公式ページ" * 6, url="https://example.com/" + "y" * 200)
    return long_name.get_absolute_url()
