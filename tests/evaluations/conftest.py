"""What the tests of ballots share."""

from collections.abc import Iterator

import pytest

from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts import services
from tsushinbo.pledges.models import Pledge


@pytest.fixture(autouse=True)
def _no_key_kept() -> Iterator[None]:
    """A process keeps the network key of the day; the database of the last test is gone."""
    services.forget_key()
    yield
    services.forget_key()


@pytest.fixture
def pledge(db: None) -> Pledge:
    """A published pledge of a politician that nobody has judged."""
    return PledgeFactory.create()
