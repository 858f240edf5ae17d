"""A whole import: what it reports, what it leaves alone, how it goes on."""

import csv
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from tests.importers import tables
from tests.importers.conftest import AT, Load, refusals
from tsushinbo.elections.models import Candidacy, Election, MunicipalPartyVotes
from tsushinbo.importers import progress
from tsushinbo.importers.models import ImportedFile
from tsushinbo.importers.report import SHOWN
from tsushinbo.importers.run import import_paths
from tsushinbo.people.models import Area, Party, Politician, Term
from tsushinbo.sources.keeping import Outcome

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 2, 5, 3, 0, tzinfo=UTC)


def folder_of_everything(folder: Path) -> Path:
    """A folder with one row of every table, written in no order."""
    for table in ("headline", "pledges", "pr_votes_by_municipality", "party_results", "candidacies"):
        tables.write(folder, table, {})
    tables.write(folder, "people", {})
    tables.write(folder, "people_local", {})
    tables.write(folder, "chief_executives", {})
    tables.write(folder, "identities", {})
    tables.write(folder, "upcoming_elections", {})
    tables.write_basis(folder)
    return folder


def test_a_folder_is_loaded_in_the_order_in_which_tables_need_each_other(tmp_path: Path) -> None:
    report = import_paths([folder_of_everything(tmp_path)], at=AT)
    assert not report.unusable
    assert not refusals(report)
    assert report.total(Outcome.CREATED) == 20
    assert Candidacy.objects.get().politician == Politician.objects.get(name="見本太郎")


def test_a_second_run_changes_nothing_and_says_so(tmp_path: Path) -> None:
    import_paths([folder_of_everything(tmp_path)], at=AT)
    before = {model: list(model._default_manager.order_by("pk").values()) for model in _models()}
    report = import_paths([tmp_path], at=LATER)
    counts = [report.total(outcome) for outcome in Outcome]
    assert (counts, report.refused) == ([0, 0, 20], 0)
    assert "total: created 0, updated 0, unchanged 20, refused 0" in list(report.lines())
    assert {model: list(model._default_manager.order_by("pk").values()) for model in _models()} == before


def _models() -> list[type]:
    from django.apps import apps

    rooms = ("sources", "people", "elections", "pledges", "importers")
    return [model for room in rooms for model in apps.get_app_config(room).get_models()]


@pytest.mark.usefixtures("basis")
def test_a_changed_row_is_updated_and_the_others_are_not(load: Load) -> None:
    load("parties", {"party_id": "a", "name": "あ党"}, {"party_id": "b", "name": "い党"}, name="1.csv")
    report = load("parties", {"party_id": "a", "name": "新あ党"}, {"party_id": "b", "name": "い党"}, name="2.csv")
    assert report.files[0].counts == {Outcome.UPDATED: 1, Outcome.UNCHANGED: 1}
    assert Party.objects.get(key="a").name == "新あ党"


@pytest.mark.usefixtures("basis")
def test_an_older_file_given_again_is_loaded_again(load: Load) -> None:
    for name in ("あ党", "い党", "あ党"):
        load("parties", {"party_id": "a", "name": name})
    assert Party.objects.get(key="a").name == "あ党"


@pytest.mark.usefixtures("basis")
def test_a_dry_run_says_what_would_happen_and_stores_nothing(tmp_path: Path) -> None:
    files = ImportedFile.objects.count()
    path = tables.write(tmp_path, "parties", {"party_id": "a", "name": "あ党"})
    report = import_paths([path], dry_run=True)
    assert report.total(Outcome.CREATED) == 1
    assert "nothing was stored" in next(report.lines())
    assert not Party.objects.filter(key="a").exists()
    assert ImportedFile.objects.count() == files


def test_an_unknown_column_is_named_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "parties.csv"
    path.write_text(
        tables.text("parties", {}).replace("pr_votes_hr51\n", "pr_votes_hr51,colour\n").replace(",,,,\n", ",,,,,red\n")
    )
    report = import_paths([path])
    assert report.total(Outcome.CREATED) == 1
    assert "parties.csv: unknown columns, left out: 'colour'" in list(report.lines())


def test_unusable_files_do_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    (tmp_path / "other.csv").write_text("x,y\n1,2\n")
    tables.write(tmp_path, "parties", {})
    report = import_paths([tmp_path, tmp_path / "nothing.csv"])
    assert {file.name: file.fault.split(";")[0] for file in report.unusable} == {
        "empty.csv": "it is empty",
        "other.csv": "its columns are those of no table",
        "nothing.csv": "there is no such file",
    }
    assert Party.objects.count() == 1


def test_a_file_that_breaks_off_keeps_what_was_read(tmp_path: Path) -> None:
    import gzip
    import random

    rows = [{"party_id": f"p{number}", "name": f"第{random.Random(number).random()}党"} for number in range(20_000)]  # noqa: S311
    path = tmp_path / "parties.csv.gz"
    path.write_bytes(gzip.compress(tables.text("parties", *rows).encode())[:-50_000])
    report = import_paths([path])
    assert "breaks off or is damaged" in report.unusable[0].fault
    assert 0 < Party.objects.count() == report.total(Outcome.CREATED) < 20_000


def test_an_id_in_two_files_of_a_table_is_refused_once(tmp_path: Path) -> None:
    tables.write(tmp_path, "parties", {}, name="1.csv")
    tables.write(tmp_path, "parties", {"party_id": "x", "name": "ほか党"}, {"name": "別の党"}, name="2.csv")
    report = import_paths([tmp_path])
    assert refusals(report) == ["2.csv, line 3, column party_id: duplicate: line 2 of 1.csv has the same party_id"]


def test_the_same_file_given_twice_is_loaded_once(tmp_path: Path) -> None:
    path = tables.write(tmp_path, "parties", {})
    report = import_paths([path, tmp_path, path])
    assert [str(file) for file in report.files] == ["parties.csv: created 1, updated 0, unchanged 0, refused 0"]


def test_hidden_files_and_other_kinds_of_file_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    tables.write(tmp_path / ".git", "parties", {})
    (tmp_path / "README.md").write_text("no table")
    assert import_paths([tmp_path]).files == []


def test_what_the_database_refuses_is_one_row(load: Load, monkeypatch: pytest.MonkeyPatch, basis: None) -> None:
    from tsushinbo.people.services import places

    keep = places.keep

    def picky(stored: object, rows: list[object], **settings: object) -> list[Outcome]:
        if any(getattr(row, "key", "") == "p7" for row in rows):
            raise IntegrityError("value too odd")
        return keep(stored, rows, **settings)  # type: ignore[arg-type]

    monkeypatch.setattr(places, "keep", picky)
    rows = [{"party_id": f"p{number}", "name": f"第{number}党"} for number in range(20)]
    report = load("parties", *rows)
    assert refusals(report) == ["parties.csv, line 9: the database refuses it: value too odd"]
    assert Party.objects.filter(key__startswith="p").count() == 19
    assert ImportedFile.objects.get(lines_done=21).finished_at == AT


def test_every_refused_row_is_written_to_the_report(tmp_path: Path) -> None:
    path = tables.write(tmp_path, "parties", *[{"party_id": f"p{n}", "name": "同"} for n in range(300)])
    report = import_paths([path, tmp_path / "gone.csv"], report_to=tmp_path / "report.csv")
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == report.refused + 1 == 300
    assert rows[0] == {"file": "gone.csv", "line": "", "column": "", "reason": "there is no such file"}
    assert rows[1] == {
        "file": "parties.csv",
        "line": "3",
        "column": "name",
        "reason": "'同' is the name of party 'p0' already",
    }
    assert [line for line in report.lines() if line.startswith("refused:")].__len__() == SHOWN
    assert "… and 279 more refused rows; --report FILE.csv writes them all" in list(report.lines())


def test_the_command_prints_a_line_a_file_and_the_sums(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables.write(tmp_path, "parties", {}, {"kind": "club", "party_id": "x"})
    out = StringIO()
    call_command("import_data", str(tmp_path), stdout=out)
    assert capsys.readouterr().out == "parties.csv: created 1, updated 0, unchanged 0, refused 1\n"
    assert out.getvalue().splitlines() == [
        "total: created 1, updated 0, unchanged 0, refused 1",
        "refused: parties.csv, line 3, column kind: 'club' is none of party, independent",
    ]


def test_the_command_fails_when_a_file_is_unusable(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    with pytest.raises(CommandError, match=r"empty.csv cannot be used: it is empty"):
        call_command("import_data", str(tmp_path), stdout=StringIO())


def test_the_command_says_when_the_report_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"the report cannot be written to .*no/report.csv"):
        call_command("import_data", str(tmp_path), report=tmp_path / "no" / "report.csv", stdout=StringIO())


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_and_anything_else_lines(tmp_path: Path) -> None:
    path = tables.write(tmp_path, "parties", {})
    terminal, pipe = _Terminal(), StringIO()
    import_paths([path], progress=progress.on(terminal))
    import_paths([path], progress=progress.on(pipe))
    assert "\x1b[" in terminal.getvalue()
    assert "parties.csv: created 1" in terminal.getvalue()
    assert pipe.getvalue() == "parties.csv: created 0, updated 0, unchanged 1, refused 0\n"


@pytest.mark.usefixtures("basis")
def test_every_table_reaches_its_columns(load: Load) -> None:
    load("people", {})
    load("people_local", {})
    load("chief_executives", {})
    load("candidacies", {})
    load("upcoming_elections", {})
    load("pr_votes_by_municipality", {})
    member = Term.objects.get(office="representatives")
    assert (member.constituency.boundaries, member.constituency.number) == ("2024", 1)  # type: ignore[union-attr]
    assert (member.party.name, member.dataset.key, member.running) == ("見本党", "shugiin", True)  # type: ignore[union-attr]
    chief = Term.objects.get(office="governor")
    assert (chief.backing, chief.source_title, chief.times_elected) == ("無所属。見本党が推薦", "見本新聞", 1)
    local = Term.objects.get(office="municipal_assembly")
    assert (local.area_id, local.prefecture_id, local.group.name) == ("131091", "130001", "見本会派")  # type: ignore[union-attr]
    candidacy = Candidacy.objects.select_related("contest__constituency").get()
    assert (str(candidacy.votes), candidacy.elected, candidacy.contest.seats) == ("12345.678", True, 1)
    assert candidacy.contest.constituency == member.constituency
    upcoming = Election.objects.get(upcoming=True)
    assert (upcoming.precision, str(upcoming.window_ends_on)) == ("latest", "2030-02-07")
    assert MunicipalPartyVotes.objects.get().area_id == "131091"
    assert Area.objects.get(code="130001").prefecture_id == "130001"
