"""Public ids: ten characters, there and back."""

import pytest
from django.urls import reverse
from django.urls.converters import get_converters
from hypothesis import given
from hypothesis import strategies as st

from tsushinbo import addresses


@given(st.integers(0, (1 << addresses.BITS) - 1))
def test_every_id_reads_back(number: int) -> None:
    text = addresses.encode(number)
    assert len(text) == addresses.LENGTH
    assert addresses.decode(text) == number


@pytest.mark.parametrize("text", ["", "random", "0123456789a", "ABCDEFGHJK", "012345678i", "0123456789\n"])
def test_other_text_is_no_id(text: str) -> None:
    with pytest.raises(ValueError, match="is not an id"):
        addresses.decode(text)


@pytest.mark.parametrize("number", [-1, 1 << 50])
def test_numbers_out_of_range_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="not an id"):
        addresses.encode(number)


def test_a_derived_id_stays_the_same_for_ever() -> None:
    # Written down once: a change would break every address of imported rows.
    assert addresses.encode(addresses.derived_id("politician", "p-hc-7007006")) == "ac1nwz1mfz"


@pytest.mark.parametrize("number", [0, 1, (1 << 50) - 1])
def test_the_address_of_a_page_is_what_django_would_say(number: int) -> None:
    assert addresses.page("site:politician-pledges", number) == reverse("site:politician-pledges", args=[number])


def test_the_patterns_can_be_loaded_again_after_a_failure() -> None:
    addresses.register()
    addresses.register()
    assert isinstance(get_converters()["id"], addresses.IdConverter)
