"""The number of a book (ISBN) in one form: thirteen digits, the last a check digit (ISO 2108)."""

import unicodedata

LENGTH = 13
# The prefixes that the EAN gives to books.
PREFIXES = ("978", "979")
BETWEEN = dict.fromkeys(map(ord, "-‐‑‒–—―−ー－ 　"))


class NotAnIsbn(ValueError):
    """The text is no ISBN; the message says in Japanese what is wrong."""


def normal(text: str) -> str:
    """Return the thirteen digits of an ISBN written in any usual way: with hyphens, in full width, in the old form of ten.

    Example: "4-06-519981-6" and "ISBN９７８-４-０６-５１９９８１-７" both become "9784065199817". Raises NotAnIsbn.
    """
    plain = unicodedata.normalize("NFKC", text).upper().replace("ISBN", "").translate(BETWEEN).strip(" :")
    if len(plain) == 10 and plain[:9].isascii() and plain[:9].isdigit() and (plain[9].isdigit() or plain[9] == "X"):
        value = sum((10 - place) * (10 if sign == "X" else int(sign)) for place, sign in enumerate(plain))
        if value % 11:
            raise NotAnIsbn("ISBNの最後の数字（チェック用）が合いません。本の裏の番号を、もう一度確かめてください。")
        return plain_with_check("978" + plain[:9])
    if len(plain) != LENGTH or not plain.isascii() or not plain.isdigit() or not plain.startswith(PREFIXES):
        raise NotAnIsbn(
            "ISBNは、978か979から始まる13けたの番号です（前の書き方では10けた）。本の裏で確かめてください。"
        )
    if plain_with_check(plain[:12]) != plain:
        raise NotAnIsbn("ISBNの最後の数字（チェック用）が合いません。本の裏の番号を、もう一度確かめてください。")
    return plain


def plain_with_check(twelve: str) -> str:
    """Return twelve digits with their check digit: the weights are 1 and 3 in turn."""
    total = sum(int(sign) * (3 if place % 2 else 1) for place, sign in enumerate(twelve))
    return f"{twelve}{-total % 10}"
