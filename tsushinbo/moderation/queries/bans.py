"""Reads of bans (投稿の停止)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tsushinbo.accounts.models import User
from tsushinbo.moderation.models import Ban


def in_force(at: datetime) -> QuerySet[Ban]:
    """Every ban that holds at ``at``."""
    return Ban.objects.filter(Q(until=None) | Q(until__gt=at), lifted_at=None)


def is_banned(*, account: User | None = None, network: str = "", at: datetime) -> Ban | None:
    """The ban under which somebody may not write at ``at``, by account or by what accounts.services.network_subject gives; None where there is none."""
    who = Q()
    if account is not None:
        who |= Q(account=account)
    if network:
        who |= Q(network=network)
    return in_force(at).filter(who).order_by("pk").first() if who else None


def banned_among(accounts: Collection[int], at: datetime) -> set[int]:
    """Which of these accounts are banned: one query."""
    found = in_force(at).filter(account__in=accounts).values_list("account_id", flat=True) if accounts else []
    return {number for number in found if number is not None}


def exported(user: User) -> list[dict[str, Any]]:
    """Every ban of an account, for its owner."""
    rows = Ban.objects.filter(account=user).order_by("begins_at", "pk")
    return [dict(row) for row in rows.values("begins_at", "until", "reason", "note", "lifted_at")]


def all_bans() -> QuerySet[Ban]:
    """Every ban on record, the newest first."""
    return Ban.objects.select_related("account", "made_by", "lifted_by").order_by("-begins_at", "pk")
