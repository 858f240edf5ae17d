"""What every test may use."""

import pytest
from django.conf import settings


def pytest_configure() -> None:
    """Serve static files by their plain names: the hashed names are made by ``tsushinbo serve`` and tested there."""
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture(autouse=True)
def _no_leftovers() -> None:
    """Keep a place for resets that every test needs."""
