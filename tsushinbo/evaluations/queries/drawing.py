"""Drawing a pledge to judge (ランダム評価)."""

import random

from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import for_rows, published


def draw_pledge(*, seed: int | None = None) -> Pledge | None:
    """Return a published pledge."""
    chance = random.Random(seed)  # noqa: S311 - a draw, not a secret
    ids = list(published().order_by("pk").values_list("pk", flat=True)[:100])
    return for_rows(published()).filter(pk=chance.choice(ids)).first() if ids else None
