"""The least valid row of each table of pledges."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from tests.people.factories import PartyFactory, PoliticianFactory
from tsushinbo.pledges import models

REGISTERED_AT = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


class PolicyAreaFactory(DjangoModelFactory[models.PolicyArea]):
    class Meta:
        model = models.PolicyArea
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"topic-{n}")
    name = factory.Sequence(lambda n: f"政策分野{n}")
    position = factory.Sequence(lambda n: n)


class PledgeFactory(DjangoModelFactory[models.Pledge]):
    """A published pledge of a politician; ``PartyPledgeFactory`` makes a party's."""

    class Meta:
        model = models.Pledge

    politician = factory.SubFactory(PoliticianFactory)
    title = factory.Sequence(lambda n: f"公約{n}を実施します")
    text = "2027年度までに実施します。"
    policy_area = factory.SubFactory(PolicyAreaFactory)
    source_title = "選挙公報"
    source_url = "https://www.example.com/source/"
    created_at = REGISTERED_AT
    changed_at = factory.SelfAttribute("created_at")


class PartyPledgeFactory(PledgeFactory):
    politician = None
    party = factory.SubFactory(PartyFactory)


class RevisionFactory(DjangoModelFactory[models.PledgeRevision]):
    """A wording of a pledge; ``content`` holds the fields a reader sees, by name."""

    class Meta:
        model = models.PledgeRevision

    pledge = factory.SubFactory(PledgeFactory)
    number = 1
    content = factory.LazyAttribute(lambda row: {"title": row.pledge.title, "text": row.pledge.text})
    recorded_at = REGISTERED_AT
    reason = "登録"
