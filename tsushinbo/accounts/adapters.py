"""Where allauth asks what this site wants otherwise: words, mail, the least of data."""

import base64
import logging
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_username
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, InvalidToken
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac
from qrcode.image.svg import SvgPathImage

from tsushinbo.accounts import words
from tsushinbo.accounts.membership import end_sessions, new_login_name
from tsushinbo.accounts.models import User
from tsushinbo.accounts.network import network_prefix
from tsushinbo.accounts.queries import device_name
from tsushinbo.mail.addresses import can_be_written_to

SITE_NAME = "先生の通信簿"
logger = logging.getLogger(__name__)


def shown_as(user: User) -> str:
    """Return how an account is named to its owner, on this site and in the list of passkeys of their device."""
    return user.display_name or user.email or user.username


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up, log-in, mail addresses, passwords."""

    error_messages = {**DefaultAccountAdapter.error_messages, **words.ACCOUNT_ERRORS}  # noqa: RUF012 - as allauth declares it

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the first address of the visitor's network: rate limits and the list of sessions know no more than that."""
        prefix = network_prefix(request)
        return prefix.partition("/")[0] if "/" in prefix else "0.0.0.0"  # noqa: S104 - stands for no address

    def clean_email(self, email: str) -> str:
        """Refuse what no mail can be sent to."""
        if not can_be_written_to(email):
            raise ValidationError(words.EMAIL_UNREAD)
        return email

    def populate_username(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Give a random login name; allauth's would be a part of the mail address."""
        if not user_username(user):
            user_username(user, new_login_name())

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Set it, and log out everywhere else: the reason for a new password may be somebody who knows the old one."""
        super().set_password(user, password)
        end_sessions(user_id=user.pk, spare=self.request.session.session_key if self.request.user == user else None)

    def get_login_stages(self) -> list[str]:
        """Put our own stage in the place of allauth's."""
        ours = {"allauth.account.stages.EmailVerificationStage": "tsushinbo.accounts.stages.EmailVerificationStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, str]]:
        """Name the ways to prove oneself again."""
        return [
            {**method, "description": words.PROOFS[method["id"]]}
            for method in super().get_reauthentication_methods(user)
        ]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to my page."""
        return self.get_login_redirect_url(request)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say it in our words, or not at all."""
        text = message or words.ANNOUNCEMENTS.get(message_template or "")
        if text:
            messages.add_message(request, level, text, extra_tags=extra_tags)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """Make a mail of one text: its first line is the subject, and the HTML form is the same text with its links made live."""
        name = template_prefix.rpartition("/")[2]
        if name in words.NOTICES:
            reset = self.request.build_absolute_uri(reverse("account_reset_password"))
            context = {
                **context,
                "what": words.NOTICES[name],
                "device": device_name(context["user_agent"]),
                "help_url": reset,
            }
            name = "notice"
        subject, _, body = render_to_string(f"accounts/mail/{name}.txt", context).strip().partition("\n")
        to = [email] if isinstance(email, str) else email
        mail = EmailMultiAlternatives(
            self.format_email_subject(subject), body.strip(), self.get_from_email(), to, headers=headers
        )
        mail.attach_alternative(
            render_to_string("accounts/mail/frame.html", {"subject": subject, "body": body.strip()}), "text/html"
        )
        return mail


class SecondFactorAdapter(DefaultMFAAdapter):
    """Authenticator apps, passkeys, recovery codes."""

    error_messages = {**DefaultMFAAdapter.error_messages, **words.SECOND_FACTOR_ERRORS}  # noqa: RUF012 - as allauth declares it

    def encrypt(self, text: str) -> str:
        """Keep secrets so that a copy of the database alone opens no account."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Read a secret; one that was written under another secret key becomes a random one, which no code fits."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.error("a second factor cannot be read: it was set up under another secret key")
            return generate_totp_secret()

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code as an element that may stand in a page; allauth's is a file."""
        return str(qrcode.make(url, image_factory=SvgPathImage).to_string(encoding="unicode"))

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        """Suggest a name for a new passkey."""
        return f"パスキー{Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def _get_site_name(self) -> str:
        return SITE_NAME


class SocialAdapter(DefaultSocialAccountAdapter):
    """Log-in with an identity from elsewhere (OIDC)."""

    error_messages = {**DefaultSocialAccountAdapter.error_messages, **words.SOCIAL_ERRORS}  # noqa: RUF012 - as allauth declares it

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> AbstractBaseUser:
        """Take the mail address alone: real names are none of this site's business."""
        user: AbstractBaseUser = super().populate_user(request, sociallogin, {"email": data.get("email")})
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Forget what else the provider told; allauth has stored it already where it knew the account."""
        sociallogin.account.extra_data = {}
        if sociallogin.account.pk:
            sociallogin.account.save(update_fields=["extra_data"])


def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(salted_hmac("tsushinbo.second-factor", "key", algorithm="sha256").digest()))
