"""The admin's door to the accounts that speak for a politician: record one, take one back; and to the corrections that hold against imports."""

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from tsushinbo import addresses
from tsushinbo.accounts.access import member_of
from tsushinbo.accounts.models import User
from tsushinbo.moderation.admin import OnRecord
from tsushinbo.people.models import Delegate, FactCorrection, Politician
from tsushinbo.people.queries import speaks_for
from tsushinbo.people.queries.proposals import disputed_corrections
from tsushinbo.people.services import AlreadyADelegate, record_delegate, remove_delegate
from tsushinbo.people.services.corrections import settle_correction

PAGE_OR_ID = re.compile(rf"(?:.*/politicians/)?({addresses.PATTERN})(?:/.*)?")
if TYPE_CHECKING:
    Form = forms.ModelForm[Delegate]
    Admin = admin.ModelAdmin[Delegate]
else:
    # Django's own classes take no type argument.
    Form, Admin = forms.ModelForm, admin.ModelAdmin


class DelegateForm(Form):
    """Who speaks for whom, by what the staff can read on the site."""

    account = forms.CharField(label="利用者名またはメールアドレス", max_length=254)
    page = forms.CharField(
        label="政治家", max_length=500, help_text="政治家のページのアドレス、またはその中の10文字のID"
    )

    class Meta:
        model = Delegate
        fields = ()

    def clean_account(self) -> User:
        """Find the one account meant."""
        text: str = self.cleaned_data["account"]
        found = User.objects.filter(Q(username=text) | Q(email__iexact=text))[:2]
        if not found:
            raise forms.ValidationError("この利用者はいません。利用者名を確かめてください。")
        if len(found) > 1:
            raise forms.ValidationError("このメールアドレスの利用者が2人以上います。利用者名で指定してください。")
        return found[0]

    def clean_page(self) -> Politician:
        """Find the politician; the address of one that was merged into another leads to that other."""
        match = PAGE_OR_ID.fullmatch(self.cleaned_data["page"])
        found = (
            Politician.objects.select_related("merged_into").filter(pk=addresses.decode(match[1])).first()
            if match
            else None
        )
        if found is None:
            raise forms.ValidationError("この政治家は登録されていません。ページのアドレスを確かめてください。")
        return found.merged_into or found

    def clean(self) -> dict[str, Any]:
        """Refuse what is on record already."""
        data = self.cleaned_data
        if {"account", "page"} <= data.keys() and speaks_for(data["account"], data["page"]):
            raise forms.ValidationError(AlreadyADelegate.message)
        return data


@admin.register(Delegate)
class DelegateAdmin(Admin):
    """本人・事務所のアカウント. Each is added or removed through the same services as from any other door; The record keeps who did it."""

    form = DelegateForm
    list_display = ("user", "politician", "role", "since", "recorded_by")
    list_select_related = ("user", "politician", "recorded_by")
    search_fields = ("user__username", "politician__name")

    def get_fields(self, request: HttpRequest, obj: Delegate | None = None) -> tuple[str, ...]:
        """What is asked for of a new one, what is on record of another."""
        return ("account", "page") if obj is None else self.list_display

    def has_change_permission(self, request: HttpRequest, obj: Delegate | None = None) -> bool:
        """Who spoke for whom is not rewritten: it is removed and recorded anew."""
        return False

    def save_model(self, request: HttpRequest, obj: Delegate, form: Any, change: bool) -> None:
        """Record it under the name of who is logged in."""
        made = record_delegate(
            user=form.cleaned_data["account"],
            politician=form.cleaned_data["page"],
            recorded_by=member_of(request),
            at=timezone.now(),
        )
        obj.__dict__.update(made.__dict__)

    def delete_model(self, request: HttpRequest, obj: Delegate) -> None:
        """Remove one."""
        remove_delegate(obj, by=member_of(request), at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Delegate]) -> None:
        """Remove those chosen in the list."""
        for delegate in queryset:
            remove_delegate(delegate, by=member_of(request), at=timezone.now())


class DisputedFilter(admin.SimpleListFilter):
    """Only those whose source says a third thing by now."""

    title = "出典のいまの値"
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The one thing to narrow to."""
        return [("moved", "訂正の前とも後とも違う")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow to it."""
        return queryset.filter(pk__in=disputed_corrections().values("pk")) if self.value() == "moved" else queryset


@admin.register(FactCorrection)
class FactCorrectionAdmin(OnRecord):
    """事実の訂正: what was corrected and holds against imports. Whoever looked at what the source says now may settle it; another value takes another correction."""

    list_display = ("politician", "fact", "replaced", "value", "said", "made_at")
    list_select_related = ("politician",)
    list_filter = (DisputedFilter,)
    search_fields = ("politician__name", "fact")
    fields = (*list_display, "proposal")
    actions = ("settle",)

    @admin.action(description="出典のいまの値を見たうえで、訂正のままにする", permissions=["decide"])
    def settle(self, request: HttpRequest, queryset: QuerySet[FactCorrection]) -> None:
        """Keep the chosen ones; they are no longer put before anybody."""
        by, at = member_of(request), timezone.now()
        settled = sum(settle_correction(correction, by=by, at=at) for correction in queryset)
        self.message_user(request, f"{settled}件を確認済みにしました。")
