"""The door of the admin: it has no log-in form of its own. Moderators and administrators come in by their role, the operator as Django's staff."""

from typing import Any

from allauth.account.utils import get_next_redirect_url
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tsushinbo.accounts import access
from tsushinbo.accounts.queries import holds_role
from tsushinbo.accounts.roles import Role

ROLES = (Role.MODERATOR, Role.ADMINISTRATOR)


class GuardedAdminSite(AdminSite):
    """Lets in who works here and showed a second factor in this session; leads everybody else to what they lack."""

    site_header = site_title = "先生の通信簿 管理"

    def has_permission(self, request: HttpRequest) -> bool:
        """Who works here, with a second factor. What each sees there is told by the permissions of the role."""
        return self._works_here(request) and access.used_second_factor(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the site's own log-in, to the second factor, or where the visitor was going."""
        target = get_next_redirect_url(request) or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(target)
        if not self._works_here(request):
            raise PermissionDenied
        return access.ask_second_factor(request, target) or HttpResponseRedirect(target)

    def _works_here(self, request: HttpRequest) -> bool:
        return super().has_permission(request) or holds_role(request.user, *ROLES)
