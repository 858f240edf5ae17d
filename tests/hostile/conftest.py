"""What the tests of attacks share."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from tests.accounts.factories import log_in_with_second_factor
from tests.world import World, make_world
from tsushinbo.accounts.models import User
from tsushinbo.accounts.roles import Role


@pytest.fixture
def world(db: None) -> World:
    """One row of everything."""
    return make_world()


@pytest.fixture
def almighty(world: World) -> User:
    """Somebody who may do everything that anybody may, and whose browser an attacker would like to use: the writer with every role."""
    user = world.writer
    user.is_staff = user.is_superuser = True
    user.save()
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in Role])
    world.delegate.user = user
    world.delegate.save()
    return user


@pytest.fixture
def browser(almighty: User) -> Client:
    """The browser of the almighty, logged in with a second factor; the site looks at every form as it does in earnest."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=True)
    log_in_with_second_factor(client, almighty)
    return client
