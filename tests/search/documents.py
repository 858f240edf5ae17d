"""Documents to search, written by hand: the real pledges and names of the bundle, and invented ones made of their words."""

import csv
import random
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import tsushinbo
from tsushinbo.japanese.runs import folded_runs
from tsushinbo.search.models import PledgeDocument

DATA = Path(tsushinbo.__file__).parent / "data"
AT = datetime(2026, 6, 1, tzinfo=UTC)
INVENTED = 1_500


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@cache
def texts() -> list[tuple[str, str, str]]:
    """Title, text and name of each: the real pledges first, then the invented ones. Always the same."""
    pledges = _rows(DATA / "pledges.csv") + [
        row for path in sorted((DATA / "headline").glob("*.csv")) for row in _rows(path)
    ]
    names = [f"{row['name']} {row['kana']}" for row in _rows(DATA / "people.csv")]
    chance = random.Random(6)  # noqa: S311 - the same every time
    real = [(row["title"], row["text"], chance.choice(names)) for row in pledges]
    invented = []
    for _ in range(INVENTED):
        cut = [
            chance.choice(real)[n][at : at + chance.randint(2, 40)] for n in (0, 1, 1) for at in [chance.randint(0, 30)]
        ]
        invented.append((cut[0] or "見本", "、".join(cut), chance.choice(names)))
    return real + invented


def document(number: int, title: str, body: str, names: str, *, facets: str = "") -> PledgeDocument:
    """A document that is not saved yet. number: of the pledge that is not there."""
    return PledgeDocument(
        subject_id=number, title=folded_runs(title), body=folded_runs(body),
        names=" ".join(map(folded_runs, names.split())), facets=facets, shown_at=AT,
    )  # fmt: skip
