"""How a query is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsushinbo.search import words

pytestmark = pytest.mark.any_database


def folded(typed: str) -> list[str]:
    return [word.keys[0] for word in words.read(typed).words]


@pytest.mark.parametrize("typed", ["安倍 晋三", "安倍　晋三", " 安倍\t晋三\n", "安倍\u3000\u3000晋三\u200b"])
def test_white_space_of_any_width_parts_words(typed: str) -> None:
    assert folded(typed) == ["安倍", "晋三"]


@pytest.mark.parametrize("typed", ["", "  ", "　", "・・・", "！？", "\x00", "\u202e\u200f", "\ud800", "()"])
def test_signs_alone_are_no_word(typed: str) -> None:
    assert words.read(typed).words == ()


def test_the_same_word_twice_counts_once() -> None:
    assert folded("髙橋 高橋 ﾀﾅｶ たなか") == ["高橋", "たなか"]


def test_a_query_is_cut_at_a_hundred_characters_and_says_so() -> None:
    asked = words.read("あ" * 101)
    assert (asked.text, asked.too_long) == ("あ" * 100, True)
    assert not words.read("あ" * 100).too_long


def test_more_than_eight_words_are_left_out_and_counted() -> None:
    asked = words.read(" ".join(f"語{n}" for n in range(20)))
    assert (len(asked.words), asked.words_left_out) == (8, 12)


def test_what_is_typed_is_shown_as_typed_but_for_invisible_signs() -> None:
    assert words.read("ﾀﾅｶ\u202e 100% _ \\").text == "ﾀﾅｶ 100% _ \\"


@pytest.mark.parametrize(
    ("typed", "latin"),
    [
        ("Ohno", "ono"),
        ("ŌNO", "ono"),
        ("Ｏｈｎｏ", "ono"),
        ("Jun'ichi", "junichi"),
        ("Jun’ichi", "junichi"),
        ("Ken-ichi", "kenichi"),
        ("J.", "j"),
    ],
)
def test_latin_letters_are_read_as_romaji_too(typed: str, latin: str) -> None:
    assert latin in words.read(typed).words[0].keys


@pytest.mark.parametrize("typed", ["おの", "小野", "5G", "ono2", "o野", "𝟙", "🏛", "é1"])
def test_anything_else_is_no_romaji(typed: str) -> None:
    assert all(not word.latin for word in words.read(typed).words)


def test_two_words_in_latin_letters_make_a_whole_name_in_either_order() -> None:
    assert set(words.read("Osamu Satoh").wholes) == {"osamusatoh", "osamusato", "satosamu"}


@given(st.text(st.characters(codec=None), max_size=300))
def test_any_text_is_read_within_bounds(typed: str) -> None:
    asked = words.read(typed)
    assert len(asked.text) <= words.LONGEST
    assert len(asked.words) <= words.MOST_WORDS
    for word in asked.words:
        assert word.keys[0]
        for text in word.keys:
            text.encode()
            assert "\x00" not in text


@pytest.mark.parametrize(
    "typed",
    ['"給食費 無償"', "“給食費 無償”", "「給食費　無償」", "『給食費 無償』", "＂給食費 無償＂", "„給食費 無償‟"],
)
def test_what_stands_in_quotes_of_any_kind_is_one_word(typed: str) -> None:
    assert folded(typed) == ["給食費無償"]
    assert folded(f"防災 {typed}") == ["防災", "給食費無償"]


@pytest.mark.parametrize("typed", ['"給食費 無償', "「給食費 無償", "給食費 無償』", "給食費「無償"])
def test_a_quote_that_is_not_closed_is_no_quote(typed: str) -> None:
    assert folded(typed) == ["給食費", "無償"]


@pytest.mark.parametrize(
    "typed", ["給食 -無償", "給食 －無償", "給食 −無償", "-無償 給食", '給食 -"無償"', "給食 －「無償」"]
)
def test_what_a_dash_stands_before_must_not_match(typed: str) -> None:
    asked = words.read(typed)
    assert [word.keys[0] for word in asked.words] == asked.keys == ["給食"]
    assert [word.keys[0] for word in asked.without] == ["無償"]


@pytest.mark.parametrize("typed", ["給食 -", "給食 － ", "- 給食", "給食 --"])
def test_a_dash_alone_is_nothing(typed: str) -> None:
    assert folded(typed) == ["給食"]
    assert words.read(typed).without == ()


@pytest.mark.parametrize(
    ("typed", "keys"),
    [("脱-炭素", ["脱炭素"]), ("ーラ", ["ーら"]), ("山田、中島", ["山田", "中島"]), ("サーバー サーバ", ["さーば"])],
)
def test_a_dash_within_a_word_is_none_and_a_mark_of_a_sentence_parts_words(typed: str, keys: list[str]) -> None:
    assert folded(typed) == keys
    assert words.read(typed).without == ()


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("小池知事", [["小池", "知事"], ["小池"]]), ("石破 総理", []), ("玉木代表 減税", [["玉木", "代表", "減税"], ["玉木", "減税"]]), ("山本太郎さん", [["山本太郎", "さん"], ["山本太郎"]]),
        ("知事", []), ("さん", []), ("小池", []), ("前知事", []),
    ],
)  # fmt: skip
def test_what_stands_behind_a_name_may_be_a_title(typed: str, readings: list[list[str]]) -> None:
    assert [[word.keys[0] for word in asked.words] for asked in words.without_titles(words.read(typed))] == readings
