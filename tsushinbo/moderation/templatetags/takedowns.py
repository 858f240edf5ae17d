"""What a visitor is asked about their own texts, for rooms above: shown beside the texts of who writes without an account."""

from typing import Any

from django import template

from tsushinbo.moderation.models.takedowns import Takedown
from tsushinbo.moderation.queries.takedowns import inquiries_to

register = template.Library()


@register.simple_tag(takes_context=True)
def inquiries_about(context: dict[str, Any], kind: str) -> list[Takedown]:
    """The inquiries that wait for the answer of who asks, about their texts of ``kind``. Only for answers that are theirs alone."""
    return inquiries_to(context["request"], kind)
