"""The random draw at 10,000 and at 1,000,000 pledges: what it takes, how even it is, and that it prefers the least judged.

Both are invented sites (bench.nation), each looked at in a process of its own. A voter without ballots draws, then one with the most ballots.
"Luckiest": how many times its equal share the politician gets whose id lies best, worked out from all ids; the pledges of one
politician have equal chances before their ballots are compared. "Drawn": of the ballots on the drawn pledges, beside those on all pledges of the same owners.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench import nation
from bench.site import environment

SIZES = {
    "10,000": replace(nation.SMALL, pledges=10_000, ballots=100_000, politicians=300, voters=5_000),
    "1,000,000": nation.COUNTRY,
}
DRAWS = 300
GOAL = 3.0


def main() -> None:
    """Print a line for each size, and the ratio of the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draw", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.draw:
        print(json.dumps(_draw()))
        return
    print(
        f"{'pledges':>12}{'draw':>10}{'busy voter':>12}{'luckiest':>10}{'ballots drawn':>15}{'of the same owners':>20}"
    )
    medians = []
    for name, size in SIZES.items():
        place = nation.folder(size)
        command = [sys.executable, "-m", "bench.draws", "--draw", str(place)]
        done = subprocess.run(command, env=environment(place), check=True, capture_output=True)
        found = json.loads(done.stdout)
        medians.append(found["draw"])
        print(
            f"{name:>12}{found['draw'] * 1000:>7.1f} ms{found['busy'] * 1000:>9.1f} ms{found['luckiest']:>8.2f} ×"
            f"{found['drawn']:>15.1f}{found['around']:>20.1f}"
        )
    print(f"time at 1,000,000 ÷ time at 10,000: {medians[1] / medians[0]:.1f} ×; luckiest: goal below {GOAL:g} ×")


def _draw() -> dict[str, float]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django

    django.setup()
    from django.db.models import Avg, Count, F, Q, Value
    from django.db.models.functions import Coalesce

    from tsushinbo.evaluations.models import Ballot
    from tsushinbo.evaluations.queries import draw_pledge, drawing
    from tsushinbo.pledges.models import Pledge

    busy = Ballot.objects.values("voter").annotate(n=Count("pk")).order_by("-n").values_list("voter", flat=True)[0]
    draw_pledge(seed=-1)
    seconds: dict[int | None, list[float]] = {None: [], busy: []}
    drawn = []
    for voter, times in seconds.items():
        for seed in range(DRAWS):
            began = time.perf_counter()
            pledge = draw_pledge(seed=seed, voter=voter)
            times.append(time.perf_counter() - began)
            if pledge is not None and voter is None:
                drawn.append(pledge)
    ballots = Avg(Coalesce(F("tally__good") + F("tally__bad"), Value(0)), default=0.0)
    owners = Q(politician__in={one.politician_id for one in drawn}) | Q(
        party__in={one.party_id for one in drawn} - {None}
    )
    published = Pledge.objects.filter(published=True)
    ids = np.array(
        published.exclude(politician=None).order_by("politician").values_list("politician", flat=True).distinct()
    )
    # A politician is listed when the start lies in the stretch before it in which fewer than OWNERS others are.
    listed = min(drawing.OWNERS, ids.size)
    before = np.concatenate([ids - drawing.IDS, ids])[ids.size - listed : 2 * ids.size - listed]
    return {
        "draw": statistics.median(seconds[None]),
        "busy": statistics.median(seconds[busy]),
        "luckiest": float(np.max((ids - before) / drawing.IDS) * ids.size / listed),
        "drawn": float(published.filter(pk__in=[one.pk for one in drawn]).aggregate(mean=ballots)["mean"]),
        "around": float(published.filter(owners).aggregate(mean=ballots)["mean"]),
    }


if __name__ == "__main__":
    main()
