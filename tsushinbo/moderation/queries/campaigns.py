"""Who stands in an election now, and what that forbids; known in a room above this one (settings.ELECTION_HOLDS)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

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


def held_by(rule: str, politicians: Iterable[int | None], at: datetime) -> Hold | None:
    """The hold by ``rule`` on any of these politicians that lasts longest; None where there is none."""
    return next((hold for hold in holds_on(politicians, at) if rule in hold.rules), None)
