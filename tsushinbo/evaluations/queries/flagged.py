"""Owners of pledges with a sudden change that nobody has looked at: the first ballot of a new key takes work there (accounts/proof_of_work.py)."""

from datetime import timedelta

from django.utils import timezone

from tsushinbo.accounts.proof_of_work import LEAST_BITS, asked
from tsushinbo.evaluations.models import Alert, Ballot
from tsushinbo.kept import Kept
from tsushinbo.pledges.models import Pledge
from tsushinbo.scoring.attacks.work import bits_beyond
from tsushinbo.scoring.method import METHOD

# So many seconds after a look at the ballots, all processes know of a new alert.
SECONDS = 15.0
# An owner: the id of a politician, or of a party.
type Owner = tuple[int | None, int | None]


def read_flagged() -> dict[Owner, float]:
    """Of each owner the strongest open alert: one query."""
    since = timezone.now() - timedelta(days=METHOD.attacks.frozen_days)
    alerts = Alert.objects.filter(seen_at=None, found_at__gt=since).order_by("strength")
    return {
        (politician, party): strength
        for politician, party, strength in alerts.values_list("politician", "party", "strength")
    }


_kept = Kept(read_flagged, SECONDS)


def flagged() -> dict[Owner, float]:
    """The owners with an open alert and its strength, at most some seconds old."""
    return _kept.get()


def forget() -> None:
    """Read it anew at the next call, for tests and after a look in the same process."""
    _kept.forget()


def bits_for(pledge: Pledge, voter: int) -> int:
    """How many bits of work a ballot of this voter on this pledge takes; 0 in ordinary times, and for who has a ballot already.

    No query where the owner has no open alert, but for the one in some seconds in each process that asks which owners have; one more where there is one.
    """
    strength = flagged().get((pledge.politician_id, pledge.party_id))
    if strength is None:
        return 0
    bits = asked(LEAST_BITS + bits_beyond(strength))
    return bits if bits and not Ballot.objects.filter(voter=voter).exists() else 0
