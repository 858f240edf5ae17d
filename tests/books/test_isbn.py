"""One form for the number of a book."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsushinbo.books.isbn import NotAnIsbn, normal, plain_with_check

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    "written",
    ["9784000000017", "978-4-00-000001-7", "ISBN978-4-00-000001-7", "９７８ー４ー００ー０００００１ー７", "4-00-000001-2", " 4000000012 "],
)  # fmt: skip
def test_every_usual_way_of_writing_gives_thirteen_digits(written: str) -> None:
    assert normal(written) == plain_with_check("978400000001")


def test_the_old_form_may_end_in_x() -> None:
    # 0-8044-2957-X is the example of the standard.
    assert normal("0-8044-2957-X") == "9780804429573"


@pytest.mark.parametrize("wrong", ["", "abc", "978400000001", "9774000000017", "97840000000１八", "4000000011"])
def test_what_is_no_isbn_is_refused_in_words(wrong: str) -> None:
    with pytest.raises(NotAnIsbn, match="ISBN"):
        normal(wrong)


@given(st.integers(min_value=0, max_value=10**9 - 1), st.integers(min_value=0, max_value=12), st.integers(1, 9))
def test_one_wrong_digit_never_passes(number: int, place: int, off: int) -> None:
    right = plain_with_check(f"978{number:09}")
    assert normal(right) == right
    wrong = right[:place] + str((int(right[place]) + off) % 10) + right[place + 1 :]
    with pytest.raises(NotAnIsbn):
        normal(wrong)
