"""Laying and weighing evidence shortly."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.accounts.factories import UserFactory
from tsushinbo.accounts.models import User
from tsushinbo.pledges import services
from tsushinbo.pledges.models import Evidence, Pledge, StatusChange
from tsushinbo.pledges.queries import latest_number

# 2026-11-24 12:00 in Tokyo.
AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LATER = AT + timedelta(days=1)
PAGE = {
    "title": "2026年度当初予算の概要",
    "url": "https://www.example.com/budget/",
    "publisher": "見本市",
    "dated_on": date(2026, 3, 24),
    "shows": "半額補助の費用が計上されました。",
}


def editor() -> User:
    """Somebody who may propose and decide."""
    return UserFactory.create(role="editor")


def propose(pledge: Pledge, by: User | None = None, status: str = "started", **rest: Any) -> Evidence:
    """Propose at noon unless ``at`` says otherwise; each page has an address of its own unless one is given."""
    page = {**PAGE, "url": f"{PAGE['url']}{Evidence.objects.count()}"}
    return services.propose_evidence(
        pledge=pledge, by=by or editor(), status=Pledge.Status(status), **{**page, "at": AT, **rest}
    )


def confirm(evidence: Evidence, by: User | None = None, **rest: Any) -> StatusChange:
    """Agree a day later, having read how the pledge stands now."""
    return services.confirm_evidence(
        evidence=evidence, by=by or editor(), **{"seen": latest_number(evidence.pledge), "at": LATER, **rest}
    )


def reject(evidence: Evidence, by: User | None = None, reason: str = "公約の内容と関係がありません。") -> Evidence:
    return services.reject_evidence(evidence=evidence, by=by or editor(), reason=reason, at=LATER)


def settled(pledge: Pledge, status: str = "started", **rest: Any) -> StatusChange:
    """Let a pledge stand as two editors agree."""
    return confirm(propose(pledge, status=status, **rest))


def undo(change: StatusChange, by: User | None = None, reason: str = "資料が訂正されました。") -> StatusChange:
    return services.undo_status_change(change=change, by=by or editor(), reason=reason, at=LATER + timedelta(hours=1))
