"""Writes of claims and of who writes in a politician's name; one module a subject."""

from tsushinbo.claims.services.deciding import decide_claim, end_verification
from tsushinbo.claims.services.keeping import close_claims, forget_expired_codes
from tsushinbo.claims.services.proving import enter_code, open_claim, send_code, submit_page, withdraw_claim
from tsushinbo.claims.services.teams import accept, invite, leave, remove_member, withdraw_invitation

__all__ = [
    "accept",
    "close_claims",
    "decide_claim",
    "end_verification",
    "enter_code",
    "forget_expired_codes",
    "invite",
    "leave",
    "open_claim",
    "remove_member",
    "send_code",
    "submit_page",
    "withdraw_claim",
    "withdraw_invitation",
]
