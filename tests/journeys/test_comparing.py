"""From a postcode to a printed comparison in three screens, without a line of script; by day and by night, at every width."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import Cast, tally
from tests.elections.factories import CandidacyFactory, ContestFactory, ElectionFactory
from tests.journeys.conftest import Visitor
from tests.journeys.test_pages import fits
from tests.people.factories import ConstituencyFactory, PartyFactory, PoliticianFactory, TermFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.addresses import encode
from tsushinbo.elections.models import Contest
from tsushinbo.elections.queries import mode
from tsushinbo.people.models import Tier
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.browser

LONG = "ＮＨＫと裁判してる党弁護士法第七十二条違反で"


@pytest.fixture
def contest(site: Cast) -> Contest:
    """The last contest of the district of 品川区: four people whose records are as full as they get, and one of whom nothing else is known."""
    district = ConstituencyFactory(name="東京都第3区", number=3, boundaries="2024", prefecture=site.prefecture)
    election = ElectionFactory(name="第51回衆議院議員総選挙", polling_on="2026-02-08")
    contest = ContestFactory(election=election, name=district.name, constituency=district, tier=Tier.SINGLE_SEAT)
    party = PartyFactory(name=LONG)
    for number in range(4):
        person = PoliticianFactory(
            name=f"寿限無寿限無五劫{number}", family_name="", given_name="", kana="じゅげむじゅげむごこうのすりきれ"
        )
        CandidacyFactory(contest=contest, politician=person, number=number + 1, party=party, status="incumbent")
        for year in range(2014, 2020):
            TermFactory(politician=person, running=False, starts_on=str(year), ends_on=str(year + 1), party=party)
            CandidacyFactory(
                politician=person, contest__election__name=f"{year}年の見本県議会議員補欠選挙（見本市選挙区）"
            )
        for status in Pledge.Status:
            tally(PledgeFactory(politician=person, status=status), 20 + number, 15, clear=11, sincere=12)
    CandidacyFactory(contest=contest, politician=None, name="見本新人", number=5, status="new", party=party)
    return contest


def people(contest: Contest) -> str:
    ids = contest.candidacies.filter(politician__isnull=False).values_list("politician", flat=True)
    return "&".join(f"p={encode(pk)}" for pk in ids if pk)


def sheets(printed: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", printed))


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_a_voter_goes_from_a_postcode_to_paper_in_three_screens_without_script(
    contest: Contest, visitor: Callable[..., Visitor], width: int, scheme: str
) -> None:
    page = visitor(width=width, color_scheme=scheme, java_script_enabled=False).go("/elections/district/")  # one
    page.get_by_label("郵便番号か、市区町村の名前").fill("１４０－００１４")
    page.get_by_role("button", name="さがす").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("品川区の選挙区と選挙")  # two
    assert page.url.endswith("/elections/district/?area=131091")
    boxes = page.get_by_role("region", name="衆議院 小選挙区").get_by_role("checkbox")
    expect(boxes).to_have_count(5)
    for number in (4, 0, 1, 2):
        boxes.nth(number).check()
    page.get_by_role("region", name="衆議院 小選挙区").get_by_role("button", name="選んだ人をくらべる").click()
    table = page.get_by_role("table")
    expect(table.get_by_role("row")).to_have_count(14)  # three
    expect(table.get_by_role("row").filter(has=page.get_by_role("rowheader", name="支持"))).to_contain_text("評価")
    expect(page.get_by_text("東京都第3区の候補者の順")).to_be_visible()
    assert sheets(page.pdf(format="A4", prefer_css_page_size=True)) == 1
    assert page.context.cookies() == []


def test_a_split_municipality_asks_one_question_more(site: Cast, visitor: Callable[..., Visitor]) -> None:
    for number in (4, 26):
        ConstituencyFactory(name=f"東京都第{number}区", number=number, boundaries="2024", prefecture=site.prefecture)
    ota = type(site.ward).objects.create(
        code="131113", name="大田区", kind="special_ward", prefecture=site.prefecture, parent=site.prefecture
    )
    page = visitor(java_script_enabled=False).go("/elections/district/?q=144-0052")
    expect(page.get_by_role("heading", name="お住まいの小選挙区はどちらですか")).to_be_visible()
    page.get_by_role("link", name="東京都第26区").click()
    expect(page.get_by_text("衆議院の小選挙区は東京都第26区です")).to_be_visible()
    assert page.url.endswith(f"?area={ota.pk}&district=26")


def test_pages_keep_to_the_rules_and_the_screen(
    contest: Contest, visitor: Callable[..., Visitor], broken_rules: Callable[[Page], list[str]]
) -> None:
    phone = visitor()
    for path in (
        "/elections/district/",
        "/elections/district/?q=999-9999",
        "/elections/district/?area=131091",
        contest.get_absolute_url(),
        f"/elections/compare/?{people(contest)}",
        f"/elections/compare/?name={LONG}",
    ):
        page = phone.go(path)
        assert broken_rules(page) == [], path
        fits(page)
        page.close()


def test_a_person_is_added_by_name(contest: Contest, site: Cast, visitor: Callable[..., Visitor]) -> None:
    page = visitor(java_script_enabled=False).go(f"/elections/compare/?p={encode(site.member.pk)}")
    page.get_by_label("名前でさがして加える").fill(site.mayor.name)
    page.get_by_role("button", name="さがす").click()
    page.get_by_role("link", name=f"{site.mayor.spaced_name}を加える").click()
    expect(page.get_by_role("table")).to_contain_text(site.mayor.spaced_name)
    expect(page.get_by_role("table")).to_contain_text(site.member.spaced_name)
    page.get_by_role("link", name=f"{site.member.spaced_name}を外す").click()
    expect(page.get_by_role("table")).not_to_contain_text(site.member.spaced_name)


def test_nothing_of_a_candidate_is_on_paper_in_a_campaign(site: Cast, visitor: Callable[..., Visitor]) -> None:
    soon = timezone.localdate() + timedelta(days=2)
    election = ElectionFactory(name="見本の総選挙", polling_on=soon.isoformat(), upcoming=True)
    CandidacyFactory(contest=ContestFactory(election=election), politician=site.member)
    mode.forget()
    page = visitor(width=1280).go(f"/elections/compare/?p={encode(site.member.pk)}&p={encode(site.mayor.pk)}")
    expect(page.get_by_text("候補者を並べた一覧を印刷できません")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("table")).to_be_hidden()
    expect(page.get_by_text("候補者を並べたこの一覧は印刷できません")).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
