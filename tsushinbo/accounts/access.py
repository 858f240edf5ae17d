"""Who may come in: roles, and the second factor that every role needs."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import has_second_factor, holds_role
from tsushinbo.accounts.roles import Role

SET_UP_FIRST = "運営の画面に入るには、2段階認証の設定が必要です。認証アプリかパスキーを設定してください。"

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def logged_in(request: HttpRequest) -> User | None:
    """Who is logged in. The session is looked at only where the browser sent one: who has none costs nothing."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user if isinstance(request.user, User) else None


def member_of(request: HttpRequest) -> User:
    """Who is logged in; to be asked in views that a door (login_required, for_roles) lets nobody else into."""
    assert isinstance(request.user, User)  # noqa: S101 - told to the type checker
    return request.user


def for_roles[**P](*roles: Role) -> Callable[[View[P]], View[P]]:
    """Open a view to who holds one of the roles and showed a second factor; lead the others to the log-in or the set-up, or answer 403."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not holds_role(request.user, *roles):
                raise PermissionDenied
            return ask_second_factor(request, request.get_full_path()) or view(request, *args, **kwargs)

        return guarded

    return decorate


def used_second_factor(request: HttpRequest) -> bool:
    """Whether this session showed more than a password. A factor that was set up in another session since does not count."""
    return request.user.is_authenticated and any(
        record["method"] == "mfa" for record in get_authentication_records(request, request.user)
    )


def ask_second_factor(request: HttpRequest, target: str) -> HttpResponse | None:
    """Lead to the proof of a second factor, or to its set-up; None when it was shown. ``target`` is where to go on."""
    if used_second_factor(request):
        return None
    if not has_second_factor(request.user):
        messages.warning(request, SET_UP_FIRST)
        return HttpResponseRedirect(reverse("mfa_index"))
    methods = [
        method
        for method in get_adapter().get_reauthentication_methods(request.user)
        if method["id"] != "reauthenticate"
    ]
    return HttpResponseRedirect(f"{methods[0]['url']}?{urlencode({'next': target})}")
