"""From the menu to the candidates of a district in a real browser, by day and by night, at every width."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.elections.factories import CandidacyFactory, ContestFactory, ElectionFactory
from tests.journeys.conftest import Visitor
from tests.journeys.test_pages import fits
from tsushinbo.elections.models import Contest
from tsushinbo.people.models import Tier

pytestmark = pytest.mark.browser


@pytest.fixture
def district(site: Cast) -> Contest:
    """A district of two whose names and parties are as long as any."""
    election = ElectionFactory(name="第51回衆議院議員総選挙", polling_on="2026-02-08", turnout_percent="56.26", seats=1)
    contest = ContestFactory(election=election, name="鹿児島県第2区", tier=Tier.SINGLE_SEAT)
    for number, name in enumerate(("ＮＨＫと裁判してる党弁護士法第七十二条違反で太郎", "見本花子")):
        CandidacyFactory(
            contest=contest, key=f"k-{number}", politician=site.member if number else None, party=site.party, name=name,
            votes=f"{123_456 - number}.555", elected=not number, age=54, status="incumbent", dual=True,
            occupation="特定非営利活動法人代表理事・政党役員",
        )  # fmt: skip
    return contest


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_a_voter_walks_from_the_menu_to_a_report_card(
    district: Contest,
    visitor: Callable[..., Visitor],
    broken_rules: Callable[[Page], list[str]],
    width: int,
    scheme: str,
) -> None:
    page = visitor(width=width, color_scheme=scheme, java_script_enabled=True).go("/")
    page.get_by_role("navigation", name="主なメニュー").get_by_role("link", name="選挙").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("選挙")
    assert broken_rules(page) == []
    page.get_by_role("link", name="過去の選挙").click()
    page.get_by_role("link", name="第51回衆議院議員総選挙").click()
    expect(page.get_by_text("56.26%")).to_be_visible()
    assert broken_rules(page) == []
    page.get_by_role("link", name="鹿児島県第2区").click()
    expect(page.get_by_role("row").filter(has_text="見本花子")).to_contain_text("惜敗率")
    assert broken_rules(page) == []
    page.get_by_role("link", name="見本花子").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("太郎")


def test_no_page_of_an_election_scrolls_sideways(district: Contest, visitor: Callable[..., Visitor]) -> None:
    phone = visitor()
    for path in (
        "/elections/",
        "/elections/?when=past",
        district.election.get_absolute_url(),
        district.get_absolute_url(),
    ):
        page = phone.go(path)
        for details in page.locator("main details").all():
            details.locator("summary").click()
        fits(page)
        page.close()
