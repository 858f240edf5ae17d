"""Reading a ranking: on a phone, narrowed, leafed through, without script."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.comments.factories import CommentFactory
from tests.journeys.conftest import Visitor
from tests.journeys.test_pages import overflow
from tests.people.factories import PartyFactory, PoliticianFactory, PrefectureFactory, TermFactory
from tests.pledges.factories import PledgeFactory, PolicyAreaFactory
from tests.rankings.factories import CLOSED, make_ranking, make_run
from tsushinbo.people.models import Politician
from tsushinbo.rankings import queries
from tsushinbo.rankings.models import Facet, Kind
from tsushinbo.rankings.queries import SIZE

pytestmark = pytest.mark.browser

DEVIATION = "/rankings/deviation/"


@pytest.fixture
def people(live_server: LiveServer) -> list[Politician]:
    """A ranking of three pages; every third stands in Tokyo, one order is kept, and one person has no place."""
    tokyo, party = PrefectureFactory(code="130001", name="東京都"), PartyFactory(name="見本党")
    those = [PoliticianFactory() for _ in range(3 * SIZE - 2)]
    for someone in those:
        TermFactory(politician=someone, party=party)
    run = make_run(consensus={**CLOSED, "open": True})
    values = [75.0 - 0.6 * number for number in range(len(those))]
    prefectures = [tokyo.code if number % 3 == 0 else "" for number in range(len(those))]
    topic = PolicyAreaFactory(code="childcare", name="子育て・少子化")
    topics = [topic.code if number % 2 else "" for number in range(len(those))]
    facets = {Facet.PREFECTURE: prefectures, Facet.POLICY_AREA: topics}
    make_ranking(run, Kind.DEVIATION, those, values=values, facets=facets, frozen=[4])
    make_ranking(run, Kind.ACTIVITIES, those[:3])
    make_ranking(run, Kind.PLEDGES, [*those, PoliticianFactory()])
    pledges = [PledgeFactory(policy_area=topic, status=status, overdue=True) for status in ("kept", "unrated")]
    make_ranking(run, Kind.PLEDGE_SUPPORT, pledges, values=[61.0, 48.0])
    make_ranking(run, Kind.PLEDGE_CONSENSUS, pledges, values=[12.0, -8.0])
    CommentFactory(report__pledge=pledges[0], made_at=timezone.now())
    queries.forget()
    return those


@pytest.mark.parametrize("script", [True, False])
def test_a_visitor_finds_a_person_narrows_and_leafs_on(
    visitor: Callable[..., Visitor], people: list[Politician], script: bool
) -> None:
    page = visitor(java_script_enabled=script).go("/")
    page.get_by_role("navigation", name="主なメニュー").get_by_role("link", name="ランキング").click()
    page.get_by_role("link", name="偏差値のランキング").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("偏差値のランキング")
    listed = page.locator("table.rank tbody tr")
    expect(listed).to_have_count(SIZE)
    expect(listed.first).to_contain_text("順位の範囲 1〜4位")

    page.get_by_role("link", name="次へ").click()
    expect(listed.first).to_contain_text(people[SIZE].spaced_name)

    page.get_by_label("都道府県").select_option(label="東京都")
    page.get_by_role("button", name="表示する").click()
    expect(page.get_by_text("条件に合う25人を表示しています。")).to_be_visible()
    expect(listed.nth(1)).to_contain_text("4位")

    page.get_by_label("政策分野").select_option(label="子育て・少子化")
    page.get_by_role("button", name="表示する").click()
    expect(page.get_by_text("条件に合う12人を表示しています。")).to_be_visible()
    expect(page.get_by_text("偏差値は、選んだ分野や年に限らず、すべての公約によるものです。")).to_be_visible()

    listed.first.get_by_role("link", name="順位据え置き").click()
    expect(page.locator("#frozen")).to_be_in_viewport()
    page.get_by_role("link", name="都道府県：東京都を外す").click()
    page.get_by_role("link", name="政策分野：子育て・少子化を外す").click()
    expect(page.get_by_text("73人のうち")).to_be_visible()

    page.get_by_role("link", name="1人を五十音順で見る").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("順位をつけていない人")


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_rankings_are_for_everybody_at_every_width(
    visitor: Callable[..., Visitor],
    people: list[Politician],
    broken_rules: Callable[[Page], list[str]],
    width: int,
    scheme: str,
) -> None:
    someone, found = visitor(width=width, color_scheme=scheme), {}
    kinds = (
        "deviation", "pledges", "activities", "popular-activities", "support", "pledge-support", "pledge-consensus", "deviation/unranked",
    )  # fmt: skip
    for address in (
        "/rankings/",
        *(f"/rankings/{kind}/" for kind in kinds),
        f"{DEVIATION}?office=king&page=2",
        f"{DEVIATION}?topic=childcare",
    ):
        page = someone.go(address)
        wrong = broken_rules(page)
        for narrow in (320, width):
            page.set_viewport_size({"width": narrow, "height": 844})
            if overflow(page):
                wrong.append(f"scrolls sideways at {narrow}")
        if wrong:
            found[address] = wrong
        page.close()
    assert found == {}


def test_the_figure_agrees_with_the_words(visitor: Callable[..., Visitor], people: list[Politician]) -> None:
    page = visitor(width=1280).go(DEVIATION)
    first = page.locator("table.rank tbody tr").first
    expect(first).to_contain_text("71.0〜79.0")
    line, dot = (first.locator(part).bounding_box() for part in ("line >> nth=0", "circle"))
    assert line is not None
    assert dot is not None
    # 75 on a line from 10 to 90.
    assert (dot["x"] + dot["width"] / 2 - line["x"]) / line["width"] == pytest.approx((75 - 10) / 80, abs=0.01)
