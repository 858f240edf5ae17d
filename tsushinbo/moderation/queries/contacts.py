"""The contacts that stand beside texts about candidates."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tsushinbo.accounts.models import User
from tsushinbo.moderation.models.contacts import PosterContact
from tsushinbo.moderation.queries.campaigns import CONTACT, held_by


def give_contacts(rows: Iterable[Any], politician: int | None, at: datetime) -> None:
    """Give each of some texts of one kind, all about one politician, its ``contact`` to show at ``at``, "" where there is none.

    They are shown until the polls close: where the politician stands nowhere nothing is read, else one query.
    """
    texts = [row for row in rows if row is not None]
    known: dict[int, str] = {}
    if texts and held_by(CONTACT, [politician], at) is not None:
        kind = type(texts[0])._meta.label_lower
        found = PosterContact.objects.filter(kind=kind, subject_id__in=[text.pk for text in texts])
        known = dict(found.values_list("subject_id", "contact"))
    for text in texts:
        text.contact = known.get(text.pk, "")


def contact_of(subject: Any) -> str:
    """The contact that was given with a text; "" where there is none."""
    return PosterContact.objects.filter(**PosterContact.key_of(subject)).values_list("contact", flat=True).first() or ""


def exported(user: User) -> list[dict[str, str | datetime]]:
    """Every contact that an account gave, for its owner."""
    rows = PosterContact.objects.filter(given_by=user).order_by("given_at", "pk")
    return [{"with": row.kind, "contact": row.contact, "given_at": row.given_at} for row in rows]
