"""The signed words in a mail's link that stops the mails: who holds the mail may stop it, without logging in."""

from django.core.signing import BadSignature, Signer

_signer = Signer(salt="tsushinbo.notices.stop")


def ticket(user_id: int) -> str:
    """Return the ticket of an account. It does not run out: an old mail must still be able to end them."""
    return _signer.sign(str(user_id))


def holder(text: str) -> int | None:
    """Return whose ticket it is; None for one that we did not write."""
    try:
        number = _signer.unsign(text)
    except BadSignature:
        return None
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 18 else None
