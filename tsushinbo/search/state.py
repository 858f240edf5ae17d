"""How the index of the search stands beside the tables."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Min, OuterRef
from django.utils import timezone

from tsushinbo.search.engine import engine
from tsushinbo.search.models import DOCUMENTS, Kind, documents_of
from tsushinbo.search.services import COLUMNS, due
from tsushinbo.search.sources import public, said
from tsushinbo.search.watching import missing

# The worker looks twice a second; a large import takes longer.
LATE_AFTER = timedelta(minutes=1)
SAMPLE = 2_000


@dataclass(frozen=True)
class Waiting:
    """Changes that the worker has not looked at yet, and since when the oldest waits."""

    changes: int
    since: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Whether no worker can be running, or it is far behind."""
        return self.since is not None and now - self.since > LATE_AFTER


def waiting(at: datetime) -> Waiting:
    """What waits at ``at``."""
    rows = due(at)
    return Waiting(rows.count(), rows.aggregate(since=Min("at"))["since"])


def counts() -> dict[Kind, int]:
    """How many documents of each kind there are."""
    return {kind: documents_of(kind).count() for kind in DOCUMENTS}


def faults(sample: int = SAMPLE) -> list[str]:
    """What of documents and index is not as the tables say, one line each; what waits to be looked at is none.

    All rows are compared by their keys, and the texts of a random ``sample`` of each kind.
    """
    wrong = [f"{one.table} is not watched" for one in missing()]
    at = timezone.now()
    for kind, documents in DOCUMENTS.items():
        rows = documents_of(kind)
        things = public(kind, at).order_by()
        without = things.filter(~Exists(rows.filter(subject=OuterRef("pk")))).count()
        left = rows.filter(~Exists(things.filter(pk=OuterRef("subject")))).count()
        if without or left:
            wrong.append(f"{kind.value}: {without} have no document, and {left} documents are left over")
        keys = list(rows.values_list("pk", flat=True))
        some = random.sample(keys, min(sample, len(keys)))
        kept = {row[0]: row[1:] for row in rows.filter(pk__in=some).values_list("subject", *COLUMNS)}
        should = said(kind, list(kept), at)
        stale = sum(tuple(vars(should[key]).values()) != kept[key] for key in kept if key in should)
        if stale:
            wrong.append(f"{kind.value}: {stale} of {len(kept)} documents looked at do not say what the tables say")
        wrong += engine().faults(documents, sample)
    return wrong
