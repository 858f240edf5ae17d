"""Whose name somebody bears."""

from django.db.models import Q

from tsushinbo.accounts.models import User
from tsushinbo.accounts.nicknames import names_in
from tsushinbo.people.models import Delegate


def speakers_called(name: str) -> set[int]:
    """The accounts that speak for a politician whom this name means, in any spelling and with any title beside it."""
    names = names_in(name)
    spelt = Q(politician__names__folded__in=names) | Q(politician__name__in=names) | Q(politician__kana__in=names)
    return set(Delegate.objects.filter(spelt).values_list("user", flat=True))


def names_another(*, user: User, name: str) -> bool:
    """Whether a name means a politician who speaks here by another account (settings.ACCOUNT_NAMES_TAKEN)."""
    speakers = speakers_called(name) if name else set()
    return bool(speakers) and user.pk not in speakers
