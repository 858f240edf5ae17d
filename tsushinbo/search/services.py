"""Keeping the documents of the search as the tables say."""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import astuple
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone

from tsushinbo.activities.models import ActivityReport
from tsushinbo.books.models import BookLink
from tsushinbo.people.models import Area, Term
from tsushinbo.pledges.models import Pledge
from tsushinbo.search.engine import engine
from tsushinbo.search.models import DOCUMENTS, Change, Document, Kind, documents_of
from tsushinbo.search.sources import public, said

# Changes looked at in one transaction: some 30 ms in which others wait to write in SQLite.
AT_ONCE = 50
TRY_AGAIN = timedelta(minutes=1)
COLUMNS = ("title", "body", "names", "facets", "shown_at")
# Of all who index, one at a time: who looked earlier must not write later.
LOCK = 6_021_953
logger = logging.getLogger(__name__)


def catch_up(*, most: int | None = None) -> int:
    """Look at what changed again, in short transactions, until nothing waits (or ``most`` changes were taken); return how many were taken.

    A change is taken out in the transaction that brings its documents up to date, so none is lost. One that cannot be worked out is logged
    and tried again in a minute, and keeps none of the others waiting.
    """
    taken = 0
    while most is None or taken < most:
        rows = list(due(timezone.now())[:AT_ONCE])
        if not rows:
            break
        try:
            done = _take(rows)
        except Exception:
            logger.exception("search: a batch of changes failed; they are looked at one by one")
            done = sum(map(_alone, rows))
        if not done:
            break
        taken += done
    return taken


def refresh_all(tell: Callable[[str], None] = lambda _: None) -> int:
    """Look at every thing and every document anew, while the site serves; return how many documents were not as they should be."""
    wrong = 0
    for kind in Kind:
        at, before = timezone.now(), wrong
        # Keys are read at once: while a cursor is open over many transactions, SQLite cannot take its log into the file, and each is slower than the last.
        for keys in batched(list(public(kind, at).values_list("pk", flat=True)), AT_ONCE):
            wrong += _refresh_locked(kind, keys)
        documents = documents_of(kind).order_by("pk")
        # What is public was looked at just now; there may be documents of what is not.
        others = documents.filter(~Exists(public(kind, at).filter(pk=OuterRef("subject")).order_by()))
        for keys in batched(list(others.values_list("subject", flat=True)), AT_ONCE):
            wrong += _refresh_locked(kind, keys)
        tell(f"{kind.value}: {documents.count():,} documents, {wrong - before:,} of them brought up to date")
    return wrong


def rebuild(tell: Callable[[str], None] = lambda _: None) -> None:
    """Make index and documents anew, while the site serves.

    The index first: where it is broken the database refuses to write a document of that kind. It follows the documents by itself.
    """
    for kind, documents in DOCUMENTS.items():
        engine().rebuild(documents)
        tell(f"{kind.value}: index made anew")
    refresh_all(tell)


def due(at: datetime) -> models.QuerySet[Change]:
    """The changes to be looked at by ``at``, the oldest first."""
    return Change.objects.filter(Q(not_before=None) | Q(not_before__lte=at)).order_by("pk")


def _lock() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _take(rows: Collection[Change]) -> int:
    """Bring up to date what some changes are about, and take them out."""
    with transaction.atomic():
        _lock()
        # Not before the lock: whoever had it may have looked at a later moment.
        at = timezone.now()
        keys: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            keys[row.what].add(row.key)
        for kind, some in _concerned(keys):
            _refresh(kind, some, at)
        _later(keys["report"], at)
        Change.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _alone(row: Change) -> int:
    """The same with one change; 0 where it could not be done."""
    try:
        return _take([row])
    except Exception:
        logger.exception("search: %s could not be looked at; it is tried again", row)
        Change.objects.filter(pk=row.pk).update(not_before=timezone.now() + TRY_AGAIN)
        return 0


def _concerned(keys: dict[str, Any]) -> Iterator[tuple[Kind, Iterable[Any]]]:
    """The things whose documents a change concerns. Where these may be many, changes of their own are written, for the next rounds."""
    if people := keys["politician"]:
        yield Kind.POLITICIANS, people
        _spread("pledge", Pledge.objects.filter(politician__in=people))
        _spread("report", ActivityReport.objects.filter(politician__in=people))
    if parties := keys["party"]:
        yield Kind.PARTIES, parties
        _spread("pledge", Pledge.objects.filter(party__in=parties))
    if places := keys["area"]:
        within = Area.objects.filter(Q(pk__in=places) | Q(prefecture__in=places))
        yield Kind.AREAS, {*places, *within.values_list("pk", flat=True)}
        terms = Term.objects.filter(Q(area__in=places) | Q(prefecture__in=places)).order_by()
        _spread("politician", terms, column="politician_id")
    if elections := keys["election"]:
        _spread("pledge", Pledge.objects.filter(election__in=elections))
    if pledges := keys["pledge"]:
        yield Kind.PLEDGES, pledges
        _spread("report", ActivityReport.objects.filter(pledge__in=pledges))
        _spread("book", BookLink.objects.filter(pledge__in=pledges, book__isnull=False), column="book_id")
    if reports := keys["report"]:
        yield Kind.REPORTS, reports
        _spread("book", BookLink.objects.filter(report__in=reports, book__isnull=False), column="book_id")
    if books := keys["book"]:
        yield Kind.BOOKS, books


def _spread(what: str, rows: models.QuerySet[Any], *, column: str = "pk") -> None:
    """Let something be looked at in a later round. The database copies the keys itself: a party may have 100,000 pledges."""
    columns = {
        "of": models.Value(what, models.CharField()),
        "this": Cast(column, models.CharField(max_length=20)),
        "when": models.Value(timezone.now(), models.DateTimeField()),
    }
    chosen, values = rows.order_by().annotate(**columns).values_list(*columns).distinct().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO search_change (what, key, at) {chosen}", values)


def _later(reports: Collection[Any], at: datetime) -> None:
    """Remember the reports that are approved and come out later."""
    rows = ActivityReport.objects.filter(pk__in=reports, state=ActivityReport.State.APPROVED, publish_at__gt=at)
    Change.objects.bulk_create(
        [
            Change(what="report", key=str(key), at=when, not_before=when)
            for key, when in rows.values_list("pk", "publish_at")
        ]
    )


def _refresh_locked(kind: Kind, keys: Iterable[Any]) -> int:
    with transaction.atomic():
        _lock()
        return _refresh(kind, keys, timezone.now())


def _refresh(kind: Kind, keys: Iterable[Any], at: datetime) -> int:
    """Write what differs of the documents of some things; return how many did. What is public anew gets a new id, at the end."""
    documents: Any = DOCUMENTS[kind]
    to_key = documents._meta.get_field("subject").target_field.to_python
    wanted = {to_key(key) for key in keys}
    should = said(kind, wanted, at)
    gone, differing = [], []
    for row in documents._default_manager.filter(subject__in=wanted):
        what = should.pop(row.subject_id, None)
        if what is None:
            gone.append(row.pk)
        elif astuple(what) != tuple(getattr(row, column) for column in COLUMNS):
            for column in COLUMNS:
                setattr(row, column, getattr(what, column))
            differing.append(row)
    # In the order in which they became public, which their ids keep; of those that did together as the lists have them.
    new = sorted(sorted(should.items(), reverse=True), key=lambda item: item[1].shown_at)
    _write(documents, gone, differing, [documents(subject_id=key, **vars(what)) for key, what in new])
    return len(gone) + len(differing) + len(new)


def _write(documents: type[Document], gone: list[int], differing: list[Document], new: list[Document]) -> None:
    if gone:
        documents._default_manager.filter(pk__in=gone).delete()
    if differing:
        # Many times faster than bulk_update, whose one statement has a branch for each row and column.
        changed = ", ".join(f"{column} = %s" for column in COLUMNS)
        fields: list[Any] = [documents._meta.get_field(column) for column in COLUMNS]
        rows = [
            (*(field.get_db_prep_save(getattr(row, field.name), connection) for field in fields), row.pk)
            for row in differing
        ]
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {documents._meta.db_table} SET {changed} WHERE id = %s", rows)  # noqa: S608
    if new:
        documents._default_manager.bulk_create(new)
