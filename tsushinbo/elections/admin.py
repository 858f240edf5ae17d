"""The operator's door to the days of one contest: a poll that is put off, polls that close early, no vote."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from tsushinbo.elections.models import Contest
from tsushinbo.elections.services.days import DaysRefused, check_days, set_days

if TYPE_CHECKING:
    Form = forms.ModelForm[Contest]
    Admin = admin.ModelAdmin[Contest]
else:
    # Django's own classes take no type argument.
    Form, Admin = forms.ModelForm, admin.ModelAdmin

DAYS = ("announced_on", "polling_on", "polls_close_at", "uncontested")


class ContestForm(Form):
    """In what a contest differs from its election."""

    announced_on = forms.DateField(label="告示日", required=False, help_text="空なら選挙と同じ")
    polling_on = forms.DateField(
        label="投票日", required=False, help_text="空なら選挙と同じ。延期された投票（繰延投票）の日など"
    )
    polls_close_at = forms.TimeField(
        label="投票の終了", required=False, help_text="空なら選挙と同じ。最後の投票所が閉じる時刻（日本時間）"
    )
    uncontested = forms.BooleanField(label="無投票", required=False)

    class Meta:
        model = Contest
        fields = DAYS

    def clean(self) -> dict[str, Any]:
        """Refuse here what the service would refuse."""
        said: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                check_days(self.instance, **{name: said[name] for name in DAYS if name != "uncontested"})
            except DaysRefused as refusal:
                raise forms.ValidationError(refusal.message) from None
        return said


@admin.register(Contest)
class ContestAdmin(Admin):
    """選挙区ごとの選挙. Its days are changed here and nothing else; the admin's own record keeps who did it."""

    form = ContestForm
    fields = ("election", "name", *DAYS)
    readonly_fields = ("election", "name")
    list_display = ("election", "name", "polling_on", "polls_close_at", "uncontested")
    list_select_related = ("election",)
    search_fields = ("election__name", "name")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Contests come with imports."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Contest | None = None) -> bool:
        """What is on record stays on record."""
        return False

    def save_model(self, request: HttpRequest, obj: Contest, form: Any, change: bool) -> None:
        """Write it by the service."""
        set_days(obj, **{name: form.cleaned_data[name] for name in DAYS})
