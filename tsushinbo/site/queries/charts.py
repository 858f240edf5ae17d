"""Charts as numbers: where the pieces of a histogram of 偏差値 lie, and the same in words."""

from dataclasses import dataclass

from tsushinbo.evaluations.queries.runs import Current
from tsushinbo.rankings.models import Population
from tsushinbo.scoring.histogram import Histogram

# Heights in pixels: the floor, and how far the tallest bar rises above it. Positions across are percent of the width.
FLOOR, RISE = 196, 152
GAP = 0.4


@dataclass(frozen=True)
class Bar:
    """One bin: from ``low`` to below ``high`` (the first also holds what is lower, the last what is higher), and its rectangle."""

    words: str
    count: int
    own: bool
    x: str
    width: str
    y: str
    height: str


@dataclass(frozen=True)
class Label:
    """A number under the axis."""

    x: str
    anchor: str
    text: str


@dataclass(frozen=True)
class Mark:
    """Who is pointed out, and the band of the 95% interval."""

    name: str
    value: float
    x: str
    anchor: str
    band_x: str
    band_width: str


@dataclass(frozen=True)
class Chart:
    """The histogram of a population in one run."""

    key: str
    title: str
    description: str
    bars: list[Bar]
    labels: list[Label]
    mean_x: str
    mean_anchor: str
    mark: Mark | None
    unit: str
    members: int


def chart(
    run: Current,
    population: Population,
    *,
    mark: tuple[str, float] | None = None,
    band: tuple[float, float] | None = None,
) -> Chart:
    """Lay out the histogram of ``population``; ``mark`` is a name with its 偏差値, ``band`` the interval of it."""
    low, high, width = (float(end) for end in run.parameters["scores"]["histogram"])
    counted = Histogram(low, width, tuple(run.histograms[population.value]))
    unit = "党" if population is Population.PARTY else "人"
    own = counted.bin_of(mark[1]) if mark else None
    tallest = max(max(counted.counts), 1)
    step = 100 / len(counted.counts)
    bars = []
    for number, (start, end, count) in enumerate(counted.bins):
        height = RISE * count / tallest
        bars.append(
            Bar(
                words=_words(number, start, end, len(counted.counts)),
                count=count,
                own=number == own,
                x=f"{number * step + GAP:.2f}",
                width=f"{step - 2 * GAP:.2f}",
                y=f"{FLOOR - height:.1f}",
                height=f"{height:.1f}",
            )
        )

    def across(value: float) -> float:
        return min(max((value - low) / (high - low) * 100, 0.0), 100.0)

    numbers = range(int(low), int(high) + 1, 10)
    labels = [Label(f"{across(number):.2f}", _anchor(across(number), 1), str(number)) for number in numbers]
    members = run.ruler.populations[population.value].members
    most = max(bars, key=lambda bar: bar.count)
    description = (
        f"{members}{unit}の偏差値を{width:g}点きざみで数えた柱状図。{most.words}が{most.count}{unit}で最も多い。"
    )
    pointed = None
    if mark and band:
        left, right = across(band[0]), across(band[1])
        here = across(mark[1])
        pointed = Mark(
            mark[0], mark[1], f"{here:.2f}", _anchor(here, 25), f"{left:.2f}", f"{max(right - left, 0.2):.2f}"
        )
        description += (
            f"{mark[0]}は{mark[1]:.1f}で、{bars[own or 0].words}の区間に入る。"
            f"95%の範囲は{band[0]:.1f}から{band[1]:.1f}。"
        )
    return Chart(
        key=population.value,
        title=f"{population.label}の偏差値の分布図",
        description=description,
        bars=bars,
        labels=labels,
        mean_x=f"{across(50):.2f}",
        # On the side where the line of the mark does not cross the words.
        mean_anchor="start" if mark and mark[1] < 50 else "end",
        mark=pointed,
        unit=unit,
        members=members,
    )


def _words(number: int, start: float, end: float, bins: int) -> str:
    if number == 0:
        return f"{end:g}未満"
    return f"{start:g}以上" if number == bins - 1 else f"{start:g}以上{end:g}未満"


def _anchor(x: float, margin: float) -> str:
    """How a text at ``x`` stays inside: it begins there near the left edge, and ends there near the right."""
    if x < margin:
        return "start"
    return "end" if x > 100 - margin else "middle"
