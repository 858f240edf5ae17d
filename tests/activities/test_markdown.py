"""From Markdown to HTML that is safe to show."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.outline import Outline
from tsushinbo.activities.markdown import MOST_BRACKETS, Shown, named_pictures, picture_line, render

PICTURE = Shown(1, "横断歩道<を>渡る人", 800, 400, (("image/avif", "/p/480.avif 480w"),), "/p/480.jpg")


def test_text_of_a_report_is_structured() -> None:
    html = render(
        "# 大見出し\n\n本文です。\n二行目です。\n\n### 小見出し\n\n- 一つ\n- 二つ\n\n1. 順に\n\n> 引用\n\n**強く**と*やや強く*"
    )
    assert "<h2>大見出し</h2>" in html
    assert "<p>本文です。<br>\n二行目です。</p>" in html
    assert "<h3>小見出し</h3>" in html
    assert "<li>一つ</li>" in html
    assert "<ol>" in html
    assert "<blockquote>\n<p>引用</p>\n</blockquote>" in html
    assert "<strong>強く</strong>と<em>やや強く</em>" in html


@pytest.mark.parametrize(
    ("ranks", "levels"),
    [
        ([3, 3], [2, 2]),
        ([1, 3, 6], [2, 3, 4]),
        ([2, 4, 3, 2], [2, 3, 3, 2]),
        ([6, 1], [2, 2]),
        ([1, 2, 3, 4, 5], [2, 3, 4, 4, 4]),
    ],
)
def test_headings_skip_no_level(ranks: list[int], levels: list[int]) -> None:
    assert Outline(render("\n\n".join(f"{'#' * rank} 見出し" for rank in ranks))).headings == levels


def test_links_lead_to_the_web_without_our_recommendation() -> None:
    html = render("[議事録](https://example.com/a?b=1&c=2) <https://example.com/>")
    assert html.count('rel="ugc nofollow noopener"') == 2
    assert 'href="https://example.com/a?b=1&amp;c=2"' in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "[x](&#x6a;avascript&colon;alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox)",
        "[x](//evil.example/)",
        "[x](/accounts/logout/)",
        "[x](https://good.example@evil.example/)",
        "<javascript:alert(1)>",
        "![x](https://evil.example/pixel.png)",
        "![x](javascript:alert(1))",
        "![x](data:image/svg+xml;base64,PHN2Zz4=)",
        '![x](写真1 "onload=alert(1)")',
        '[x](https://a.example/ "" onmouseover=alert(1)")',
        '[x](https://a.example/"onmouseover=alert(1))',
        "```\n<svg onload=alert(1)>\n```",
        "<!-- --><iframe src=https://evil.example/></iframe>",
        "<style>*{display:none}</style>",
        "\n".join(["[a]: javascript:alert(1)", "", "[a]"]),
    ],
)
def test_hostile_text_does_nothing(text: str) -> None:
    html = render(text, (PICTURE,))
    outline = Outline(html)
    assert outline.tags <= {"p", "br", "a", "picture", "source", "img", "ol", "ul", "li"}
    assert outline.inline == []
    assert all(link.startswith(("https://a.example/", "/p/")) for link in outline.links)
    assert not re.search(r"<[^>]*\son\w+=", html)


def test_own_pictures_stand_where_the_text_names_them_and_no_others() -> None:
    html = render("前\n\n![](写真1)\n\n![](写真2)\n\n![説明だけ](写真3)", (PICTURE,))
    assert html.count("<img") == 1
    assert 'alt="横断歩道&lt;を&gt;渡る人"' in html
    assert 'width="800" height="400"' in html
    assert 'type="image/avif"' in html
    assert 'srcset="/p/480.avif 480w"' in html
    assert "説明だけ" in html


def test_named_pictures_are_those_the_text_shows() -> None:
    assert named_pictures(f"{picture_line(1)}\n\n![]( 写真12 ) 写真3 ![](写真4)") == {1, 12, 4}


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "![",
        "[]",
        "[](",
        "[a](",
        "]",
        "*",
        "*a ",
        "_a",
        "> ",
        "- ",
        "<",
        "<http:",
        "&#x41;",
        "\\",
        "# ",
        "[![",
        "**a *a ",
    ],
)
def test_twenty_thousand_hostile_signs_end(piece: str) -> None:
    html = render((piece * 20_000)[:20_000])
    assert len(html) < 200_000
    assert Outline(html).inline == []


def test_a_text_full_of_brackets_has_no_links() -> None:
    """Looking for the partners of brackets takes the square of their number."""
    few, many = "[" * MOST_BRACKETS, "[" * (MOST_BRACKETS + 1)
    assert "<a " in render(f"[a](https://example.com/){few[1:]}")
    assert "<a " not in render(f"[a](https://example.com/){many}")
    assert "<strong>" in render(f"{many}\n\n**強く**")


@given(st.text(alphabet="ab [](){}<>!*_#>-&;:/\\\"'`\n写真1script", max_size=300))
def test_whatever_is_written_stays_harmless(text: str) -> None:
    outline = Outline(render(text, (PICTURE,)))
    assert outline.inline == []
    assert outline.tags <= {
        "p", "br", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a", "picture", "source", "img",
    }  # fmt: skip
