"""What the tests of pledges share."""

import pytest

from tests.pledges.factories import PledgeFactory, PolicyAreaFactory
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
