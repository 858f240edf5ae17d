"""``tsushinbo election-mode``."""

import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest
import time_machine

from tests.elections.factories import CandidacyFactory, ContestFactory, UpcomingElectionFactory
from tsushinbo import addresses
from tsushinbo.cli import main
from tsushinbo.elections.models import Election
from tsushinbo.elections.phases import TOKYO

pytestmark = pytest.mark.django_db


@pytest.fixture
def election() -> Election:
    """Two people stand on 13 December 2026, one of them in a contest that was put off by a week."""
    made = UpcomingElectionFactory.create(
        name="見本市議会議員選挙", announced_on=date(2026, 12, 6), polling_on="2026-12-13", precision="day"
    )
    CandidacyFactory.create(contest__election=made)
    CandidacyFactory.create(contest=ContestFactory.create(election=made, name="北区", polling_on=date(2026, 12, 20)))
    return made


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command says, in lines."""
    with pytest.raises(SystemExit) as leaving:
        main(["election-mode", *arguments])
    assert leaving.value.code == 0
    return capsys.readouterr().out


def test_it_says_the_phase_of_each_contest_and_whom_each_rule_holds(
    election: Election, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = said(capsys, "--at", "2026-12-13T19:59:59").splitlines()
    assert lines[0] == "2026年12月13日（日）19時59分（日本時間）の選挙期間中の表示"
    assert f"見本市議会議員選挙  {election.get_absolute_url()}mode/  立候補している人（予定を含む）2人" in lines
    assert "  →投票日: 2026年12月13日（日）0時00分から2026年12月13日（日）20時00分まで" in lines
    assert "  日程のちがう選挙区: 北区" in lines
    assert "  →選挙運動期間: 2026年12月6日（日）0時00分から2026年12月20日（日）0時00分まで" in lines
    assert "順位と偏差値を隠す: 2人（公職選挙法 第138条の3）" in lines
    assert "新しく公開しない: 1人（公職選挙法 第129条・第142条の3第2項）" in lines


def test_a_second_later_the_first_contest_is_over(election: Election, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "--at", "2026-12-13T11:00:00+00:00")
    assert "→投票終了後: 2026年12月13日（日）20時00分から" in out
    assert "順位と偏差値を隠す: 1人" in out
    assert "新しく公開しない" not in out


def test_a_day_is_its_beginning_and_without_one_it_is_now(
    election: Election, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "2026年12月13日（日）0時00分" in said(capsys, "--at", "2026-12-13").splitlines()[0]
    with time_machine.travel(datetime(2026, 12, 12, 23, 59, 59, tzinfo=TOKYO), tick=False):
        assert "→選挙運動期間" in said(capsys)


def test_who_is_linked_with_nobody_is_warned_of(election: Election, capsys: pytest.CaptureFixture[str]) -> None:
    assert "注意" not in said(capsys, "--at", "2026-12-13")
    CandidacyFactory.create(contest=election.contests.first(), politician=None, name="見本無名")
    assert "結びついていない立候補が1件あり" in said(capsys, "--at", "2026-12-13")


def test_where_nothing_is_held_it_says_so(election: Election, capsys: pytest.CaptureFixture[str]) -> None:
    assert "だれについても、控えているものはありません。" in said(capsys, "--at", "2026-10-01")


def test_one_election_is_told_in_any_phase(election: Election, capsys: pytest.CaptureFixture[str]) -> None:
    assert "→通常: 2026年11月6日（金）0時00分まで" in said(
        capsys, "--at", "2026-10-01", "--election", addresses.encode(election.pk)
    )
    unknown = UpcomingElectionFactory.create()
    assert "投票日が分からないため" in said(capsys, "--election", addresses.encode(unknown.pk))


@pytest.mark.parametrize(
    "arguments",
    [("--at", "x"), ("--at", "2026-13-01"), ("--at", "0001-01-01"), ("--at", "9999-12-31T23:59-12:00"), ("--at", "2200-01-01"), ("--election", "x"), ("--election", "0000000000")],
)  # fmt: skip
def test_what_is_not_understood_is_one_line(arguments: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(["election-mode", *arguments])
    assert leaving.value.code == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert arguments[1] in err


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("TSUSHINBO_ELECTION_RULES", "broken.toml", "periods.quiet_day is not known"),
        ("TSUSHINBO_ELECTION_RULES", "gone.toml", "is no file that this user can read"),
        ("TSUSHINBO_ELECTION_QUIET_DAYS", "-1", "out of range"),
        ("TSUSHINBO_ELECTION_QUIET_DAYS", "thirty", "is not a whole number"),
        ("TSUSHINBO_ELECTION_POLLS_CLOSE", "25:00", "is not a time of day"),
        ("TSUSHINBO_ADVICE_IN_CAMPAIGN", "perhaps", "is neither yes nor no"),
    ],
)
@pytest.mark.parametrize("command", [("election-mode",), ("manage", "check")], ids=["own", "Django's"])
def test_a_broken_setting_is_one_clear_line(
    name: str, value: str, reason: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "broken.toml").write_text("[periods]\nquiet_day = 3\n")
    env = {**os.environ, "TSUSHINBO_DATA_DIR": str(tmp_path), name: value}
    ran = subprocess.run(
        [sys.executable, "-m", "tsushinbo", *command],
        env=env,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr.startswith("tsushinbo: ")
    assert reason in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
