"""Where the pieces of a histogram lie."""

import pytest

from tests import scored
from tsushinbo.evaluations.queries.runs import Current, current
from tsushinbo.rankings.models import Population
from tsushinbo.site.queries.charts import FLOOR, RISE, chart

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Current:
    scored.score(*scored.judged_politicians(22))
    found = current()
    assert found is not None
    return found


def test_bars_hold_every_member_once(run: Current) -> None:
    drawn = chart(run, Population.DIET)
    assert sum(bar.count for bar in drawn.bars) == drawn.members == 22
    assert [bar.words for bar in drawn.bars][:2] == ["25未満", "25以上30未満"]
    assert drawn.bars[-1].words == "75以上"
    assert drawn.mark is None


@pytest.mark.parametrize(("value", "side"), [(46.1, "start"), (49.99, "start"), (50.0, "end"), (62.1, "end")])
def test_the_word_for_the_mean_stands_where_the_line_of_the_mark_is_not(run: Current, value: float, side: str) -> None:
    assert chart(run, Population.DIET, mark=("見本太郎さん", value), band=(40, 60)).mean_anchor == side
    assert chart(run, Population.DIET).mean_anchor == "end"


def test_bars_are_as_high_as_their_counts(run: Current) -> None:
    drawn = chart(run, Population.DIET)
    tallest = max(bar.count for bar in drawn.bars)
    for bar in drawn.bars:
        assert float(bar.height) == pytest.approx(RISE * bar.count / tallest, abs=0.06)
        assert float(bar.y) + float(bar.height) == pytest.approx(FLOOR, abs=0.11)


@pytest.mark.parametrize(
    ("value", "own", "x", "anchor"),
    [(50.0, 6, "50.00", "middle"), (49.9, 5, "49.83", "middle"), (12.0, 0, "0.00", "start"), (91.0, 11, "100.00", "end"), (32.0, 2, "20.00", "start"), (68.0, 9, "80.00", "end")],
)  # fmt: skip
def test_own_bin_is_marked_and_the_name_stays_inside(run: Current, value: float, own: int, x: str, anchor: str) -> None:
    drawn = chart(run, Population.DIET, mark=("見本太郎さん", value), band=(value - 5, value + 5))
    assert [number for number, bar in enumerate(drawn.bars) if bar.own] == [own]
    assert drawn.mark is not None
    assert (drawn.mark.x, drawn.mark.anchor) == (x, anchor)
    assert 0 <= float(drawn.mark.band_x) <= float(drawn.mark.band_x) + float(drawn.mark.band_width) <= 100.2
    assert f"見本太郎さんは{value:.1f}で、{drawn.bars[own].words}の区間に入る。" in drawn.description
