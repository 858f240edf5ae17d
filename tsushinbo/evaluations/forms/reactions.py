"""Turning what a reader of a report sent into a choice."""

from django import forms

from tsushinbo.evaluations.forms.ballots import WITHDRAW
from tsushinbo.evaluations.models import Helpfulness

UNREADABLE = "選ばれた答えを読み取れません。「参考になった」か「ならなかった」を選んでください。"


class ReactionForm(forms.Form):
    """参考になった or ならなかった, or taking it back."""

    choice = forms.ChoiceField(
        choices=[*Helpfulness.choices, (WITHDRAW, "取り消す")],
        error_messages={"required": UNREADABLE, "invalid_choice": UNREADABLE},
    )

    @property
    def choice_made(self) -> Helpfulness | None:
        """What was said; None to take it back."""
        choice = self.cleaned_data["choice"]
        return None if choice == WITHDRAW else Helpfulness(choice)
