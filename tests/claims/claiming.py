"""Steps that several tests of claims take."""

import re
from datetime import UTC, datetime

from tsushinbo.accounts.models import User
from tsushinbo.claims.models import Claim, ClaimReason, Way
from tsushinbo.claims.services import decide_claim, open_claim, send_code, submit_page
from tsushinbo.mail.models import Message
from tsushinbo.people.models import Politician

AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
OWN = "info@taro-mihon.jp"
PUBLIC = "taro@city.mihon.lg.jp"


def opened(user: User, politician: Politician, *, statement: str = "", at: datetime = AT) -> Claim:
    """A claim that waits to be proved."""
    return open_claim(
        politician=politician, user=user, claimant=Claim.Claimant.SELF, position="", statement=statement, at=at
    )


def mailed_code(claim: Claim, address: str = OWN, *, at: datetime = AT) -> str:
    """Let a code be mailed and read the mail."""
    send_code(claim=claim, address=address, at=at)
    return last_code()


def last_code() -> str:
    """The digits of the newest mail."""
    message = Message.objects.order_by("-pk").first()
    assert message is not None
    found = re.search(r"^(\d{4}) (\d{4})$", message.text, re.MULTILINE)
    assert found is not None
    return found[1] + found[2]


def waiting(user: User, politician: Politician, *, statement: str = "", at: datetime = AT) -> Claim:
    """A claim that moderators are asked about."""
    claim = opened(user, politician, statement=statement, at=at)
    return submit_page(claim=claim, way=Way.PAGE, url="https://x.com/mihon/status/1", at=at)


def decided(claim: Claim, by: User, *, verify: bool, end_others: bool = False, at: datetime = AT) -> Claim:
    """Decide a claim as it is now."""
    claim.refresh_from_db()
    return decide_claim(
        claim=claim,
        verify=verify,
        by=by,
        seen=claim.version,
        reason=None if verify else ClaimReason.UNPROVED,
        note="確かめました。",
        end_others=end_others,
        at=at,
    )


def wrong(code: str) -> str:
    """Another code of as many digits."""
    return f"{(int(code) + 1) % 10**8:08}"
