"""What the tests of ballots share."""

import pytest

from tests.pledges.factories import PledgeFactory
from tsushinbo.pledges.models import Pledge


@pytest.fixture
def pledge(db: None) -> Pledge:
    """A published pledge of a politician that nobody has judged."""
    return PledgeFactory.create()
