"""What visitors write in forms, as it is stored."""

import pytest
from django.core.exceptions import ValidationError

from tsushinbo.moderation.forms import VisitorText, WebAddress

pytestmark = pytest.mark.any_database
RTL = "\u202e"


@pytest.mark.parametrize("value", [None, "", "  ", "\x00", RTL])
def test_nothing_is_empty_text(value: str | None) -> None:
    assert VisitorText(noun="文", longest=5, required=False).clean(value) == ""
    assert WebAddress(longest=50, required=False).clean(value) == ""


def test_text_is_cleaned_before_it_is_measured() -> None:
    text = VisitorText(noun="文", longest=6)
    assert text.clean(f" か\u3099い\x00こ{RTL}く\r\nへ ") == "がいこく\nへ"


def test_text_that_is_too_long_is_told_by_how_much() -> None:
    with pytest.raises(ValidationError) as refusal:
        VisitorText(noun="理由の文", longest=3).clean("あいうえお")
    assert refusal.value.messages == ["理由の文が3字を超えています（5字）。2字以上けずってください。"]


def test_a_title_is_one_line() -> None:
    assert VisitorText(noun="題名", longest=20, one_line=True).clean("予算書\r\n  2026\t年度") == "予算書 2026 年度"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://www.example.com/a?b=c#d", "https://www.example.com/a?b=c#d"),
        ("http://example.com", "http://example.com"),
        ("//example.com", "https://example.com"),
        (" example.com/予算 ", "https://example.com/予算"),
        (f"https://{RTL}example.com/", "https://example.com/"),
        ("https://例え.jp/", "https://例え.jp/"),
    ],
)
def test_addresses_of_the_web_are_kept(typed: str, stored: str) -> None:
    assert WebAddress(longest=50).clean(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "data:text/html,<script>",
        "ftp://example.com/",
        "mailto:a@example.com",
        "file:///etc/passwd",
        "https://",
        "https://example.com/ a",
        "https://example.com/\n/b",
        'https://example.com/"><script>',
        "https://good.example@bad.example/",
        "https://user:secret@example.com/",
        "https://exa mple.com",
        "https://[::1",
        "例",
        "h" * 10,
    ],
)
def test_other_addresses_are_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        WebAddress(longest=50).clean(typed)
    assert "「https://」から始まるページのアドレスを入れてください" in refusal.value.messages[0]


def test_an_address_too_long_to_keep_is_refused() -> None:
    with pytest.raises(ValidationError) as refusal:
        WebAddress(longest=50).clean("https://example.com/" + "a" * 31)
    assert "50字を超えています（51字）" in refusal.value.messages[0]
