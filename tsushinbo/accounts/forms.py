"""Forms of the account pages: allauth's and Django's, in the words of this site."""

import unicodedata
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa import app_settings
from allauth.mfa.base import forms as second_factor
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as social
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from tsushinbo.accounts.models import User
from tsushinbo.accounts.nicknames import is_readable, passes_for_the_site
from tsushinbo.accounts.words import EMAIL_UNREAD
from tsushinbo.japanese.cleaning import clean_text

# Invisible or turning the text around (Unicode categories): no name needs them.
UNREADABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


class InOurWords(forms.Form):
    """Names each field in Japanese, says beside it what is wrong and what to do, and repeats no label inside the box."""

    labels: ClassVar[dict[str, str]] = {}
    hints: ClassVar[dict[str, str]] = {}
    types: ClassVar[dict[str, dict[str, str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs.update(self.types.get(name, {}))
            field.error_messages["required"] = f"{field.label}が入力されていません。入力してください。"
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = EMAIL_UNREAD


class NewPassword(InOurWords):
    """Asks for a new password once; the page can show it, and a mail resets it."""

    labels: ClassVar[dict[str, str]] = {"password1": "新しいパスワード", "oldpassword": "いまのパスワード"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())


class LoginForm(InOurWords, account.LoginForm):
    """By mail address (staff: or name) and password."""

    labels: ClassVar[dict[str, str]] = {
        "login": "メールアドレス",
        "password": "パスワード",
        "remember": "このブラウザで、ログインしたままにする",
    }
    types: ClassVar[dict[str, dict[str, str]]] = {"login": {"autocomplete": "username", "inputmode": "email"}}


class SignupForm(NewPassword, account.SignupForm):  # type: ignore[misc] # two clean(), one after the other
    """Mail address and password; a mail confirms the address."""

    labels: ClassVar[dict[str, str]] = {"email": "メールアドレス", "password1": "パスワード"}
    hints: ClassVar[dict[str, str]] = {"email": "確認のメールを送ります。ほかの人に表示されることはありません。"}

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Save, or behave as if where the address is known: hashing the password takes long enough to tell by the clock."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        result: tuple[User | None, HttpResponse | None] = super().try_save(request)
        return result


class AddEmailForm(InOurWords, account.AddEmailForm):
    """The address to change to, once it is confirmed."""

    labels: ClassVar[dict[str, str]] = {"email": "新しいメールアドレス"}


class ChangePasswordForm(NewPassword, account.ChangePasswordForm):
    """The old password and a new one."""


class SetPasswordForm(NewPassword, account.SetPasswordForm):
    """A password for an account without one."""


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):
    """Where to send the link."""

    labels: ClassVar[dict[str, str]] = {"email": "メールアドレス"}


class ResetPasswordKeyForm(NewPassword, account.ResetPasswordKeyForm):
    """The new password behind the link."""


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    """The password once more, before something important."""

    labels: ClassVar[dict[str, str]] = {"password": "パスワード"}


class ACode(InOurWords):
    """Asks for the number of an authenticator app."""

    labels: ClassVar[dict[str, str]] = {"code": "確認の番号"}
    hints: ClassVar[dict[str, str]] = {
        "code": "認証アプリに出ている6けたの番号です。アプリが使えないときは、控えておいた予備の番号を入力してください。"
    }
    types: ClassVar[dict[str, dict[str, str]]] = {"code": {"inputmode": "numeric", "autocomplete": "one-time-code"}}


class OnceOnly:
    """Takes a code once as long as it is valid: allauth remembers it for one period, but the tolerance makes it valid for three."""

    def clean_code(self) -> str:
        """Look at the number, and remember it."""
        code: str = super().clean_code()  # type: ignore[misc]
        used: Authenticator = self.authenticator  # type: ignore[attr-defined]
        if used.type == Authenticator.Type.TOTP:
            periods = 1 + 2 * app_settings.TOTP_TOLERANCE
            cache.touch(TOTP(used)._get_used_cache_key(code), timeout=app_settings.TOTP_PERIOD * periods)
        return code


class CodeForm(OnceOnly, ACode, second_factor.AuthenticateForm):
    """The second step of a log-in."""


class CodeAgainForm(OnceOnly, ACode, second_factor.ReauthenticateForm):
    """A number once more, before something important."""


class ActivateTOTPForm(ACode, totp.ActivateTOTPForm):
    """The first number of a newly set up app."""

    hints: ClassVar[dict[str, str]] = {"code": "読み取ったあと、認証アプリに出た6けたの番号を入力してください。"}


class AddPasskeyForm(InOurWords, webauthn.AddWebAuthnForm):
    """A new passkey, good for a log-in without password unless told otherwise."""

    labels: ClassVar[dict[str, str]] = {
        "name": "パスキーの名前",
        "passwordless": "このパスキーだけでログインできるようにする",
    }
    hints: ClassVar[dict[str, str]] = {"name": "あとで見分けるための名前です。端末の名前などを付けてください。"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class RenamePasskeyForm(InOurWords, webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    labels: ClassVar[dict[str, str]] = {"name": "パスキーの名前"}


class SocialSignupForm(InOurWords, social.SignupForm):  # type: ignore[misc] # as above
    """What an identity from elsewhere did not tell."""

    labels: ClassVar[dict[str, str]] = {"email": "メールアドレス"}
    hints: ClassVar[dict[str, str]] = {"email": "確認のメールを送ります。ほかの人に表示されることはありません。"}


class ProfileForm(InOurWords):
    """What others see of a member."""

    display_name = forms.CharField(label="表示名", max_length=30, required=False)
    hints: ClassVar[dict[str, str]] = {
        "display_name": "あなたが書いたものに添える名前です。30字まで。空にすると「名無し」になります。"
    }
    types: ClassVar[dict[str, dict[str, str]]] = {"display_name": {"autocomplete": "nickname"}}

    def __init__(self, *args: Any, member: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_display_name(self) -> str:
        """Store one spelling of each character, and no name that deceives."""
        name = unicodedata.normalize("NFC", self.cleaned_data["display_name"])
        if any(unicodedata.category(sign) in UNREADABLE for sign in name) or (name and not is_readable(name)):
            raise forms.ValidationError("見えない文字が含まれています。入力し直してください。")
        name = " ".join(clean_text(name).split())
        if passes_for_the_site(name):
            raise forms.ValidationError("運営とまぎらわしい名前は使えません。別の名前を入力してください。")
        if any(import_string(path)(user=self.member, name=name) for path in settings.ACCOUNT_NAMES_TAKEN):
            raise forms.ValidationError("政治家とまぎらわしい名前は使えません。別の名前を入力してください。")
        return name


class CloseAccountForm(InOurWords):
    """Makes sure that an account is closed on purpose, and asks what becomes of its comments."""

    KEEP, REMOVE = "keep", "remove"

    comments = forms.ChoiceField(
        label="書いたコメント",
        choices=[(KEEP, "「退会したユーザー」の名前で残す"), (REMOVE, "すべて削除する")],
        initial=KEEP,
    )
    sure = forms.BooleanField(label="アカウントを削除し、元に戻せないことを確認しました")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sure"].error_messages["required"] = (
            "確認の欄にチェックがありません。削除してよければ、チェックを付けてください。"
        )
