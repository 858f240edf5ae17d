"""What the page says of a query it could not take as it was typed, and where it leads instead."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.pledges.factories import PledgeFactory
from tests.search.factories import area, person
from tests.search.test_views import main, page, words
from tsushinbo.people.models import Area

pytestmark = pytest.mark.django_db


def in_the_box(html: str) -> str:
    """What stands in the search box."""
    found = re.search(r'<input type="search" id="q" name="q"(?: value="([^"]*)")?', html)
    assert found
    return unescape(found[1] or "")


@pytest.mark.parametrize(
    "typed", ["山田", "・！？", "-増税", "「給食費 無償」 -増税", "あ" * 150, " ".join("abcdefghijklmnopqrstuvwxyz"), "<b>\"'&", "999-9999"]
)  # fmt: skip
def test_nothing_typed_is_lost(client: Client, typed: str) -> None:
    assert in_the_box(page(client, q=typed)) == typed


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-増税", "除く言葉だけではさがせません。さがす言葉を1つ以上入れて"),
        ("・！？", "記号だけではさがせません。名前や言葉を入れて"),
        ("あ" * 150, "検索の言葉は100字までです。はじめの100字でさがしました。"),
        (" ".join("abcdefghijklmnopqrstuvwxyz"), "一度にさがせるのは8語までです。あとの18語は使っていません。"),
        ("給食 -増税", "「増税」を含むものは除いています。"),
        ("999-9999", "郵便番号 999-9999 の地域は見つかりません。番号を確かめるか、市区町村の名前でさがしてください。"),
        ("山田", "「山田」に合うものはまだありません。次の方法をお試しください。"),
    ],
)
def test_one_clear_sentence_says_what_happened_and_what_to_do(client: Client, typed: str, sentence: str) -> None:
    assert sentence in words(page(client, q=typed))


def test_words_that_are_left_out_leave_out_what_has_them(client: Client) -> None:
    PledgeFactory(title="給食費を無償に", text="増税はしません。")
    PledgeFactory(title="給食に地元の米を", text="農家と決めます。")
    html = page(client, q="給食 -増税")
    assert "公約 1件" in words(html)
    assert "地元の米" in words(html)


def test_a_postcode_leads_to_its_place_and_prefecture(client: Client) -> None:
    tokyo = area("東京都", "とうきょうと", code="130001", kind=Area.Kind.PREFECTURE)
    area("品川区", "しながわく", code="131091", prefecture=tokyo)
    html = main(page(client, q="〒140-0014"))
    assert "郵便番号 140-0014 の地域" in html
    assert '<a href="/areas/131091/">品川区の政治家と選挙</a>' in html
    assert '<a href="/areas/130001/">東京都の政治家と選挙</a>' in html
    assert "見つかりませんでした" not in html


def test_kinds_without_a_match_show_their_count_and_lead_nowhere(client: Client) -> None:
    person("山田 太郎", "やまだ たろう")
    html = main(page(client, q="山田"))
    assert "<span>公約 0件</span>" in html
    assert 'type=politicians">政治家 1人</a>' in html


def test_the_title_names_kind_and_page(client: Client) -> None:
    for n in range(61):
        person(f"山田 {n}", "やまだ たろう")
    html = page(client, q="山田", type="politicians", page="2")
    assert "<title>「山田」の検索結果：政治家（2ページ）｜先生の通信簿</title>" in html
    assert '<meta name="robots" content="noindex">' in html


def test_somebody_missing_can_be_told_of_with_what_was_typed(client: Client) -> None:
    html = main(page(client, q="架空 良子"))
    assert (
        'href="/politicians/new/?name=%E6%9E%B6%E7%A9%BA%20%E8%89%AF%E5%AD%90">見つからない政治家を知らせる</a>' in html
    )
