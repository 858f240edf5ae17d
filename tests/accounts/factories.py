"""The least valid row of each table of accounts."""

import factory
from factory.django import DjangoModelFactory

from tsushinbo.accounts.models import User


class UserFactory(DjangoModelFactory[User]):
    """A registered person without any right."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person-{n}")
