"""Reads of assessments (進捗度・達成度): the three voices on a pledge, the comments others may read, an account's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Any, Self

import numpy as np
from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.evaluations.models import HIGHEST, Assessment, AssessmentLink, AssessmentTally
from tsushinbo.evaluations.queries.runs import Current
from tsushinbo.people.queries import speaks_for
from tsushinbo.pledges.models import Pledge
from tsushinbo.scoring.assessments import RatingPrior, fit
from tsushinbo.scoring.shares import MINIMUM, Z

COMMENTS_SHOWN = 3
HISTORY_SHOWN = 10
DIMENSIONS = {"progress": "進捗度", "achievement": "達成度"}
LINKS = Prefetch("links", queryset=AssessmentLink.objects.order_by("number"))


@dataclass(frozen=True)
class Rating:
    """進捗度 or 達成度 as citizens see it, in percent: the mean drawn to that of all pledges, with its 95% interval, of ``n`` people."""

    label: str
    n: int
    value: float
    low: float
    high: float

    @property
    def shown(self) -> bool:
        """Whether enough people said something."""
        return self.n >= MINIMUM

    @property
    def missing(self) -> int:
        """How many are missing until it is shown."""
        return max(0, MINIMUM - self.n)

    @property
    def width(self) -> float:
        """The length of the interval."""
        return self.high - self.low


@dataclass(frozen=True)
class RatingPriors:
    """What is known of both ratings over all pledges, as measured at ``fitted_at``."""

    priors: dict[str, RatingPrior]
    fitted_at: datetime

    @classmethod
    def of(cls, run: Current) -> Self:
        """What a run measured."""
        priors = {name: prior for name in DIMENSIONS if isinstance(prior := run.ruler.priors[name], RatingPrior)}
        return cls(priors, run.finished_at)

    def ratings(self, tally: AssessmentTally) -> list[Rating]:
        """Both ratings of a pledge."""
        ratings = []
        for name, label in DIMENSIONS.items():
            value, variance = self.priors[name].posterior(getattr(tally, f"{name}_sum"), tally.assessments)
            half = Z * sqrt(float(variance))
            low, high = max(0.0, float(value) - half), min(float(HIGHEST), float(value) + half)
            ratings.append(Rating(label, tally.assessments, float(value), low, high))
        return ratings


def fit_ratings(*, at: datetime) -> RatingPriors:
    """Fit what is known of both ratings to the tallies of all pledges; a few bytes a pledge, whatever their number."""
    columns = ("assessments", *(f"{name}_{what}" for name in DIMENSIONS for what in ("sum", "squares")))
    rows = AssessmentTally.objects.filter(assessments__gt=0).order_by().values_list(*columns)
    table = np.fromiter(rows.iterator(), dtype=np.dtype([(column, np.int64) for column in columns]))
    priors = {name: fit(table[f"{name}_sum"], table[f"{name}_squares"], table["assessments"]) for name in DIMENSIONS}
    return RatingPriors(priors, at)


@dataclass(frozen=True)
class Voices:
    """What three say of a pledge, never mixed: the evidence (in the pledge itself), citizens, the politician.

    ``comments`` are the newest of citizens that others may read.
    """

    pledge: Pledge
    tally: AssessmentTally
    ratings: list[Rating]
    own: Assessment | None
    comments: list[Assessment]
    fitted_at: datetime

    @property
    def shown(self) -> bool:
        """Whether enough citizens said something."""
        return self.tally.assessments >= MINIMUM

    @property
    def words(self) -> list[Assessment]:
        """Everything written that is shown: the comments, and the politician's own."""
        return [*self.comments, *([self.own] if self.own else ())]

    def times_of_change(self) -> Iterator[datetime]:
        """When anything of it changed."""
        yield self.tally.changed_at
        if self.shown:
            yield self.fitted_at
        for assessment in (*self.comments, *([self.own] if self.own else ())):
            yield assessment.decided_at or assessment.made_at


def voices(pledge: Pledge, known: RatingPriors) -> Voices:
    """The voices on a pledge that was read with its assessment_tally: no query where nobody assessed it, else three."""
    tally: AssessmentTally | None = getattr(pledge, "assessment_tally", None)
    if tally is None:
        tally = AssessmentTally(pledge=pledge, changed_at=pledge.changed_at)
        return Voices(pledge, tally, known.ratings(tally), None, [], known.fitted_at)
    own = Assessment.objects.filter(pledge=pledge, current=True, by_owner=True).first()
    comments = list(_readable(pledge)[:COMMENTS_SHOWN])
    prefetch_related_objects([*comments, *([own] if own else ())], LINKS)
    return Voices(pledge, tally, known.ratings(tally), own, comments, known.fitted_at)


def comments_on(pledge: Pledge) -> QuerySet[Assessment]:
    """The current assessments of citizens with words that others may read, the newest first, with their links."""
    return _readable(pledge).prefetch_related(LINKS)


def _readable(pledge: Pledge) -> QuerySet[Assessment]:
    approved = Assessment.objects.filter(
        pledge=pledge, current=True, by_owner=False, worded=True, state=Assessment.State.APPROVED
    )
    return approved.select_related("author").order_by("-made_at", "pk")


@dataclass(frozen=True)
class Sheet:
    """What one account sees of its own on a pledge. ``as_owner``: it speaks for the politician, and states the self-assessment."""

    pledge: Pledge
    as_owner: bool
    current: Assessment | None
    earlier: list[Assessment]


def sheet_of(pledge: Pledge, account: User) -> Sheet:
    """The account's own assessment of a pledge, or the politician's where it speaks for one, with what was said before."""
    as_owner = speaks_for(account, pledge.politician_id)
    whose = Q(by_owner=True) if as_owner else Q(by_owner=False, author=account)
    rows = Assessment.objects.filter(whose, pledge=pledge)
    return Sheet(
        pledge=pledge,
        as_owner=as_owner,
        current=rows.filter(current=True).prefetch_related(LINKS).first(),
        earlier=list(rows.filter(current=False).order_by("-made_at", "-pk")[:HISTORY_SHOWN]),
    )


def exported(user: User) -> list[dict[str, Any]]:
    """Everything the site keeps of an account's assessments, for its owner."""
    rows = Assessment.objects.filter(author=user).order_by("made_at", "pk").prefetch_related(LINKS)
    return [
        {
            "pledge": addresses.encode(row.pledge_id),
            "self_assessment": row.by_owner,
            "progress": row.progress,
            "achievement": row.achievement,
            "comment": row.comment,
            "links": [{"title": link.title, "url": link.url} for link in row.links.all()],
            "state": row.state,
            "decision_note": row.decision_note,
            "made_at": row.made_at,
            "ended_at": row.ended_at,
        }
        for row in rows.iterator(chunk_size=500)
    ]
