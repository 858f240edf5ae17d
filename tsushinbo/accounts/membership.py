"""Writes about accounts: making one, naming it, giving it roles, ending its sessions, closing it. The sign-up itself is allauth's."""

import secrets
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, ProtectedError, QuerySet
from django.utils.module_loading import import_string

from tsushinbo.accounts.models import User
from tsushinbo.accounts.roles import Role
from tsushinbo.errors import RuleBroken

GONE = "退会したユーザー"
# Who never confirmed the address may not be its owner: it is forgotten, and free for whoever is.
UNCONFIRMED_FOR = timedelta(days=7)


@transaction.atomic
def create_administrator(*, name: str, email: str, password: str) -> User:
    """Make an account that may enter /admin/ once it has a second factor. Its address counts as confirmed: the operator vouches for it.

    Raises ValidationError for a name, address or password that is not fit.
    """
    account = User(username=name, email=email.lower(), is_staff=True, is_superuser=True)
    account.full_clean(exclude=["password"])
    validate_password(password, account)
    if email and EmailAddress.objects.filter(email=account.email).exists():
        raise ValidationError(f"an account with the address {email} exists already")
    account.set_password(password)
    account.save()
    account.groups.add(Group.objects.get_or_create(name=Role.ADMINISTRATOR)[0])
    if email:
        EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return account


def new_login_name() -> str:
    """Return a name for the column that Django needs. It tells nothing about the person; nobody has to know it."""
    return f"m-{secrets.token_hex(8)}"


def rename(*, user: User, display_name: str) -> None:
    """Set what others see beside what this person writes."""
    user.display_name = display_name
    user.save(update_fields=["display_name"])


@transaction.atomic
def assign_roles(*, user: User, roles: Collection[Role], by: User, at: datetime) -> None:
    """Let a person hold ``roles`` and no others. A role opens its desk only to who shows a second factor.

    settings.ACCOUNT_APPOINTING names who keeps a record of it.
    """
    held = set(user.groups.values_list("name", flat=True))
    before = [role for role in Role if role.value in held]
    if set(before) == set(roles):
        return
    user.groups.set([Group.objects.get_or_create(name=role.value)[0] for role in roles])
    for path in settings.ACCOUNT_APPOINTING:
        import_string(path)(user=user, before=before, after=roles, by=by, at=at)


@transaction.atomic
def end_sessions(*, user_id: int, only: int | None = None, spare: str | None = None) -> int:
    """Log a person out everywhere, or of the session with the row ``only``, but never of the one with the key ``spare``; return of how many."""
    ended = UserSession.objects.filter(user_id=user_id).exclude(session_key=spare)
    if only is not None:
        ended = ended.filter(pk=only)
    keys = list(ended.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    ended.delete()
    return len(keys)


class PasskeyMissing(RuleBroken):
    """Without a password there would be no way in."""

    message = "パスワードを消すには、それだけでログインできるパスキーが必要です。先にパスキーを登録してください。"


@transaction.atomic
def drop_password(*, user: User, spare: str | None) -> None:
    """Make a passkey the only way in, and log out everywhere but in the session with the key ``spare``. A mail can set a new password.

    Raises PasskeyMissing.
    """
    keys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    if not any(key.wrap().is_passwordless for key in keys):
        raise PasskeyMissing
    user.set_unusable_password()
    user.save(update_fields=["password"])
    end_sessions(user_id=user.pk, spare=spare)


@transaction.atomic
def close_account(*, user: User, keep: bool = True) -> None:
    """Delete a person's account. Where other rows must keep who did them, a name-less shell stays that nobody can enter.

    keep: whether comments stay, under 退会したユーザー (settings.ACCOUNT_LEAVING). settings.ACCOUNT_CLOSING names what else is thrown away, so that
    rooms above this one add theirs without being imported.
    """
    end_sessions(user_id=user.pk)
    for path in settings.ACCOUNT_LEAVING:
        import_string(path)(user=user, keep=keep)
    for path in settings.ACCOUNT_CLOSING:
        import_string(path)(user)
    try:
        with transaction.atomic():
            user.delete()
    except ProtectedError:
        _empty(user)


def _empty(user: User) -> None:
    for kept in (EmailAddress, Authenticator, SocialAccount):
        kept._default_manager.filter(user=user).delete()
    user.groups.clear()
    user.user_permissions.clear()
    user.username, user.email, user.first_name, user.last_name, user.display_name = new_login_name(), "", "", "", GONE
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.set_unusable_password()
    user.save()


def forget_expired_accounts(*, at: datetime) -> int:
    """Throw away sessions that ran out, the counters of failed log-ins, and sign-ups whose address was never confirmed; return how many rows."""
    gone, _ = Session.objects.filter(expire_date__lt=at).delete()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    gone += UserSession.objects.exclude(Exists(alive)).delete()[0]
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    pending = EmailAddress.objects.filter(user=OuterRef("pk"), verified=False)
    never_came = User.objects.filter(
        ~Exists(confirmed), Exists(pending), is_staff=False, last_login=None, date_joined__lt=at - UNCONFIRMED_FOR
    )
    return gone + _delete_unless_on_record(never_came) + _forget_counters(at)


def _delete_unless_on_record(users: QuerySet[User]) -> int:
    """Delete these people, but for those whom other rows must keep: one that was appointed before the address was confirmed stays. Return how many rows."""
    try:
        with transaction.atomic():
            return users.delete()[0]
    except ProtectedError:
        gone = 0
        for user in users:
            with suppress(ProtectedError), transaction.atomic():
                gone += user.delete()[0]
        return gone


def _forget_counters(at: datetime) -> int:
    """Delete what ran out in the cache's table: Django does it only where the table is full, and its keys hold network prefixes."""
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [connection.ops.adapt_datetimefield_value(at)])  # noqa: S608 - our own name
        return int(cursor.rowcount)
