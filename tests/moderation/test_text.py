"""Cleaning what visitors wrote."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsushinbo.moderation.text import clean_text


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("か\u3099く", "がく"),
        ("一行目\r\n二行目\r三行目", "一行目\n二行目\n三行目"),
        ("財\x00源\x07は", "財源は"),
        ("表\tは", "表 は"),
        ("\u202eダマシ\u202c\u2066x\u2069\u200f", "ダマシx"),
        ("見え\u200bない\ufeff", "見えない"),
        ("  前後の空白\u3000", "前後の空白"),
        ("家族👨\u200d👩\u200d👧", "家族👨\u200d👩\u200d👧"),
        ("葛\U000e0100飾", "葛\U000e0100飾"),
        ("\x00\u202e \r\n", ""),
        ("公" + "\u0335" * 50 + "約", "公" + "\u0335" * 4 + "約"),
        ("q\u0323\u0302\u0303\u0304", "q\u0323\u0302\u0303\u0304"),
    ],
)
def test_text_is_stored_without_what_nobody_sees(raw: str, stored: str) -> None:
    assert clean_text(raw) == stored


@given(st.text())
def test_clean_text_stays_as_it_is(raw: str) -> None:
    once = clean_text(raw)
    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\x00" not in once
