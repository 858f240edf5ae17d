"""The documents are part of the program: what they say must be there, and what is there they must say."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database

CHECKOUT = Path(__file__).parents[1]
PAGES = [CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]
ROOMS = sorted(path.parent.name for path in (CHECKOUT / "tsushinbo").glob("*/__init__.py"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_document_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        if not target.startswith(("https:", "http:", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name} points at {target}"


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_a_line_in_the_readme(room: str) -> None:
    assert f"`tsushinbo/{room}/`" in (CHECKOUT / "README.md").read_text()


def test_every_setting_has_a_line_in_the_operators_page() -> None:
    sources = [*(CHECKOUT / "tsushinbo" / "config").glob("*.py"), *(CHECKOUT / "tsushinbo" / "cli").glob("*.py")]
    read = {
        name
        for source in sources
        for name in re.findall(r'"(TSUSHINBO_[A-Z_]+|PORT|HOST|DATABASE_URL)"', source.read_text())
    }
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", (CHECKOUT / "docs" / "operations.md").read_text(), re.MULTILINE))
    assert read == told


def test_the_picture_of_the_rooms_shows_the_code_as_it_is() -> None:
    subprocess.run([sys.executable, CHECKOUT / "scripts" / "draw_rooms.py", "--check"], check=True)


def test_no_document_names_a_place_that_is_only_here() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    ).stdout.split()
    for name in tracked:
        if name.endswith((".md", ".txt", ".in", ".toml", ".sh")):
            text = (CHECKOUT / name).read_text()
            assert "/root/" not in text, name
            assert str(CHECKOUT) not in text, name


def test_the_locks_have_a_hash_for_every_package_and_no_address() -> None:
    for lock in (CHECKOUT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "://" not in text, lock.name
        packages = re.findall(r"^[A-Za-z0-9_.-]+==\S+.*(?:\n    .*)+", text, re.MULTILINE)
        assert len(packages) == len(re.findall(r"^[A-Za-z0-9_.-]+==", text, re.MULTILINE))
        assert all("--hash=sha256:" in package for package in packages)
