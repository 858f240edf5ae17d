"""What is marked on the desk, however it is written, and what is not."""

from pathlib import Path
from typing import Any

import pytest

from tsushinbo.moderation.hints import links_in, marks_of


def labels(words: str) -> list[str]:
    return [mark.label for mark in marks_of(words)]


@pytest.mark.parametrize("words", ["死ね", "死 ね", "死・ね", "死．．ね", "死\u200bね", "シネ死ネ", "「死」「ね」"])
def test_a_word_is_found_through_spacing_and_width(words: str) -> None:
    assert "脅迫らしい語" in labels(words)


def test_old_kanji_and_kana_make_no_difference() -> None:
    assert "中傷らしい語" in labels("賣國奴")
    assert "勧誘らしい語" in labels("ゼッタイにﾌｸｷﾞｮｳ") or labels("副業")


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("電話は０９０－１２３４－５６７８です", "電話番号らしい数字"),
        ("tel 03(1234)5678", "電話番号らしい数字"),
        ("連絡は taro@example.jp へ", "メールアドレス"),
        ("見本町三丁目ではなく2丁目", "住所らしい記述"),
        ("https://bit.ly/abc を見て", "短縮アドレス"),
        ("https://sub.lin.ee/x", "勧誘に使われるアドレス"),
    ],
)
def test_personal_data_and_known_hosts_are_marked(words: str, label: str) -> None:
    assert label in labels(words)


@pytest.mark.parametrize(
    "words", ["予算は2026年度に120000円です。", "説明が足りません。", "https://www.example.com/0312345678/"]
)
def test_ordinary_words_are_not_marked(words: str) -> None:
    assert labels(words) == []


def test_links_are_shown_whole_with_their_host() -> None:
    [first, second] = links_in(
        "（https://good.example@bad.example/a?b=c）と「https://例え.example/道」。https://good.example@bad.example/a?b=c"
    )
    assert (first.url, first.host) == ("https://good.example@bad.example/a?b=c", "bad.example")
    assert second.url.startswith("https://")


def test_an_operator_adds_words(settings: Any, tmp_path: Path) -> None:
    own = tmp_path / "words.tsv"
    own.write_text("# 自分の一覧\n気になる語\tとくべつな 合言葉\n読めない行\n", encoding="utf-8")
    settings.MODERATION_WORDS = str(own)
    assert labels("トクベツナ・合言葉です") == ["気になる語"]
