"""Report cards with scores in a real browser: every width, both schemes, on paper, and the way from a number to its formula and its counts."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import scored
from tests.cast import Cast, tally
from tests.journeys.conftest import Visitor
from tests.journeys.test_pages import SPACED, WIDTHS, overflow
from tests.pledges.factories import PledgeFactory
from tsushinbo.evaluations.models import Tally
from tsushinbo.people.models import Politician

pytestmark = pytest.mark.browser


@pytest.fixture
def judged(site: Cast) -> Politician:
    """One of 22 members with scores, some of whose ballots are held; six pledges more than the others have."""
    people, parties = scored.judged_politicians(22), scored.judged_parties(21)
    person = people[0]
    Tally.objects.filter(pledge__politician=person).update(held=2, excluded=1)
    for number in range(6):
        tally(
            PledgeFactory(politician=person, title=f"市立小中学校の給食費を2027年度までに無償にします{number}"), 70, 30
        )
    scored.score(*people, *parties)
    return person


@pytest.fixture
def pages(judged: Politician) -> dict[str, str]:
    """The pages that show scores."""
    from tsushinbo.people.models import Party

    pledge, party = judged.pledges.first(), Party.objects.filter(pledges__tally__isnull=False).first()
    assert pledge is not None
    assert party is not None
    return {
        "card": judged.get_absolute_url(),
        "pledge": pledge.get_absolute_url(),
        "party": party.get_absolute_url(),
        "method": "/methodology/",
    }


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_axe_finds_nothing(
    visitor: Callable[..., Visitor],
    pages: dict[str, str],
    broken_rules: Callable[[Page], list[str]],
    width: int,
    scheme: str,
) -> None:
    someone, found = visitor(width=width, color_scheme=scheme), {}
    for name, address in pages.items():
        page = someone.go(address)
        page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
        found[name] = broken_rules(page)
    assert {name: rules for name, rules in found.items() if rules} == {}


def test_nothing_scrolls_sideways(visitor: Callable[..., Visitor], pages: dict[str, str]) -> None:
    someone, wide = visitor(), []
    for name, address in pages.items():
        page = someone.go(address)
        page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if overflow(page):
                wide.append(f"{name} at {width}: {overflow(page)} px")
        page.evaluate(SPACED)
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            if overflow(page):
                wide.append(f"{name} at {width}, spaced: {overflow(page)} px")
    assert wide == []


def test_from_a_score_two_clicks_lead_to_the_formula_and_to_the_counts(
    visitor: Callable[..., Visitor], judged: Politician
) -> None:
    someone = visitor()
    page = someone.go(judged.get_absolute_url())
    section = page.get_by_role("region", name="偏差値")
    shown = section.locator(".score b").inner_text()
    section.get_by_role("link", name="採点方法").click()
    expect(page.get_by_text("偏差値 = 50 + 10 ×（T − 平均）÷ 標準偏差")).to_be_visible()
    page.go_back()
    section.get_by_role("link", name="計算の内訳（JSON）").click()
    told = json.loads(page.locator("body").inner_text())
    assert f"{told['places'][-1]['deviation']:.1f}" == shown
    assert told["explanation"]["dimensions"][0]["pledges"][0]["n"] > 0
    # JSON names no icon, so the browser asks for one on its own.
    someone.faults.clear()


def test_histogram_reads_as_one_picture_and_opens_as_a_table(
    visitor: Callable[..., Visitor], judged: Politician
) -> None:
    page = visitor().go(judged.get_absolute_url())
    expect(page.get_by_role("img", name="国会議員の偏差値の分布図")).to_be_visible()
    table = page.get_by_role("table", name="国会議員の偏差値の分布図")
    expect(table).to_be_hidden()
    page.get_by_text("国会議員の偏差値の分布図を表で見る").click()
    expect(table).to_be_visible()
    expect(table.get_by_role("row")).to_have_count(13)


def test_place_leads_to_the_row_of_the_ranking(visitor: Callable[..., Visitor], judged: Politician) -> None:
    page = visitor(width=1280).go(judged.get_absolute_url())
    page.get_by_role("table", name="偏差値の計算に使った値").get_by_role("link").click()
    expect(page).to_have_url(re.compile("/rankings/deviation/"))
    expect(page.get_by_role("link", name=judged.spaced_name)).to_be_visible()


def test_card_with_scores_prints_on_one_sheet(
    visitor: Callable[..., Visitor], judged: Politician, tmp_path: Path
) -> None:
    page = visitor(width=1280).go(judged.get_absolute_url())
    sheet = page.pdf(path=tmp_path / "card.pdf", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", sheet)) == 1
    page.emulate_media(media="print")
    for words in ("観点別の評価", "標準偏差", "順位"):
        expect(page.get_by_text(words).first).to_be_visible()
    expect(page.locator("svg.hist")).to_be_visible()


def test_ballot_moves_the_table_in_place(visitor: Callable[..., Visitor], judged: Politician) -> None:
    pledge = judged.pledges.get(title__endswith="0")
    page = visitor().go(pledge.get_absolute_url())
    total = page.get_by_role("table", name="得点と偏差値").get_by_role("row").nth(1)
    expect(total).to_contain_text("100件")
    expect(page.locator("#ballot-box[hx-get]")).to_have_count(0)
    page.locator("label.g").click()
    expect(total).to_contain_text("101件")
    expect(page.get_by_text("71人が支持し、30人が支持していません。")).to_be_visible()


def test_nobody_sees_counts_on_the_page_of_the_draw_before_judging(
    visitor: Callable[..., Visitor], judged: Politician
) -> None:
    page = visitor().go("/pledges/random/")
    expect(page.get_by_role("button", name="GOOD").or_(page.locator("label.g")).first).to_be_visible()
    expect(page.get_by_role("table", name="得点と偏差値")).to_have_count(0)
    expect(page.get_by_text("人が支持し、")).to_have_count(0)
