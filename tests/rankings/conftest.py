"""What the tests of runs share."""

import pytest

from tests.rankings.scene import Scene, make_scene


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()
