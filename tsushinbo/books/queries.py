"""What pages read of books."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from tsushinbo.accounts.models import User
from tsushinbo.activities.models import ActivityReport
from tsushinbo.activities.queries import public
from tsushinbo.books.models import Book, BookLink
from tsushinbo.people.models import Politician
from tsushinbo.pledges.models import Pledge

type Target = Politician | Pledge | ActivityReport

SHOWN = 6
SUGGESTED = 8
State = BookLink.State


def target_column(target: Target) -> str:
    """The column of BookLink that names the target."""
    return {Politician: "politician", Pledge: "pledge", ActivityReport: "report"}[type(target)]


def related_books(target: Target) -> list[BookLink]:
    """The books shown on a page, those chosen first in front: up to SHOWN, in one query."""
    links = BookLink.objects.filter(**{target_column(target): target}, state=State.APPROVED, book__isnull=False)
    return list(links.select_related("book").order_by("decided_at", "pk")[:SHOWN])


def shown_books() -> QuerySet[Book]:
    """Books that stand on a page, the newest first."""
    return Book.objects.filter(pk__in=BookLink.objects.filter(state=State.APPROVED).values("book"))


def public_links(at: datetime) -> QuerySet[BookLink]:
    """The links of books to pages that everybody may read at ``at``."""
    readable = Q(report=None) | public(at, "report__")
    return BookLink.objects.filter(readable, Q(pledge=None) | Q(pledge__published=True), state=State.APPROVED)


def places_of(book: Book) -> list[BookLink]:
    """The links of a book to pages that everybody may read."""
    return list(
        public_links(timezone.now())
        .filter(book=book)
        .select_related("politician", "pledge", "report", "report__politician")
        .order_by("decided_at", "pk")[:50]
    )


def suggestions(target: Target) -> list[Book]:
    """Books on record that may have to do with the target as well, and are not proposed for it: those whose title or writers name the
    politician, and those of pledges with the same policy area (政策分野) or of the same owner. Up to SUGGESTED.
    """
    person, pledge = _person_and_pledge(target)
    near = Q()
    if person is not None:
        near |= Q(title__contains=person.name) | Q(creators__contains=person.name) | Q(links__politician=person)
        if person.family_name and person.given_name:
            near |= Q(creators__contains=f"{person.family_name} {person.given_name}")
    if pledge is not None:
        near |= Q(links__pledge__policy_area=pledge.policy_area_id)
    if not near:
        return []
    proposed = BookLink.objects.filter(**{target_column(target): target}).values("isbn")
    found = shown_books().filter(near).exclude(pk__in=proposed).distinct()
    return list(found.order_by("-added_at", "isbn")[:SUGGESTED])


def _person_and_pledge(target: Target) -> tuple[Politician | None, Pledge | None]:
    if isinstance(target, Politician):
        return target, None
    if isinstance(target, Pledge):
        return target.politician, target
    return target.politician, target.pledge


def exported(user: User) -> list[dict[str, Any]]:
    """What an account proposed, for its download."""
    links = BookLink.objects.filter(author=user).order_by("submitted_at", "pk")
    return [
        {
            "isbn": link.isbn,
            "title": link.title,
            "why": link.why,
            "for": {name: getattr(link, f"{name}_id") for name in BookLink.TARGETS if getattr(link, f"{name}_id")},
            "state": link.state,
            "submitted_at": link.submitted_at.isoformat(),
            "decision_reason": link.decision_reason,
            "decision_note": link.decision_note,
        }
        for link in links
    ]
