"""The methodology page quotes the attacks that holding does not stop with the figures that were measured."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).parents[2]


def test_every_figure_of_what_remains_is_the_measured_one() -> None:
    page = (ROOT / "tsushinbo/site/templates/site/_method_holds.html").read_text(encoding="utf-8")
    measured = (ROOT / "docs/scoring.md").read_text(encoding="utf-8")
    remains = measured[measured.index("**What remains**") : measured.index("## Where each threshold")]
    places = re.findall(r"(\d+)位[と）]", page)
    assert len(places) >= 7
    assert sorted(places) == sorted(re.findall(r"\((\d+) places", remains))
    assert re.findall(r"(\d+)%が確認中", page) == re.findall(r"(\d+)% is held", remains)
