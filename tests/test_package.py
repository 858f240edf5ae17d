"""The wheel: what ``pip install`` or ``uv pip install`` would bring, without the checkout around it."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database

CHECKOUT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the contents of a wheel that was built from a copy of the checkout."""
    copy, folder = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("installed")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / name, copy)
    shutil.copytree(CHECKOUT / "requirements", copy / "requirements")
    shutil.copytree(CHECKOUT / "tsushinbo", copy / "tsushinbo", ignore=shutil.ignore_patterns("__pycache__"))
    build = "from setuptools import build_meta; build_meta.build_wheel('dist')"
    subprocess.run([sys.executable, "-W", "ignore", "-c", build], cwd=copy, check=True, capture_output=True)
    [wheel] = (copy / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_the_wheel_holds_pages_styles_tables_and_data(installed: Path) -> None:
    for name in (
        "site/templates/base.html",
        "site/static/tsushinbo/base.css",
        "japanese/tables/variants.tsv",
        "data/people.csv",
        "data/headline/ldp.csv",
        "data/LICENSES.md",
    ):
        assert (installed / "tsushinbo" / name).is_file(), name


def test_the_wheel_brings_the_console_command_and_its_licence(installed: Path) -> None:
    [facts] = installed.glob("tsushinbo-*.dist-info")
    assert "tsushinbo = tsushinbo.cli:main" in (facts / "entry_points.txt").read_text()
    metadata = (facts / "METADATA").read_text()
    assert "License-Expression: AGPL-3.0-or-later" in metadata
    assert "Requires-Dist: Django~=6.1.3" in metadata


def test_the_installed_command_runs_away_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(installed), "TSUSHINBO_DATA_DIR": str(tmp_path / "data")}
    environment.pop("DATABASE_URL", None)
    python = [sys.executable, "-P", "-m", "tsushinbo"]
    where = subprocess.run(
        [sys.executable, "-P", "-c", "import tsushinbo; print(tsushinbo.__file__)"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(installed) in where.stdout
    subprocess.run([*python, "manage", "migrate", "--verbosity=0"], env=environment, cwd=tmp_path, check=True)
    done = subprocess.run(
        [*python, "import"], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    examined = subprocess.run(
        [*python, "doctor"], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert examined.returncode == 0, examined.stdout + examined.stderr
