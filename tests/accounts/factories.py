"""The least valid account, and what its owner knows."""

import time
from typing import Any

import factory
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import Group
from django.test import Client
from factory.django import DjangoModelFactory

from tsushinbo.accounts.models import User

PASSWORD = "mugi-no-ho-ga-yureru"


class UserFactory(DjangoModelFactory[User]):
    """A member with a confirmed address and the password PASSWORD. ``role`` names a group, ``confirmed`` may be False."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"m-{n:04}")
    email = factory.Sequence(lambda n: f"hito{n}@example.jp")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        role, confirmed = kwargs.pop("role", ""), kwargs.pop("confirmed", True)
        user = model_class(*args, **kwargs)
        user.set_password(PASSWORD)
        user.save()
        if user.email:
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=confirmed)
        if role:
            user.groups.add(Group.objects.get_or_create(name=role)[0])
        return user


def add_app(user: User) -> str:
    """Set an authenticator app up for a person; return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str, *, ahead: int = 0) -> str:
    """What the app shows now, or in ``ahead`` periods of 30 seconds."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def factors_of(user: User) -> set[str]:
    """The kinds of second factors a person has."""
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def log_in_with_second_factor(client: Client, user: User) -> None:
    """Make a session as a log-in by password and code leaves it: the admin and the desks open to no other."""
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
