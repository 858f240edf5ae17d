"""Imports of small tables."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.importers import tables
from tsushinbo.importers.report import Report
from tsushinbo.importers.run import import_paths

AT = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
Load = Callable[..., Report]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Write a table of some rows and import it: ``load("people", {"name": "見本花子"})``."""

    def loaded(table: str, *rows: Mapping[str, str], name: str = "") -> Report:
        return import_paths([tables.write(tmp_path, table, *rows, name=name)], at=AT)

    return loaded


@pytest.fixture
def basis(db: None, tmp_path: Path) -> None:
    """Prefecture, ward, district, party, group, policy area and election on record."""
    folder = tmp_path / "basis"
    folder.mkdir()
    report = import_paths(tables.write_basis(folder), at=AT)
    assert not report.refused
    assert not report.unusable


def refusals(report: Report) -> list[str]:
    """Every refused row in words."""
    return [str(refusal) for file in report.files for refusal in file.refusals]
