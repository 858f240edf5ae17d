"""Leafing through the pages of a list."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from tsushinbo.paging import Page

pytestmark = pytest.mark.any_database


def shown(number: int, total: int, *, query: str = "", more: bool = False) -> str:
    """What stands below a list of ``total`` rows, ten a page."""
    page = Page(rows=[], number=number, size=10, total=total, more_than_counted=more)
    request = RequestFactory().get(f"/list/{query}")
    return Template('{% include "site/_pages.html" %}').render(Context({"page": page, "request": request})).strip()


def test_one_page_has_nothing_to_leaf_through() -> None:
    assert shown(1, 10) == ""


def test_a_page_in_the_middle_leads_to_its_neighbours_and_to_both_ends() -> None:
    text = shown(5, 100)
    assert '<a href="?page=4" rel="prev">前へ</a>' in text
    assert '<a href="?page=6" rel="next">次へ</a>' in text
    assert '<span aria-current="page"><span class="vh">いまのページ </span>5</span>' in text
    assert text.count("…") == 2
    assert '<li class="wide"><a href="?page=3">' in text
    assert '<li><a href="?page=10">' in text


def test_the_ends_lead_no_further() -> None:
    assert 'rel="prev"' not in shown(1, 100)
    assert 'rel="next"' not in shown(10, 100)


def test_what_was_asked_stays_in_the_addresses_and_stays_text() -> None:
    text = shown(2, 30, query="?page=2&q=%22%3E%3Cb%3E&topic=a")
    assert 'href="?q=%22%3E%3Cb%3E&amp;topic=a&amp;page=3"' in text
    assert "<b>" not in text


def test_only_the_last_page_of_a_list_cut_short_says_how_to_go_on() -> None:
    said = "条件をしぼって"
    assert said in shown(10, 100, more=True)
    assert said not in shown(9, 100, more=True)
    assert said not in shown(10, 100)


def test_a_list_says_how_many_rows_it_has_and_which_are_shown() -> None:
    def said(page: Page[int], counter: str = "") -> str:
        text = '{% include "site/_counted.html" %}'
        return Template(text).render(Context({"page": page, "unit": "<人>", "counter": counter})).strip()

    assert said(Page(rows=[1], number=1, size=10, total=1, more_than_counted=False)) == "1&lt;人&gt;"
    many = Page(rows=[0] * 10, number=2, size=10, total=10_000, more_than_counted=True)
    assert said(many) == '10,000&lt;人&gt;以上のうち<span class="nb">11〜20件目</span>'
    assert said(many, "<b>").endswith("11〜20&lt;b&gt;</span>")


def test_crumbs_lead_to_every_step_but_the_last_and_stay_text() -> None:
    steps = [("政党<b>", "/parties/?a=1&b=2"), ("甲<i>", None)]
    text = Template("{% load leaf %}{% crumbs steps %}").render(Context({"steps": steps}))
    assert text == (
        '<li><a href="/parties/?a=1&amp;b=2">政党&lt;b&gt;</a></li>\n<li><span aria-current="page">甲&lt;i&gt;</span></li>'
    )
