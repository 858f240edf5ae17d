"""The rules as data: what the bundled file says, what an operator may change, and that a file which is not understood is refused loudly."""

from datetime import time
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from tsushinbo.elections.phases import Phase
from tsushinbo.elections.rules import Rule, in_force

pytestmark = pytest.mark.any_database

Q, C, P = Phase.QUIET, Phase.CAMPAIGN, Phase.POLLING_DAY
# RULES 4, row by row.
TABLE = {
    Rule.PERSON_SCORES: {Q, C, P},
    Rule.SUPPORT: {C, P},
    Rule.CONTACT: {C, P},
    Rule.MAIL: {C, P},
    Rule.PRINT: {C, P},
    Rule.FREEZE: {P},
    Rule.ADVICE: {C, P},
}


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Path:
    """An operator's file, named by the setting."""
    path = tmp_path / "rules.toml"
    settings.ELECTION_RULES = str(path)
    return path


def test_the_bundled_rules_are_those_of_the_table() -> None:
    book = in_force()
    assert {rule: set(text.phases) for rule, text in book.rules.items()} == TABLE
    assert book.by_phase[Phase.NORMAL] == book.by_phase[Phase.AFTER] == frozenset()
    assert book.by_phase[P] == set(Rule)
    assert (book.periods.quiet_days, book.periods.polls_close) == (30, time(20))


def test_every_rule_names_its_law_and_where_it_is_read() -> None:
    for text in in_force().rules.values():
        assert text.law.startswith("公職選挙法 第")
        assert text.url.startswith("https://laws.e-gov.go.jp/law/325AC1000000100#")
        assert text.words
        assert text.why.endswith("。")
        assert text.ordered == [phase for phase in (Q, C, P) if phase in text.phases]


def test_an_own_file_need_name_only_what_differs(own: Path) -> None:
    own.write_text('[periods]\nquiet_days = 45\n[rules.support]\nphases = ["quiet", "campaign", "polling_day"]\n')
    book = in_force()
    assert book.periods.quiet_days == 45
    assert book.periods.polls_close == time(20)
    assert Rule.SUPPORT in book.by_phase[Q]
    assert book.rules[Rule.MAIL].phases == {C, P}
    assert book.campaign_days["governor"] == 17


def test_settings_go_before_the_file(own: Path, settings: Settings) -> None:
    own.write_text("[periods]\nquiet_days = 45\npolls_close = 19:00:00\n")
    settings.ELECTION_QUIET_DAYS, settings.ELECTION_POLLS_CLOSE = 0, time(18, 30)
    assert (in_force().periods.quiet_days, in_force().periods.polls_close) == (0, time(18, 30))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[periods", "cannot be read as TOML"),
        ("[periods]\nquiet_day = 30", "periods.quiet_day is not known"),
        ("[rules.fotos]\nphases = []", "rules.fotos is not known"),
        ("[rules.mail]\nphase = []", "rules.mail.phase is not known"),
        ("periods = 3", "periods must be a table"),
        ("[periods]\nquiet_days = -1", "periods.quiet_days must be a whole number"),
        ("[periods]\nquiet_days = true", "periods.quiet_days must be a whole number"),
        ("[periods]\nquiet_days = 366", "periods.quiet_days must be a whole number"),
        ("[periods]\npolls_close = 20", "periods.polls_close must be a time"),
        ('[campaign_days]\ngovernor = "17"', "campaign_days.governor must be a whole number"),
        ('[rules.mail]\nphases = ["after"]', "rules.mail.phases must be a list of"),
        ('[rules.mail]\nphases = ["campaigning"]', "rules.mail.phases must be a list of"),
        ('[rules.mail]\nphases = "campaign"', "rules.mail.phases must be a list of"),
        ("[rules.mail]\nphases = [[1]]", "rules.mail.phases must be a list of"),
        ('[rules.mail]\nwords = " "', "rules.mail.words must be a text"),
        ("[rules.mail]\nlaw = 142", "rules.mail.law must be a text"),
        ('[rules.mail]\nurl = "javascript:alert(1)"', "rules.mail.url must begin with https://"),
    ],
)
def test_a_file_that_is_not_understood_is_refused_by_its_line(own: Path, text: str, says: str) -> None:
    own.write_text(text)
    with pytest.raises(ImproperlyConfigured, match=str(own)) as refusal:
        in_force()
    assert says in str(refusal.value)


def test_a_file_that_is_gone_or_no_text_is_refused(own: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        in_force()
    own.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        in_force()
