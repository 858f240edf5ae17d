"""What a moderator says about ballots that are held, and about a sudden change."""

from typing import Any

from django import forms

from tsushinbo.evaluations.errors import ReasonOfOtherSide
from tsushinbo.evaluations.models import HoldDecision

NOTE_LENGTH = 400
NOTE_HELP = "400字まで。記録に残ります。評価した人を指すことは書かないでください。"


class DecisionForm(forms.Form):
    """Release or exclude, for a reason of that side."""

    verdict = forms.ChoiceField(
        label="決定",
        choices=HoldDecision.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "「集計に戻す」か「除外する」を選んでください。"},
    )
    reason = forms.ChoiceField(
        label="理由（公開）",
        choices=[
            ("", "選んでください"),
            *(
                (f"{verdict.label}理由", [(reason, HoldDecision.Reason(reason).label) for reason in reasons])
                for verdict, reasons in HoldDecision.REASONS.items()
            ),
        ],
        error_messages={"required": "理由を選んでください。"},
    )
    note = forms.CharField(
        label="覚え書き（任意）",
        required=False,
        max_length=NOTE_LENGTH,
        help_text=NOTE_HELP,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )

    def clean(self) -> dict[str, Any]:
        """Let only a reason of the chosen side through."""
        answers = super().clean() or {}
        if "verdict" in answers and "reason" in answers:
            verdict, reason = HoldDecision.Verdict(answers["verdict"]), HoldDecision.Reason(answers["reason"])
            if reason not in HoldDecision.REASONS[verdict]:
                self.add_error("reason", ReasonOfOtherSide.message)
        return answers


class SeenForm(forms.Form):
    """A note on a sudden change that was looked at."""

    note = forms.CharField(
        label="覚え書き（任意）",
        required=False,
        max_length=NOTE_LENGTH,
        help_text=NOTE_HELP,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )
