"""What the ballot box of a pledge shows: the counts, the shares with their uncertainty, and a voter's own ballot."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tsushinbo.accounts.proof_of_work import Challenge
from tsushinbo.evaluations.models import (
    DIMENSIONS,
    AssessmentTally,
    Ballot,
    Choice,
    Reason,
    ReasonText,
    Standing,
    Tally,
)
from tsushinbo.evaluations.queries.assessments import Rating, RatingPriors
from tsushinbo.evaluations.queries.holds import reason_of_exclusion
from tsushinbo.evaluations.queries.runs import current
from tsushinbo.evaluations.queries.tables import ScoreTable, score_table
from tsushinbo.pledges.models import Pledge
from tsushinbo.scoring.shares import MINIMUM, Share


@dataclass(frozen=True)
class Answers:
    """What the form shows filled in."""

    choice: str = ""
    reasons: frozenset[str] = frozenset()
    text: str = ""


@dataclass(frozen=True)
class Option:
    """One thing to tick."""

    value: str
    word: str
    chosen: bool


@dataclass(frozen=True)
class Group:
    """Two opposite reasons of a form, and what is wrong with what was ticked."""

    name: str
    label: str
    options: tuple[Option, Option]
    fault: str


@dataclass(frozen=True)
class Row:
    """One bar of the result: two opposite words with their counts. ``share`` is that of the positive one."""

    label: str
    good_word: str
    bad_word: str
    share: Share

    @property
    def good(self) -> int:
        """Ballots for it."""
        return self.share.positive

    @property
    def bad(self) -> int:
        """Ballots against it."""
        return self.share.n - self.share.positive

    @property
    def good_percent(self) -> int:
        """The share of those for it, rounded half up."""
        return int(self.share.percent + 0.5)

    @property
    def bad_percent(self) -> int:
        """What is left of 100, so that the two always add up."""
        return 100 - self.good_percent

    @property
    def good_width(self) -> str:
        """How much of the bar is for it, as SVG writes it."""
        return f"{self.share.percent:.2f}"

    @property
    def bad_width(self) -> str:
        """How much of the bar is against it."""
        return f"{100 - self.share.percent:.2f}"


@dataclass(frozen=True)
class Box:
    """A ballot box. Without ``own`` and ``ticket`` it is the same for everybody and may be kept by any cache.

    ``faults`` are messages by field of the form, "" for what is no field's fault; ``notice`` is what just happened, ``ticket`` makes the first ballot safe to send twice. ``own_pledge``: it was refused because the account speaks for the politician.
    ``work``: what the browser has to compute before the ballot is taken.
    """

    pledge: Pledge
    tally: Tally
    assessed: AssessmentTally | None = None
    own: Ballot | None = None
    own_text: ReasonText | None = None
    answers: Answers = field(default_factory=Answers)
    ticket: str = ""
    personal: bool = False
    faults: dict[str, str] = field(default_factory=dict)
    notice: str = ""
    own_pledge: bool = False
    work: Challenge | None = None

    @property
    def fault(self) -> str:
        """What is wrong with none of the fields."""
        return self.faults.get("", "")

    @property
    def summary(self) -> list[tuple[str, str, str]]:
        """The fields to put right: label, the id to go to, message."""
        labels = {
            "choice": ("評価", "choice-good"),
            "reasons": ("理由", "f-reasons"),
            **{each.name: (each.label, f"reason-{each.positive.value}") for each in DIMENSIONS},
            "reason_text": ("その他の理由", "reason_text"),
        }
        return [(*labels[name], message) for name, message in self.faults.items() if name]

    @property
    def total(self) -> Row:
        """総合: every ballot counts, whatever its reasons."""
        return Row("総合", "GOOD", "BAD", Share(self.tally.good, self.tally.ballots))

    @property
    def rows(self) -> list[Row]:
        """明確さ, 現実性, 誠実さ: those ballots count that gave the reason."""
        tally = self.tally
        rows = []
        for dimension in DIMENSIONS:
            positive, negative = getattr(tally, dimension.positive), getattr(tally, dimension.negative)
            share = Share(positive, positive + negative)
            rows.append(Row(dimension.label, dimension.positive.label, dimension.negative.label, share))
        return rows

    @cached_property
    def table(self) -> ScoreTable | None:
        """得点 and 偏差値 of the same rows; None before the first run."""
        return score_table([(row.label, row.share) for row in (self.total, *self.rows)])

    @property
    def progress(self) -> Rating | None:
        """進捗度 as citizens see it, for the sentence; None while too few assessed the pledge, and before the first run."""
        run = current()
        if run is None or self.assessed is None or self.assessed.assessments < MINIMUM:
            return None
        return RatingPriors.of(run).ratings(self.assessed)[0]

    @property
    def progress_missing(self) -> int:
        """How many are missing until 進捗度 is shown."""
        return max(0, MINIMUM - (self.assessed.assessments if self.assessed else 0))

    @property
    def groups(self) -> list[Group]:
        """The reasons to tick, two by two."""
        return [
            Group(
                name=dimension.name,
                label=dimension.label,
                options=(self._option(dimension.positive), self._option(dimension.negative)),
                fault=self.faults.get(dimension.name, ""),
            )
            for dimension in DIMENSIONS
        ]

    @property
    def other(self) -> Option:
        """その他."""
        return self._option(Reason.OTHER)

    @property
    def own_choice(self) -> Choice | None:
        """How this voter judged."""
        return Choice(self.own.choice) if self.own else None

    @property
    def own_held(self) -> bool:
        """Whether this voter's ballot waits for a moderator."""
        return self.own is not None and self.own.standing == Standing.HELD

    @cached_property
    def own_excluded_for(self) -> str:
        """Why this voter's ballot was excluded; "" where it was not."""
        if self.own is None or self.own.standing != Standing.EXCLUDED:
            return ""
        return reason_of_exclusion(self.own)

    @property
    def own_reasons(self) -> list[Reason]:
        """Why, in the fixed order."""
        return [reason for reason in Reason if self.own and reason in self.own.reasons]

    def _option(self, reason: Reason) -> Option:
        return Option(reason.value, reason.label, reason.value in self.answers.reasons)


def tally_of(pledge: Pledge) -> Tally:
    """The tally as ``pledge`` was read with it, all zeros where nobody has judged yet."""
    return getattr(pledge, "tally", None) or Tally(pledge=pledge, changed_at=pledge.changed_at)


def public_box(pledge: Pledge) -> Box:
    """The box as everybody sees it; no query when ``pledge`` was read with both tallies."""
    return Box(pledge=pledge, tally=tally_of(pledge), assessed=getattr(pledge, "assessment_tally", None))


def own_box(pledge: Pledge, *, voter: int | None, ticket: str = "") -> Box:
    """The box with the voter's own ballot ticked, read anew; where figures of the pledge are held back, without them."""
    counted = Tally.objects.select_related("pledge__assessment_tally").filter(pk=pledge.pk)
    tally = None if pledge.hold else counted.first()
    assessed = getattr(tally.pledge if tally else pledge, "assessment_tally", None)
    box = Box(
        pledge=pledge,
        tally=tally or Tally(pledge=pledge, changed_at=pledge.changed_at),
        assessed=assessed,
        ticket=ticket,
        personal=True,
    )
    if voter is None or (own := Ballot.objects.filter(pledge=pledge, voter=voter).first()) is None:
        return box
    text = ReasonText.objects.filter(pledge=pledge, voter=voter).first() if own.other else None
    answers = Answers(own.choice, frozenset(own.reasons), text.text if text else "")
    return replace(box, own=own, own_text=text, answers=answers)


def reason_texts(pledge: Pledge, most: int) -> list[ReasonText]:
    """The newest approved texts on a pledge. That of a ballot which is held or excluded is not among them: it would speak where the ballot does not."""
    loose = Ballot.objects.filter(~Q(standing=Standing.COUNTED), pledge=OuterRef("pledge"), voter=OuterRef("voter"))
    approved = ReasonText.objects.filter(~Exists(loose), pledge=pledge, state=ReasonText.State.APPROVED)
    return list(approved.order_by("-submitted_at")[:most])


def ballots_today(voter: int | None, *, at: datetime) -> int:
    """How many pledges a voter has judged for the first time on the day of ``at`` (Asia/Tokyo)."""
    if voter is None:
        return 0
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return Ballot.objects.filter(voter=voter, cast_at__gte=midnight).count()
