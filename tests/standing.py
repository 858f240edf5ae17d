"""Somebody who stands in an election, and the moments at which its phases begin."""

from datetime import date, datetime, timedelta

from tests.elections.factories import CandidacyFactory, ContestFactory, UpcomingElectionFactory
from tsushinbo.elections.models import Candidacy, Election
from tsushinbo.elections.phases import TOKYO
from tsushinbo.elections.queries import mode
from tsushinbo.people.models import Politician

SECOND = timedelta(seconds=1)
ANNOUNCED = datetime(2027, 4, 18, tzinfo=TOKYO)
POLLING = datetime(2027, 4, 25, tzinfo=TOKYO)
CLOSED = datetime(2027, 4, 25, 20, tzinfo=TOKYO)
CONTACT = "namae@example.jp"


def stands(politician: Politician | None, **contest: object) -> Candidacy:
    """A candidacy in an election of mayors that is announced on 2027-04-18 and held on 2027-04-25."""
    election = UpcomingElectionFactory.create(
        announced_on=date(2027, 4, 18), polling_on="2027-04-25", precision=Election.Precision.DAY
    )
    candidacy = CandidacyFactory.create(
        contest=ContestFactory.create(election=election, **contest), politician=politician
    )
    mode.forget()
    return candidacy
