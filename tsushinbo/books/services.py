"""Writes of books: proposing one for a page, and what comes of it."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import holds_role
from tsushinbo.accounts.roles import Role
from tsushinbo.accounts.services import count_use
from tsushinbo.books.errors import AlreadyLinked, WasRefused
from tsushinbo.books.lookup import Facts
from tsushinbo.books.models import Book, BookLink
from tsushinbo.books.queries import Target, target_column
from tsushinbo.moderation.models import Deed
from tsushinbo.moderation.services import refuse_banned
from tsushinbo.moderation.services.campaigns import refuse_to_publish
from tsushinbo.moderation.services.log import record

State = BookLink.State


def propose_book(
    *, target: Target, facts: Facts, why: str, author: User, at_once: bool = False, at: datetime
) -> BookLink:
    """Propose a book for a page; what an editor proposes ``at_once`` is chosen with it and public.

    Raises AlreadyLinked, WasRefused, moderation's Banned, PollingDay and WaitsForPolls, and accounts.services.TooMany.
    """
    column = target_column(target)
    try:
        with transaction.atomic():
            refuse_banned(account=author, at=at)
            count_use({f"book:{author.pk}": settings.RATE_BOOKS_PER_ACCOUNT}, at=at)
            earlier = BookLink.objects.filter(**{column: target}, isbn=facts.isbn).first()
            if earlier is not None:
                raise AlreadyLinked if earlier.state in {State.PENDING, State.APPROVED} else WasRefused
            chosen = at_once and holds_role(author, Role.EDITOR, Role.ADMINISTRATOR)
            link = BookLink(
                **{column: target},
                isbn=facts.isbn,
                title=facts.title,
                creators=facts.creators,
                publisher=facts.publisher,
                published=facts.published,
                source=facts.source,
                why=why,
                author=author,
                submitted_at=at,
            )
            if chosen:
                refuse_to_publish(link, at)
                link.state, link.decided_at, link.decided_by = State.APPROVED, at, author
            link.save(force_insert=True)
            if chosen:
                take_into_record(item=link, by=author, at=at)
                record(actor=author, deed=Deed.APPROVE, subject=link, at=at, after=State.APPROVED)
            return link
    except IntegrityError as fault:
        # Two proposed it in the same moment.
        if BookLink.objects.filter(**{column: target}, isbn=facts.isbn).exists():
            raise AlreadyLinked from fault
        raise


def take_into_record(*, item: BookLink, by: User, at: datetime) -> None:
    """Make the book of an approved link, unless it is on record; called inside the transaction of the approval."""
    book, _ = Book.objects.get_or_create(
        isbn=item.isbn,
        defaults={
            "title": item.title,
            "creators": item.creators,
            "publisher": item.publisher,
            "published": item.published,
            "source": item.source,
            "added_at": at,
        },
    )
    item.book = book
    item.save(update_fields=["book"])
