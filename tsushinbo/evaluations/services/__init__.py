"""Every write of what citizens think; one module a subject."""

from tsushinbo.evaluations.services.ballots import TEXT_LENGTH, cast_ballot, recount, withdraw_ballot

__all__ = ["TEXT_LENGTH", "cast_ballot", "recount", "withdraw_ballot"]
