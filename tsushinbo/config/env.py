"""Typed readers of environment variables. A wrong value is one clear line, never a traceback."""

import os
import secrets
import unicodedata
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


class SettingError(Exception):
    """An environment variable has a value the site cannot work with; the message says which and what to do."""


def text(name: str, default: str = "") -> str:
    """Return the variable without surrounding white space."""
    value = os.environ.get(name, default).strip()
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in value):
        # Bytes that are no UTF-8 and control signs would only fail later, and less clearly.
        raise SettingError(f"{name} holds signs that cannot be read; write it in UTF-8 without control signs")
    return value


def number(name: str, default: int, *, low: int, high: int) -> int:
    """Return a whole number between ``low`` and ``high``, both included."""
    raw = text(name)
    if not raw:
        return default
    try:
        value = int(raw)
    except ValueError:
        raise SettingError(f"{name}={raw!r} is not a whole number; give one from {low} to {high}") from None
    if not low <= value <= high:
        raise SettingError(f"{name}={value} is out of range; give a number from {low} to {high}")
    return value


def days(name: str, *, low: int, high: int) -> int | None:
    """Return a whole number of days between ``low`` and ``high``; None where the variable is empty."""
    return number(name, low, low=low, high=high) if text(name) else None


def clock(name: str) -> time | None:
    """Return a time of day such as 20:00; None where the variable is empty."""
    raw = text(name)
    if not raw:
        return None
    try:
        return time.fromisoformat(raw).replace(tzinfo=None)
    except ValueError:
        raise SettingError(f"{name}={raw!r} is not a time of day; give one such as 20:00") from None


def flag(name: str, *, default: bool = False) -> bool:
    """Return True for 1, true, yes, on; False for 0, false, no, off."""
    raw = text(name).lower()
    if not raw:
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise SettingError(f"{name}={raw!r} is neither yes nor no; give 1 or 0")


def choice(name: str, *allowed: str) -> str:
    """Return one of the words that are allowed, in small letters; the first where the variable is empty."""
    raw = text(name).lower() or allowed[0]
    if raw not in allowed:
        raise SettingError(f"{name}={raw!r} is none of {', '.join(allowed)}; give one of them")
    return raw


def file(name: str) -> str:
    """Return the path of a file that can be read; "" when none is named."""
    path = text(name)
    if path and not (os.path.isfile(path) and os.access(path, os.R_OK)):
        raise SettingError(f"{name}={path!r} is no file that this user can read; give the path of one, or leave it out")
    return path


def words(name: str) -> list[str]:
    """Return the comma separated parts of the variable."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


# What each scheme of a mail server's address means, and its usual port.
MAIL_SCHEMES: dict[str, tuple[dict[str, Any], int]] = {
    "smtp": ({}, 25),
    "smtp+tls": ({"use_tls": True}, 587),
    "smtps": ({"use_ssl": True}, 465),
}


def mail_server(name: str) -> dict[str, Any] | None:
    """Return the options of Django's SMTP backend for the server at an address such as ``smtp+tls://user:password@host:587``; None without one.

    ``smtp`` sends in clear (a relay of this machine), ``smtp+tls`` begins in clear and must switch to TLS, ``smtps`` is TLS from the start.
    """
    raw = text(name)
    if not raw:
        return None
    try:
        parts = urlsplit(raw)
        security, usual_port = MAIL_SCHEMES[parts.scheme]
        port, host = parts.port or usual_port, parts.hostname
    except (ValueError, KeyError):
        host = None
    if not host or parts.path.strip("/") or parts.query:
        # The value is not repeated: it may hold a password.
        raise SettingError(
            f"{name} is not the address of a mail server; give one such as smtp+tls://user:password@host:587"
        )
    login = {"username": unquote(parts.username or ""), "password": unquote(parts.password or "")}
    return {"host": host, "port": port, "timeout": 10, **login, **security}


def together(*names: str) -> list[str] | None:
    """Return the values of variables that make sense only all together; None when none of them is set."""
    values = [text(name) for name in names]
    if not any(values):
        return None
    if missing := [name for name, value in zip(names, values, strict=True) if not value]:
        raise SettingError(f"{' and '.join(missing)} must be set as well; {', '.join(names)} belong together")
    return values


def data_dir() -> Path:
    """Return the folder for everything the site writes, made (mode 0700) when missing.

    TSUSHINBO_DATA_DIR, else ``var/`` of a checkout, else ``~/.local/share/tsushinbo`` of an installed package.
    """
    given = text("TSUSHINBO_DATA_DIR")
    checkout = Path(__file__).resolve().parents[2]
    if given:
        try:
            folder = Path(given).expanduser().absolute()
        except RuntimeError:
            raise SettingError(
                f"TSUSHINBO_DATA_DIR={given!r} begins with a user this machine does not know; give the whole path"
            ) from None
    elif (checkout / "pyproject.toml").is_file():
        folder = checkout / "var"
    else:
        folder = Path(text("XDG_DATA_HOME") or "~/.local/share").expanduser() / "tsushinbo"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise SettingError(
            f"TSUSHINBO_DATA_DIR={str(folder)!r} cannot be used as a folder ({fault.strerror}); give one you may write to"
        ) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingError(
            f"TSUSHINBO_DATA_DIR={str(folder)!r} is not writable for this user; give one you may write to"
        )
    return folder


def secret_key(folder: Path) -> str:
    """Return TSUSHINBO_SECRET_KEY, else the key kept in ``folder/secret_key`` (made once, mode 0600)."""
    given = text("TSUSHINBO_SECRET_KEY")
    if given:
        if len(given) < 32:
            raise SettingError(
                "TSUSHINBO_SECRET_KEY is shorter than 32 characters; give a longer one, or none to have one made"
            )
        return given
    path = folder / "secret_key"
    try:
        # O_EXCL: of two processes starting at once, one writes and the other reads.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        try:
            kept = path.read_text("utf-8").strip()
        except UnicodeDecodeError:
            kept = ""
        except OSError as fault:
            raise SettingError(
                f"{path} cannot be read ({fault.strerror}); give this user the right to, or set TSUSHINBO_SECRET_KEY"
            ) from None
        if len(kept) < 32:
            raise SettingError(
                f"{path} holds no usable key; delete it to have a new one made (voters then start anew)"
            ) from None
        return kept
    except OSError as fault:
        raise SettingError(
            f"{path} cannot be written ({fault.strerror}); make room or rights there, or set TSUSHINBO_SECRET_KEY"
        ) from None
    with os.fdopen(handle, "w") as file:
        key = secrets.token_urlsafe(48)
        file.write(key + "\n")
    return key
