"""The admin's door to accounts: who is registered, and the roles that an administrator gives and takes."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from tsushinbo.accounts import membership
from tsushinbo.accounts.access import member_of
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import holds_role
from tsushinbo.accounts.roles import Role

if TYPE_CHECKING:
    Form = forms.ModelForm[User]
    Admin = admin.ModelAdmin[User]
else:
    # Django's own classes take no type argument.
    Form, Admin = forms.ModelForm, admin.ModelAdmin


class RolesForm(Form):
    """The roles of one account."""

    roles = forms.MultipleChoiceField(
        label="役割", choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = {group.name for group in self.instance.groups.all()}
        self.fields["roles"].initial = [role.value for role in Role if role in held]


class RoleFilter(admin.SimpleListFilter):
    """Who holds one role, by the name that readers see."""

    title = "役割"
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The roles."""
        return [(role.value, str(role.label)) for role in Role]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """The accounts that hold it; everybody for a role that there is not."""
        return queryset.filter(groups__name=self.value()) if self.value() in Role.values else queryset


@admin.register(User)
class MemberAdmin(Admin):
    """利用者. The roles can be changed and nothing else: what people wrote of themselves is theirs. The record keeps who did it."""

    form = RolesForm
    fields = ("username", "email", "display_name", "is_active", "date_joined", "roles")
    readonly_fields = fields[:-1]
    list_display = ("username", "email", "display_name", "held", "is_active")
    list_filter = (RoleFilter,)
    search_fields = ("username", "email", "display_name")
    ordering = ("-date_joined",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Everybody, with their roles."""
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="役割")
    def held(self, user: User) -> str:
        """The roles in words."""
        held = {group.name for group in user.groups.all()}
        return "・".join(str(role.label) for role in Role if role in held) or "―"

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Administrators alone see who is registered."""
        return holds_role(request.user, Role.ADMINISTRATOR)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Administrators alone appoint."""
        return holds_role(request.user, Role.ADMINISTRATOR)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The section is shown to who may enter it."""
        return holds_role(request.user, Role.ADMINISTRATOR)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People sign up themselves."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """People close their accounts themselves; what others must be able to trace stays."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Give and take the roles."""
        roles = [Role(value) for value in form.cleaned_data["roles"]]
        membership.assign_roles(user=obj, roles=roles, by=member_of(request), at=timezone.now())


# Its members are chosen with the account, its name is part of the program.
admin.site.unregister(Group)
