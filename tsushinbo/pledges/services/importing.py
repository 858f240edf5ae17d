"""Writing many pledges of a list at once: all of them or none."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from tsushinbo.accounts.models import User
from tsushinbo.accounts.services import count_use
from tsushinbo.japanese.folding import fold
from tsushinbo.moderation.services import ask_contact, keep_contact, refuse_banned, refuse_frozen
from tsushinbo.pledges.contents import Content
from tsushinbo.pledges.errors import MayNotWrite
from tsushinbo.pledges.models import PledgeDraft, PledgeProposal
from tsushinbo.pledges.queries.contributions import PENDING, may_write_at_once, owned_by
from tsushinbo.pledges.queries.pledges import of_owner
from tsushinbo.pledges.services.drafts import lock_draft
from tsushinbo.pledges.services.news import tell_added
from tsushinbo.pledges.services.proposals import create_pledge, person_of, sign


class Imported(NamedTuple):
    """How many became proposals or pledges, and how many stood there already."""

    written: int
    known: int


def import_pledges(
    *, draft: PledgeDraft, author: User, contents: Sequence[Content], at_once: bool, contact: str = "", at: datetime
) -> Imported:
    """Propose every pledge of a list, or register them at once, in one transaction, in place of its draft.

    A pledge whose title and text the owner has already, however spelt, or that the author proposed before, is left out; so a list that is sent
    twice makes no doubles. Followers are told of all of them in one line. contact: as in ``propose_pledge``. Raises MayNotWrite, DraftGone,
    moderation's Banned, ContactRefused and PollingDay, and accounts.services.TooMany.
    """
    with transaction.atomic():
        refuse_banned(account=author, at=at)
        count_import(author, at)
        draft = lock_draft(author, draft.pk)
        owner = draft.owner
        if at_once and not may_write_at_once(author, owner):
            raise MayNotWrite
        if at_once:
            refuse_frozen([person_of(owner)], at)
        contact = ask_contact([person_of(owner)], contact, at)
        known = {_same(title, text) for title, text in of_owner(owner).values_list("title", "text")}
        waiting = PledgeProposal.objects.filter(author=author, **owned_by(owner), state=PENDING, base=None)
        known |= {_same(row["title"], row["text"]) for row in waiting.values_list("content", flat=True)}
        new: list[Content] = []
        for content in contents:
            if (same := _same(content.title, content.text)) not in known:
                known.add(same)
                new.append(content)
        if at_once:
            alone = len(new) == 1
            for content in new:
                sign(create_pledge(owner, content, author=author, at=at, told=alone), contact, by=author, at=at)
            if new and not alone:
                tell_added(owner, len(new), by=author.pk, at=at)
        else:
            made = PledgeProposal.objects.bulk_create(
                PledgeProposal(author=author, **owned_by(owner), content=content.kept, state=PENDING, submitted_at=at)
                for content in new
            )
            for proposal in made:
                keep_contact(proposal, contact, by=author, at=at)
        draft.delete()
        return Imported(len(new), len(contents) - len(new))


def count_import(author: User, at: datetime) -> None:
    """Count one more list by an account. Raises accounts.services.TooMany."""
    count_use({f"import:{author.pk}": settings.RATE_IMPORTS_PER_ACCOUNT}, at=at)


def _same(title: str, text: str) -> tuple[str, str]:
    return fold(title), fold(text)
