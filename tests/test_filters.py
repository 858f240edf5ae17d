"""Select boxes over lists."""

import pytest

from tsushinbo.filters import Field, Filters, choice

pytestmark = pytest.mark.any_database


def boxes(**asked: str) -> Filters:
    """Two boxes, filled from a query string; the second is offered as links."""
    linked = Field("year", "年", [("", "すべて"), ("2025", "2025年")], as_links=True)
    filters = Filters([choice("party", "所属<政党>", "すべて", [("a&b", "甲<乙>"), ("c", "丙")]), linked])
    filters.read(asked)
    return filters


def test_what_is_chosen_is_selected_and_nothing_else() -> None:
    html = boxes(party="c").html
    assert '<option value="c" selected>丙</option>' in html
    assert html.count(" selected") == 1
    assert '<option value="" selected>すべて</option>' in boxes().html


def test_words_and_values_stay_text() -> None:
    html = boxes(party="a&b").html
    assert '<option value="a&amp;b" selected>甲&lt;乙&gt;</option>' in html
    assert "所属&lt;政党&gt;</label>" in html


def test_a_choice_by_links_is_kept_without_a_box() -> None:
    assert '<input type="hidden" name="year" value="2025">' in boxes(year="2025").html
    assert "year" not in boxes().html


def test_one_choice_is_not_another_visitors() -> None:
    shared = choice("party", "政党", "すべて", [("c", "丙")])
    first, second = Filters([Field("party", "政党", shared.options)]), Filters([Field("party", "政党", shared.options)])
    first.read({"party": "c"})
    assert " selected>丙" in first.html
    assert " selected>丙" not in second.html


def test_what_is_no_option_is_left_out_and_named() -> None:
    filters = boxes(party="x")
    assert (filters.value("party"), filters.refused, filters.active) == (None, ["所属<政党>"], [])
    assert boxes(party="c").active == [("party", "所属<政党>", "丙")]
