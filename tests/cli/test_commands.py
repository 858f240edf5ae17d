"""The console command, called in this process."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from tests.accounts.factories import UserFactory
from tests.activities.factories import POSTED_AT, ReportFactory
from tests.evaluations.assessing import assess, kept_sums
from tests.evaluations.counting import cast
from tests.people.factories import CorrectionFactory, DelegateFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory
from tests.rankings.scene import make_scene
from tsushinbo import __version__, addresses
from tsushinbo.activities.models import Picture
from tsushinbo.cli import chores, main
from tsushinbo.evaluations.models import AssessmentTally, ScoreRun, Tally
from tsushinbo.evaluations.queries import scores
from tsushinbo.moderation.services import decide
from tsushinbo.people.models import FactCorrection, Politician
from tsushinbo.rankings.models import RankingRow

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    assert isinstance(leaving.value.code, int)
    return leaving.value.code


@pytest.mark.parametrize("command", ["serve", "import", "score", "election-mode", "worker", "createadmin", "doctor"])
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert run(command, "--help") == 0
    assert f"usage: tsushinbo {command}" in capsys.readouterr().out


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out.strip() == f"tsushinbo {__version__}"


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("vote") == 2
    assert "vote" in capsys.readouterr().err


def test_djangos_own_commands_are_reachable(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("manage", "check") == 0
    assert "no issues" in capsys.readouterr().out


def test_doctor_finds_a_sound_site_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    cast(PledgeFactory.create())
    assert run("doctor") == 1
    assert "WRONG run of the scores: there is none yet" in capsys.readouterr().out
    assert run("score") == 0
    capsys.readouterr()
    assert run("doctor") == 0
    out = capsys.readouterr().out
    assert "WRONG" not in out
    assert "tallies: equal to a recount of the ballots, assessments, reactions" in out


def test_doctor_and_score_find_a_wrong_tally_and_rebuild_mends_it(capsys: pytest.CaptureFixture[str]) -> None:
    pledge = PledgeFactory.create()
    Tally.objects.update_or_create(pledge=pledge, defaults={"good": 3, "changed_at": pledge.changed_at})
    assert run("doctor") == 1
    assert "tsushinbo score --rebuild" in capsys.readouterr().out
    assert run("score") == 1
    assert run("score", "--rebuild") == 0
    assert run("score") == 0
    assert run("doctor") == 0
    assert not Tally.objects.filter(pledge=pledge, good__gt=0).exists()


def test_doctor_asks_for_a_look_where_the_source_of_a_correction_says_a_third_thing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    item = CorrectionFactory.create()
    decide(item=item, approve=True, by=UserFactory.create(), at=timezone.now())
    run("doctor")
    assert "corrections: 1 hold, and no source says a third thing" in capsys.readouterr().out
    FactCorrection.objects.update(said="1999")
    assert run("doctor") == 1
    assert "WRONG corrections: the sources of 1 of 1 say a third thing by now" in capsys.readouterr().out


def test_doctor_misses_the_files_of_pictures(capsys: pytest.CaptureFixture[str], settings: Any, tmp_path: Path) -> None:
    settings.PICTURES_DIR = tmp_path
    picture = Picture.objects.create(
        report=ReportFactory(), number=1, name="0" * 32, alt="校門", width=9, height=9, widths=[9], added_at=POSTED_AT
    )
    run("doctor")
    assert "1 pictures of activity reports have no files" in capsys.readouterr().out
    (tmp_path / picture.name).mkdir()
    run("doctor")
    assert "every picture has its files" in capsys.readouterr().out


def test_doctor_and_score_find_a_wrong_sum_of_assessments_too(capsys: pytest.CaptureFixture[str]) -> None:
    pledge = PledgeFactory.create()
    AssessmentTally.objects.create(pledge=pledge, assessments=1, progress_sum=30, changed_at=pledge.changed_at)
    assert run("doctor") == 1
    assert "a recount of their assessments" in capsys.readouterr().out
    assert run("score") == 1
    assert run("score", "--rebuild") == 0
    assert run("doctor") == 0
    assert AssessmentTally.objects.get().progress_sum == 0


def test_the_chores_end_what_delegates_said_as_citizens() -> None:
    pledge, user = PledgeFactory.create(), UserFactory.create()
    assess(pledge, user)
    DelegateFactory.create(user=user, politician=pledge.politician)
    assert run("worker", "--once") == 0
    assert not kept_sums(pledge)[0]


def test_doctor_says_what_a_public_site_lacks(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]  # the test client adds its own
    assert run("doctor", "--deploy") == 1
    out = capsys.readouterr().out
    for variable in ("TSUSHINBO_HTTPS", "TSUSHINBO_ALLOWED_HOSTS", "TSUSHINBO_CONTACT", "TSUSHINBO_EMAIL_URL"):
        assert variable in out


def test_createadmin_makes_one_account_and_refuses_the_second(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TSUSHINBO_ADMIN_PASSWORD", "mugi-no-ho-ga-yureru")
    assert run("createadmin", "unei", "--email", "unei@example.jp") == 0
    account = get_user_model().objects.get(username="unei")
    assert account.is_staff
    assert account.check_password("mugi-no-ho-ga-yureru")
    assert run("createadmin", "unei") == 1
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "email", "password"),
    [("unei", "", "short"), ("unei", "no address", "mugi-no-ho-ga-yureru"), ("", "", "mugi-no-ho-ga-yureru")],
)
def test_createadmin_refuses_what_is_unsafe(
    monkeypatch: pytest.MonkeyPatch, name: str, email: str, password: str
) -> None:
    monkeypatch.setenv("TSUSHINBO_ADMIN_PASSWORD", password)
    assert run("createadmin", name, "--email", email) == 1
    assert not get_user_model().objects.exists()


def test_createadmin_without_a_terminal_says_how(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TSUSHINBO_ADMIN_PASSWORD", raising=False)
    assert run("createadmin", "unei") == 1
    assert "TSUSHINBO_ADMIN_PASSWORD" in capsys.readouterr().err


def test_import_of_a_missing_file_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("import", str(tmp_path / "nothing.csv")) == 1
    assert "nothing.csv" in capsys.readouterr().err


def test_the_chores_throw_away_old_network_keys() -> None:
    from tsushinbo.accounts.models import NetworkKey

    NetworkKey.objects.create(day="2020-01-01", key=b"0" * 32)
    assert run("worker", "--once") == 0
    assert not NetworkKey.objects.exists()


def test_the_chores_stop_when_told() -> None:
    stop = threading.Event()
    stop.set()
    assert chores.forever(stop) == 0


def test_score_makes_a_run_and_says_from_what(capsys: pytest.CaptureFixture[str]) -> None:
    PledgeFactory.create()
    assert run("score") == 0
    made = ScoreRun.objects.get(current=True)
    out = capsys.readouterr().out
    assert f"run {made.number}, method {made.method_version}" in out
    assert "1 pledges" in out
    assert made.inputs_digest in out
    assert made.outputs_digest in out
    assert run("score") == 0
    assert "Nothing has changed since run" in capsys.readouterr().out
    assert run("score", "--force") == 0
    assert ScoreRun.objects.count() == 2


def test_the_chores_make_a_run_when_something_changed() -> None:
    pledge = PledgeFactory.create()
    assert run("worker", "--once") == 0
    ScoreRun.objects.update(seconds=0)
    cast(pledge)
    assert run("worker", "--once") == 0
    assert ScoreRun.objects.get(current=True).counts["ballots"] == 1
    assert run("worker", "--once") == 0
    assert ScoreRun.objects.count() == 2


def test_the_chores_mend_tallies_and_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    pledge = PledgeFactory.create()
    cast(pledge)
    Tally.objects.update(bad=7)
    assert run("worker", "--once") == 0
    assert Tally.objects.get().bad == 0
    assert "1 tallies differed from a recount of their ballots" in capsys.readouterr().err


def test_a_chore_that_fails_keeps_none_of_the_others_from_being_done(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*, at: object) -> int:
        raise ZeroDivisionError

    cast(PledgeFactory.create())
    monkeypatch.setattr(chores, "forget_expired", broken)
    with pytest.raises(ZeroDivisionError):
        chores.once()
    assert ScoreRun.objects.get(current=True).counts["ballots"] == 1


def test_whatever_fails_does_not_end_the_chores(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()

    def broken() -> int:
        stop.set()
        raise ZeroDivisionError

    monkeypatch.setattr(chores, "once", broken)
    assert chores.forever(stop) == 0
    assert "tried again" in caplog.text


def test_doctor_says_how_old_the_run_is_and_misses_rows(capsys: pytest.CaptureFixture[str]) -> None:
    PledgeFactory.create()
    assert run("score") == 0
    assert run("doctor") == 0
    assert "hours ago), method" in capsys.readouterr().out
    RankingRow.objects.all().delete()
    assert run("doctor") == 1
    assert "have not the rows they should have" in capsys.readouterr().out
    ScoreRun.objects.update(method_version="1999.1")
    assert run("doctor") == 1
    assert "no score is shown" in capsys.readouterr().out


def test_explain_prints_what_the_report_card_shows(capsys: pytest.CaptureFixture[str]) -> None:
    scene = make_scene()
    assert run("score") == 0
    capsys.readouterr()
    person = Politician.objects.get(pk=scene.people[0])
    told = scores.explanation(person)
    assert told is not None
    printed = []
    for given in (addresses.encode(person.pk), str(person.pk)):
        assert run("score", "--explain", f"politician:{given}") == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    for dimension in told["dimensions"]:
        assert f"value {dimension['value']:.6f}, error {dimension['error']:.6f}" in printed[0]
        for row in dimension["pledges"]:
            counted = row.get("positive", row.get("sum"))
            assert f"{counted:,} of n {row['n']:,}" in printed[0]
            assert f"x = {row['value']:.6f}" in printed[0]
    assert f"{told['total']['value']:.6f}" in printed[0]
    for population in told["populations"]:
        assert f"({population['name']}): {population['members']:,} members" in printed[0]
        if population["deviation"] is not None:
            assert f"= {population['deviation']:.6f}" in printed[0]
    assert "place " in printed[0]


def test_explain_of_a_party(capsys: pytest.CaptureFixture[str]) -> None:
    party = PartyPledgeFactory.create().party
    assert run("score") == 0
    assert run("score", "--explain", f"party:{addresses.encode(party.pk)}") == 0
    assert "compared as party" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("politician:0000000000", "there is no politician"),
        ("party:12345", "there is no party"),
        ("politician:uuuuuuuuuu", "is not an ID"),
        ("politician:taro", "is not an ID"),
        ("politician:", "is not understood"),
        ("mayor:1", "is not understood"),
    ],
)
def test_explain_of_nobody_says_so(capsys: pytest.CaptureFixture[str], given: str, reason: str) -> None:
    assert run("score", "--explain", given) == 1
    assert reason in capsys.readouterr().err


def test_explain_before_the_first_run_says_how_to_make_one(capsys: pytest.CaptureFixture[str]) -> None:
    pledge = PledgeFactory.create()
    assert run("score", "--explain", f"politician:{pledge.politician_id}") == 1
    assert "make one with `tsushinbo score`" in capsys.readouterr().err
