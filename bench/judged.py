"""How well the search orders what it finds: nDCG@10 of 100 judged queries (tests/search/judged.md) on the bundled data, in SQLite."""

import csv
import math
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from bench.site import data_folder, environment

JUDGED = Path(__file__).parents[1] / "tests" / "search" / "judged.tsv"
SHOWN = 10
# The mean over all queries when it was last measured; it may not fall (tests/search/test_judged.py).
RECORDED = 0.9177


@dataclass(frozen=True, eq=False)
class Query:
    """What was typed, the kind it is judged within, and the grades (1 to 3) of what it should find, by the keys of the bundle."""

    typed: str
    kind: str
    grades: dict[str, int]


def queries() -> list[Query]:
    """The judged queries in the order of the file."""
    grades: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    with JUDGED.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            grades[row["query"], row["kind"]][row["key"]] = int(row["grade"])
    return [Query(typed, kind, found) for (typed, kind), found in grades.items()]


def ndcg(found: Sequence[Any], grades: dict[Any, int]) -> float:
    """The gain of the first ten against that of the best order, 0 to 1: (2^grade - 1) / log2(1 + place), places from 1.

    Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, 2002, with the exponential gain of Burges et al., 2005.
    """
    return _gain(grades.get(key, 0) for key in found[:SHOWN]) / _gain(sorted(grades.values(), reverse=True)[:SHOWN])


def measure() -> dict[Query, float]:
    """The nDCG@10 of each query on the database Django is set up with, which holds the bundle and its index."""
    return {query: ndcg(_first(query), _by_id(query)) for query in queries()}


def _gain(grades: Iterable[int]) -> float:
    return sum((2**grade - 1) / math.log2(2 + place) for place, grade in enumerate(grades))


def _first(query: Query) -> list[Any]:
    """What the page of the search shows first; a postcode has its places above everything else."""
    from tsushinbo.search import words
    from tsushinbo.search.models import Kind
    from tsushinbo.search.queries import areas_of, find

    asked, kind = words.read(query.typed), Kind(query.kind)
    if kind == Kind.AREAS and asked.postcode:
        return [area.pk for area in areas_of(asked.postcode)]
    return list(find(kind, asked).keys[:SHOWN])


def _by_id(query: Query) -> dict[Any, int]:
    """The grades by the ids of the rows that the bundle's keys become. Raises LookupError for a key that is not on record."""
    from tsushinbo.addresses import derived_id
    from tsushinbo.people.models import Area, Identifier, Party
    from tsushinbo.pledges.models import Pledge

    ids: dict[str, Any]
    if query.kind == "politicians":
        # Two tables may name one person by two keys.
        ids = dict(Identifier.objects.filter(value__in=query.grades).values_list("value", "politician"))
    elif query.kind == "areas":
        ids = {code: code for code in Area.objects.filter(code__in=query.grades).values_list("code", flat=True)}
    else:
        model, name = (Party, "party") if query.kind == "parties" else (Pledge, "pledge")
        derived = {derived_id(name, key): key for key in query.grades}
        ids = {derived[pk]: pk for pk in model.objects.filter(pk__in=derived).values_list("pk", flat=True)}
    if missing := query.grades.keys() - ids.keys():
        raise LookupError(f"{query.typed}: {', '.join(sorted(missing))} not on record")
    return {ids[key]: grade for key, grade in query.grades.items()}


def _print() -> int:
    """Print a row a kind, the worst queries, and the mean; 1 when it fell."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tsushinbo.config.settings"
    django.setup()
    from tsushinbo.search.services import catch_up

    catch_up()
    measured = measure()
    for kind in dict.fromkeys(query.kind for query in measured):
        some = [value for query, value in measured.items() if query.kind == kind]
        print(f"{kind:<12} {len(some):>4} queries   nDCG@10 {fmean(some):.3f}")
    mean = fmean(measured.values())
    print(f"{'all':<12} {len(measured):>4} queries   nDCG@10 {mean:.4f}, recorded {RECORDED:.4f}")
    worst = sorted(measured.items(), key=lambda one: one[1])[:10]
    print("furthest from the best order: " + ", ".join(f"{query.typed} {value:.2f}" for query, value in worst))
    return int(round(mean, 4) < RECORDED)


def main() -> int:
    """Measure in a database of its own, or in that of the environment with ``--here``."""
    if "--here" in sys.argv:
        return _print()
    with data_folder() as folder:
        again = [sys.executable, "-m", "bench.judged", "--here"]
        return subprocess.run(again, env=environment(folder), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
