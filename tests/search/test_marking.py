"""What is marked in the texts found, and that marking never lets a tag through."""

import html
import re

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from tsushinbo.japanese.runs import folded_runs
from tsushinbo.search import marking, words

pytestmark = pytest.mark.any_database


def marked(text: str, typed: str) -> str:
    asked = words.read(typed)
    return "".join(f"[{piece}]" if hit else piece for piece, hit in marking.pieces(text, asked.keys))


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("齋藤 太郎", "斉藤", "[齋藤] 太郎"), ("齋藤 太郎", "斎藤太郎", "[齋藤 太郎]"), ("齋藤 太郎", "藤太", "齋[藤 太]郎"), ("タナカ", "たな", "[タナ]カ"),
        ("ﾊﾞﾗ", "ばら", "[ﾊﾞﾗ]"), ("佐々木", "佐佐", "[佐々]木"), ("佐々木 佐々木", "木", "佐々[木] 佐々[木]"), ("鎌ケ谷市", "鎌ヶ谷", "[鎌ケ谷]市"),
        ("いすゞ", "すず", "い[すゞ]"), ("ABC", "ｂ", "A[B]C"), ("ああああ", "ああ", "[ああああ]"), ("ふりがな", "漢", "ふりがな"), ("", "漢", ""),
        ("10%増", "10%", "[10%]増"), ("㍻三十年", "平成", "[㍻]三十年"), ("東京都", "東京 京都", "[東京都]"),
        ("山田、中島", "田中", "山田、中島"), ("山田、中島", "中島 山", "[山]田、[中島]"), ("ガス・電気", "ガス電気", "[ガス・電気]"), ("1,000円", "1000円", "[1,000円]"),
        ("サーバー代", "サーバ代", "[サーバー代]"), ("サーバ代", "サーバー", "[サーバ]代"), ("サーバー、代", "サーバー", "[サーバー]、代"), ("終わり。\n\n終", "終", "[終]わり。\n\n[終]"),
    ],
)  # fmt: skip
def test_the_words_are_marked_as_they_are_written(text: str, typed: str, shown: str) -> None:
    assert marked(text, typed) == shown


@given(st.text(max_size=60), st.text(max_size=20))
def test_marking_never_loses_or_adds_a_sign(text: str, typed: str) -> None:
    asked = words.read(typed)
    assert "".join(piece for piece, _ in marking.pieces(text, asked.keys)) == text


@given(st.text("山田中島、。ー・サ\n 1,々ヶケ", max_size=20), st.text("山田中島ーサ1々ケ", min_size=1, max_size=3))
def test_what_the_search_finds_is_marked_and_nothing_else(text: str, typed: str) -> None:
    keys = words.read(typed).keys
    assert bool(marking.spans(text, keys)) == any(key in folded_runs(text) for key in keys)


@given(st.text("<>&\"'aあ", max_size=30), st.text("<>&\"'aあ", max_size=10))
def test_nothing_but_mark_becomes_a_tag(text: str, typed: str) -> None:
    page = Template("{% load marks %}{% marked text %}").render(Context({"text": text, "asked": words.read(typed)}))
    assert set(re.findall("<[^>]*>", page)) <= {"<mark>", "</mark>"}
    assert html.unescape(re.sub("</?mark>", "", page)) == text


def test_a_page_without_a_query_marks_nothing() -> None:
    page = Template("{% load marks %}{% marked text %}{% snippet text as around %}{{ around }}")
    assert page.render(Context({"text": "<b>"})) == "&lt;b&gt;"


def test_a_snippet_is_cut_around_the_first_match() -> None:
    text = "前" * 300 + "\n給食費を無償にします。" + "後" * 300
    shown = marking.snippet(text, ["給食"])
    assert shown.startswith("…前")
    assert shown.endswith("後…")
    assert "前 給食費を無償にします。後" in shown
    assert len(shown) < 150


def test_a_snippet_of_two_words_shows_both() -> None:
    text = "前" * 300 + "給食費を無償に" + "中" * 300 + "防災の計画" + "後" * 300 + "医療"
    shown = marking.snippet(text, ["防災", "給食", "医療"])
    assert shown.count("…") == 3
    assert "給食費を無償に" in shown
    assert "中…" in shown
    assert "防災の計画" in shown
    assert len(shown) < 300
    assert marking.snippet("給食と防災と医療", ["医療", "給食"]) == "給食と防災と医療"


@given(st.text("山、\n ー田", max_size=400), st.lists(st.sampled_from("山田ー"), max_size=3))
def test_a_snippet_is_bounded_and_holds_a_match(text: str, keys: list[str]) -> None:
    shown = marking.snippet(text, keys)
    assert len(shown) <= 2 * (4 * marking.AROUND + 5) + 3
    assert bool(shown) == bool(marking.spans(text, keys))


def test_a_short_text_is_not_cut() -> None:
    assert marking.snippet("給食費を無償にします。", ["給食"]) == "給食費を無償にします。"
    assert marking.snippet("給食費を無償にします。", ["防災"]) == ""
