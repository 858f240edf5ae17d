"""How often one voter and one network may judge; ballots and reactions are counted together."""

from datetime import datetime

from django.conf import settings

from tsushinbo.accounts.services import count_use


def count_voters_use(voter: int, network: str | None, at: datetime) -> None:
    """Count one deed of a voter; network: what the voter's network is counted under. Raises accounts.services.TooMany."""
    allowed = {f"voter:{voter}": settings.RATE_BALLOTS_PER_VOTER}
    if network is not None:
        allowed[network] = settings.RATE_BALLOTS_PER_NETWORK
    count_use(allowed, at=at)
