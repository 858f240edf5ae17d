"""What the operator and the site promise: terms of use (利用規約), privacy (プライバシー), and how to reach the operator (お問い合わせ)."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tsushinbo.caching import held_for_a_minute

# When the wording of each page last changed. It moves with the text.
TERMS_OF = date(2026, 11, 25)
PRIVACY_OF = date(2026, 11, 25)


@require_safe
@held_for_a_minute
def terms(request: HttpRequest) -> HttpResponse:
    """利用規約, with the limits that the program keeps to."""
    return _page(request, "terms", "利用規約", TERMS_OF)


@require_safe
@held_for_a_minute
def privacy(request: HttpRequest) -> HttpResponse:
    """プライバシー: what is kept, for how long, for what."""
    return _page(request, "privacy", "プライバシー", PRIVACY_OF)


@require_safe
@held_for_a_minute
def contact(request: HttpRequest) -> HttpResponse:
    """お問い合わせ・削除申出: which way leads where."""
    return _page(request, "contact", "お問い合わせ・削除申出", None)


def _page(request: HttpRequest, name: str, title: str, dated: date | None) -> HttpResponse:
    context = {
        "section": name,
        "crumbs": [(title, None)],
        "dated": dated,
        "operator": settings.OPERATOR,
        "operator_address": settings.OPERATOR_ADDRESS,
        "periods": settings,
        "mails": bool(settings.MAIL_SERVER),
        "outside_identity": bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]),
    }
    return render(request, f"site/{name}.html", context)
