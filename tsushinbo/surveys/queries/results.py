"""Results (結果): the counts of each question with shares, their 95% intervals and n, and the texts that were approved."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count as CountOf
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from tsushinbo.scoring.scales import Scale, scale
from tsushinbo.scoring.shares import MINIMUM, Share
from tsushinbo.surveys.models import SCALE, Count, FreeAnswer, Option, Question
from tsushinbo.surveys.queries.surveys import Shown

Kind = Question.Kind
# Texts of one question on the page of the survey; all of them stand on a page of their own.
TEXTS = 5


@dataclass(frozen=True)
class OptionResult:
    """One option. ``share``: of all who answered the question, or of them those who put it first; mean_place, placed: of those who ranked it."""

    number: int
    name: str
    option: Option | None
    share: Share
    mean_place: float | None = None
    placed: int = 0


@dataclass(frozen=True)
class QuestionResult:
    """One question. n: how many answered it; ``mean``: of the scale; ``public_texts`` of its texts are approved."""

    question: Question
    n: int
    rows: list[OptionResult] = field(default_factory=list)
    mean: Scale | None = None
    texts: list[FreeAnswer] = field(default_factory=list)
    public_texts: int = 0

    @property
    def enough(self) -> bool:
        """Whether shares are shown, not the counts alone."""
        return self.n >= MINIMUM

    @property
    def missing(self) -> int:
        """How many more answers it takes."""
        return max(0, MINIMUM - self.n)


def results_of(shown: Shown) -> list[QuestionResult]:
    """The results of every question, in order. Three queries at most, whatever was answered."""
    counts: dict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    ids = [question.pk for question in shown.questions]
    for question, number, place, count in Count.objects.filter(question__in=ids).values_list(
        "question", "number", "place", "count"
    ):
        counts[question][number, place] = count
    texts = _newest_texts([question.pk for question in shown.questions if question.kind == Kind.TEXT])
    return [
        _result(question, shown.options.get(question.pk, []), counts[question.pk], texts)
        for question in shown.questions
    ]


def texts_of(question: Question) -> QuerySet[FreeAnswer]:
    """What was written to a question and approved, in the order of writing."""
    return FreeAnswer.objects.filter(question=question, state=FreeAnswer.State.APPROVED).order_by("submitted_at", "pk")


def _result(
    question: Question,
    options: Sequence[Option],
    counts: dict[tuple[int, int], int],
    texts: dict[int, list[FreeAnswer]],
) -> QuestionResult:
    n = counts.get((0, 0), 0)
    if question.kind == Kind.TEXT:
        found = texts.get(question.pk, [])
        return QuestionResult(question, n, texts=found, public_texts=getattr(found[0], "of_all", 0) if found else 0)
    if question.kind == Kind.SCALE:
        points = [counts.get((point, 0), 0) for point in SCALE]
        rows = [
            OptionResult(point, _point_name(question, point), None, Share(count, n))
            for point, count in zip(SCALE, points, strict=True)
        ]
        return QuestionResult(question, n, rows, mean=scale(points) if n else None)
    if question.kind == Kind.RANKED:
        return QuestionResult(question, n, [_ranked(option, counts, n) for option in options])
    rows = [OptionResult(row.number, row.text, row, Share(counts.get((row.number, 0), 0), n)) for row in options]
    return QuestionResult(question, n, rows)


def _ranked(option: Option, counts: dict[tuple[int, int], int], n: int) -> OptionResult:
    places = {place: count for (number, place), count in counts.items() if number == option.number and place}
    placed = sum(places.values())
    mean = sum(place * count for place, count in places.items()) / placed if placed else None
    return OptionResult(option.number, option.text, option, Share(places.get(1, 0), n), mean, placed)


def _point_name(question: Question, point: int) -> str:
    label = {1: question.low, 5: question.high}.get(point, "")
    return f"{point} {label}".rstrip()


def _newest_texts(questions: list[int]) -> dict[int, list[FreeAnswer]]:
    """The first texts of each question, with how many there are (``of_all``). One query."""
    found: dict[int, list[FreeAnswer]] = defaultdict(list)
    if not questions:
        return found
    approved = FreeAnswer.objects.filter(question__in=questions, state=FreeAnswer.State.APPROVED).annotate(
        of_all=Window(CountOf("pk"), partition_by=[F("question")]),
        place=Window(RowNumber(), partition_by=[F("question")], order_by=[F("submitted_at").asc(), F("pk").asc()]),
    )
    for text in approved.filter(place__lte=TEXTS).order_by("question", "place"):
        found[text.question_id].append(text)
    return found
