"""The least valid row of each table of claims."""

from datetime import UTC, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from tests.accounts.factories import UserFactory
from tests.people.factories import PoliticianFactory
from tsushinbo.claims import models

OPENED_AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class ClaimFactory(DjangoModelFactory[models.Claim]):
    """A claim that was opened and not proved; ``WaitingClaimFactory`` makes one that moderators look at."""

    class Meta:
        model = models.Claim

    politician = factory.SubFactory(PoliticianFactory)
    user = factory.SubFactory(UserFactory)
    claimant = models.Claim.Claimant.OFFICE
    token = "ABCD2345"
    opened_at = OPENED_AT
    changed_at = factory.SelfAttribute("opened_at")


class WaitingClaimFactory(ClaimFactory):
    state = models.Claim.State.WAITING
    way = models.Way.PAGE
    proof = "https://www.example.com/token/"
    proved_at = OPENED_AT


class VerifiedClaimFactory(WaitingClaimFactory):
    """The claim alone; the delegate is made by the services, or by DelegateFactory."""

    state = models.Claim.State.VERIFIED
    verified_at = OPENED_AT
    checker = models.Checker.MODERATOR


class InvitationFactory(DjangoModelFactory[models.Invitation]):
    class Meta:
        model = models.Invitation

    politician = factory.SubFactory(PoliticianFactory)
    address = factory.Sequence(lambda n: f"member{n}@example.jp")
    invited_by = factory.SubFactory(UserFactory)
    invited_at = OPENED_AT
    expires_at = factory.LazyAttribute(lambda row: row.invited_at + timedelta(days=7))
