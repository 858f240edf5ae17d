"""The list of politicians, the report card, and one person's pledges."""

import pytest
from django.test import Client

from tests.cast import Cast, tally
from tests.elections.factories import CandidacyFactory, ElectionFactory
from tests.people.factories import LinkFactory, PoliticianFactory, TermFactory
from tests.pledges.factories import PledgeFactory
from tests.site.asking import html, queries

# The report card


def test_card_names_the_person_with_furigana_office_and_term(client: Client, cast: Cast) -> None:
    page = html(client, cast.member.get_absolute_url())
    assert "<ruby>見本<rp>（</rp><rt>みほん</rt><rp>）</rp></ruby>" in page
    assert "衆議院議員" in page
    assert f'<a href="{cast.party.get_absolute_url()}">見本党</a>' in page
    assert "東京都第1区" in page
    assert "2024年10月27日" in page
    assert "2028年10月26日" in page
    assert "2回" in page
    assert "2026年2月8日の時点" in page


def test_card_shows_value_interval_and_count(client: Client, cast: Cast) -> None:
    page = html(client, cast.member.get_absolute_url())
    # 72 of 100: Wilson gives 62.5 to 79.9.
    assert '72<span class="unit">%</span>' in page
    assert "範囲 63〜80%" in page
    assert "評価 100件" in page
    assert "全体の平均 72%" in page


def test_dimension_below_ten_shows_no_value(client: Client, cast: Cast) -> None:
    page = html(client, cast.member.get_absolute_url())
    # 現実性: 6 and 2, 誠実さ: none.
    assert "（あと2件）" in page
    assert "（あと10件）" in page
    assert '75<span class="unit">%</span>' not in page


def test_card_without_ballots_says_so_instead_of_zeros(client: Client, cast: Cast) -> None:
    page = html(client, cast.mayor.get_absolute_url())
    assert "評価がまだ足りません。" in page
    assert "評価は0件です。10件集まると、観点別の評価を表示します。" in page
    assert f'<a class="btn" href="{cast.unjudged.get_absolute_url()}">最初の評価をする</a>' in page
    assert 'class="grades"' not in page


def test_card_without_pledges_says_what_comes_next(client: Client, cast: Cast) -> None:
    page = html(client, cast.stranger.get_absolute_url())
    assert "公約の記録がまだありません。" in page
    assert "最初の評価をする" not in page
    assert 'class="grades"' not in page


def test_chief_executive_has_backing_in_place_of_a_group(client: Client, cast: Cast) -> None:
    page = html(client, cast.mayor.get_absolute_url())
    assert "<dt>推薦・支持</dt><dd>見本党</dd>" in page
    assert "品川区長" in page
    assert '<a href="https://ward.example.com/mayor/" rel="noopener">区長の紹介</a>' in page


def test_card_lists_elections_with_votes_and_result(client: Client, cast: Cast) -> None:
    page = html(client, cast.member.get_absolute_url())
    assert "第50回衆議院議員総選挙" in page
    assert "98,765.5票" in page
    assert '<span class="tag">当選</span>' in page


def test_election_in_both_tiers_is_one_entry(client: Client, cast: Cast) -> None:
    won = cast.member.candidacies.get()
    CandidacyFactory(
        politician=cast.member, contest__election=won.contest.election, contest__tier="proportional", contest__name="東京ブロック",
        elected=False, list_rank=3,
    )  # fmt: skip
    page = html(client, cast.member.get_absolute_url())
    assert page.count("<b>第50回衆議院議員総選挙</b>") == 1
    assert "比例代表 東京ブロック" in page
    assert "名簿3位" in page
    assert "落選" not in page


def test_card_links_to_the_official_page_without_handing_over_the_window(client: Client, cast: Cast) -> None:
    assert '<a href="https://taro.example.com/" rel="noopener">公式サイト</a>' in html(
        client, cast.member.get_absolute_url()
    )


def test_card_shares_its_own_address_by_plain_links(client: Client, cast: Cast) -> None:
    page = html(client, cast.member.get_absolute_url())
    here = f"http%3A%2F%2Ftestserver%2Fpoliticians%2F{cast.member.get_absolute_url().split('/')[2]}%2F"
    assert (
        f"https://x.com/intent/post?text=%E8%A6%8B%E6%9C%AC%E5%A4%AA%E9%83%8E%E3%81%95%E3%82%93%E3%81%AE%E9%80%9A%E4%BF%A1%E7%B0%BF&amp;url={here}"
        in page
    )
    assert f"https://social-plugins.line.me/lineit/share?url={here}" in page
    assert f'value="http://testserver{cast.member.get_absolute_url()}"' in page


def test_status_bar_tells_its_counts_in_words(client: Client, cast: Cast) -> None:
    page = html(client, cast.member.get_absolute_url())
    assert page.count('width="50.0%"') == 2
    assert "未評価</span> 1件" in page
    assert "着手</span> 1件" in page


def test_unpublished_pledges_are_neither_shown_nor_counted(client: Client, cast: Cast) -> None:
    hidden = PledgeFactory(
        politician=cast.member, policy_area=cast.pledge.policy_area, title="非公開の公約", published=False
    )
    tally(hidden, 900, 0)
    page = html(client, cast.member.get_absolute_url())
    assert "非公開の公約" not in page
    assert "評価 100件" in page


def test_merged_person_leads_to_the_one_that_stays(client: Client, cast: Cast) -> None:
    gone = PoliticianFactory(merged_into=cast.member)
    for ending in ("", "pledges/"):
        response = client.get(gone.get_absolute_url() + ending)
        assert response.status_code == 301
        assert response.headers["Location"] == cast.member.get_absolute_url() + ending


def test_card_takes_at_most_thirteen_queries_however_many_pledges(client: Client, cast: Cast) -> None:
    few, many = PoliticianFactory(), PoliticianFactory()
    for person, pledges in ((few, 3), (many, 300)):
        for number in range(pledges):
            tally(PledgeFactory(politician=person, policy_area=cast.pledge.policy_area), 20 + number, 10)
        for _ in range(pledges // 30):
            TermFactory(politician=person)
            CandidacyFactory(politician=person, party=cast.party)
            LinkFactory(politician=person)
    counts = {queries(client, person.get_absolute_url()) for person in (few, many)}
    assert len(counts) == 1
    assert counts.pop() <= 13


def test_who_left_office_on_an_unknown_day_is_not_shown_as_if_still_there(client: Client, cast: Cast) -> None:
    term = TermFactory.create(starts_on="2021-10-31", running=False)
    assert html(client, term.politician.get_absolute_url()).count("終了日は不明") == 2
    cast.member.terms.update(ends_on="")
    assert "終了日は不明" not in html(client, cast.member.get_absolute_url())


def test_any_change_on_the_card_changes_its_etag(client: Client, cast: Cast) -> None:
    address = cast.member.get_absolute_url()
    tags = [client.get(address).headers["ETag"]]
    for change in (
        lambda: cast.member.terms.update(ends_on="2030-02-07"),
        lambda: cast.member.candidacies.update(votes=1),
        lambda: cast.pledge.tally.__class__.objects.update(good=73),
    ):
        change()
        tags.append(client.get(address).headers["ETag"])
    assert len(set(tags)) == 4
    assert "Last-Modified" not in client.get(address).headers


# The list


def test_list_is_in_order_of_reading_and_the_unread_come_last(client: Client, cast: Cast) -> None:
    page = html(client, "/politicians/")
    assert page.index("仮名 良子") < page.index("見本 太郎") < page.index("例示一郎")


@pytest.mark.parametrize(
    ("params", "shown", "hidden"),
    [
        ({"office": "mayor"}, ["仮名 良子"], ["見本 太郎", "例示一郎"]),
        ({"office": "representatives"}, ["見本 太郎"], ["仮名 良子"]),
        ({"prefecture": "130001"}, ["見本 太郎", "仮名 良子", "例示一郎"], []),
        ({"pledges": "yes"}, ["見本 太郎", "仮名 良子"], ["例示一郎"]),
        ({"row": "か"}, ["仮名 良子"], ["見本 太郎"]),
        ({"row": "他"}, ["例示一郎"], ["見本 太郎"]),
        ({"office": "mayor", "row": "ま"}, [], ["見本 太郎", "仮名 良子"]),
    ],
)
def test_list_is_narrowed(
    client: Client, cast: Cast, params: dict[str, str], shown: list[str], hidden: list[str]
) -> None:
    page = html(client, "/politicians/", **params)
    assert [name for name in shown if name not in page] == []
    assert [name for name in hidden if name in page] == []
    if not shown:
        assert "条件に合う人は見つかりませんでした" in page


def test_list_by_ballots_puts_the_most_judged_first(client: Client, cast: Cast) -> None:
    page = html(client, "/politicians/", order="ballots")
    assert page.index("見本 太郎") < page.index("仮名 良子")
    assert "公約 2件" in page
    assert "評価 112件" in page


def test_filter_is_taken_off_by_its_own_link(client: Client, cast: Cast) -> None:
    page = html(client, "/politicians/", office="mayor", row="か")
    assert '<a class="more" href="?row=%E3%81%8B">職：市区町村長を外す</a>' in page
    assert '<a class="more" href="?office=mayor">五十音：かを外す</a>' in page


def test_list_takes_the_same_queries_for_a_few_and_for_many(client: Client, cast: Cast) -> None:
    few = queries(client, "/politicians/")
    for _ in range(50):
        TermFactory(party=cast.party, prefecture=cast.prefecture)
    assert queries(client, "/politicians/") == few


def test_list_is_cut_into_pages(client: Client, cast: Cast) -> None:
    for number in range(70):
        PoliticianFactory(given_name=f"次郎{number:02}", given_kana=f"んん{number}")
    first, second = html(client, "/politicians/"), html(client, "/politicians/", page="2")
    assert "73人のうち" in first
    assert '<a href="?page=2" rel="next">次へ</a>' in first
    assert '<a href="?page=1" rel="prev">前へ</a>' in second
    assert "61〜73人目" in second
    assert "（2ページ）" in second


# One person's pledges


def test_all_pledges_of_a_person_in_pages(client: Client, cast: Cast) -> None:
    for _ in range(40):
        PledgeFactory(politician=cast.member, policy_area=cast.pledge.policy_area)
    address = cast.pages["politician's pledges"]
    assert "42件のうち" in html(client, address)
    assert html(client, address, page="2").count('class="pledge"') == 12


def test_pledges_of_a_person_take_the_same_queries_for_few_and_many(client: Client, cast: Cast) -> None:
    few = queries(client, cast.pages["politician's pledges"])
    for number in range(25):
        tally(PledgeFactory(politician=cast.member, policy_area=cast.pledge.policy_area), number, number)
    assert queries(client, cast.pages["politician's pledges"]) == few


def test_person_without_pledges_has_an_honest_list(client: Client, cast: Cast) -> None:
    assert "公約の記録がまだありません" in html(client, f"{cast.stranger.get_absolute_url()}pledges/")


def test_pledges_stand_under_their_election_and_the_term_that_began_with_it(client: Client, cast: Cast) -> None:
    older = ElectionFactory(name="見本の前の総選挙", polling_on="2021-10-31")
    PledgeFactory(politician=cast.member, election=older, title="前の選挙の公約")
    PledgeFactory(politician=cast.member, election=None, election_name="見本の党首選", title="党首選の公約")
    for page in (html(client, cast.member.get_absolute_url()), html(client, cast.pages["politician's pledges"])):
        assert page.count("この選挙で始まった任期") == 1
        begun = page.index("この選挙で始まった任期")
        assert page.index("第50回衆議院議員総選挙</a></b>") < begun < page.index("給食費を無償にします</a></h3>")
        assert page.index("見本の前の総選挙</a></b>") < page.index("前の選挙の公約</a></h3>")
        assert page.index("<b>見本の党首選</b>") < page.index("党首選の公約</a></h3>")


def test_a_lost_election_began_no_term(client: Client, cast: Cast) -> None:
    cast.member.candidacies.update(elected=False)
    assert "この選挙で始まった任期" not in html(client, cast.member.get_absolute_url())


def test_elections_of_a_person_have_share_place_and_near_miss(client: Client, cast: Cast) -> None:
    cast.member.candidacies.update(elected=False, votes=40_000)
    CandidacyFactory(contest=cast.contest, votes=50_000, elected=True)
    CandidacyFactory(contest=cast.contest, votes=10_000, elected=False)
    page = html(client, cast.member.get_absolute_url())
    assert "得票率 40.0%" in page
    assert "<span>2位</span>" in page
    assert "惜敗率 80.0%" in page
