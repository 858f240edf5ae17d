"""``tsushinbo count``: the same import without a page."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.importers.counts.conftest import two
from tsushinbo.elections.models import Candidacy, CountEntry
from tsushinbo.people.models import Area

pytestmark = pytest.mark.django_db
# Long over, whatever day it is.
PAST = {"投票日": "令和5年4月23日", "開票時刻": "2023-04-23 21:35"}


def write(folder: Path, data: bytes) -> Path:
    path = folder / "開票.csv"
    path.write_bytes(data)
    return path


def test_a_file_is_imported_and_told(town: Area, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("count", write(tmp_path, two(None, **PAST)))
    assert "開票.csv (UTF-8): 2 rows in 1 contests; created 2, refused 0" in capsys.readouterr().out
    assert CountEntry.objects.get().file == "開票.csv"


def test_refused_rows_are_told_and_written_and_are_no_failure(
    town: Area, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "refused.csv"
    call_command("count", write(tmp_path, two({"党派": "見知らぬ党"}, **PAST)), report=report)
    assert "refused: 2行目「党派」：「見知らぬ党」は登録のない党派です" in capsys.readouterr().out
    assert "見知らぬ党" in report.read_text(encoding="utf-8-sig")


def test_a_dry_run_stores_nothing(town: Area, tmp_path: Path) -> None:
    call_command("count", write(tmp_path, two(None, **PAST)), dry_run=True)
    assert not Candidacy.objects.exists()


@pytest.mark.parametrize("data", [b"", b"%PDF-1", "題\n".encode()])
def test_a_file_that_is_no_table_is_one_line(town: Area, tmp_path: Path, data: bytes) -> None:
    with pytest.raises(CommandError, match=r"開票\.csv: "):
        call_command("count", write(tmp_path, data))


def test_a_file_that_is_not_there_is_one_line(town: Area, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there is no such file"):
        call_command("count", tmp_path / "none.csv")
