"""What the tests of claims share."""

import pytest

from tests.accounts.factories import UserFactory
from tests.people.factories import LinkFactory, PoliticianFactory
from tsushinbo.accounts.models import User
from tsushinbo.accounts.roles import Role
from tsushinbo.people.models import Politician


@pytest.fixture
def politician(db: None) -> Politician:
    """Who is claimed; the own site is on record."""
    person = PoliticianFactory.create()
    LinkFactory.create(politician=person, url="https://www.taro-mihon.jp/")
    return person


@pytest.fixture
def claimant(db: None) -> User:
    """A member who is the politician's."""
    return UserFactory.create(display_name="事務局")


@pytest.fixture
def stranger(db: None) -> User:
    """A member who is not."""
    return UserFactory.create(display_name="見知らぬ人")


@pytest.fixture
def moderator(db: None) -> User:
    """Who decides."""
    return UserFactory.create(role=Role.MODERATOR, display_name="担当者")
