"""Who works at the desk."""

import pytest
from django.test import Client

from tests.accounts.factories import UserFactory, add_app, log_in_with_second_factor
from tsushinbo.accounts.models import User


@pytest.fixture
def moderator(db: None) -> User:
    """Somebody who decides."""
    return UserFactory.create(role="moderator", username="mori")


@pytest.fixture
def colleague(db: None) -> User:
    """Somebody else who decides."""
    return UserFactory.create(role="moderator", username="hayashi")


@pytest.fixture
def citizen(db: None) -> User:
    """A member."""
    return UserFactory.create(display_name="市民")


def at_desk(user: User) -> Client:
    """The browser of somebody who showed a second factor."""
    client = Client()
    add_app(user)
    log_in_with_second_factor(client, user)
    return client


@pytest.fixture
def desk(moderator: User) -> Client:
    """The moderator's browser."""
    return at_desk(moderator)
