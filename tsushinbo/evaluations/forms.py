"""Turning what a voter sent into values, with a message beside each field that cannot be read."""

from typing import Any

from django import forms
from django.http import QueryDict

from tsushinbo import addresses
from tsushinbo.evaluations.models import Choice, Reason
from tsushinbo.evaluations.queries import Answers, DrawFilter
from tsushinbo.evaluations.services import TEXT_LENGTH
from tsushinbo.moderation.text import clean_text
from tsushinbo.people.models import Office
from tsushinbo.people.queries import prefectures
from tsushinbo.pledges.queries import policy_areas

WITHDRAW = "withdraw"
# So many of the pledges passed over are remembered, in the address; older ones may come again.
SKIPS = 20


class VisitorText(forms.CharField):
    """Text of a visitor, cleaned before its length is looked at."""

    def to_python(self, value: object) -> str:
        """Clean it; nothing becomes ""."""
        return clean_text(str(value)) if value else ""


class BallotForm(forms.Form):
    """GOOD or BAD with reasons, or taking it back."""

    choice = forms.ChoiceField(
        choices=[*Choice.choices, (WITHDRAW, "取り消す")],
        error_messages={
            "required": "評価が選ばれていません。「支持する」か「支持しない」を選んでください。",
            "invalid_choice": "選ばれた評価を読み取れません。「支持する」か「支持しない」を選び直してください。",
        },
    )
    reasons = forms.MultipleChoiceField(
        choices=Reason.choices,
        required=False,
        error_messages={"invalid_choice": "選ばれた理由のうち、読み取れないものがあります。もう一度選んでください。"},
    )
    reason_text = VisitorText(required=False)

    def clean_reason_text(self) -> str:
        """Refuse a text that is too long, saying by how much."""
        text: str = self.cleaned_data["reason_text"]
        if len(text) > TEXT_LENGTH:
            raise forms.ValidationError(
                f"理由の文が{TEXT_LENGTH}字を超えています（{len(text)}字）。{len(text) - TEXT_LENGTH}字以上けずってください。"
            )
        return text

    @property
    def withdraws(self) -> bool:
        """Whether the ballot is to be taken back."""
        return bool(self.cleaned_data["choice"] == WITHDRAW)

    @property
    def faults(self) -> dict[str, str]:
        """The first message of each field."""
        return {name: str(messages[0]) for name, messages in self.errors.items()}

    @property
    def typed(self) -> Answers:
        """Everything as it was sent, to be shown again."""
        data = self.data
        assert isinstance(data, QueryDict)  # noqa: S101 - the view gives request.POST
        return Answers(
            choice=data.get("choice", ""), reasons=frozenset(data.getlist("reasons")), text=data.get("reason_text", "")
        )


class DrawForm(forms.Form):
    """What the random draw is narrowed to, from the query string. What is not understood is left out and named."""

    topic = forms.ChoiceField(label="政策分野", required=False)
    area = forms.ChoiceField(label="都道府県", required=False)
    office = forms.ChoiceField(label="職", required=False, choices=[("", "すべて"), *Office.choices])

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self._offer("topic", [("", "すべて"), *policy_areas().values_list("code", "name")])
        self._offer("area", [("", "全国"), *prefectures().values_list("code", "name")])
        self.is_valid()

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    @property
    def wanted(self) -> DrawFilter:
        """The filter as the draw takes it."""
        return DrawFilter(**{name: self.cleaned_data.get(name) or None for name in self.fields})

    @property
    def refused(self) -> list[str]:
        """The labels of what could not be read."""
        return [str(self.fields[name].label) for name in self.errors]

    @property
    def skipped(self) -> list[int]:
        """The pledges passed over last, the oldest first."""
        numbers: list[int] = []
        for text in self._sent("skip"):
            try:
                numbers.append(addresses.decode(text))
            except ValueError:
                continue
        return numbers[-SKIPS:]

    def address_after(self, skipped: list[int]) -> str:
        """The query string that draws on with the same filter, passing over ``skipped``."""
        query = QueryDict(mutable=True)
        for name in self.fields:
            if value := self.cleaned_data.get(name):
                query[name] = value
        if skipped:
            query.setlist("skip", [addresses.encode(number) for number in skipped[-SKIPS:]])
        return f"?{query.urlencode()}" if query else ""

    def _sent(self, name: str) -> list[Any]:
        assert isinstance(self.data, QueryDict)  # noqa: S101 - the view gives request.GET
        return self.data.getlist(name)
