"""Reads about accounts: what the account pages show, and what an account holder can download."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from tsushinbo.accounts.models import User
from tsushinbo.accounts.roles import Role

# The first that matches names the browser: each later one is also claimed by those above it.
BROWSERS = [
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
]
SYSTEMS = [
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"), ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
]  # fmt: skip


@dataclass(frozen=True)
class Overview:
    """What my page (マイページ) says at a glance."""

    email: EmailAddress | None
    roles: list[Role]
    factors: set[str]
    sessions: int

    @property
    def has_second_factor(self) -> bool:
        """Whether logging in asks for more than a password."""
        return bool(self.factors & {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN})


def overview(user: User) -> Overview:
    """Gather what my page shows."""
    return Overview(
        email=EmailAddress.objects.filter(user=user, primary=True).first(),
        roles=roles_of(user),
        factors=set(Authenticator.objects.filter(user=user).values_list("type", flat=True)),
        sessions=open_sessions(user).count(),
    )


def roles_of(user: User) -> list[Role]:
    """The roles a person holds, in the order of Role."""
    held = set(user.groups.values_list("name", flat=True))
    return [role for role in Role if role in held]


def holds_role(user: User | AnonymousUser, *roles: Role) -> bool:
    """Whether a person holds one of the roles."""
    return user.is_active and user.groups.filter(name__in=roles).exists()


def has_second_factor(user: User | AnonymousUser) -> bool:
    """Whether logging in as this person asks for an app's code or a passkey. Recovery codes alone do not."""
    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return user.is_authenticated and Authenticator.objects.filter(user_id=user.pk, type__in=types).exists()


def open_sessions(user: User) -> QuerySet[UserSession]:
    """Where a person is logged in now, last used first."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    return UserSession.objects.filter(Exists(alive), user=user).order_by("-last_seen_at", "pk")


def device_name(user_agent: str) -> str:
    """Name a browser so that its owner knows it again: ``Chrome（Windows）``; 不明なブラウザ when it says nothing we know."""
    browser = next((name for sign, name in BROWSERS if re.search(sign, user_agent)), "不明なブラウザ")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return f"{browser}（{system}）" if system else browser


def exported(user: User) -> dict[str, Any]:
    """Everything the site keeps about an account holder, ready for JSON.

    settings.ACCOUNT_EXPORT names for each part of the file who tells it, so that rooms above this one add theirs without being imported.
    """
    parts: dict[str, Callable[[User], Any]] = {
        name: import_string(path) for name, path in settings.ACCOUNT_EXPORT.items()
    }
    return {name: tell(user) for name, tell in parts.items()}


def account_data(user: User) -> dict[str, Any]:
    """The part of the export that this room keeps. Passwords and keys are secrets even from their owner's download folder."""
    return {
        "login_name": user.username,
        "display_name": user.display_name,
        "joined_at": user.date_joined,
        "last_login_at": user.last_login,
        "roles": [role.value for role in roles_of(user)],
        "email_addresses": list(
            EmailAddress.objects.filter(user=user).order_by("pk").values("email", "verified", "primary")
        ),
        "second_factors": list(
            Authenticator.objects.filter(user=user).order_by("pk").values("type", "created_at", "last_used_at")
        ),
        "other_logins": list(
            SocialAccount._default_manager.filter(user=user)
            .order_by("pk")
            .values("provider", "uid", "date_joined", "extra_data")
        ),
        "sessions": list(open_sessions(user).values("created_at", "last_seen_at", "ip", "user_agent")),
    }
