"""わたしの選挙区: from a postcode or a name to what is voted on there."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.elections.factories import CandidacyFactory, ContestFactory, ElectionFactory, UpcomingElectionFactory
from tests.people.factories import AreaFactory, ConstituencyFactory, PoliticianFactory, PrefectureFactory
from tests.search.factories import indexed
from tests.site.asking import html, queries
from tsushinbo.addresses import encode
from tsushinbo.elections.models import Election
from tsushinbo.people.models import Area, Constituency, Office, Tier

pytestmark = pytest.mark.django_db
PATH = "/elections/district/"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel("2026-12-01T12:00:00+09:00", tick=False):
        yield


@pytest.fixture
def tokyo() -> Area:
    """The prefecture with four of its districts as they are drawn now, and one as it was."""
    prefecture = PrefectureFactory(code="130001", name="東京都", kana="とうきょうと")
    block = ConstituencyFactory(tier=Tier.PROPORTIONAL, name="比例東京都ブロック")
    for number in (3, 4, 26):
        single(prefecture, number, block)
    single(prefecture, 3, block, boundaries="2017")
    ConstituencyFactory(
        office=Office.COUNCILLORS, tier=Tier.PREFECTURAL, name="東京都選挙区", prefecture=prefecture, boundaries=""
    )
    return prefecture


def single(prefecture: Area, number: int, block: Constituency | None = None, boundaries: str = "2024") -> Constituency:
    name = f"{prefecture}第{number}区"
    return ConstituencyFactory(name=name, number=number, prefecture=prefecture, block=block, boundaries=boundaries)


def place(
    code: str, name: str, prefecture: Area, kind: str = Area.Kind.SPECIAL_WARD, parent: Area | None = None
) -> Area:
    return AreaFactory(code=code, name=name, prefecture=prefecture, parent=parent or prefecture, kind=kind)


@pytest.fixture
def shinagawa(tokyo: Area) -> Area:
    return place("131091", "品川区", tokyo)


@pytest.fixture
def ota(tokyo: Area) -> Area:
    return place("131113", "大田区", tokyo)


# What is typed


@pytest.mark.parametrize(
    "typed", ["140-0014", "1400014", "１４０－００１４", "〒140-0014", " 140 0014 ", "品川区", "東京都品川区"]
)
def test_what_means_one_place_leads_to_an_address_without_it(client: Client, shinagawa: Area, typed: str) -> None:
    indexed()
    answer = client.get(PATH, {"q": typed})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{PATH}?area=131091"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("999-9999", "この郵便番号の地域は見つかりません"),
        ("140-00", "郵便番号は7けた"),
        ("14000145", "郵便番号は7けた"),
        ("どこにもない市", "この名前の市区町村は見つかりません"),
        ("<b>", "この名前の市区町村は見つかりません"),
    ],
)
def test_what_means_no_place_is_said_beside_the_box(client: Client, shinagawa: Area, typed: str, words: str) -> None:
    page = html(client, PATH, q=typed)
    assert words in page
    assert 'aria-invalid="true"' in page
    assert "<b>&" not in page


def test_a_postcode_of_a_large_office_stands_for_its_municipality(client: Client, tokyo: Area) -> None:
    place("131016", "千代田区", tokyo)
    assert client.get(PATH, {"q": "100-8111"}).headers["Location"] == f"{PATH}?area=131016"


def test_a_postcode_of_two_municipalities_asks_which(client: Client) -> None:
    aichi, mie = PrefectureFactory(code="230006", name="愛知県"), PrefectureFactory(code="240001", name="三重県")
    place("232351", "弥富市", aichi, Area.Kind.CITY)
    place("243035", "木曽岬町", mie, Area.Kind.TOWN)
    page = html(client, PATH, q="498-0000")
    assert "どちらにお住まいですか" in page
    assert '<a href="?area=232351">愛知県 弥富市</a>' in page
    assert '<a href="?area=243035">三重県 木曽岬町</a>' in page


def test_a_name_of_two_municipalities_asks_which(client: Client, tokyo: Area) -> None:
    hiroshima = PrefectureFactory(code="340006", name="広島県")
    place("132063", "府中市", tokyo, Area.Kind.CITY)
    place("342084", "府中市", hiroshima, Area.Kind.CITY)
    indexed()
    page = html(client, PATH, q="府中市")
    assert '<a href="?area=132063">東京都 府中市</a>' in page
    assert '<a href="?area=342084">広島県 府中市</a>' in page


def test_a_prefecture_and_a_designated_city_ask_for_the_place_inside(client: Client) -> None:
    hokkaido = PrefectureFactory(code="010006", name="北海道")
    sapporo = place("011002", "札幌市", hokkaido, Area.Kind.DESIGNATED_CITY)
    place("011011", "札幌市中央区", hokkaido, Area.Kind.WARD, sapporo)
    place("012025", "函館市", hokkaido, Area.Kind.CITY)
    wide = html(client, PATH, area="010006")
    assert "北海道のどこにお住まいですか" in wide
    assert "?area=011011" in wide
    assert "?area=012025" in wide
    # The city elects in its wards.
    assert '"?area=011002"' not in wide
    city = html(client, PATH, area="011002")
    assert "?area=011011" in city
    assert "?area=012025" not in city


@pytest.mark.parametrize(
    "query", ["area=999999", "area=x", "area=131091&district=4", "area=131091&district=99", "area=131091&district=x", "area=131091&district=３"],
)  # fmt: skip
def test_unknown_places_and_districts_are_not_found(client: Client, shinagawa: Area, query: str) -> None:
    assert client.get(f"{PATH}?{query}").status_code == 404


# Which district


def test_a_place_in_one_district_is_told_so(client: Client, shinagawa: Area) -> None:
    page = html(client, PATH, area="131091")
    assert "衆議院の小選挙区は<b>東京都第3区</b>です" in page
    assert "どちらですか" not in page
    for words in (
        "東京都第3区",
        "比例東京都ブロック",
        "東京都選挙区",
        "東京都知事",
        "東京都議会議員",
        "品川区長",
        "品川区議会議員",
    ):
        assert words in page


def test_a_split_place_asks_and_never_guesses(client: Client, ota: Area) -> None:
    place("131105", "目黒区", ota.prefecture)
    page = html(client, PATH, area="131113")
    assert "2つの小選挙区に分かれています" in page
    assert '<a href="?area=131113&amp;district=4">東京都第4区</a>' in page
    assert '<a href="?area=131113&amp;district=26">東京都第26区</a>' in page
    assert "ほかに 目黒区 を含みます" in page
    assert "衆議院 小選挙区" not in page
    # Everything that does not hang on it is there already.
    assert "比例東京都ブロック" in page
    chosen = html(client, PATH, area="131113", district="26")
    assert "衆議院の小選挙区は<b>東京都第26区</b>です" in chosen
    assert "東京都第4区" not in chosen


def test_a_place_that_the_table_does_not_know_is_offered_every_district(client: Client, tokyo: Area) -> None:
    place("139990", "新しい市", tokyo, Area.Kind.CITY)
    page = html(client, PATH, area="139990")
    assert "どの小選挙区に入るか、このサイトのデータではわかりません" in page
    for number in (3, 4, 26):
        assert f"?area=139990&amp;district={number}" in page


def test_a_shared_district_of_the_upper_house_is_found_from_both_prefectures(client: Client) -> None:
    ConstituencyFactory(office=Office.COUNCILLORS, tier=Tier.PREFECTURAL, name="鳥取県・島根県選挙区", boundaries="")
    tottori = PrefectureFactory(code="310000", name="鳥取県")
    place("313645", "三朝町", tottori, Area.Kind.TOWN)
    assert "鳥取県・島根県選挙区" in html(client, PATH, area="313645")


def test_a_ward_of_a_designated_city_elects_the_mayor_of_the_city(client: Client) -> None:
    hokkaido = PrefectureFactory(code="010006", name="北海道")
    sapporo = place("011002", "札幌市", hokkaido, Area.Kind.DESIGNATED_CITY)
    place("011011", "札幌市中央区", hokkaido, Area.Kind.WARD, sapporo)
    mayor = ContestFactory(election=local(sapporo, Office.MAYOR), tier=Tier.AT_LARGE, name="札幌市")
    own = ContestFactory(election=local(sapporo, Office.MUNICIPAL_ASSEMBLY), tier=Tier.AT_LARGE, name="中央区選挙区")
    other = ContestFactory(election=own.election, tier=Tier.AT_LARGE, name="北区選挙区")
    for contest in (mayor, own, other):
        CandidacyFactory(contest=contest)
    page = html(client, PATH, area="011011")
    assert "札幌市長" in page
    assert mayor.get_absolute_url() in page
    assert own.get_absolute_url() in page
    assert other.get_absolute_url() not in page


def local(area: Area, office: Office, polling_on: str = "2023-04-09") -> Election:
    return ElectionFactory(level=Election.Level.MUNICIPAL, office=office, area=area, polling_on=polling_on)


# Which election


def test_candidates_of_the_election_to_come_stand_before_those_of_the_last(client: Client, shinagawa: Area) -> None:
    district = Constituency.objects.get(name="東京都第3区", boundaries="2024")
    past = ContestFactory(election=ElectionFactory(polling_on="2026-02-08"), constituency=district, name=district.name)
    loser = CandidacyFactory(contest=past, politician=None, name="前の候補者")
    page = html(client, PATH, area="131091")
    assert "前の選挙の候補者" in page
    assert "前の候補者" in page
    assert f'name="c" value="{encode(past.pk)}-{loser.key}"' in page
    following = UpcomingElectionFactory(
        name="次の総選挙",
        level=Election.Level.NATIONAL,
        office=Office.REPRESENTATIVES,
        polling_on="2026-12-20",
        precision="day",
    )
    contest = ContestFactory(election=following, constituency=district, name=district.name)
    one = CandidacyFactory(contest=contest, name="次の候補者")
    page = html(client, PATH, area="131091")
    assert "次の候補者" in page
    assert "前の候補者" not in page
    assert f'name="p" value="{encode(one.politician_id)}"' in page


def test_a_by_election_elsewhere_is_none_of_theirs(client: Client, shinagawa: Area) -> None:
    by = UpcomingElectionFactory(
        name="よその補欠選挙", level=Election.Level.NATIONAL, office=Office.REPRESENTATIVES, kind=Election.Kind.BY
    )
    assert by.name not in html(client, PATH, area="131091")
    own = ContestFactory(
        election=by, name="東京都第3区", constituency=Constituency.objects.get(name="東京都第3区", boundaries="2024")
    )
    CandidacyFactory(contest=own)
    assert by.name in html(client, PATH, area="131091")


def test_an_assembly_district_of_another_name_is_not_taken_for_theirs(client: Client, shinagawa: Area) -> None:
    election = local(shinagawa.prefecture, Office.PREFECTURAL_ASSEMBLY)
    other = ContestFactory(election=election, tier=Tier.AT_LARGE, name="八王子市選挙区")
    CandidacyFactory(contest=other)
    assert other.get_absolute_url() not in html(client, PATH, area="131091")


def test_the_lists_of_a_block_are_linked_and_not_written_out(client: Client, shinagawa: Area) -> None:
    block = Constituency.objects.get(tier=Tier.PROPORTIONAL)
    lists = ContestFactory(tier=Tier.PROPORTIONAL, name=block.name, constituency=block)
    CandidacyFactory(contest=lists, name="名簿の候補者")
    page = html(client, PATH, area="131091")
    assert lists.get_absolute_url() in page
    assert "名簿の候補者" not in page


# What is kept, and what it costs


def test_nothing_of_the_visitor_is_kept_and_any_cache_may_hold_it(client: Client, shinagawa: Area) -> None:
    for query in ({}, {"area": "131091"}, {"q": "999-9999"}):
        answer = client.get(PATH, query)
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_page_takes_the_same_queries_however_many_stand_and_stood(client: Client, shinagawa: Area) -> None:
    district = Constituency.objects.get(name="東京都第3区", boundaries="2024")

    def stand(people: int, polling_on: str) -> None:
        contest = ContestFactory(election=ElectionFactory(polling_on=polling_on), constituency=district)
        for _ in range(people):
            CandidacyFactory(contest=contest, politician=PoliticianFactory())

    stand(2, "2021-10-31")
    few = queries(client, f"{PATH}?area=131091")
    for year in range(2022, 2026):
        stand(15, f"{year}-10-31")
    assert queries(client, f"{PATH}?area=131091") == few


# The ways here


def test_the_pages_of_elections_areas_and_postcodes_lead_here(client: Client, shinagawa: Area) -> None:
    indexed()
    assert f'href="{PATH}"' in html(client, "/elections/")
    assert f'href="{PATH}"' in html(client, "/")
    assert f'href="{PATH}?area=131091"' in html(client, shinagawa.get_absolute_url())
    assert f'href="{PATH}?area=131091"' in html(client, "/search/", q="140-0014")
