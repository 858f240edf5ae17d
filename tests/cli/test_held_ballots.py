"""What the command says and does about ballots that are held."""

import logging

import pytest
from django.utils import timezone

from tests.cli.test_commands import run
from tests.evaluations.counting import cast, kept
from tests.evaluations.holding import hold
from tests.pledges.factories import PledgeFactory
from tsushinbo.cli import chores
from tsushinbo.evaluations import services
from tsushinbo.evaluations.models import Ballot, HoldCase, Standing
from tsushinbo.evaluations.services import attacks

pytestmark = pytest.mark.django_db


def test_doctor_finds_a_ballot_that_does_not_stand_as_its_case_says_and_the_chores_settle_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pledge = PledgeFactory.create()
    cast(pledge, 1, "bad")
    hold(pledge)
    run("doctor")
    assert "ok    held ballots: all stand as their cases say; 1 cases wait for a moderator" in capsys.readouterr().out
    Ballot.objects.update(standing=Standing.COUNTED)
    services.recount([pledge.pk])
    assert run("doctor") == 1
    out = capsys.readouterr().out
    assert "WRONG held ballots: 1 ballots do not stand as their cases say, 0 decisions are not carried out" in out
    assert run("worker", "--once") == 0
    assert kept(pledge) == {"held": 1}
    run("doctor")
    assert "ok    held ballots" in capsys.readouterr().out


def test_the_chores_carry_out_a_decision_that_was_interrupted(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    pledge = PledgeFactory.create()
    cast(pledge, 1, "bad")
    case = hold(pledge)
    HoldCase.objects.update(state=HoldCase.State.RELEASED, decided_at=case.found_at)
    assert run("doctor") == 1
    assert "1 decisions are not carried out" in capsys.readouterr().out
    with caplog.at_level(logging.INFO):
        assert run("worker", "--once") == 0
    assert kept(pledge) == {"bad": 1}
    assert run("worker", "--once") == 0


def test_a_look_that_took_long_rests_for_nine_times_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    looked, clock = [], [1000.0]

    def look(*, at: object) -> attacks.Looked:
        looked.append(at)
        clock[0] += 100
        return attacks.Looked()

    monkeypatch.setattr(attacks, "look_for_attacks", look)
    monkeypatch.setattr(chores.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(chores, "_look_again_at", 0.0)
    for passed, looks in ((0, 1), (800, 1), (100, 2)):
        clock[0] += passed
        chores.look_and_score(timezone.now())
        assert len(looked) == looks
