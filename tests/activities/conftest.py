"""What the tests of activity reports share."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.accounts.factories import UserFactory
from tests.people.factories import DelegateFactory, PoliticianFactory
from tsushinbo.accounts.models import User
from tsushinbo.people.models import Politician


@pytest.fixture(autouse=True)
def pictures_dir(settings: Settings, tmp_path: Path) -> Path:
    """A folder for pictures of its own."""
    settings.PICTURES_DIR = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def politician(db: None) -> Politician:
    """Who is written about."""
    return PoliticianFactory.create()


@pytest.fixture
def office(politician: Politician) -> User:
    """An account that speaks for the politician."""
    return DelegateFactory.create(politician=politician).user


@pytest.fixture
def citizen(db: None) -> User:
    """A member who speaks for nobody."""
    return UserFactory.create(display_name="花子")


@pytest.fixture
def neighbour(db: None) -> User:
    """Another member."""
    return UserFactory.create()
