"""The bell (お知らせ), what a member follows, and the mails about it."""

from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from django_htmx.middleware import HtmxDetails

from tsushinbo.accounts.access import logged_in, member_of
from tsushinbo.accounts.models import User
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.errors import RuleBroken
from tsushinbo.notices import queries, services
from tsushinbo.notices.forms import MailForm
from tsushinbo.notices.models import Pace, Subject
from tsushinbo.notices.queries import Described
from tsushinbo.notices.tickets import holder
from tsushinbo.paging import page_number, paginate


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def bell(request: HttpRequest) -> HttpResponse:
    """What a member was told, unread first; a POST marks one as read, or all; of one that was ``opened`` it says nothing."""
    member = member_of(request)
    if request.method == "POST":
        which = request.POST.get("read", "")
        if which == "all" or (which.isascii() and which.isdecimal() and len(which) < 19):
            done = services.mark_read(user=member, at=timezone.now(), only=None if which == "all" else int(which))
            if "opened" not in request.POST:
                messages.success(request, f"{done}件を既読にしました。")
        return HttpResponseRedirect(reverse("notices:bell"))
    page = paginate(queries.own_notices(member), page_number(request))
    return render(request, "notices/bell.html", {"page": page, "waiting": queries.unread_count(member)})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def follows(request: HttpRequest) -> HttpResponse:
    """What a member follows, each to be dropped."""
    member = member_of(request)
    if request.method == "POST":
        subject, _, number = request.POST.get("drop", "").partition(":")
        if subject in Subject.values and number.isascii() and number.isdecimal() and len(number) < 19:
            services.unfollow(user=member, subject=Subject(subject), subject_id=number, at=timezone.now())
            messages.success(request, "フォローをやめました。")
        return HttpResponseRedirect(reverse("notices:follows"))
    page = paginate(queries.own_follows(member), page_number(request))
    return render(request, "notices/follows.html", {"page": page, "rows": queries.named(page.rows)})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def mail(request: HttpRequest) -> HttpResponse:
    """How often, and what, is mailed."""
    member = member_of(request)
    form = MailForm(request.POST if request.method == "POST" else None, current=queries.choice_of(member))
    if request.method == "POST" and form.is_valid():
        pace = Pace(form.cleaned_data["pace"])
        services.choose_mail(user=member, pace=pace, kinds_off=form.kinds_off, at=timezone.now())
        messages.success(request, "メールの設定を保存しました。")
        return HttpResponseRedirect(reverse("notices:bell"))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "notices/mail.html", {"form": form}, status=status)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, ticket: str) -> HttpResponse:
    """End the mails by the ticket in one of them, without logging in (RFC 8058). A GET only asks: mail programs open links by themselves."""
    user_id = holder(ticket)
    if user_id is None:
        raise Http404("no ticket of ours")
    stopped = request.method == "POST" and services.stop_mail(user_id=user_id, at=timezone.now())
    # The program that presses the button for the reader is promised no redirect; an account that is gone gets no mail either.
    return render(request, "notices/stop.html", {"stopped": stopped or request.method == "POST"})


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def follow(request: HttpRequest, subject: str, subject_id: int) -> HttpResponse:
    """Follow something, or no longer. The form stands on public pages: who is not logged in is led to the log-in, and then asked again."""
    if subject not in Subject.values:
        raise Http404("nothing of this kind can be followed")
    kind, member = Subject(subject), logged_in(request)
    asked_by_page = bool(_htmx(request)) and request.method != "POST"
    if member is None:
        if asked_by_page:
            return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Cache-Control": "no-store"})
        here = reverse("notices:follow", args=[subject, subject_id])
        response = redirect_to_login(here)
        if _htmx(request):
            return HttpResponse(headers={"HX-Redirect": response.url, "Cache-Control": "no-store"})
        return response
    if request.method == "POST":
        # The form may come from a page that is older than a merge.
        subject_id = services.standing(kind, subject_id)
    what = queries.describe({kind: {subject_id}})[kind].get(subject_id)
    if what is None:
        raise Http404("there is no such thing")
    refusal = _follow(request, member, kind, subject_id) if request.method == "POST" else ""
    if request.method == "POST" and not refusal and not _htmx(request):
        return HttpResponseRedirect(reverse("notices:follow", args=[subject, subject_id]))
    return _answer(request, member, kind, subject_id, what, refusal)


def _follow(request: HttpRequest, member: User, kind: Subject, number: int) -> str:
    """Do what the form asks; return why not."""
    try:
        if request.POST.get("choice") == "unfollow":
            services.unfollow(user=member, subject=kind, subject_id=number, at=timezone.now())
        else:
            services.follow(user=member, subject=kind, subject_id=number, at=timezone.now())
    except RuleBroken as refused:
        return refused.message
    return ""


def _answer(
    request: HttpRequest, member: User, kind: Subject, number: int, what: Described, refusal: str
) -> HttpResponse:
    context = {
        "subject": kind,
        "number": number,
        "what": what,
        "following": queries.follows(member, kind, number),
        "personal": True,
        "refusal": refusal,
    }
    template = "notices/_follow.html" if _htmx(request) else "notices/follow.html"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _htmx(request: HttpRequest) -> HtmxDetails:
    return cast("HtmxDetails", getattr(request, "htmx"))  # noqa: B009 - django-htmx's middleware sets it
