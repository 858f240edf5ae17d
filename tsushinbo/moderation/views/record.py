"""The record for moderators and administrators, its export for administrators, and the list of bans."""

import csv
from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo.accounts.access import member_of
from tsushinbo.accounts.queries import holds_role
from tsushinbo.accounts.roles import Role
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation import services
from tsushinbo.moderation.answers import SeeOther, posted, unless_busy
from tsushinbo.moderation.forms.desk import LogForm
from tsushinbo.moderation.models import Ban
from tsushinbo.moderation.queries.bans import all_bans
from tsushinbo.moderation.queries.log import entries, exported, name_members, recorded_kinds
from tsushinbo.moderation.views.doors import crumbs, for_administrators, for_moderators
from tsushinbo.paging import page_number, paginate
from tsushinbo.spreadsheets import safe_cell

LOG_SIZE = 50


@require_safe
@for_moderators
def log(request: HttpRequest) -> HttpResponse:
    """Everything that was done, the newest first, narrowed as asked."""
    form = LogForm(request.GET)
    page = paginate(entries(form.wanted()), page_number(request), LOG_SIZE)
    name_members(page.rows)
    context = {
        "crumbs": crumbs("記録"),
        "form": form,
        "page": page,
        "kinds": recorded_kinds(),
        "is_administrator": holds_role(member_of(request), Role.ADMINISTRATOR),
        "query": request.GET.urlencode(),
    }
    return render(request, "moderation/log.html", context)


@require_safe
@for_administrators  # type: ignore[arg-type] # a response like any other, a row at a time
def log_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The record as a table, a row at a time."""
    lines = csv.writer(Line())
    rows = exported(LogForm(request.GET).wanted())
    content: Iterator[str] = (lines.writerow([safe_cell(cell) for cell in row]) for row in rows)
    response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="moderation-log-{timezone.localdate():%Y%m%d}.csv"'
    return response


class Line:
    """What a csv.writer writes to: it gives each line back."""

    def write(self, line: str) -> str:
        """Give it back."""
        return line


@require_safe
@for_moderators
def bans(request: HttpRequest) -> HttpResponse:
    """Who may not write, and who could not."""
    page = paginate(all_bans(), page_number(request), LOG_SIZE)
    now = timezone.now()
    rows = [(ban, ban.holds(now)) for ban in page.rows]
    return render(request, "moderation/bans.html", {"crumbs": crumbs("投稿の停止"), "page": page, "rows": rows})


@posted(lambda ban_id: reverse("moderation:bans"))
@for_moderators
def lift(request: HttpRequest, ban_id: int) -> HttpResponse:
    """Let somebody write again."""
    ban = get_object_or_404(Ban, pk=ban_id)
    try:
        unless_busy(lambda: services.lift_ban(ban=ban, by=member_of(request), at=timezone.now()))
        messages.success(request, "停止を解除しました。")
    except RuleBroken as refusal:
        messages.warning(request, refusal.message)
    return SeeOther(reverse("moderation:bans"))
