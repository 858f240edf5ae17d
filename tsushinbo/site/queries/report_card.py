"""What the report card (通信簿) of a politician shows, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import Count, Max, Sum

from tsushinbo.elections.queries import Run, runs_of
from tsushinbo.evaluations.models import DIMENSIONS
from tsushinbo.people.models import OfficialLink, Politician, PoliticianName, Term
from tsushinbo.people.queries import terms_of
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import StatusCount, of_owner, status_bar
from tsushinbo.scoring.shares import Share
from tsushinbo.site.queries.totals import COLUMNS, totals

PLEDGES_SHOWN = 6
WORDS: dict[str, tuple[str, str]] = {
    "support": ("支持", "GOODの割合"),
    **{dimension.name: (dimension.label, f"{dimension.positive.label}の割合") for dimension in DIMENSIONS},
}


@dataclass(frozen=True)
class Grade:
    """One row of the grade table: a dimension, its share over all pledges, and the mean of the whole site."""

    name: str
    what: str
    share: Share
    mean: float | None


@dataclass(frozen=True)
class ReportCard:
    """Everything on the report card. ``changed_at`` is the newest change of a pledge or ballot."""

    politician: Politician
    spellings: list[PoliticianName]
    links: list[OfficialLink]
    terms: list[Term]
    runs: list[Run]
    pledges: list[Pledge]
    pledge_count: int
    statuses: list[StatusCount]
    ballots: int
    grades: list[Grade]
    changed_at: datetime | None

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
    """Read the card: six queries, however many pledges, terms and ballots there are."""
    columns = [column for pair in COLUMNS.values() for column in pair]
    sums = {column: Sum(f"tally__{column}") for column in columns}
    by_status: list[dict[str, Any]] = [
        dict(row)
        for row in of_owner(politician)
        .order_by()
        .values("status")
        .annotate(pledges=Count("pk"), changed=Max("changed_at"), judged=Max("tally__changed_at"), **sums)
    ]
    total = {column: sum(row[column] or 0 for row in by_status) for column in columns}
    everywhere = totals().shares
    grades = [
        Grade(*WORDS[dimension], Share(total[positive], total[positive] + total[negative]), everywhere.get(dimension))
        for dimension, (positive, negative) in COLUMNS.items()
    ]
    changes = [row[name] for row in by_status for name in ("changed", "judged") if row[name]]
    return ReportCard(
        politician=politician,
        spellings=_spellings(politician),
        links=sorted(politician.links.order_by(), key=attrgetter("title", "url")),
        terms=terms_of(politician),
        runs=runs_of(politician),
        pledges=with_tallies(politician) if by_status else [],
        pledge_count=sum(row["pledges"] for row in by_status),
        statuses=status_bar({row["status"]: row["pledges"] for row in by_status}),
        ballots=grades[0].share.n,
        grades=grades,
        changed_at=max(changes, default=None),
    )
