"""The record: what is written to it, and that nothing of it is ever changed or deleted."""

from datetime import UTC, datetime, timedelta
from unittest.mock import ANY

import pytest
from django.db import DatabaseError, connection, transaction

from tests.accounts.factories import UserFactory
from tests.moderation.factories import waiting_text
from tsushinbo.accounts.membership import close_account
from tsushinbo.accounts.models import User
from tsushinbo.moderation.append_only import OnlyAdded, guard
from tsushinbo.moderation.models import DecisionReason, Deed, LogEntry
from tsushinbo.moderation.services import decide
from tsushinbo.moderation.services.log import digest_of, record

AT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def entry() -> LogEntry:
    with transaction.atomic():
        return record(actor=UserFactory.create(), deed=Deed.ESCALATE, subject=None, kind="test", note="控え", at=AT)


@pytest.mark.django_db
def test_an_entry_says_who_did_what_when_and_why_and_how_long_it_waited() -> None:
    moderator, text = UserFactory.create(), waiting_text(at=AT - timedelta(hours=3))
    decide(item=text, approve=False, by=moderator, reason=DecisionReason.PRIVACY, note="住所の部分です。", at=AT)
    assert LogEntry.objects.values().get() == {
        "id": ANY, "at": AT, "actor_id": moderator.pk, "deed": "reject", "kind": "evaluations.reasontext", "subject_id": text.pk,
        "digest": digest_of(text.text), "reason": "privacy", "note": "住所の部分です。", "state_before": "pending", "state_after": "rejected",
        "waited_seconds": 3 * 3600,
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    "deed",
    [
        lambda row: LogEntry.objects.filter(pk=row.pk).update(note="別の控え"),
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: LogEntry.objects.all().delete(),
        lambda row: LogEntry.objects.all()._raw_delete("default"),
    ],
)
def test_the_database_refuses_to_change_or_delete_an_entry(deed: object) -> None:
    row = entry()
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        deed(row)  # type: ignore[operator]
    assert LogEntry.objects.get().note == "控え"


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL knows no REPLACE")
def test_the_database_refuses_to_replace_an_entry() -> None:
    row = entry()
    columns = [field.column for field in LogEntry._meta.concrete_fields]
    said = ["'別の控え'" if column == "note" else f'"{column}"' for column in columns]
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"REPLACE INTO moderation_logentry ({', '.join(columns)}) SELECT {', '.join(said)} FROM moderation_logentry"
        )
    row.refresh_from_db()
    assert row.note == "控え"


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite's guard was completed later")
def test_a_guard_from_before_is_completed_and_one_that_stands_may_be_given_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER moderation_logentry_not_replaced")
        for statement in [*guard("sqlite", "moderation_logentry"), *guard("sqlite", "moderation_logentry")]:
            cursor.execute(statement)
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'moderation_logentry'")
        assert cursor.fetchone() == (3,)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no TRUNCATE")
def test_the_database_refuses_to_empty_the_record() -> None:
    entry()
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic(), connection.cursor() as cursor:
        # Else the unproved references of this very transaction's rows would keep the table from being emptied.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE moderation_logentry CASCADE")
    assert LogEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_the_guard_stands_in_tests_that_empty_the_database_too(turn: str) -> None:
    """The second finds neither the first's entry nor a database whose guard was forgotten."""
    assert not LogEntry.objects.exists()
    row = entry()
    with pytest.raises(DatabaseError):
        row.delete()


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_written_only_in_the_transaction_of_its_deed() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        record(actor=None, deed=Deed.ESCALATE, subject=None, at=AT)


@pytest.mark.django_db
def test_a_moderator_who_leaves_stays_in_the_record_without_a_name() -> None:
    row = entry()
    moderator = row.actor
    assert moderator is not None
    close_account(user=moderator)
    shell = User.objects.get(pk=moderator.pk)
    assert (shell.is_active, shell.email, LogEntry.objects.get().actor_id) == (False, "", moderator.pk)


def test_a_migration_can_take_the_guard_back_and_writes_its_step() -> None:
    assert OnlyAdded("LogEntry").deconstruct() == ("OnlyAdded", [], {"model_name": "LogEntry"})
    assert OnlyAdded("LogEntry").reversible
