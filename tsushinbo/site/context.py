"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """The version in the footer, the operator's contact, and the address of this page for share links."""
    return {"version": settings.VERSION, "contact": settings.CONTACT}
