"""Where an office answers a comment, an assessment or a piece of evidence."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tsushinbo.accounts.access import member_of
from tsushinbo.elections.queries import hold_of
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import Refusal, SeeOther, attempt
from tsushinbo.moderation.queries.contacts import contact_of
from tsushinbo.moderation.services import ContactRefused
from tsushinbo.people.models import Politician
from tsushinbo.people.queries import speaks_for
from tsushinbo.replies import services
from tsushinbo.replies.errors import ReplyMoved
from tsushinbo.replies.forms import ReplyForm
from tsushinbo.replies.models import Reply
from tsushinbo.replies.queries import Target, find_target, politician_of, reply_to


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def reply(request: HttpRequest, kind: str, target_id: int) -> HttpResponse:
    """Answer a text about one's own politician, or change the answer. It is no page to anybody else."""
    user = member_of(request)
    if kind not in Reply.TARGETS:
        raise Http404("no such kind")
    target = find_target(kind, target_id, timezone.now())
    politician = politician_of(target.row) if target else None
    if target is None or politician is None or not speaks_for(user, politician):
        raise Http404("nothing that this account answers")
    known, hold = reply_to(target.row), hold_of(politician.pk, timezone.now())
    if request.method != "POST":
        initial = {"body": known.body if known else "", "contact": contact_of(known) if known else ""}
        form = ReplyForm(hold=hold, initial={**initial, "seen": _seen(known)})
        return _page(request, politician, target, known, form)
    form = ReplyForm(request.POST, hold=hold)
    if not form.is_valid():
        return _page(request, politician, target, known, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        sent = {"body": form.cleaned_data["body"], "seen": form.cleaned_data["seen"], "contact": form.given_contact}
        done = attempt(lambda: services.answer(target=target.row, author=user, at=timezone.now(), **sent))
    except ContactRefused as refusal:
        form.refuse(refusal.faults)
        return _page(request, politician, target, known, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except RuleBroken as refusal:
        status = HTTPStatus.CONFLICT if isinstance(refusal, ReplyMoved) else HTTPStatus.UNPROCESSABLE_ENTITY
        # What stands there now is shown beside what was typed, and sending it again takes its place.
        return _page(request, politician, target, reply_to(target.row), form, fault=refusal.message, status=status)
    if isinstance(done, Refusal):
        response = _page(request, politician, target, known, form, fault=done.message, status=done.status)
        response.headers["Retry-After"] = str(done.retry_after)
        return response
    if done.is_public():
        return SeeOther(done.get_absolute_url())
    return SeeOther(f"{target.reply_url}?done=waits")


def _seen(known: Reply | None) -> str:
    return known.changed_at.isoformat() if known else ""


def _page(
    request: HttpRequest,
    politician: Politician,
    target: Target,
    known: Reply | None,
    form: ReplyForm,
    *,
    fault: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "crumbs": [
            ("事務所", reverse("office:home")),
            (politician.spaced_name, reverse("office:politician", args=[politician.pk])),
            ("反論・回答", None),
        ],
        "politician": politician,
        "target": target,
        "known": known,
        "seen": _seen(known),
        "form": form,
        "fault": fault,
        "waits": request.GET.get("done") == "waits" and request.method != "POST",
    }
    return render(request, "replies/write.html", context, status=status)
