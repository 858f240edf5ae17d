"""Settings of the site, read from the environment: safe when nothing is set, loud when half is.

Every variable has a line in docs/operations.md.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from tsushinbo import __version__
from tsushinbo.config import env, rooms

PACKAGE = Path(__file__).resolve().parents[1]
DATA_DIR = env.data_dir()
SECRET_KEY = env.secret_key(DATA_DIR)
VERSION = __version__

DEBUG = env.flag("TSUSHINBO_DEBUG")
HTTPS = env.flag("TSUSHINBO_HTTPS")
HOST = env.text("HOST", "127.0.0.1") or "127.0.0.1"
PORT = env.number("PORT", 8000, low=1, high=65535)
WORKERS = env.number("TSUSHINBO_WORKERS", 2, low=1, high=64)
THREADS = env.number("TSUSHINBO_THREADS", 4, low=1, high=256)
# How many proxies of our own stand in front and append to X-Forwarded-For; with 0 the header is not believed.
TRUSTED_PROXIES = env.number("TSUSHINBO_TRUSTED_PROXIES", 0, low=0, high=5)
CONTACT = env.text("TSUSHINBO_CONTACT")
OPERATOR = env.text("TSUSHINBO_OPERATOR")
OPERATOR_ADDRESS = env.text("TSUSHINBO_OPERATOR_ADDRESS")

# The first of the public names, for links in mails.
_names = env.words("TSUSHINBO_ALLOWED_HOSTS")
SITE_URL = f"{'https' if HTTPS else 'http'}://{_names[0].lstrip('.') if _names else f'localhost:{PORT}'}"
ALLOWED_HOSTS = [*env.words("TSUSHINBO_ALLOWED_HOSTS"), "localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "tsushinbo.accounts.apps.GuardedAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "tsushinbo.sources",
    "tsushinbo.mail",
    # Before allauth, so that its own templates are found first.
    "tsushinbo.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "tsushinbo.notices",
    "tsushinbo.moderation",
    "tsushinbo.people",
    "tsushinbo.claims",
    "tsushinbo.elections",
    "tsushinbo.pledges",
    "tsushinbo.advice",
    "tsushinbo.activities",
    "tsushinbo.books",
    "tsushinbo.comments",
    "tsushinbo.evaluations",
    "tsushinbo.replies",
    "tsushinbo.surveys",
    "tsushinbo.search",
    "tsushinbo.rankings",
    "tsushinbo.importers",
    "tsushinbo.opendata",
    "tsushinbo.site",
    "tsushinbo.office",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "tsushinbo.site.middleware.security_headers",
    "django.middleware.gzip.GZipMiddleware",
    "tsushinbo.site.middleware.conditional_get",
    "tsushinbo.site.middleware.error_pages",
    "tsushinbo.site.middleware.refuse_broken_addresses",
    "django.middleware.common.CommonMiddleware",
    # Sessions and CSRF tokens serve the account pages and the admin: they set a cookie only where one is used, and no public page does.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tsushinbo.accounts.middleware.private_pages",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "tsushinbo.config.urls"
WSGI_APPLICATION = "tsushinbo.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tsushinbo.site.context.site",
            ],
            "builtins": ["tsushinbo.site.templatetags.words", "django.templatetags.static"],
        },
    },
]

_database_url = env.text("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'tsushinbo.sqlite3'}"
try:
    _database: dict[str, Any] = dict(dj_database_url.parse(_database_url))
    if _database["ENGINE"] not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
        raise ValueError
    # Without a name Django takes a database in memory, which every process would have to itself; PostgreSQL's names have 63 bytes at most.
    if _database["NAME"] in {"", ":memory:"} or (
        _database["ENGINE"].endswith("postgresql") and len(_database["NAME"].encode()) > 63
    ):
        raise ValueError
except (ValueError, KeyError, dj_database_url.ParseError, dj_database_url.UnknownSchemeError):
    # The value is not repeated: it may hold a password.
    raise env.SettingError(
        "DATABASE_URL is not an address this site knows; give sqlite:////path/to/file.sqlite3 or postgres://user@host/name"
    ) from None
if _database["ENGINE"].endswith("sqlite3"):
    _database["CONN_MAX_AGE"] = None
    _database["OPTIONS"] = {
        # A ballot takes the write lock before it reads, so two never read the same tally.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        # FULL: in WAL mode each commit is on disk before the voter sees the result (NORMAL could lose it in a power cut).
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY"
        ),
    }
else:
    _database["CONN_MAX_AGE"] = 300
    _database["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "accounts:home"
# Every process must see the same counters of failed log-ins: docs/decisions/0010-accounts-by-allauth.md
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        # Beyond this the oldest go, counters too: room for more than a flood can write within their life of minutes.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
MAIL_SERVER = env.mail_server("TSUSHINBO_EMAIL_URL")
# What the site sends goes into a queue in the database (docs/decisions/); the transport takes it from there.
MAILERS: dict[str, Any] = {
    "default": {"BACKEND": "tsushinbo.mail.backends.QueueBackend"},
    "transport": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": MAIL_SERVER}
    if MAIL_SERVER
    else {"BACKEND": "tsushinbo.mail.backends.LogBackend"},
}
MAIL_AT_ONCE = env.flag("TSUSHINBO_MAIL_AT_ONCE", default=True)
MAIL_TRIED_DAYS = env.number("TSUSHINBO_MAIL_TRIED_DAYS", 5, low=1, high=30)
MAIL_KEPT_DAYS = env.number("TSUSHINBO_MAIL_KEPT_DAYS", 7, low=1, high=90)
NOTICES_KEPT_DAYS = env.number("TSUSHINBO_NOTICES_KEPT_DAYS", 180, low=7, high=3650)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("TSUSHINBO_EMAIL_FROM", "noreply@localhost") or "noreply@localhost"
if MAIL_SERVER and not env.text("TSUSHINBO_EMAIL_FROM"):
    raise env.SettingError(
        "TSUSHINBO_EMAIL_URL needs TSUSHINBO_EMAIL_FROM; set it to the address from which the site shall send mail"
    )

ACCOUNT_ADAPTER = "tsushinbo.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "tsushinbo.accounts.forms.LoginForm",
    "signup": "tsushinbo.accounts.forms.SignupForm",
    "add_email": "tsushinbo.accounts.forms.AddEmailForm",
    "change_password": "tsushinbo.accounts.forms.ChangePasswordForm",
    "set_password": "tsushinbo.accounts.forms.SetPasswordForm",
    "reset_password": "tsushinbo.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "tsushinbo.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "tsushinbo.accounts.forms.ReauthenticateForm",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# The accounts of `tsushinbo createadmin` have a name and may have no address; everybody else has an address.
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "【先生の通信簿】"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_USER_DISPLAY = "tsushinbo.accounts.adapters.shown_as"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# "ip" is the network prefix (adapters.py): a school or a mobile carrier shares one, so these are wider than allauth's own.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,3/10m/key",
    "reset_password_from_key": "30/m/ip",
}
MFA_ADAPTER = "tsushinbo.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "tsushinbo.accounts.forms.CodeForm",
    "reauthenticate": "tsushinbo.accounts.forms.CodeAgainForm",
    "activate_totp": "tsushinbo.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "tsushinbo.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "tsushinbo.accounts.forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "先生の通信簿"
MFA_TOTP_TOLERANCE = 1  # the clock of a phone may be half a minute off
ACCOUNT_APPOINTING = rooms.ACCOUNT_APPOINTING
ACCOUNT_CLOSING = rooms.ACCOUNT_CLOSING
ACCOUNT_EXPORT = rooms.ACCOUNT_EXPORT
ACCOUNT_LEAVING = rooms.ACCOUNT_LEAVING
ACCOUNT_NAMES_TAKEN = rooms.ACCOUNT_NAMES_TAKEN
ELECTION_HOLDS = rooms.ELECTION_HOLDS
FOLLOWED = rooms.FOLLOWED
FOLLOWED_MERGED = rooms.FOLLOWED_MERGED
MAIL_LEAVES_OUT = rooms.MAIL_LEAVES_OUT
NEWS_WAIT_FOR = rooms.NEWS_WAIT_FOR
VOTERS_JOINED = rooms.VOTERS_JOINED
MODERATION_CONFLICTS = rooms.MODERATION_CONFLICTS
MODERATION_QUEUES = rooms.MODERATION_QUEUES
MODERATION_WARNED = rooms.MODERATION_WARNED
# Files of the operator's own words and domains that only draw a moderator's eye.
MODERATION_WORDS = env.file("TSUSHINBO_MODERATION_WORDS")
MODERATION_DOMAINS = env.file("TSUSHINBO_MODERATION_DOMAINS")

_oidc = env.together(
    "TSUSHINBO_OIDC_URL", "TSUSHINBO_OIDC_NAME", "TSUSHINBO_OIDC_CLIENT_ID", "TSUSHINBO_OIDC_CLIENT_SECRET"
)
SOCIALACCOUNT_ADAPTER = "tsushinbo.accounts.adapters.SocialAdapter"
SOCIALACCOUNT_FORMS = {"signup": "tsushinbo.accounts.forms.SocialSignupForm"}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": name,
                "client_id": client_id,
                "secret": secret,
                "settings": {"server_url": url},
            }
            for url, name, client_id, secret in ([_oidc] if _oidc else [])
        ],
    }
}

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 60 if DEBUG else 3600

# What a page may load: its own files and nothing else (no third party, no inline script or style).
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
if _oidc:
    # The form that leads to the provider is sent to this site and answered with a redirect there, which browsers hold to be its target.
    SECURE_CSP["form-action"] = [CSP.SELF, "{0.scheme}://{0.netloc}".format(urlsplit(_oidc[0]))]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Sent by Django only on requests that came by TLS.
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "tsushinbo.site.views.errors.csrf_failed"
SESSION_COOKIE_HTTPONLY = True
if HTTPS and TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# W005, W021: subdomains and the browsers' preload list bind more than this site; that is the operator's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300

VOTER_COOKIE_NAME = "tsushinbo_voter"
VOTER_COOKIE_AGE = 400 * 24 * 3600  # browsers keep no cookie longer
# Of who comments without an account, as long as a decision and an appeal may take.
COMMENT_COOKIE_NAME = "tsushinbo_comment"
COMMENT_COOKIE_AGE = 90 * 24 * 3600
# Ballots and assessments allowed in a window of RATE_WINDOW_SECONDS. The network limit is generous: a school or a mobile carrier shares one prefix.
RATE_WINDOW_SECONDS = 600
RATE_BALLOTS_PER_VOTER = env.number("TSUSHINBO_RATE_BALLOTS_PER_VOTER", 60, low=1, high=1_000_000)
RATE_BALLOTS_PER_NETWORK = env.number("TSUSHINBO_RATE_BALLOTS_PER_NETWORK", 1200, low=1, high=100_000_000)
RATE_ASSESSMENTS_PER_ACCOUNT = env.number("TSUSHINBO_RATE_ASSESSMENTS_PER_ACCOUNT", 30, low=1, high=1_000_000)
RATE_COMMENTS_PER_WRITER = env.number("TSUSHINBO_RATE_COMMENTS_PER_WRITER", 10, low=1, high=1_000_000)
RATE_COMMENTS_PER_NETWORK = env.number("TSUSHINBO_RATE_COMMENTS_PER_NETWORK", 60, low=1, high=100_000_000)
RATE_REPORTS_PER_ACCOUNT = env.number("TSUSHINBO_RATE_REPORTS_PER_ACCOUNT", 10, low=1, high=1_000_000)
RATE_PROPOSALS_PER_ACCOUNT = env.number("TSUSHINBO_RATE_PROPOSALS_PER_ACCOUNT", 20, low=1, high=1_000_000)
RATE_IMPORTS_PER_ACCOUNT = env.number("TSUSHINBO_RATE_IMPORTS_PER_ACCOUNT", 10, low=1, high=1_000_000)
RATE_BOOKS_PER_ACCOUNT = env.number("TSUSHINBO_RATE_BOOKS_PER_ACCOUNT", 20, low=1, high=1_000_000)
RATE_CLAIMS_PER_ACCOUNT = env.number("TSUSHINBO_RATE_CLAIMS_PER_ACCOUNT", 5, low=1, high=1_000_000)
RATE_REPLIES_PER_ACCOUNT = env.number("TSUSHINBO_RATE_REPLIES_PER_ACCOUNT", 60, low=1, high=1_000_000)
RATE_PICTURES_PER_ACCOUNT = env.number("TSUSHINBO_RATE_PICTURES_PER_ACCOUNT", 40, low=1, high=1_000_000)
# Whether browsers compute for a moment before they send something where very much is sent (accounts/proof_of_work.py).
PROOF_OF_WORK = env.flag("TSUSHINBO_PROOF_OF_WORK", default=True)
# When a comment without an account takes such work (comments/pressure.py): above so many in an hour from one network, or from everywhere and far above
# the usual. Without work, one network may send a few in a window.
COMMENT_WORK = env.choice("TSUSHINBO_COMMENT_WORK", "pressure", "always", "off")
COMMENT_WORK_NETWORK = env.number("TSUSHINBO_COMMENT_WORK_NETWORK", 20, low=1, high=1_000_000)
COMMENT_WORK_SITE = env.number("TSUSHINBO_COMMENT_WORK_SITE", 100, low=1, high=100_000_000)
RATE_COMMENTS_WITHOUT_WORK = env.number("TSUSHINBO_RATE_COMMENTS_WITHOUT_WORK", 5, low=1, high=1_000_000)
# A draft is kept every few seconds while somebody writes.
RATE_DRAFTS_PER_ACCOUNT = 600

# 送信防止措置の申出: the periods of 情報流通プラットフォーム対処法 (moderation/models/takedowns.py); 0 hours is at once.
TAKEDOWN_DAYS = env.number("TSUSHINBO_TAKEDOWN_DAYS", 7, low=1, high=14)
TAKEDOWN_CANDIDATE_DAYS = env.number("TSUSHINBO_TAKEDOWN_CANDIDATE_DAYS", 2, low=1, high=14)
TAKEDOWN_AT_ONCE_HOURS = env.number("TSUSHINBO_TAKEDOWN_AT_ONCE_HOURS", 0, low=0, high=48)
TAKEDOWN_ANSWER_DAYS = env.number("TSUSHINBO_TAKEDOWN_ANSWER_DAYS", 7, low=1, high=14)
TAKEDOWN_CANDIDATE_ANSWER_DAYS = env.number("TSUSHINBO_TAKEDOWN_CANDIDATE_ANSWER_DAYS", 2, low=1, high=14)
TAKEDOWN_KEPT_DAYS = env.number("TSUSHINBO_TAKEDOWN_KEPT_DAYS", 180, low=1, high=3650)
RATE_TAKEDOWNS_PER_NETWORK = env.number("TSUSHINBO_RATE_TAKEDOWNS_PER_NETWORK", 10, low=1, high=1_000_000)

# Pictures of activity reports. A picture is refused by its header before anything of it is decoded.
PICTURES_DIR = DATA_DIR / "media" / "activities"
PICTURE_BYTES = env.number("TSUSHINBO_PICTURE_MEGABYTES", 10, low=1, high=100) * 1024 * 1024
PICTURE_PIXELS = env.number("TSUSHINBO_PICTURE_MEGAPIXELS", 30, low=1, high=200) * 1_000_000
# What is beside a picture in its form. A form that may be taken whole is held in memory: on a full disk what was typed would be lost with the file.
PICTURE_FORM_BYTES = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = PICTURE_BYTES + PICTURE_FORM_BYTES
FILE_UPLOAD_HANDLERS = ["tsushinbo.site.uploads.WholeInMemory"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "tsushinbo.config.logs.Lines",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"tsushinbo": {"level": "INFO"}},
}

# Where facts of books are asked for (books/lookup.py), in this order; "none": everything is typed.
BOOK_SOURCES = env.words("TSUSHINBO_BOOK_SOURCES") or ["openbd", "ndl"]
if BOOK_SOURCES == ["none"]:
    BOOK_SOURCES = []
if _unknown := set(BOOK_SOURCES) - {"openbd", "ndl"}:
    raise ImproperlyConfigured(f"TSUSHINBO_BOOK_SOURCES names {sorted(_unknown)}; it knows openbd, ndl and none")
# Bookshops that a book's page links to, as name=address with {isbn} in it.
BOOKSHOPS: list[tuple[str, str]] = [
    (name, address) for name, _, address in (one.partition("=") for one in env.words("TSUSHINBO_BOOKSHOPS"))
]
if any(not address.startswith("https://") or "{isbn}" not in address for _, address in BOOKSHOPS):
    raise ImproperlyConfigured("TSUSHINBO_BOOKSHOPS is a list such as 本屋=https://shop.example/isbn/{isbn}")

# Election mode (elections/rules.py): an operator's own rules, and the two periods that differ most often; None leaves what the file says.
ELECTION_RULES = env.file("TSUSHINBO_ELECTION_RULES")
ELECTION_QUIET_DAYS = env.days("TSUSHINBO_ELECTION_QUIET_DAYS", low=0, high=365)
ELECTION_POLLS_CLOSE = env.clock("TSUSHINBO_ELECTION_POLLS_CLOSE")
# Voting advice stays on in a campaign only where the operator says so.
ADVICE_IN_CAMPAIGN = env.flag("TSUSHINBO_ADVICE_IN_CAMPAIGN")
