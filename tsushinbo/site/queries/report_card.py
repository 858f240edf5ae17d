"""What the report card (通信簿) of a politician shows, in a fixed number of queries."""

from dataclasses import dataclass
from operator import attrgetter

from django.utils import timezone

from tsushinbo.activities.queries import Latest, latest
from tsushinbo.claims.queries import Verification, verification_of
from tsushinbo.elections.queries import Run, runs_of
from tsushinbo.people.models import OfficialLink, Politician, PoliticianName, Term
from tsushinbo.people.queries import terms_of
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import of_owner
from tsushinbo.site.queries.scores import Scores, scores_of

PLEDGES_SHOWN = 6
REPORTS_SHOWN = 3


@dataclass(frozen=True)
class ReportCard:
    """Everything on the report card."""

    politician: Politician
    spellings: list[PoliticianName]
    links: list[OfficialLink]
    terms: list[Term]
    runs: list[Run]
    pledges: list[Pledge]
    scores: Scores
    reports: Latest
    verification: Verification | None

    @property
    def current(self) -> list[Term]:
        """The terms that run now."""
        return [term for term in self.terms if term.running]

    @property
    def named_by(self) -> Term | None:
        """The term the person is introduced with: the one running, else the last one."""
        return self.terms[0] if self.terms else None


def with_tallies(politician: Politician) -> list[Pledge]:
    """The first pledges of the card with topic, election and tally."""
    pledges = of_owner(politician).select_related("policy_area", "election", "tally")
    columns = (
        "politician",
        "title",
        "status",
        "election_name",
        "policy_area__name",
        "election__name",
        "tally__good",
        "tally__bad",
    )
    return list(pledges.only(*columns)[:PLEDGES_SHOWN])


def _spellings(politician: Politician) -> list[PoliticianName]:
    """Other ways to write the name, without its readings."""
    readings = {PoliticianName.Kind.KANA, PoliticianName.Kind.ROMAJI}
    names = [name for name in politician.names.order_by() if name.kind not in readings and name.text != politician.name]
    return sorted(names, key=attrgetter("kind", "text"))


def report_card(politician: Politician) -> ReportCard:
    """Read the card: eight queries, however much there is, one more for who has a 偏差値, and one for who has activity reports."""
    terms = terms_of(politician)
    scores = scores_of(politician, terms)
    return ReportCard(
        politician=politician,
        spellings=_spellings(politician),
        links=sorted(politician.links.order_by(), key=attrgetter("title", "url")),
        terms=terms,
        runs=runs_of(politician),
        pledges=with_tallies(politician) if scores.pledges else [],
        scores=scores,
        reports=latest(timezone.now(), REPORTS_SHOWN, politician=politician),
        verification=verification_of(politician),
    )
