"""Reads of the record (記録)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import QuerySet

from tsushinbo.accounts.models import User
from tsushinbo.moderation.models import LogEntry
from tsushinbo.moderation.queries.texts import kinds


@dataclass(frozen=True)
class LogFilter:
    """What the record is narrowed to; "" and None narrow nothing. ``before``: the moment after the last one asked for."""

    deed: str = ""
    kind: str = ""
    reason: str = ""
    actor: int | None = None
    since: datetime | None = None
    before: datetime | None = None


def entries(wanted: LogFilter) -> QuerySet[LogEntry]:
    """The entries that fit, the newest first."""
    rows = LogEntry.objects.select_related("actor").order_by("-at", "-pk")
    asked = {"deed": wanted.deed, "kind": wanted.kind, "reason": wanted.reason, "actor": wanted.actor}
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.before is not None:
        rows = rows.filter(at__lt=wanted.before)
    return rows


def name_members(rows: Collection[LogEntry]) -> None:
    """Give entries about an account (roles, who speaks for a politician) its name, which has no page of its own; one query at most."""
    label = User._meta.label_lower
    about = {row.subject_id for row in rows if row.kind == label and row.subject_id is not None}
    users = User.objects.in_bulk(about) if about else {}
    for row in rows:
        if row.kind == label and (user := users.get(row.subject_id)) is not None:
            row.member_name = user.staff_name


def recorded_kinds() -> dict[str, str]:
    """What entries are about, by app and model, in words: the kinds of text, and every model that declares a ``record_page``."""
    models = [*kinds(), *(model for model in apps.get_models() if hasattr(model, "record_page"))]
    return {model._meta.label_lower: str(model._meta.verbose_name) for model in models}


COLUMNS = (
    "at", "actor", "deed", "kind", "subject", "digest", "reason", "note", "state_before", "state_after", "waited_hours",
)  # fmt: skip


def exported(wanted: LogFilter) -> Iterator[list[str]]:
    """The head, then a line for each entry that fits. Times are UTC."""
    yield list(COLUMNS)
    for row in entries(wanted).iterator(chunk_size=500):
        waited = timedelta(seconds=row.waited_seconds) / timedelta(hours=1) if row.waited_seconds is not None else None
        yield [
            row.at.isoformat(), row.actor.username if row.actor else "", row.deed, row.kind, str(row.subject_id or ""), row.digest,
            row.reason, row.note, row.state_before, row.state_after, "" if waited is None else f"{waited:.2f}",
        ]  # fmt: skip
