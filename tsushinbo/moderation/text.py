"""Text written by visitors, made fit to store: one spelling for each character, nothing invisible that could deceive a reader."""

import re
import unicodedata

# Needed to write: a line's end, the joiners inside emoji and names, the letters of regional flags.
KEPT = {"\n", "\u200c", "\u200d", *map(chr, range(0xE0020, 0xE0080))}
# Control, format (direction marks, zero-width signs), lone surrogate, unassigned: no visitor types them on purpose.
DROPPED = {"Cc", "Cf", "Cs", "Cn"}
# No script stacks more signs on a letter; what does (zalgo) covers the lines around it.
MOST_STACKED = 4


def clean_text(raw: str) -> str:
    """Return ``raw`` as it is stored: NFC, lines ended by one LF, no control or direction signs, no white space around,
    at most MOST_STACKED signs on one letter.

    Example: "か\\u3099\\r\\n\\u202eabc\\x00 " becomes "が\\nabc".
    """
    lines = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = (sign for sign in lines if sign in KEPT or unicodedata.category(sign) not in DROPPED)
    return _unstacked(unicodedata.normalize("NFC", "".join(kept))).strip()


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


WEB_ADDRESS = re.compile(r"https?://[^\x00-\x20\x7f\"<>\\]+", re.IGNORECASE)


def is_web_address(url: str) -> bool:
    """Whether an address leads to the web and may become a link; a javascript: or data: address never does."""
    return WEB_ADDRESS.fullmatch(url) is not None
