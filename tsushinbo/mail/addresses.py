"""Which mail addresses can be written to."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def can_be_written_to(address: str) -> bool:
    """Whether an address has its form, nothing in it that nobody sees, and a host that the names of the net can hold.

    Django's own check lets marks of direction through: ``a@exa\\u202emple.jp`` would be taken, and no mail could be made of it.
    """
    try:
        validate_email(address)
        address.rpartition("@")[2].encode("idna")
    except (ValidationError, UnicodeError):
        return False
    return address.isprintable()
