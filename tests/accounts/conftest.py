"""What the tests of accounts share."""

from collections.abc import Iterator

import pytest

from tsushinbo.accounts import services


@pytest.fixture(autouse=True)
def _no_key_kept() -> Iterator[None]:
    """A process keeps the key of the day; the database of the last test is gone."""
    services.forget_key()
    yield
    services.forget_key()
