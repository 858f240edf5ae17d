"""Files of election offices between their upload and their import: kept with who sent them, and thrown away after a day."""

import hashlib
import zlib
from datetime import datetime, timedelta

from django.db import transaction

from tsushinbo.accounts.models import User
from tsushinbo.elections.services import Source
from tsushinbo.importers.counts.plan import Plan
from tsushinbo.importers.counts.run import import_count, preview
from tsushinbo.importers.models import CountFile

KEPT = timedelta(days=1)
MOST_BYTES = 8 * 1024 * 1024


@transaction.atomic
def keep_file(*, uploader: User, name: str, data: bytes, ignore_unknown: bool, reason: str, at: datetime) -> CountFile:
    """Keep a file to be looked at, once it could be opened. Raises Unusable with a Japanese reason."""
    preview(data, at=at, reason=reason, ignore_unknown=ignore_unknown)
    CountFile.objects.filter(uploaded_at__lt=at - KEPT).delete()
    return CountFile.objects.create(
        uploader=uploader,
        name=name.replace("\x00", "")[-200:] or "（名前なし）",
        digest=hashlib.sha256(data).hexdigest(),
        packed=zlib.compress(data, 3),
        ignore_unknown=ignore_unknown,
        reason=reason,
        uploaded_at=at,
    )


def data_of(file: CountFile) -> bytes:
    """What was uploaded."""
    return zlib.decompress(bytes(file.packed))


def plan_of_file(file: CountFile, *, at: datetime) -> Plan:
    """What its import would do now."""
    return preview(data_of(file), at=at, reason=file.reason, ignore_unknown=file.ignore_unknown)


def ask_otherwise(file: CountFile, *, ignore_unknown: bool, reason: str) -> bool:
    """Look at the file under other conditions; return whether they differ."""
    if (file.ignore_unknown, file.reason) == (ignore_unknown, reason):
        return False
    file.ignore_unknown, file.reason = ignore_unknown, reason
    file.save(update_fields=["ignore_unknown", "reason"])
    return True


def import_file(
    file: CountFile, *, seen: str, actor: User, role: str, at: datetime, days_are_right: bool = False
) -> Plan:
    """Import it as it was looked at, and throw it away. Raises CountMoved where what is on record changed since, and DayInDoubt."""
    source = Source(actor=actor, role=role, file=file.name, digest=file.digest)
    plan = import_count(
        data_of(file), source=source, at=at, reason=file.reason, ignore_unknown=file.ignore_unknown, seen=seen,
        days_are_right=days_are_right,
    )  # fmt: skip
    file.delete()
    return plan
