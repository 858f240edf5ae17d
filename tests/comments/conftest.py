"""What the tests of comments share."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from tests.accounts.factories import UserFactory
from tests.activities.factories import ReportFactory
from tsushinbo.accounts.models import User
from tsushinbo.activities.models import ActivityReport

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands at NOW until it is moved."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def report(db: None) -> ActivityReport:
    """A public report without comments."""
    return ReportFactory.create()


@pytest.fixture
def citizen(db: None) -> User:
    """A member who speaks for nobody."""
    return UserFactory.create(display_name="花子")
