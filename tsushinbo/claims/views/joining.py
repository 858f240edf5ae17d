"""The page of an invitation to an office's team."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tsushinbo.accounts.access import logged_in
from tsushinbo.claims import services
from tsushinbo.claims.errors import InvitationGone
from tsushinbo.claims.queries import invitation_of
from tsushinbo.claims.views.answers import see_other, status_of
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import unless_busy


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Say to what one is invited, and join by the press of a button; opening the link alone does nothing."""
    found, user = invitation_of(token), logged_in(request)
    fault, status = "", 200
    if found is None or not found.is_open(timezone.now()):
        found, fault, status = None, InvitationGone.message, 410
    elif request.method == "POST":
        if user is None:
            return redirect_to_login(request.get_full_path())
        try:
            unless_busy(lambda: services.accept(invitation=found, user=user, at=timezone.now()))
        except RuleBroken as refusal:
            fault, status = refusal.message, status_of(refusal)
        else:
            return see_other(reverse("office:politician", args=[found.politician_id]), "joined")
    context = {
        "crumbs": [("メンバーへの招待", None)],
        "invitation": found,
        "account": user,
        "fault": fault,
    }
    return render(request, "claims/invitation.html", context, status=status)
