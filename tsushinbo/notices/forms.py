"""How notices are mailed, as a form."""

from typing import Any

from django import forms

from tsushinbo.notices.models import Kind, Pace
from tsushinbo.notices.queries import Choice

# What moderators are warned of is no choice of members.
OFFERED = [(kind.value, kind.label) for kind in Kind if kind != Kind.DESK]


class MailForm(forms.Form):
    """The pace, and the kinds that are mailed. Kinds that are not offered stay as they are."""

    pace = forms.ChoiceField(
        label="メールの回数",
        choices=Pace.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "メールの回数が選ばれていません。どれか1つを選んでください。",
            "invalid_choice": "メールの回数を読み取れません。どれか1つを選んでください。",
        },
    )
    kinds = forms.MultipleChoiceField(
        label="メールで受け取るもの",
        choices=OFFERED,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "メールで受け取るものを読み取れません。選び直してください。"},
    )

    def __init__(self, data: Any = None, *, current: Choice) -> None:
        self.current = current
        on = [value for value, _ in OFFERED if value not in current.kinds_off]
        super().__init__(data, initial={"pace": current.pace, "kinds": on})

    @property
    def kinds_off(self) -> list[Kind]:
        """The kinds that are not to be mailed."""
        offered = {value for value, _ in OFFERED}
        kept = self.current.kinds_off - offered
        return sorted(Kind(value) for value in kept | (offered - set(self.cleaned_data["kinds"])))
