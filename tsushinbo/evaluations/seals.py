"""How the tie between an account and a voter's number is written, so that a copy of the database tells nobody's opinions."""

import base64
import logging

from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import salted_hmac

logger = logging.getLogger(__name__)


def account_key(user_id: int) -> str:
    """What an account is filed under."""
    return salted_hmac("tsushinbo.joined.account", str(user_id), algorithm="sha256").hexdigest()


def voter_key(voter: int) -> str:
    """What a voter's number is known by without being told."""
    return salted_hmac("tsushinbo.joined.voter", str(voter), algorithm="sha256").hexdigest()


def seal(user_id: int, voter: int) -> str:
    """Encrypt a voter's number for one account."""
    return _cipher(user_id).encrypt(str(voter).encode()).decode()


def unseal(user_id: int, sealed: str) -> int | None:
    """Read the number; None where it was written under another secret key."""
    try:
        return int(_cipher(user_id).decrypt(sealed.encode()))
    except InvalidToken:
        logger.error("a joined voter cannot be read: it was written under another secret key")
        return None


def _cipher(user_id: int) -> Fernet:
    key = salted_hmac("tsushinbo.joined.seal", str(user_id), algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
