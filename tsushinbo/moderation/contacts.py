"""What counts as a contact of who posts (連絡先): 公職選挙法 第142条の3第3項 says 電子メールアドレスその他の連絡をする際に必要となる情報."""

import re
import unicodedata
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator

from tsushinbo.japanese.cleaning import clean_text

LONGEST = 200
# https://good.example@bad.example/ leads to bad.example.
_HIDES_HOST = re.compile(r"https://[^/?#]*@", re.IGNORECASE)
_SAFE = re.compile(r"[^\x00-\x20\x7f\"<>\\]+")
_is_mail = EmailValidator()
_is_address = URLValidator(schemes=["https"])


def read_contact(text: object) -> str:
    """The contact as it is stored; full-width signs become ordinary ones. Nothing becomes ""."""
    return "".join(unicodedata.normalize("NFKC", clean_text(str(text))).split()) if text else ""


def is_contact(text: str) -> bool:
    """Whether somebody can be reached there: an e-mail address, or a page of a form or an SNS account on https."""
    if not text or len(text) > LONGEST or not _SAFE.fullmatch(text) or _HIDES_HOST.match(text):
        return False
    is_address = text.lower().startswith("https://")
    try:
        (_is_address if is_address else _is_mail)(text)
    except ValidationError:
        return False
    return not is_address or "." in (urlsplit(text).hostname or "")


def leads_to(contact: str) -> str:
    """The address of the web that a contact is, "" for an e-mail address."""
    return contact if contact.lower().startswith("https://") else ""
