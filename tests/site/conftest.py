"""What the tests of pages share."""

import pytest

from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """The small cast."""
    return make_cast()
