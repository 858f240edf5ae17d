"""What pages show of the contacts of who posted, and of what election law says to who writes."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils import timezone

from tsushinbo.moderation.contacts import leads_to
from tsushinbo.moderation.queries.campaigns import Hold, held_by
from tsushinbo.moderation.queries.contacts import give_contacts

register = template.Library()
register.filter(leads_to)


@register.simple_tag
def attach_contacts(rows: Iterable[Any], politician: int | None, through: str = "") -> str:
    """Give each of some texts about a politician its ``contact`` to show; return "". through: the attribute of each row that holds the text."""
    give_contacts([getattr(row, through) if through else row for row in rows], politician, timezone.now())
    return ""


@register.simple_tag
def held(politician: int | None, rule: str) -> Hold | None:
    """The hold by a rule on a politician now; None where there is none."""
    return held_by(rule, [politician], timezone.now())
