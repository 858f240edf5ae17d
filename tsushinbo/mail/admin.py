"""The admin's look at the mail queue: what waits and why, for administrators; texts are shown to nobody."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from tsushinbo.mail.models import Message
from tsushinbo.mail.services import retry_now

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Message]
else:
    # Django's own class takes no type argument.
    Base = admin.ModelAdmin


class Standing(admin.SimpleListFilter):
    """Waiting, failing, sent or given up."""

    title = "状態"
    parameter_name = "standing"
    CONDITIONS: ClassVar[dict[str, dict[str, Any]]] = {
        "waiting": {"sent_at": None, "given_up_at": None},
        "failing": {"sent_at": None, "given_up_at": None, "last_fault__gt": ""},
        "sent": {"sent_at__isnull": False},
        "given_up": {"given_up_at__isnull": False},
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The words of the filter."""
        return [("waiting", "送信待ち"), ("failing", "失敗して再試行待ち"), ("sent", "送信済み"), ("given_up", "断念")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        """Narrow the list."""
        return queryset.filter(**self.CONDITIONS.get(self.value() or "", {}))


@admin.register(Message)
class MessageAdmin(Base):
    """メール, for administrators alone (migration 0002): it is a list of addresses. What failed can be tried at once, nothing else be changed."""

    list_display = ("subject", "to", "standing", "attempts", "created_at", "next_try_at", "last_fault")
    list_filter = (Standing,)
    search_fields = ("=to",)
    ordering = ("-created_at", "-pk")
    list_per_page = 50
    show_full_result_count = False
    actions = ("try_now",)
    # Links in a text open accounts.
    fields = (
        "subject", "to", "standing", "urgent", "attempts", "created_at", "next_try_at", "give_up_at", "sent_at", "given_up_at", "last_fault",
    )  # fmt: skip

    @admin.display(description="状態")
    def standing(self, message: Message) -> str:
        """What became of it so far."""
        if message.sent_at:
            return "送信済み"
        if message.given_up_at:
            return "断念"
        return "再試行待ち" if message.last_fault else "送信待ち"

    @admin.action(description="失敗したものを、いま送り直す", permissions=["view"])
    def try_now(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """Let the next round try them."""
        count = retry_now(messages=list(queryset.values_list("pk", flat=True)), at=timezone.now())
        self.message_user(request, f"{count}件を、次の回に送り直します。")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Mail is written by the site."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        """Nobody rewrites a mail."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        """The chores throw them away."""
        return False
