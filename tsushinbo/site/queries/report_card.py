"""What the report card (通信簿) of a politician shows, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from tsushinbo.activities.queries import Latest, latest
from tsushinbo.claims.queries import Verification, verification_of
from tsushinbo.elections.queries import Hold, Run, hold_of, runs_of, standings_of
from tsushinbo.elections.rules import Rule
from tsushinbo.evaluations.queries.held_back import by_rule, empty
from tsushinbo.people.models import OfficialLink, Politician, PoliticianName, Term
from tsushinbo.people.queries import terms_of
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import of_owner
from tsushinbo.site.queries.made_for import OF_ELECTION, MadeFor, by_made_for
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
    def made_for(self) -> list[MadeFor]:
        """The pledges that are shown, by the election and the term that they were made for."""
        return by_made_for(self.pledges, self.terms, self.runs)

    @property
    def named_by(self) -> Term | None:
        """The term the person is introduced with: the one running, else the last one."""
        return self.terms[0] if self.terms else None


def with_tallies(politician: Politician, hold: Hold | None) -> list[Pledge]:
    """The first pledges of the card with topic, election and tally, or with the ``hold`` on it."""
    pledges = of_owner(politician).select_related("policy_area", "election", "tally")
    columns = (
        "politician",
        "title",
        "status",
        "election_name",
        "policy_area__name",
        *OF_ELECTION,
        "tally__good",
        "tally__bad",
    )
    shown = list(pledges.only(*columns)[:PLEDGES_SHOWN])
    for pledge in shown:
        empty(pledge, hold)
    return shown


def _spellings(politician: Politician) -> list[PoliticianName]:
    """Other ways to write the name, without its readings."""
    readings = {PoliticianName.Kind.KANA, PoliticianName.Kind.ROMAJI}
    names = [name for name in politician.names.order_by() if name.kind not in readings and name.text != politician.name]
    return sorted(names, key=attrgetter("kind", "text"))


def _runs(politician: Politician, at: datetime) -> list[Run]:
    """The elections with share, place and 惜敗率 as ``standing`` of each candidacy, None where they are not known or not final."""
    runs = runs_of(politician, at)
    standings = standings_of(runs)
    for run in runs:
        for candidacy in run.candidacies:
            candidacy.standing = standings.get(candidacy.pk)  # type: ignore[attr-defined]
    return runs


def report_card(politician: Politician, at: datetime) -> ReportCard:
    """Read the card: eight queries, however much there is, one more for who has a 偏差値, for who has activity reports, for who has votes, and near an election."""
    terms, hold = terms_of(politician), hold_of(politician.pk, at)
    scores = scores_of(politician, terms, hold=hold)
    return ReportCard(
        politician=politician,
        spellings=_spellings(politician),
        links=sorted(politician.links.order_by(), key=attrgetter("title", "url")),
        terms=terms,
        runs=_runs(politician, at),
        pledges=with_tallies(politician, by_rule(Rule.SUPPORT, hold)) if scores.pledges else [],
        scores=scores,
        reports=latest(at, REPORTS_SHOWN, politician=politician),
        verification=verification_of(politician),
    )
