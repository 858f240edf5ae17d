"""What pages of other rooms show of this one: the button that follows, and how much is unread."""

from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser

from tsushinbo.accounts.models import User
from tsushinbo.notices.models import Subject
from tsushinbo.notices.queries import COUNTED, unread_count

register = template.Library()


@register.inclusion_tag("notices/_follow.html")
def follow_button(subject: str, number: int | str) -> dict[str, Any]:
    """The button as everybody sees it; with script it asks at once whether this visitor follows already. number: the key, of an area its code."""
    return {"subject": Subject(subject), "number": int(number), "following": False, "personal": False}


@register.simple_tag
def unread(user: User | AnonymousUser) -> str:
    """How much a person has not read; "" for nothing and nobody."""
    if not isinstance(user, User):
        return ""
    # A page says it in its head and in its body; the account of a request is one object.
    count: int | None = getattr(user, "unread_notices", None)
    if count is None:
        count = unread_count(user)
        user.unread_notices = count  # type: ignore[attr-defined] # kept with the request
    return "" if not count else f"{COUNTED - 1}+" if count >= COUNTED else str(count)
