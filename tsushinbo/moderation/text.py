"""What visitors write: text as it is stored, and addresses that may become links."""

import re

from tsushinbo.japanese.cleaning import clean_text

__all__ = ["clean_text", "is_web_address"]

WEB_ADDRESS = re.compile(r"https?://[^\x00-\x20\x7f\"<>\\]+", re.IGNORECASE)


def is_web_address(url: str) -> bool:
    """Whether an address leads to the web and may become a link; a javascript: or data: address never does."""
    return WEB_ADDRESS.fullmatch(url) is not None
