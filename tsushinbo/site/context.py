"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """The version in the footer and the operator's contact."""
    return {"version": settings.VERSION, "contact": settings.CONTACT}
