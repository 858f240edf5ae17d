"""The form of an answer. Its fields are the questions of the survey, so it is built anew for each; every kind works without script."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from tsushinbo.moderation.text import clean_text
from tsushinbo.surveys.models import SCALE, Question
from tsushinbo.surveys.queries import Shown
from tsushinbo.surveys.said import NOTHING, Said, Sheet

Kind = Question.Kind
UNREADABLE = 0


@dataclass(frozen=True)
class Box:
    """One option, or one point of a scale: whether it is chosen, and in which place."""

    number: int
    text: str
    chosen: bool
    place: int = 0

    @property
    def name(self) -> str:
        """The end of its id."""
        return str(self.number)


@dataclass
class Row:
    """One question as the form shows it. ``places``: what can be chosen where options are ranked."""

    question: Question
    boxes: list[Box] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    text: str = ""
    fault: str = ""

    @property
    def id_for_label(self) -> str:
        """Where a link to it leads."""
        return f"id_{self.question.field}"

    @property
    def label(self) -> str:
        """How a message names it."""
        return f"問{self.question.number}"

    @property
    def answered(self) -> bool:
        """Whether anything is filled in."""
        return bool(self.text) or any(box.chosen for box in self.boxes)


class AnswerForm:
    """What stands in the form: nothing, what was answered before, or what was sent."""

    def __init__(
        self, shown: Shown, *, said: Sheet | None = None, seen: str = "", data: QueryDict | None = None
    ) -> None:
        self._shown, self._data = shown, data
        self.said: dict[int, Said] = (
            dict(said or {}) if data is None else {one.number: self._read(one, data) for one in shown.questions}
        )
        # The mark of the answer that is changed; none stands in the form of the public page.
        self.seen: str = seen if data is None else data.get("seen", "")
        self.faults: dict[str, str] = {}

    @property
    def wording(self) -> int:
        """The number of the questions that were answered; 0 where what was sent says none."""
        if self._data is None:
            return self._shown.survey.wording
        return _number(self._data.get("wording", ""))

    @property
    def rows(self) -> list[Row]:
        """Every question with what stands in it."""
        return [self._row(question) for question in self._shown.questions]

    @property
    def to_mend(self) -> list[tuple[Row, str]]:
        """The questions with a fault, and what it is."""
        return [(row, row.fault) for row in self.rows if row.fault]

    def refuse(self, faults: Mapping[str, str]) -> None:
        """Say beside each question what the rules have against its answer."""
        self.faults |= faults

    def _read(self, question: Question, data: QueryDict) -> Said:
        if question.kind == Kind.TEXT:
            return Said(text=clean_text(data.get(question.field, "")))
        if question.kind == Kind.RANKED:
            sent = {number: data.get(f"{question.field}-{number}", "") for number in self._shown.numbers(question)}
            return Said(frozenset((number, _number(place)) for number, place in sent.items() if place))
        values = data.getlist(question.field) if question.kind == Kind.MULTIPLE else [data.get(question.field, "")]
        return Said(frozenset((_number(value), 0) for value in values if value))

    def _row(self, question: Question) -> Row:
        said, fault = self.said.get(question.number, NOTHING), self.faults.get(question.field, "")
        if question.kind == Kind.TEXT:
            return Row(question, text=said.text, fault=fault)
        places = dict(said.chosen)
        if question.kind == Kind.SCALE:
            return Row(question, [Box(point, str(point), point in places) for point in SCALE], fault=fault)
        options = self._shown.options.get(question.pk, [])
        boxes = [Box(one.number, one.text, one.number in places, places.get(one.number, 0)) for one in options]
        most = question.most or len(options)
        return Row(question, boxes, list(range(1, most + 1)), fault=fault)


def _number(text: str) -> int:
    """A small whole number as a form sends it; UNREADABLE for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else UNREADABLE
