"""Settings of the site, read from the environment: safe when nothing is set, loud when half is.

Every variable has a line in docs/operations.md.
"""

from pathlib import Path
from typing import Any

import dj_database_url
from django.utils.csp import CSP

from tsushinbo import __version__
from tsushinbo.config import env

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

ALLOWED_HOSTS = [*env.words("TSUSHINBO_ALLOWED_HOSTS"), "localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "tsushinbo.sources",
    "tsushinbo.accounts",
    "tsushinbo.moderation",
    "tsushinbo.people",
    "tsushinbo.elections",
    "tsushinbo.pledges",
    "tsushinbo.evaluations",
    "tsushinbo.search",
    "tsushinbo.importers",
    "tsushinbo.site",
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
    # Sessions and CSRF tokens serve the admin alone: they set a cookie only where one is used, and no public page does.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
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
SECURE_CSP = {
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
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Sent by Django only on requests that came by TLS.
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
if HTTPS and TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# W005, W021: subdomains and the browsers' preload list bind more than this site; that is the operator's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

VOTER_COOKIE_NAME = "tsushinbo_voter"
VOTER_COOKIE_AGE = 400 * 24 * 3600  # browsers keep no cookie longer
# Ballots allowed in a window of RATE_WINDOW_SECONDS. The network limit is generous: a school or a mobile carrier shares one prefix.
RATE_WINDOW_SECONDS = 600
RATE_BALLOTS_PER_VOTER = env.number("TSUSHINBO_RATE_BALLOTS_PER_VOTER", 60, low=1, high=1_000_000)
RATE_BALLOTS_PER_NETWORK = env.number("TSUSHINBO_RATE_BALLOTS_PER_NETWORK", 1200, low=1, high=100_000_000)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"tsushinbo": {"level": "INFO"}},
}
