"""Reads of the mail queue."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet

from tsushinbo.mail.models import Message

# A mail that is due for longer was seen by no worker.
LATE_AFTER = timedelta(minutes=15)


def waiting() -> QuerySet[Message]:
    """What is neither sent nor given up."""
    return Message.objects.filter(sent_at=None, given_up_at=None)


def due(at: datetime, *, urgent_only: bool = False) -> QuerySet[Message]:
    """What is to be tried at ``at``, in no order yet."""
    messages = waiting().filter(next_try_at__lte=at)
    return messages.filter(urgent=True) if urgent_only else messages


@dataclass(frozen=True)
class QueueState:
    """How the queue stands: what waits, how many of them met a fault, since when the oldest is due, how many were given up of late."""

    waiting: int
    faulty: int
    due_since: datetime | None
    given_up: int
    last_fault: str

    def is_late(self, at: datetime) -> bool:
        """Whether something is due for so long that no worker can be running."""
        return self.due_since is not None and at - self.due_since > LATE_AFTER


def queue_state(at: datetime) -> QueueState:
    """Look at the queue as it stands at ``at``."""
    counts = waiting().aggregate(
        waiting=Count("pk"),
        faulty=Count("pk", filter=~Q(last_fault="")),
        due_since=Min("next_try_at", filter=Q(next_try_at__lte=at)),
    )
    faults = waiting().exclude(last_fault="").order_by("-next_try_at").values_list("last_fault", flat=True)
    return QueueState(
        **counts,
        given_up=Message.objects.filter(given_up_at__isnull=False).count(),
        last_fault=(faults.first() or "") if counts["faulty"] else "",
    )
