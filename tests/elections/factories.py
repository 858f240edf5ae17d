"""The least valid row of each table of elections."""

import factory
from factory.django import DjangoModelFactory

from tests.people.factories import PoliticianFactory
from tsushinbo.elections import models
from tsushinbo.people.models import Office, Tier


class ElectionFactory(DjangoModelFactory[models.Election]):
    """A general election that was held."""

    class Meta:
        model = models.Election

    key = factory.Sequence(lambda n: f"election-{n}")
    name = factory.Sequence(lambda n: f"見本第{n}回総選挙")
    level = models.Election.Level.NATIONAL
    office = Office.REPRESENTATIVES
    polling_on = "2024-10-27"


class UpcomingElectionFactory(ElectionFactory):
    """An election whose day is not known yet."""

    name = factory.Sequence(lambda n: f"見本市長選挙{n}")
    level = models.Election.Level.MUNICIPAL
    office = Office.MAYOR
    polling_on = ""
    precision = models.Election.Precision.UNKNOWN
    upcoming = True


class ContestFactory(DjangoModelFactory[models.Contest]):
    class Meta:
        model = models.Contest

    election = factory.SubFactory(ElectionFactory)
    tier = Tier.SINGLE_SEAT
    name = factory.Sequence(lambda n: f"見本県第{n}区")


class CandidacyFactory(DjangoModelFactory[models.Candidacy]):
    """A politician on record who stood."""

    class Meta:
        model = models.Candidacy

    contest = factory.SubFactory(ContestFactory)
    key = factory.Sequence(lambda n: f"candidacy-{n}")
    politician = factory.SubFactory(PoliticianFactory)
    name = factory.LazyAttribute(lambda row: row.politician.name if row.politician else "見本太郎")
