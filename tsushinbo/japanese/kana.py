"""Hiragana and katakana, letter by letter."""

# Katakana ァ … ヺ lie 0x60 above their hiragana, so do the marks ヽ ヾ; ヷ … ヺ have none and are read as the sounds nearest to them.
_HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)} | str.maketrans(
    "ヷヸヹヺ", "ばびべぼ"
)
_KATAKANA = {code - 0x60: code for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
LONG_VOWEL = "ー"


def hiragana(text: str) -> str:
    """Return text with katakana as hiragana; everything else, ー too, stays. シャープ gives しゃーぷ."""
    return text.translate(_HIRAGANA)


def katakana(text: str) -> str:
    """Return text with hiragana as katakana; everything else stays. みすゞ gives ミスヾ."""
    return text.translate(_KATAKANA)
