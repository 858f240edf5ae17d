"""The pages of parties and areas."""

import pytest
from django.test import Client

from tests.cast import Cast
from tests.elections.factories import ElectionFactory
from tests.people.factories import AreaFactory, ConstituencyFactory, PartyFactory, PoliticianFactory, TermFactory
from tests.pledges.factories import PartyPledgeFactory
from tests.site.asking import html, queries
from tsushinbo.elections.models import MunicipalPartyVotes, PartyResult
from tsushinbo.people.models import Area, Office, Party, Tier


def test_parties_are_listed_with_members_and_pledges(client: Client, cast: Cast) -> None:
    page = html(client, "/parties/")
    assert (
        f'<a href="{cast.party.get_absolute_url()}">見本党</a></th><td class="r">1人</td><td class="r">1件</td>' in page
    )


def test_parties_of_the_past_are_listed_apart(client: Client, cast: Cast) -> None:
    PartyFactory(name="昔の党")
    active, others = html(client, "/parties/").split('id="h-oth"')
    assert "昔の党" in others
    assert "昔の党" not in active


def test_list_of_parties_takes_the_same_queries_for_few_and_many(client: Client, cast: Cast) -> None:
    few = queries(client, "/parties/")
    for _ in range(20):
        TermFactory(party=PartyFactory())
    assert queries(client, "/parties/") == few


def test_party_shows_pledges_members_and_seats(client: Client, cast: Cast) -> None:
    page = html(client, cast.party.get_absolute_url())
    assert "児童手当を増やします" in page
    assert "見本 太郎" in page
    assert '第50回衆議院議員総選挙</a><br><span class="meta">' in page
    assert '<td class="r">3<br><span class="meta nb">選挙区 3</span></td>' in page


def test_party_links_to_all_of_its_own_pledges(client: Client, cast: Cast) -> None:
    for _ in range(12):
        PartyPledgeFactory(party=cast.party, policy_area=cast.pledge.policy_area)
    page = html(client, cast.party.get_absolute_url())
    link = f"/pledges/?owner=party&amp;party={cast.party.get_absolute_url().split('/')[2]}"
    assert f'<a class="more" href="{link}">公約13件をすべて見る</a>' in page
    assert "13件 </p>" in html(client, link.replace("&amp;", "&"))


def test_members_are_narrowed_by_office(client: Client, cast: Cast) -> None:
    TermFactory(
        politician=PoliticianFactory(family_name="例示", given_name="花子"), office=Office.MAYOR, party=cast.party
    )
    page = html(client, cast.party.get_absolute_url(), office="mayor")
    assert "例示 花子" in page
    assert "見本 太郎" not in page
    assert "「職」の条件を読み取れないため" in html(client, cast.party.get_absolute_url(), office="king")


def test_party_takes_the_same_queries_for_few_and_many(client: Client, cast: Cast) -> None:
    few = queries(client, cast.party.get_absolute_url())
    for _ in range(30):
        TermFactory(party=cast.party)
        PartyPledgeFactory(party=cast.party, policy_area=cast.pledge.policy_area)
        PartyResult.objects.create(
            election=ElectionFactory(),
            tier=Tier.PROPORTIONAL,
            area_name="東京",
            party=cast.party,
            party_name="x",
            seats=2,
        )
    assert queries(client, cast.party.get_absolute_url()) == few


def test_independents_are_told_not_to_be_a_party(client: Client, db: None) -> None:
    independent = PartyFactory(name="無所属", kind=Party.Kind.INDEPENDENT)
    assert "どの政党にも属さずに立候補した人の区分です" in html(client, independent.get_absolute_url())


def test_prefectures_stand_in_their_regions(client: Client, cast: Cast) -> None:
    page = html(client, "/areas/")
    assert '<h2 id="h-r2">関東</h2>' in page
    assert f'<a href="{cast.prefecture.get_absolute_url()}">東京都</a>' in page


def test_prefecture_shows_its_members_districts_and_municipalities(client: Client, cast: Cast) -> None:
    page = html(client, cast.prefecture.get_absolute_url())
    assert "とうきょうと" in page
    assert "見本 太郎" in page
    assert "東京都第1区" in page
    assert f'<a href="{cast.ward.get_absolute_url()}">品川区</a>' in page


def test_prefecture_shows_its_districts_as_they_are_drawn_now(client: Client, cast: Cast) -> None:
    for name, boundaries in (("東京都第25区", "2014"), ("東京都第30区", "2024")):
        ConstituencyFactory(name=name, boundaries=boundaries, prefecture=cast.prefecture)
    page = html(client, cast.prefecture.get_absolute_url())
    assert "東京都第30区" in page
    assert "2024年からの区割り" in page
    assert "東京都第25区" not in page


def test_ward_shows_its_mayor_assembly_and_elections(client: Client, cast: Cast) -> None:
    page = html(client, cast.ward.get_absolute_url())
    assert "仮名 良子" in page
    assert "例示一郎" in page
    assert "品川区議会議員選挙" in page
    assert "2127年4月" in page
    assert '<td class="r">1</td><td class="r">35.22%</td>' in page


def test_list_votes_of_a_municipality_are_shown_with_their_share(client: Client, cast: Cast) -> None:
    election = ElectionFactory(name="第51回衆議院議員総選挙", polling_on="2026-02-08")
    for party, votes in ((cast.party, 60), (PartyFactory(name="別の党"), 40)):
        MunicipalPartyVotes.objects.create(
            election=election, area=cast.ward, area_name="品川区", party=party, votes=votes, valid_votes=100
        )
    page = html(client, cast.ward.get_absolute_url())
    assert '見本党</a></th><td class="r">60票</td><td class="r">60.0%</td>' in page


def test_area_without_anybody_on_record_says_so(client: Client, db: None) -> None:
    assert "記録はまだありません" in html(client, AreaFactory().get_absolute_url())


def test_ward_of_a_city_points_to_its_city(client: Client, cast: Cast) -> None:
    city = AreaFactory(name="見本市", kind=Area.Kind.DESIGNATED_CITY, prefecture=cast.prefecture)
    ward = AreaFactory(name="中央区", kind=Area.Kind.WARD, parent=city, prefecture=cast.prefecture)
    assert f'<a href="{city.get_absolute_url()}">見本市</a>のページ' in html(client, ward.get_absolute_url())


@pytest.mark.parametrize("name", ["prefecture", "ward"])
def test_area_takes_the_same_queries_for_few_and_many(client: Client, cast: Cast, name: str) -> None:
    address = cast.pages[name]
    few = queries(client, address)
    for _ in range(20):
        AreaFactory(prefecture=cast.prefecture)
        TermFactory(prefecture=cast.prefecture)
        TermFactory(prefecture=cast.prefecture, area=cast.ward, office=Office.MUNICIPAL_ASSEMBLY)
        ElectionFactory(area=cast.ward)
    assert queries(client, address) == few


def test_an_area_names_its_by_elections_and_what_its_voters_also_voted_in(client: Client, cast: Cast) -> None:
    ElectionFactory(name="見本市議補選", area=cast.ward, kind="by", turnout_percent="30.10")
    ElectionFactory(name="見本知事選挙", area=cast.prefecture, office=Office.GOVERNOR, kind="general")
    page = html(client, cast.ward.get_absolute_url())
    assert '<span class="tag">補欠選挙</span>' in page
    ours, around = page.split("この地域の人が投票したほかの選挙")
    assert "見本市議補選" in ours
    assert "見本知事選挙" in around
    assert "第50回衆議院議員総選挙" in around


def test_turnout_of_an_area_is_drawn_for_each_office(client: Client, cast: Cast) -> None:
    for year, percent in ((2018, "40.00"), (2014, "23.22")):
        ElectionFactory(area=cast.ward, office=Office.MAYOR, polling_on=f"{year}-10-05", turnout_percent=percent)
    ElectionFactory(area=cast.ward, office=Office.MUNICIPAL_ASSEMBLY, turnout_percent="50.00")
    page = html(client, cast.ward.get_absolute_url())
    assert page.count("投票率の移り変わり（市区町村長）</b>") == 1
    assert "投票率の移り変わり（市区町村議会議員）" not in page
