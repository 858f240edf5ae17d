"""Text written by visitors, made fit to store: one spelling for each character, nothing invisible that could deceive a reader."""

import re
import unicodedata

# Needed to write: a line's end, the joiners inside emoji and names, the letters of regional flags.
KEPT = {"\n", "\u200c", "\u200d", *map(chr, range(0xE0020, 0xE0080))}
# Control, format (direction marks, zero-width signs), lone surrogate, unassigned: no visitor types them on purpose.
DROPPED = {"Cc", "Cf", "Cs", "Cn"}


def clean_text(raw: str) -> str:
    """Return ``raw`` as it is stored: NFC, lines ended by one LF, no control or direction signs, no white space around.

    Example: "か\\u3099\\r\\n\\u202eabc\\x00 " becomes "が\\nabc".
    """
    lines = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = (sign for sign in lines if sign in KEPT or unicodedata.category(sign) not in DROPPED)
    return unicodedata.normalize("NFC", "".join(kept)).strip()


WEB_ADDRESS = re.compile(r"https?://[^\x00-\x20\x7f\"<>\\]+", re.IGNORECASE)


def is_web_address(url: str) -> bool:
    """Whether an address leads to the web and may become a link; a javascript: or data: address never does."""
    return WEB_ADDRESS.fullmatch(url) is not None
