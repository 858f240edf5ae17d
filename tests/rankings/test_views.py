"""What the pages of rankings say."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.outline import Outline
from tests.people.factories import PartyFactory, PoliticianFactory, PrefectureFactory, TermFactory
from tests.pledges.factories import PledgeFactory, PolicyAreaFactory
from tests.rankings.factories import CLOSED, make_ranking, make_run
from tests.site.asking import html
from tsushinbo import addresses
from tsushinbo.people.models import Politician
from tsushinbo.rankings import queries
from tsushinbo.rankings.models import Facet, Kind, Population
from tsushinbo.rankings.queries import SIZE
from tsushinbo.scoring.method import METHOD

pytestmark = pytest.mark.django_db

DEVIATION, ACTIVITIES = "/rankings/deviation/", "/rankings/activities/"


def people(count: int) -> list[Politician]:
    return [PoliticianFactory() for _ in range(count)]


def table(page: str) -> list[str]:
    """The text of each row of the ranking."""
    rows = re.findall(r'<tr role="row"><td.*?</tr>', page)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_every_kind_has_a_page_and_is_listed(client: Client) -> None:
    page = html(client, "/rankings/")
    for kind in Kind:
        assert f'href="/rankings/{kind}/"' in page
        assert html(client, f"/rankings/{kind}/")


def test_the_list_of_rankings_names_nobody(client: Client) -> None:
    those = people(3)
    make_ranking(make_run(), Kind.SUPPORT, those)
    page = html(client, "/rankings/")
    assert "順位のある人 3人" in page
    assert not any(one.spaced_name in page for one in those)


@pytest.mark.parametrize(
    "address",
    ["/rankings/nothing/", "/rankings/Deviation/", "/rankings/pledges/unranked/", "/rankings/pledge-support/unranked/"],
)
def test_an_unknown_ranking_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "abc", "2", "999999"])
def test_a_page_that_is_not_there_is_not_found(client: Client, page: str) -> None:
    assert client.get(DEVIATION, {"page": page}).status_code == 404
    make_ranking(make_run(), Kind.DEVIATION, people(1))
    queries.forget()
    assert client.get(DEVIATION, {"page": page}).status_code == 404


def test_before_the_first_run_a_page_says_so(client: Client) -> None:
    for address in ("/rankings/", DEVIATION, "/rankings/pledge-consensus/", "/rankings/support/unranked/"):
        page = html(client, address)
        assert "まだ採点していないため" in page
        assert 'href="/pledges/random/"' in page


def test_a_row_has_its_place_range_value_interval_and_count(client: Client) -> None:
    those = people(5)
    make_ranking(make_run(), Kind.DEVIATION, those, values=[61.25, 55.0, 55.0, 48.0, 40.0])
    rows = table(html(client, DEVIATION))
    assert rows[0] == f"1 位 順位の範囲 1〜4位 {those[0].spaced_name} 偏差値の範囲 57.2〜65.2 61.2 評価 101件"
    assert [row.split()[0] for row in rows] == ["1", "2", "2", "4", "5"]


def test_the_figure_stands_where_the_value_does(client: Client) -> None:
    make_ranking(make_run(), Kind.DEVIATION, people(2), values=[54.0, 8.0])
    page = html(client, DEVIATION)
    assert '<rect class="trk-r" x="50.0%" width="10.00%"' in page
    assert '<circle class="trk-p" cx="55.0%"' in page
    # What lies outside stands at the end.
    assert '<rect class="trk-r" x="0.0%" width="2.50%"' in page
    assert '<circle class="trk-p" cx="0.0%"' in page


def test_a_count_is_exact_and_has_no_figure(client: Client) -> None:
    those = people(2)
    make_ranking(make_run(), Kind.PLEDGES, those, values=[1234.0, 7.0])
    page = html(client, "/rankings/pledges/")
    assert table(page)[0] == f"1 位 {those[0].spaced_name} 1,234 件"
    assert "trk" not in page


def test_a_page_says_how_it_is_worked_out_of_whom_and_when(client: Client) -> None:
    make_ranking(make_run(), Kind.DEVIATION, people(2))
    page = html(client, DEVIATION)
    assert "50＋10×（得点－平均）÷標準偏差" in page
    assert "評価が合わせて30件以上あり、評価された公約が2件以上ある人を比べます。" in page
    assert "2026年11月24日 6時05分現在" in page
    assert f"採点方法 {METHOD.version}" in page
    assert 'href="/methodology/"' in page
    assert "対象 2人" in page


def test_a_kept_order_is_marked_and_explained(client: Client) -> None:
    make_ranking(make_run(), Kind.DEVIATION, people(3), frozen=[2])
    page = html(client, DEVIATION)
    assert [("順位据え置き" in row) for row in table(page)] == [False, True, False]
    assert 'id="frozen"' in page
    make_ranking(make_run_after(), Kind.DEVIATION, people(3))
    assert "順位据え置き" not in html(client, DEVIATION)


def make_run_after() -> object:
    """A run that takes the place of the current one."""
    from tsushinbo.evaluations.models import ScoreRun

    ScoreRun.objects.update(current=False)
    run = make_run()
    queries.forget()
    return run


def test_a_narrowed_page_says_whose_places_it_shows(client: Client) -> None:
    tokyo, party = PrefectureFactory(code="130001", name="東京都"), PartyFactory(name="見本党")
    those = people(4)
    facets = {Facet.PREFECTURE: [tokyo.code, "", tokyo.code, ""], Facet.PARTY: [str(party.pk)] * 2 + ["", ""]}
    make_ranking(make_run(), Kind.DEVIATION, those, facets=facets)
    page = html(client, DEVIATION, prefecture=tokyo.code)
    assert [row.split()[0] for row in table(page)] == ["1", "3"]
    assert "条件に合う2人を表示しています。順位と偏差値は、しぼり込む前の政治家全体 4人の中でのものです。" in page
    both = html(client, DEVIATION, prefecture=tokyo.code, party=addresses.encode(party.pk))
    assert [row.split()[0] for row in table(both)] == ["1"]


def test_an_office_is_a_population_or_lies_inside_one(client: Client) -> None:
    run, those = make_run(), people(3)
    make_ranking(run, Kind.DEVIATION, those)
    make_ranking(
        run, Kind.DEVIATION, those[:2], population=Population.EXECUTIVE, facets={Facet.OFFICE: ["governor", "mayor"]}
    )
    whole = html(client, DEVIATION, office="executive")
    assert "知事・市区町村長の順位" in whole
    assert len(table(whole)) == 2
    mayors = html(client, DEVIATION, office="mayor")
    assert [row.split()[0] for row in table(mayors)] == ["2"]
    assert "しぼり込む前の知事・市区町村長 2人の中でのものです。" in mayors


def test_pledges_are_narrowed_by_the_office_of_their_owner(client: Client) -> None:
    pledges = [PledgeFactory() for _ in range(2)]
    make_ranking(make_run(), Kind.PLEDGE_DISCUSSED, pledges, facets={Facet.OFFICE: ["mayor", "governor"]})
    page = html(client, "/rankings/pledge-discussed/", office="governor")
    assert [row.split()[0] for row in table(page)] == ["2"]


def test_pledges_are_narrowed_by_topic_and_year(client: Client) -> None:
    topic = PolicyAreaFactory(code="childcare", name="子育て")
    pledges = [PledgeFactory(policy_area=topic) for _ in range(3)]
    facets = {Facet.POLICY_AREA: [topic.code, topic.code, ""], Facet.YEAR: ["2024", "2026", "2026"]}
    make_ranking(make_run(), Kind.PLEDGE_DISCUSSED, pledges, facets=facets)
    page = html(client, "/rankings/pledge-discussed/", topic=topic.code, period="2026")
    assert [row.split()[0] for row in table(page)] == ["2"]
    assert "子育て" in table(page)[0]
    assert pledges[1].politician.name in table(page)[0]
    assert "未評価" in table(page)[0]


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        ({"office": "king"}, "比べる範囲"),
        ({"prefecture": "99"}, "都道府県"),
        ({"party": "nobody"}, "政党"),
        ({"party": "0000000000"}, "政党"),
        ({"topic": "nothing"}, "政策分野"),
        ({"period": "1999"}, "選挙か出典の年"),
    ],
)
def test_a_value_that_cannot_be_read_is_left_out_and_told(client: Client, asked: dict[str, str], label: str) -> None:
    make_ranking(make_run(), Kind.DEVIATION, people(2))
    page = html(client, DEVIATION, **asked)
    assert f"「{label}」の条件を読み取れないため、外して表示しています。" in page
    assert len(table(page)) == 2


def test_parties_are_not_narrowed(client: Client) -> None:
    tokyo = PrefectureFactory(code="130001", name="東京都")
    make_ranking(make_run(), Kind.DEVIATION, [PartyFactory(name="見本党")], population=Population.PARTY)
    page = html(client, DEVIATION, office="party", prefecture=tokyo.code)
    assert "「都道府県」の条件を読み取れないため" in page
    assert "見本党" in table(page)[0]


def test_parties_are_narrowed_by_topic(client: Client) -> None:
    topic, parties = PolicyAreaFactory(code="childcare", name="子育て"), [PartyFactory(), PartyFactory(name="見本党")]
    facets = {Facet.POLICY_AREA: ["", topic.code]}
    make_ranking(make_run(), Kind.DEVIATION, parties, population=Population.PARTY, facets=facets)
    page = html(client, DEVIATION, office="party", topic=topic.code)
    assert "条件を読み取れない" not in page
    assert [row.split()[0] for row in table(page)] == ["2"]
    assert "条件に合う1党を表示しています。" in page


def test_people_are_narrowed_by_the_topics_and_years_of_their_pledges(client: Client) -> None:
    topic = PolicyAreaFactory(code="childcare", name="子育て")
    facets = {Facet.POLICY_AREA: ["", topic.code, topic.code], Facet.YEAR: ["2024", "", "2024"]}
    make_ranking(make_run(), Kind.DEVIATION, people(3), facets=facets)
    told = "偏差値は、選んだ分野や年に限らず、すべての公約によるものです。"
    page = html(client, DEVIATION, topic=topic.code)
    assert [row.split()[0] for row in table(page)] == ["2", "3"]
    assert told in page
    assert [row.split()[0] for row in table(html(client, DEVIATION, topic=topic.code, period="2024"))] == ["3"]
    whole = html(client, DEVIATION)
    assert told not in whole
    assert "その分野や年の公約が1件以上登録されている人を表示します。" in whole
    assert "1件以上登録されている" not in html(client, "/rankings/pledge-support/")


def test_reports_are_ranked_by_number_and_lead_to_the_reports(client: Client) -> None:
    run, those = make_run(), people(2)
    assert 'href="/activities/"' in html(client, ACTIVITIES).split("<main")[1]
    make_ranking(run, Kind.ACTIVITIES, those, values=[12.0, 3.0])
    queries.forget()
    page = html(client, ACTIVITIES)
    assert table(page)[0] == f"1 位 {those[0].spaced_name} 12 件"
    assert "世論調査" not in page
    # A party makes none.
    assert '<option value="party">' not in page
    assert "「比べる範囲」の条件を読み取れないため" in html(client, ACTIVITIES, office="party")


def test_a_condition_that_fits_nobody_says_so(client: Client) -> None:
    tokyo = PrefectureFactory(code="130001", name="東京都")
    make_ranking(make_run(), Kind.DEVIATION, people(2))
    page = html(client, DEVIATION, prefecture=tokyo.code)
    assert "条件に合う人は、この順位の中にありません。" in page
    assert table(page) == []


def test_too_few_to_compare_says_how_many_there_are(client: Client) -> None:
    make_run()
    assert "政治家全体のうち比べられるのは0人で、20人に満たないため" in html(client, DEVIATION)
    assert "順位をつけられる人は、まだありません。" in html(client, "/rankings/support/")


def test_a_closed_gate_says_why_with_figures(client: Client) -> None:
    make_ranking(make_run(), Kind.PLEDGE_CONSENSUS, [])
    page = html(client, "/rankings/pledge-consensus/")
    assert "5件以上評価した人は12人で、1人あたりの評価数の中央値は3.0件です。10件以上が必要です。" in page
    assert "2組に分けて" not in page


def test_a_gate_closed_by_unsteadiness_says_so(client: Client) -> None:
    unsteady = {**CLOSED, "median_ballots": 11.0, "stability": 0.42}
    make_ranking(make_run(consensus=unsteady), Kind.PLEDGE_CONSENSUS, [])
    page = html(client, "/rankings/pledge-consensus/")
    assert "評価する人を2組に分けて計算した結果の一致は0.42で、0.6以上が必要です。" in page


def test_an_open_gate_shows_rows(client: Client) -> None:
    run = make_run(consensus={**CLOSED, "open": True}, counts={"pledges": 3})
    make_ranking(run, Kind.PLEDGE_CONSENSUS, [PledgeFactory(), PledgeFactory()], values=[12.5, -3.0])
    page = html(client, "/rankings/pledge-consensus/")
    assert [row.split()[0] for row in table(page)] == ["1", "2"]
    assert "公開している公約のうち1件は" in page


def test_who_has_no_place_is_counted_and_listed_apart(client: Client) -> None:
    run = make_run()
    ranked, other = people(2)
    TermFactory(politician=other, party=PartyFactory(name="見本党"))
    make_ranking(run, Kind.SUPPORT, [ranked])
    make_ranking(run, Kind.PLEDGES, [ranked, other])
    page = html(client, "/rankings/support/")
    assert "公約が登録されている1人は、評価がまだ足りないため、順位をつけていません。" in page
    assert 'href="/rankings/support/unranked/"' in page
    assert other.spaced_name not in page
    apart = html(client, "/rankings/support/unranked/")
    assert f'<a href="{other.get_absolute_url()}">{other.spaced_name}</a></th><td>衆議院議員・見本党</td>' in apart
    assert ranked.spaced_name not in apart
    assert "「比べる範囲」の条件を読み取れないため" in html(client, "/rankings/support/unranked/", office="mayor")


def test_everybody_placed_says_so(client: Client) -> None:
    run, those = make_run(), people(1)
    make_ranking(run, Kind.SUPPORT, those)
    make_ranking(run, Kind.PLEDGES, those)
    assert "公約が登録されているすべての人に、順位があります。" in html(client, "/rankings/support/")
    assert "公約が登録されている全員に、順位があります。" in html(client, "/rankings/support/unranked/")


def test_pages_lead_on_and_keep_what_was_chosen(client: Client) -> None:
    tokyo = PrefectureFactory(code="130001", name="東京都")
    those = people(2 * SIZE)
    make_ranking(make_run(), Kind.DEVIATION, those, facets={Facet.PREFECTURE: [tokyo.code] * len(those)})
    page = html(client, DEVIATION, prefecture=tokyo.code, page="2")
    assert 'href="?prefecture=130001&amp;page=1"' in page
    assert '50人のうち<span class="nb">26〜50人目' in page
    assert len(table(page)) == SIZE


def test_hostile_names_stay_text(client: Client) -> None:
    evil = '<script>alert("x")</script>'
    run = make_run()
    someone = PoliticianFactory(name=evil, family_name="", given_name="")
    TermFactory(politician=someone, party=PartyFactory(name="<b>党</b>"))
    make_ranking(run, Kind.SUPPORT, [someone])
    make_ranking(run, Kind.SUPPORT, [PartyFactory(name="<i>党</i>")], population=Population.PARTY)
    make_ranking(run, Kind.PLEDGE_SUPPORT, [PledgeFactory(title=evil, politician=someone)])
    for address in ("/rankings/support/", "/rankings/support/?office=party", "/rankings/pledge-support/"):
        page = html(client, address)
        assert not re.search("<script>|<b>|<i>", page)
        assert "&lt;" in page


def test_pages_are_well_formed_public_and_refuse_other_methods(client: Client) -> None:
    run, those = make_run(), people(3)
    make_ranking(run, Kind.DEVIATION, those)
    make_ranking(run, Kind.PLEDGES, [*those, *people(1)])
    for address in ("/rankings/", DEVIATION, "/rankings/deviation/unranked/"):
        response = client.get(address)
        assert response.headers["Cache-Control"].startswith("public, max-age=")
        assert response.headers["Vary"] == "Accept-Encoding"
        assert not response.cookies
        outline = Outline(response.content.decode())
        assert outline.inline == []
        assert len(outline.ids) == len(set(outline.ids))
        assert outline.wanted <= set(outline.ids)
        assert outline.headings[0] == 1
        assert 1 not in outline.headings[1:]
        assert client.post(address).status_code == 405


def test_a_page_takes_few_queries_however_deep(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tokyo = PrefectureFactory(code="130001", name="東京都")
    those = people(3 * SIZE)
    for someone in those:
        TermFactory(politician=someone)
    facets = {Facet.PREFECTURE: [tokyo.code] * len(those), Facet.OFFICE: ["representatives"] * len(those)}
    run = make_run()
    make_ranking(run, Kind.DEVIATION, those)
    make_ranking(run, Kind.DEVIATION, those, population=Population.DIET, facets=facets)
    client.get(DEVIATION)  # what a process reads once for a run
    for asked, queries_taken in ({"page": "3"}, 1), ({"office": "representatives", "page": "3"}, 2), (
        {"office": "representatives", "prefecture": tokyo.code, "page": "3"}, 3,
    ):  # fmt: skip
        with django_assert_num_queries(queries_taken):
            client.get(DEVIATION, asked)


def test_the_menu_and_the_home_page_lead_to_the_rankings(client: Client) -> None:
    home = html(client, "/")
    assert '<a href="/rankings/">ランキング</a>' in home.split("</header>")[0]
    assert '<a href="/rankings/">ランキング</a>' in home.split("</header>")[1]
    assert '<a href="/rankings/" aria-current="page">ランキング</a>' in html(client, DEVIATION)
