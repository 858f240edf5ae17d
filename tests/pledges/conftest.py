"""What the tests of pledges share."""

import pytest
from django.test import Client

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.pledges.factories import PledgeFactory, PolicyAreaFactory
from tsushinbo.accounts.models import User
from tsushinbo.pledges.contents import Content
from tsushinbo.pledges.models import Pledge


@pytest.fixture
def pledge(db: None) -> Pledge:
    """A published pledge of a politician without evidence."""
    return PledgeFactory.create()


@pytest.fixture
def content(db: None) -> Content:
    """What somebody writes of a pledge."""
    topic = PolicyAreaFactory.create(code="childcare", name="子育て")
    return Content(
        title="給食費を無償にします",
        text="小中学校の給食費を無償にします。",
        topic=topic.pk,
        policy_area=topic.name,
        source_title="選挙公報",
        source_url="https://www.example.com/",
        source_on="2025-11",
        deadline="2027年度",
    )


@pytest.fixture
def me(client: Client) -> User:
    """An editor, logged in with a second factor."""
    user = UserFactory.create(role="editor", display_name="見本編集")
    log_in_with_second_factor(client, user)
    return user
