"""What election mode holds back in which phase, and its periods, as data: mode.toml beside this file, then the operator's own file and settings."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import TextChoices

from tsushinbo.elections.phases import Periods, Phase

BUNDLED = Path(__file__).with_name("mode.toml")
LONGEST_DAYS = 365


class Rule(TextChoices):
    """What is held back of those who stand."""

    PERSON_SCORES = "person_scores", "順位と偏差値を隠す"
    SUPPORT = "support", "支持・不支持の数を隠す"
    CONTACT = "contact", "書く人に連絡先を求める"
    MAIL = "mail", "メールで知らせない"
    PRINT = "print", "印刷用の体裁を出さない"
    FREEZE = "freeze", "新しく公開しない"
    ADVICE = "advice", "政策マッチングを止める"


@dataclass(frozen=True, slots=True)
class RuleText:
    """One rule: what happens, why, in which phases, and the law with its address."""

    rule: Rule
    words: str
    why: str
    phases: frozenset[Phase]
    law: str
    url: str

    @property
    def ordered(self) -> list[Phase]:
        """Its phases in the order in which they follow each other."""
        return [phase for phase in Phase if phase in self.phases]


@dataclass(frozen=True)
class RuleBook:
    """Everything that is in force. ``campaign_days`` by what is elected, as in mode.toml."""

    periods: Periods
    campaign_days: Mapping[str, int]
    rules: Mapping[Rule, RuleText]
    by_phase: Mapping[Phase, frozenset[Rule]] = field(init=False)

    def __post_init__(self) -> None:
        """Turn the rules round once: which hold in a phase is asked on every page."""
        held = {phase: frozenset(rule for rule, text in self.rules.items() if phase in text.phases) for phase in Phase}
        object.__setattr__(self, "by_phase", held)


def in_force() -> RuleBook:
    """The rules as the settings have them. Raises ImproperlyConfigured where a file or a value cannot be understood."""
    return _read(settings.ELECTION_RULES, settings.ELECTION_QUIET_DAYS, settings.ELECTION_POLLS_CLOSE)


@cache
def _read(path: str, quiet_days: int | None, polls_close: time | None) -> RuleBook:
    said = _parsed(BUNDLED)
    if path:
        said = _merged(said, _parsed(Path(path)), path)
    book = _book(said, path or BUNDLED.name)
    periods = book.periods
    if quiet_days is not None:
        periods = replace(periods, quiet_days=quiet_days)
    if polls_close is not None:
        periods = replace(periods, polls_close=polls_close)
    return RuleBook(periods, book.campaign_days, book.rules)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as fault:
        raise ImproperlyConfigured(f"{path}: cannot be read as TOML ({fault})") from None


def _merged(said: dict[str, Any], own: dict[str, Any], where: str, inside: str = "") -> dict[str, Any]:
    """``said`` with what ``own`` says in its place; a name that ``said`` does not know is refused, as it would only look like a rule."""
    merged = dict(said)
    for name, value in own.items():
        if name not in said:
            raise ImproperlyConfigured(f"{where}: {inside}{name} is not known; there are {', '.join(said)}")
        if isinstance(said[name], dict):
            if not isinstance(value, dict):
                raise ImproperlyConfigured(f"{where}: {inside}{name} must be a table")
            merged[name] = _merged(said[name], value, where, f"{inside}{name}.")
        else:
            merged[name] = value
    return merged


def _book(said: dict[str, Any], where: str) -> RuleBook:
    periods = said["periods"]
    days = {"quiet_days", "widest_window_days"}
    for one in fields(Periods):
        value = periods[one.name]
        if one.name in days:
            _check_days(value, where, f"periods.{one.name}")
        elif not isinstance(value, time):
            raise ImproperlyConfigured(f"{where}: periods.{one.name} must be a time such as 20:00:00")
    for name, value in said["campaign_days"].items():
        _check_days(value, where, f"campaign_days.{name}")
    return RuleBook(
        Periods(**periods), said["campaign_days"], {rule: _rule(rule, said["rules"][rule], where) for rule in Rule}
    )


def _check_days(value: object, where: str, name: str) -> None:
    if type(value) is not int or not 0 <= value <= LONGEST_DAYS:
        raise ImproperlyConfigured(f"{where}: {name} must be a whole number of days from 0 to {LONGEST_DAYS}")


def _rule(rule: Rule, said: dict[str, Any], where: str) -> RuleText:
    for name in ("words", "why", "law", "url"):
        if not isinstance(said[name], str) or not said[name].strip():
            raise ImproperlyConfigured(f"{where}: rules.{rule}.{name} must be a text")
    if not said["url"].startswith("https://"):
        raise ImproperlyConfigured(f"{where}: rules.{rule}.url must begin with https://")
    named = said["phases"]
    # Before the quiet phase and after the polls nothing is held back: a rule there would never end.
    possible = (Phase.QUIET, Phase.CAMPAIGN, Phase.POLLING_DAY)
    if not isinstance(named, list) or any(phase not in possible for phase in named):
        raise ImproperlyConfigured(f"{where}: rules.{rule}.phases must be a list of {', '.join(possible)}")
    return RuleText(rule, said["words"], said["why"], frozenset(map(Phase, named)), said["law"], said["url"])
