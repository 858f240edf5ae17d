"""Everything on a politician's desk, in a number of queries that does not grow with the rows."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import has_second_factor
from tsushinbo.activities.models import ActivityReport, Draft
from tsushinbo.activities.queries import own_drafts
from tsushinbo.advice.queries import Request, requests_to
from tsushinbo.claims.queries import Team, Verification, team_of, verification_of
from tsushinbo.elections.queries import hold_of
from tsushinbo.elections.rules import Rule
from tsushinbo.evaluations.queries.held_back import by_rule, empty
from tsushinbo.people.models import Politician, Term
from tsushinbo.people.queries import terms_of
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import of_owner
from tsushinbo.replies.queries import Target, Waiting, answered_by, waiting_for
from tsushinbo.site.queries.scores import Scores, scores_of

PLEDGES_SHOWN = 20
REPORTS_SHOWN = 10


@dataclass(frozen=True)
class Desk:
    """What the accounts of one politician see. ``scores`` are those of the public report card; ``reports`` the politician's own, seen or not."""

    politician: Politician
    terms: list[Term]
    verification: Verification | None
    scores: Scores
    pledges: list[Pledge]
    reports: list[ActivityReport]
    report_count: int
    drafts: list[Draft]
    waiting: Waiting
    answered: list[Target]
    team: Team
    asked: list[Request]
    second_factor: bool

    @property
    def named_by(self) -> Term | None:
        """The term the person is introduced with."""
        return self.terms[0] if self.terms else None


def desk_of(politician: Politician, user: User, at: datetime) -> Desk:
    """Read the desk of a politician for an account that speaks for them."""
    terms, hold = terms_of(politician), hold_of(politician.pk, at)
    pledges = of_owner(politician).select_related("policy_area", "election", "tally")
    shown = list(pledges[:PLEDGES_SHOWN])
    for pledge in shown:
        empty(pledge, by_rule(Rule.SUPPORT, hold))
    own = ActivityReport.objects.filter(politician=politician, by_owner=True)
    return Desk(
        politician=politician,
        terms=terms,
        verification=verification_of(politician),
        scores=scores_of(politician, terms, hold=hold),
        pledges=shown,
        reports=list(own.select_related("author").defer("body").order_by("-created_at", "pk")[:REPORTS_SHOWN]),
        report_count=own.aggregate(total=Count("pk", filter=~Q(state=ActivityReport.State.REJECTED)))["total"],
        drafts=list(own_drafts(user).filter(politician=politician)),
        waiting=waiting_for(politician, at),
        answered=answered_by(politician, at),
        team=team_of(politician, user, at),
        asked=requests_to(politician, at),
        second_factor=has_second_factor(user),
    )
