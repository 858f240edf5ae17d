"""The page of a member's own comments, wherever they stand, with what became of each."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo.accounts.access import logged_in
from tsushinbo.comments.queries import written_by
from tsushinbo.moderation.answers import private
from tsushinbo.paging import page_number, paginate

PAGE_SIZE = 20


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What the account wrote. What was written without an account is told by the browser that wrote it, beside its report."""
    account = logged_in(request)
    if account is None:
        return redirect_to_login(request.get_full_path())
    now, page = timezone.now(), paginate(written_by(account), page_number(request), PAGE_SIZE)
    context = {
        "section": "activities",
        "crumbs": [("活動報告", reverse("activities:reports")), ("自分のコメント", None)],
        "page": page,
        "rows": [(comment, comment.report.is_public(now)) for comment in page.rows],
    }
    return private(render(request, "comments/mine.html", context))
