"""docs/scoring.md states every parameter with its value, and the weights in their formula."""

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from tsushinbo.scoring.method import METHOD

pytestmark = pytest.mark.any_database

TEXT = (Path(__file__).parents[2] / "docs" / "scoring.md").read_text()


def test_every_parameter_is_stated_with_its_value() -> None:
    stated = dict(re.findall(r"^\| `([a-z_]+)` \| (\S[^|]*\S|\S) \|", TEXT, re.MULTILINE))
    known = {name: str(value) for name, value in asdict(METHOD.scores).items() if name != "populations"}
    assert {name: stated.get(name) for name in known} == known


def test_every_population_is_listed() -> None:
    for name, _ in METHOD.scores.populations:
        assert f"`{name}`" in TEXT


def test_the_formula_of_the_total_has_the_weights() -> None:
    formula = next(line for line in TEXT.splitlines() if line.strip().startswith("T = 0"))
    assert [float(number) for number in re.findall(r"0\.\d+", formula)] == list(METHOD.scores.weights)


def test_every_test_that_is_named_exists() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parents[1].rglob("test_*.py"))
    named = set(re.findall(r"`(test_[a-z0-9_]+)`", TEXT))
    assert len(named) > 10
    assert not {name for name in named if f"def {name}(" not in tests}
