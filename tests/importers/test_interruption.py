"""An import that was stopped goes on where it was, whatever stopped it."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.importers import tables
from tests.importers.conftest import AT
from tsushinbo.importers.models import ImportedFile
from tsushinbo.importers.progress import Silent
from tsushinbo.importers.run import bundle_is_loaded, import_paths
from tsushinbo.people.models import Party
from tsushinbo.sources.keeping import Outcome

ROWS = [{"party_id": f"p{number}", "name": f"第{number}党"} for number in range(4_000)]
# Kills its own process, as a power cut would, when the third thousand of lines was read.
KILLED = """
import os, signal, sys
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
from tsushinbo.importers.progress import Silent
from tsushinbo.importers.run import import_paths

class Killer(Silent):
    seen = 0
    def reach(self, name, position):
        self.seen += 1
        if self.seen == 3:
            os.kill(os.getpid(), signal.SIGKILL)

call_command("migrate", verbosity=0)
import_paths([Path(sys.argv[1])], progress=Killer(), batch_rows=700)
"""
FINISHED = """
import sys
from pathlib import Path
import django
django.setup()
from tsushinbo.importers.run import import_paths
print(import_paths([Path(sys.argv[1])]).files[0])
"""


def python(code: str, path: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "TSUSHINBO_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "tsushinbo.config.settings",
    }
    command = [sys.executable, "-c", code, str(path)]
    return subprocess.run(command, env=environment, check=False, capture_output=True, text=True)


def test_a_killed_process_leaves_whole_batches_and_the_next_goes_on(tmp_path: Path) -> None:
    path = tables.write(tmp_path, "parties", *ROWS)
    killed = python(KILLED, path, tmp_path)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with closing(sqlite3.connect(tmp_path / "tsushinbo.sqlite3")) as database:
        parties = database.execute("SELECT COUNT(*) FROM people_party").fetchone()[0]
        lines, finished = database.execute("SELECT lines_done, finished_at FROM importers_importedfile").fetchone()
    assert (parties, lines, finished) == (2_800, 2_801, None)
    done = python(FINISHED, path, tmp_path)
    assert done.stdout == "parties.csv: created 1,200, updated 0, unchanged 0, refused 0; went on after line 2,801\n"


class _Stop(Exception):
    """What an interrupt from the keyboard does to an import."""


class _Stopper(Silent):
    def __init__(self, after: int) -> None:
        self._after = after

    def reach(self, name: str, position: int) -> None:
        self._after -= 1
        if not self._after:
            raise _Stop


@pytest.mark.django_db(transaction=True)
def test_an_interrupted_import_goes_on_with_the_batch_that_was_lost(tmp_path: Path) -> None:
    rows = [*ROWS[:2_500], {"party_id": "twice", "name": "二度党", "kind": "club"}, ROWS[0] | {"name": "ほか"}]
    path = tables.write(tmp_path, "parties", *rows)
    with pytest.raises(_Stop):
        import_paths([path], progress=_Stopper(after=2), batch_rows=600, at=AT)
    assert Party.objects.count() == 1_800
    file = ImportedFile.objects.get()
    assert (file.lines_done, file.finished_at) == (1_801, None)
    report = import_paths([path], at=AT)
    assert (report.total(Outcome.CREATED), report.files[0].resumed_after) == (700, 1_801)
    # An id that stood in the part loaded before is still found to stand twice.
    assert [(refusal.line, refusal.reason) for refusal in report.files[0].refusals] == [
        (2502, "'club' is none of party, independent"),
        (2503, "duplicate: line 2 has the same party_id"),
    ]
    file.refresh_from_db()
    assert (file.lines_done, file.finished_at) == (2_503, AT)


@pytest.mark.django_db(transaction=True)
def test_a_file_that_changed_meanwhile_is_loaded_from_its_beginning(tmp_path: Path) -> None:
    path = tables.write(tmp_path, "parties", *ROWS[:2_500])
    with pytest.raises(_Stop):
        import_paths([path], progress=_Stopper(after=2), batch_rows=600, at=AT)
    tables.write(tmp_path, "parties", *[row | {"short_name": "新"} for row in ROWS[:2_500]])
    report = import_paths([path], at=AT)
    assert (report.total(Outcome.UPDATED), report.total(Outcome.CREATED)) == (1_800, 700)


@pytest.mark.django_db
def test_the_bundle_is_not_loaded_before_it_is() -> None:
    assert not bundle_is_loaded()
