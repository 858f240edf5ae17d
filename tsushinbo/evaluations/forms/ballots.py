"""Turning what a voter sent into values, with a message beside each field that cannot be read."""

from django import forms
from django.http import QueryDict

from tsushinbo.evaluations.models import Choice, Reason
from tsushinbo.evaluations.queries import Answers
from tsushinbo.evaluations.services import TEXT_LENGTH
from tsushinbo.moderation.forms import VisitorText

WITHDRAW = "withdraw"


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
    reason_text = VisitorText(noun="理由の文", longest=TEXT_LENGTH, required=False)

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
