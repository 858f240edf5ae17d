"""What the tests of pledges share."""

import pytest

from tests.pledges.factories import PledgeFactory
from tsushinbo.pledges.models import Pledge


@pytest.fixture
def pledge(db: None) -> Pledge:
    """A published pledge of a politician without evidence."""
    return PledgeFactory.create()
