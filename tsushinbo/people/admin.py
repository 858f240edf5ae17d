"""The admin's door to the accounts that speak for a politician: record one, take one back."""

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
from tsushinbo.people.models import Delegate, Politician
from tsushinbo.people.queries import speaks_for
from tsushinbo.people.services import AlreadyADelegate, record_delegate, remove_delegate

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
