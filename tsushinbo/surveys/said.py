"""What a voter says to one question, and what a question lets be said."""

from collections.abc import Mapping
from dataclasses import dataclass

from tsushinbo.surveys.models import SCALE, Question
from tsushinbo.surveys.models.answers import FREE_LENGTH

Kind = Question.Kind


@dataclass(frozen=True)
class Said:
    """The numbers of the options chosen (or the point of the scale), each with its place where they are ranked, else 0; or a text."""

    chosen: frozenset[tuple[int, int]] = frozenset()
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.chosen or self.text)


NOTHING = Said()


def faults_of(question: Question, numbers: frozenset[int], said: Said) -> str:
    """What is wrong with what was said, as a sentence that says what to do; "" for nothing. numbers: those of the options there are."""
    if not said:
        return f"問{question.number}に答えがありません。{_how(question)}" if question.required else ""
    if question.kind == Kind.TEXT:
        over = len(said.text) - FREE_LENGTH
        if said.chosen or over > 0:
            return f"問{question.number}の文が{FREE_LENGTH}字を超えています（{len(said.text)}字）。{over}字以上けずってください。"
        return ""
    known = frozenset(SCALE) if question.kind == Kind.SCALE else numbers
    chosen = [number for number, _ in said.chosen]
    if said.text or not known.issuperset(chosen):
        return f"問{question.number}の答えを読み取れません。もう一度選んでください。"
    if question.kind == Kind.RANKED:
        return _ranking_faults(question, numbers, said)
    if any(place for _, place in said.chosen) or len(chosen) != len(set(chosen)):
        return f"問{question.number}の答えを読み取れません。もう一度選んでください。"
    most = question.most if question.kind == Kind.MULTIPLE else 1
    if most and len(chosen) > most:
        return f"問{question.number}は{most}つまでです（{len(chosen)}つ選ばれています）。{len(chosen) - most}つ以上外してください。"
    return ""


def _ranking_faults(question: Question, numbers: frozenset[int], said: Said) -> str:
    places = sorted(place for _, place in said.chosen)
    most = question.most or len(numbers)
    if len({number for number, _ in said.chosen}) != len(places) or not all(1 <= place <= most for place in places):
        return f"問{question.number}の順位を読み取れません。1位から{most}位までで選び直してください。"
    twice = next((place for place in places if places.count(place) > 1), None)
    if twice is not None:
        return f"問{question.number}で{twice}位が2つ以上選ばれています。同じ順位は1つだけにしてください。"
    missing = next((place for place in range(1, len(places) + 1) if place not in places), None)
    if missing is not None:
        return f"問{question.number}の{missing}位が選ばれていません。1位から順に選んでください。"
    return ""


def _how(question: Question) -> str:
    if question.kind == Kind.TEXT:
        return "文を書いてください。"
    return "1位から順に選んでください。" if question.kind == Kind.RANKED else "選んでください。"


def keys(question_id: int, said: Said) -> set[tuple[int, int, int]]:
    """The counts that what was said is counted in: question, number, place. Number 0 is that the question was answered at all."""
    return {(question_id, 0, 0), *((question_id, number, place) for number, place in said.chosen)} if said else set()


type Sheet = Mapping[int, Said]
