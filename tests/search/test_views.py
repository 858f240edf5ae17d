"""The page of the search."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.people.factories import PartyFactory, TermFactory
from tests.pledges.factories import PledgeFactory
from tests.search.factories import area, indexed, party, person
from tsushinbo.people.models import Office
from tsushinbo.search.models import Kind
from tsushinbo.search.queries import finding

pytestmark = pytest.mark.django_db
# Three for the boxes of filters, up to five for each of six kinds, and their rows.
MOST_QUERIES = 36


def page(client: Client, **params: str) -> str:
    indexed()
    response = client.get("/search/", params)
    assert response.status_code == 200
    return response.content.decode()


def main(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


def words(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", main(html))).split())


@pytest.fixture
def yamadas() -> None:
    for n in range(14):
        person(f"山田 {'一二三四五六七八九十'[n % 10]}{n}", "やまだ たろう")
    area("山田町", "やまだまち")
    party("山田の会")
    PledgeFactory(title="山田川を直します", text="山田橋も。")


@pytest.mark.usefixtures("yamadas")
def test_what_was_found_stands_in_groups_with_their_counts(client: Client) -> None:
    text = words(page(client, q="山田"))
    for part in (
        "「山田」の検索結果",
        "政治家 14人",
        "14人のうち 1〜12人目" if False else "14人",
        "政党 1件",
        "地域 1件",
        "公約 1件",
    ):
        assert part in text
    assert "政治家をすべて見る" in text
    assert "政党をすべて見る" not in text


@pytest.mark.usefixtures("yamadas")
def test_a_type_shows_all_of_one_kind_and_keeps_the_counts_of_the_others(client: Client) -> None:
    html = page(client, q="山田", type="politicians")
    assert main(html).count('class="item"') == 14
    assert "公約 1件" in words(html)
    assert "山田川" not in html
    assert 'aria-current="true">政治家' in html


def test_long_lists_have_pages_and_no_page_beyond_the_last(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from tsushinbo.search import views

    monkeypatch.setitem(views.PAGE_SIZE, Kind.POLITICIANS, 2)
    for n in range(5):
        person(f"山田 {n}", f"やまだ {'あいうえお'[n]}")
    assert "山田 4" in words(page(client, q="山田", type="politicians", page="3"))
    assert client.get("/search/", {"q": "山田", "type": "politicians", "page": "4"}).status_code == 404
    for number in ("0", "-1", "x", "1" * 50):
        assert client.get("/search/", {"q": "山田", "type": "politicians", "page": number}).status_code == 404


def test_more_than_can_be_counted_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "COUNTED", 3)
    for n in range(4):
        person(f"山田 {n}", "やまだ たろう")
    assert "政治家 3人以上" in words(page(client, q="山田"))
    assert "政治家 3人以上" in words(page(client, q="山田", type="politicians"))


def test_people_of_one_name_are_told_apart_by_reading_office_and_party(client: Client) -> None:
    first, second = person("鬼木 誠", "おにき まこと"), person("鬼木 誠", "おにき まこと")
    TermFactory(politician=first, office=Office.REPRESENTATIVES, party=PartyFactory(name="見本党"))
    TermFactory(politician=second, office=Office.COUNCILLORS, party=PartyFactory(name="例示党"))
    html = page(client, q="鬼木誠")
    assert first.get_absolute_url() in html
    assert second.get_absolute_url() in html
    for word in ("おにきまこと", "衆議院議員", "参議院議員", "見本党", "例示党"):
        assert word in words(html)


def test_matches_are_marked(client: Client) -> None:
    person("齋藤 治子", "さいとう はるこ")
    PledgeFactory(title="給食費を無償に", text="学校の給食です。")
    assert "<mark>齋藤</mark> 治子" in page(client, q="斉藤")
    assert "<mark>さいとう</mark>はるこ" in page(client, q="サイトウ")
    html = page(client, q="給食")
    assert "<mark>給食</mark>費を無償に" in html
    assert "学校の<mark>給食</mark>です。" in html


def test_without_a_query_the_page_says_how_to_search(client: Client) -> None:
    for params in ({}, {"q": ""}, {"q": "　 "}, {"q": "", "type": "politicians"}):
        text = words(page(client, **params))
        assert "さがし方" in text
        assert "見つかりませんでした" not in text


def test_signs_alone_are_told_apart_from_nothing_found(client: Client) -> None:
    assert "記号だけではさがせません" in words(page(client, q="！？・"))


def test_nothing_found_offers_the_nearest_things_to_try(client: Client) -> None:
    PledgeFactory(title="給食費を無償に")
    html = page(client, q="やまだたろう 給食")
    assert "見つかりませんでした" in words(html)
    for address in (
        "/search/?" + urlencode({"q": "給食"}),
        "/politicians/?" + urlencode({"row": "や"}),
        "/politicians/",
        "/areas/",
    ):
        assert f'href="{address}"' in html
    assert f'href="/search/?{urlencode({"q": "存在"})}"' in page(client, q="存在しない名前")


def test_a_kind_without_a_match_points_at_the_others(client: Client) -> None:
    person("山田 太郎", "やまだ たろう")
    text = words(page(client, q="山田", type="areas"))
    assert "「山田」に合う地域はまだありません" in text
    assert "政治家 1人" in text
    area("品川区", "しながわく")
    assert "「品川区」に合う政治家はまだいません" in words(page(client, q="品川区", type="politicians"))


def test_an_unknown_type_is_left_out_and_said(client: Client) -> None:
    person("山田 太郎", "やまだ たろう")
    text = words(page(client, q="山田", type="x' or 1"))
    assert "条件を読み取れない" in text
    assert "山田 太郎" in text


def test_a_long_query_is_cut_and_said(client: Client) -> None:
    assert "100字までです" in words(page(client, q="あ" * 150))
    assert "あとの18語は使っていません" in words(page(client, q=" ".join("abcdefghijklmnopqrstuvwxyz")))


@pytest.mark.parametrize(
    "query",
    [
        "'", '"', "%", "_", "\\", "';DROP TABLE people_politician;--", "<script>alert(1)</script>", "🏛️👨‍👩‍👧", "\u202e山田\u2066", "﷽" * 100,
        "𠮷" * 60, "a" * 100, " ".join("abcdefghijklmnopqrstuvwxyz"), "e\u0301" * 50, "ー" * 100, "々" * 100, "っ" * 100, "{{ q }}{% now 'Y' %}",
        "&amp;", "\x1b[31m", "\ufeff山田", "\ufffe", "\U0010ffff", "ヶ" * 100, "oh" * 50,
    ],
    ids=lambda query: ascii(query)[1:24],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["", "pledges"], ids=["all", "pledges"])
def test_hostile_words_get_a_sensible_page(client: Client, query: str, kind: str) -> None:
    person("山田 太郎", "やまだ たろう")
    PledgeFactory(title="給食費を無償に")
    html = page(client, q=query, type=kind)
    assert "<script>alert" not in html
    assert "検索結果" in words(html) or "さがせる言葉がありません" in words(html) or "さがし方" in words(html)


@pytest.mark.parametrize(
    "raw", ["q=%00", "q=%ED%A0%80", "q=%FF", "q=" + "a" * 10_000, "q=%E5%B1", "q=" + "%E5%B1%B1" * 2_000]
)
def test_addresses_that_are_no_text_or_endless_get_a_page_that_says_so(client: Client, raw: str) -> None:
    assert client.get(f"/search/?{raw}").status_code == 400


def test_the_longest_address_still_taken_gets_its_answer(client: Client) -> None:
    assert client.get("/search/?q=" + "%E5%B1%B1" * 450).status_code == 200


def test_a_name_given_as_a_list_or_twice_is_read_once(client: Client) -> None:
    person("山田 太郎", "やまだ たろう")
    indexed()
    assert "山田 太郎" in words(client.get("/search/?q=x&q=%E5%B1%B1%E7%94%B0").content.decode())
    assert client.get("/search/?q[]=x").status_code == 200


def test_the_page_is_public_and_sets_no_cookie(client: Client) -> None:
    response = client.get("/search/", {"q": "山田"})
    assert response.headers["Cache-Control"].startswith("public, max-age=")
    assert not response.cookies
    assert response.headers["ETag"]
    assert client.get("/search/", {"q": "山田"}, headers={"if-none-match": response.headers["ETag"]}).status_code == 304
    assert client.post("/search/", {"q": "山田"}).status_code == 405


@pytest.mark.usefixtures("yamadas")
def test_queries_do_not_grow_with_what_is_found(
    client: Client, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    indexed()
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get("/search/", {"q": "山田"})
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get("/search/", {"q": "山田", "type": "politicians"})
    with django_assert_max_num_queries(0):
        client.get("/search/", {"q": "・"})
