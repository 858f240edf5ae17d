"""Who stands in an election now, and what that forbids; known in a room above this one (settings.ELECTION_HOLDS)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from tsushinbo.moderation.models.contacts import PosterContact
from tsushinbo.moderation.models.reviewable import InCampaign, Reviewable

# The rules of election mode that this room keeps, by their codes in tsushinbo/elections/mode.toml.
CONTACT = "contact"
FREEZE = "freeze"


class Hold(Protocol):
    """What election mode says of one politician at a moment. ``until``: when the polls close."""

    @property
    def rules(self) -> frozenset[str]:
        """Codes of the rules that hold."""

    @property
    def until(self) -> datetime:
        """When the polls close."""

    @property
    def mode_url(self) -> str:
        """The page that says what is held, and why."""


def holds_on(politicians: Iterable[int | None], at: datetime) -> list[Hold]:
    """The holds on these politicians at ``at``, the one that lasts longest first: no query where no election runs."""
    known = {number for number in politicians if number is not None}
    found: dict[int, Hold] = import_string(settings.ELECTION_HOLDS)(known, at) if known else {}
    return sorted(found.values(), key=lambda hold: hold.until, reverse=True)


@dataclass(frozen=True)
class UntilPolls:
    """The texts of a list that nobody may publish now, by kind and key, with the hold that says until when."""

    frozen: dict[tuple[str, int], Hold]
    unsigned: dict[tuple[str, int], Hold]


def until_polls(items: Sequence[Reviewable], at: datetime) -> UntilPolls:
    """What waits among some texts: no query where no election runs, else one, and one a kind for the contacts that came with them."""
    concerned = {number for item in items for number in item.concerns}
    found: dict[int, Hold] = import_string(settings.ELECTION_HOLDS)(concerned, at) if concerned else {}
    frozen, unsigned = dict[tuple[str, int], Hold](), dict[tuple[str, int], Hold]()
    asked: dict[str, list[int]] = {}
    for item in items:
        for hold in (found[number] for number in item.concerns if number in found):
            if FREEZE in hold.rules:
                frozen[item.kind, item.pk] = hold
            if CONTACT in hold.rules and item.in_campaign != InCampaign.FREE:
                unsigned[item.kind, item.pk] = hold
                if item.in_campaign == InCampaign.CONTACT:
                    asked.setdefault(item.kind, []).append(item.pk)
    for kind, keys in asked.items():
        for key in PosterContact.objects.filter(kind=kind, subject_id__in=keys).values_list("subject_id", flat=True):
            unsigned.pop((kind, key), None)
    return UntilPolls(frozen, unsigned)


def held_by(rule: str, politicians: Iterable[int | None], at: datetime) -> Hold | None:
    """The hold by ``rule`` on any of these politicians that lasts longest; None where there is none."""
    return next((hold for hold in holds_on(politicians, at) if rule in hold.rules), None)
