"""Text written by visitors, made fit to store: one spelling for each character, nothing invisible that could deceive a reader."""

import re
import unicodedata

# Needed to write: a line's end, the joiners inside emoji and names.
KEPT = {"\n", "\u200c", "\u200d"}
# Control, format (direction marks, zero-width signs), lone surrogate, unassigned, line ends of other kinds: no visitor types them on purpose.
DROPPED = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
# The letters of a regional flag stand after a black flag and nowhere else: elsewhere they are a text that nobody sees.
FLAG = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f)")
# No script stacks more signs on a letter; what does (zalgo) covers the lines around it.
MOST_STACKED = 4


def clean_text(raw: str) -> str:
    """Return ``raw`` as it is stored: NFC, lines ended by one LF, no control or direction signs, no white space around,
    at most MOST_STACKED signs on one letter.

    Example: "か\\u3099\\r\\n\\u202eabc\\x00 " becomes "が\\nabc".
    """
    lines = (
        raw.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n").replace("\t", " ")
    )
    kept = "".join(part if FLAG.fullmatch(part) else _seen(part) for part in FLAG.split(lines))
    return _unstacked(unicodedata.normalize("NFC", kept)).strip()


def _seen(text: str) -> str:
    """Leave out what nobody sees."""
    return "".join(sign for sign in text if sign in KEPT or unicodedata.category(sign) not in DROPPED)


def _unstacked(text: str) -> str:
    """Leave out the signs beyond MOST_STACKED on one letter."""
    if text.isascii():
        return text
    stacked, kept = 0, []
    for sign in text:
        stacked = stacked + 1 if unicodedata.category(sign) in {"Mn", "Me"} else 0
        if stacked <= MOST_STACKED:
            kept.append(sign)
    return "".join(kept)
