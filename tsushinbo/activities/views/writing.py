"""Where a registered person writes a report: the form, its drafts, its pictures, its preview."""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tsushinbo import addresses
from tsushinbo.accounts.access import logged_in
from tsushinbo.accounts.models import User
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.accounts.services import TooMany
from tsushinbo.activities import services
from tsushinbo.activities.errors import DraftGone, ReportMoved, ReportRefused
from tsushinbo.activities.forms import PictureForm, ReportForm, fields_of, typed
from tsushinbo.activities.markdown import Shown, picture_line
from tsushinbo.activities.markdown import render as render_markdown
from tsushinbo.activities.models import BODY_LENGTH, ActivityReport, Draft
from tsushinbo.activities.queries import find, is_writer, own_drafts, own_reports, pictures_of, spoken_for
from tsushinbo.elections.queries import Hold, hold_of
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import LOGGED_OUT, SeeOther, htmx, later
from tsushinbo.moderation.services import ContactRefused
from tsushinbo.moderation.text import clean_text
from tsushinbo.paging import page_number, paginate
from tsushinbo.people.models import Politician
from tsushinbo.people.queries import listed, speaks_for

PAGE_SIZE = 20
DONE = {
    "saved": "下書きを保存しました。",
    "dropped": "下書きを削除しました。",
    "picture": "写真を加え、本文の終わりに置きました。行を動かすと、写真の位置が変わります。",
    "removed": "写真を外しました。",
}
BUSY = "いまは保存できませんでした。少し待ってから、もう一度お送りください。入力した内容は残っています。"
BUSY_RETRY_SECONDS = "5"
logger = logging.getLogger(__name__)


@dataclass
class Desk:
    """Who writes about whom: a new report, or a change to ``report``; with the draft kept so far."""

    account: User | None
    politician: Politician
    report: ActivityReport | None
    draft: Draft | None

    @property
    def by_owner(self) -> bool:
        """Whether what is written is the politician's own."""
        if self.report is not None:
            return self.report.by_owner
        return self.account is not None and speaks_for(self.account, self.politician)

    @cached_property
    def hold(self) -> Hold | None:
        """What election mode says of the politician."""
        return hold_of(self.politician.pk, timezone.now())

    @property
    def address(self) -> str:
        """Where the form is sent."""
        if self.report is not None:
            return reverse("activities:edit", args=[self.report.pk])
        return f"{reverse('activities:new')}?politician={addresses.encode(self.politician.pk)}"

    @property
    def pictures(self) -> tuple[Shown, ...]:
        """The pictures that the text may name."""
        return (
            *(pictures_of(self.report.pictures.order_by("number")) if self.report else ()),
            *(pictures_of(self.draft.pictures.order_by("number")) if self.draft else ()),
        )

    def form(self, data: Any = None, initial: dict[str, Any] | None = None) -> ReportForm:
        """The form of this desk."""
        return ReportForm(data, politician=self.politician, by_owner=self.by_owner, hold=self.hold, initial=initial)


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def new(request: HttpRequest) -> HttpResponse:
    """Write a report of the politician that the address names; without one, ask whose."""
    account = logged_in(request)
    if "politician" not in request.GET:
        return _whose(request, account)
    politician = get_object_or_404(listed(), pk=addresses.decode_or_404(request.GET["politician"]))
    desk = Desk(account, politician, None, None)
    if request.method == "POST":
        return _take(request, desk)
    if account is None:
        return redirect_to_login(request.get_full_path())
    if "draft" in request.GET:
        own = own_drafts(account).filter(report=None, politician=politician)
        desk.draft = get_object_or_404(own, pk=addresses.decode_or_404(request.GET["draft"]))
    return _page(request, desk, desk.form(initial=desk.draft.fields if desk.draft else None), notice=_notice(request))


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def edit(request: HttpRequest, report_id: int) -> HttpResponse:
    """Change a report: for who wrote it, and for the politician's own for every delegate. It is no page to anybody else."""
    account, report = logged_in(request), find(report_id)
    if account is None and request.method != "POST":
        return redirect_to_login(request.get_full_path())
    if report is None or (account is not None and not is_writer(account, report)):
        raise Http404("no report of this account")
    desk = Desk(account, report.politician, report, None)
    if account is not None:
        desk.draft = Draft.objects.filter(author=account, report=report).first()
    if request.method == "POST":
        return _take(request, desk)
    initial = desk.draft.fields if desk.draft else fields_of(report)
    return _page(request, desk, desk.form(initial=initial), notice=_notice(request))


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What the account wrote: drafts, and reports with how they stand."""
    account = logged_in(request)
    if account is None:
        return redirect_to_login(request.get_full_path())
    context = {
        "section": "activities",
        "crumbs": [("活動報告", reverse("activities:reports")), ("自分の活動報告", None)],
        "notice": _notice(request),
        "drafts": own_drafts(account),
        "page": paginate(own_reports(account), page_number(request), PAGE_SIZE),
        "now": timezone.now(),
    }
    return render(request, "activities/mine.html", context)


def _whose(request: HttpRequest, account: User | None) -> HttpResponse:
    context = {
        "section": "activities",
        "crumbs": [("活動報告", reverse("activities:reports")), ("活動報告を書く", None)],
        "people": spoken_for(account) if account else [],
    }
    return render(request, "activities/whose.html", context)


def _take(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Do what the button says: keep, show, add a picture, post. Nothing typed is lost by any refusal."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > _most_bytes():
        # Not read at all: what is too large must not fill the disk on the way.
        fault = "送られた内容が大きすぎます。写真のファイルを小さくしてから、もう一度お試しください。"
        form = desk.form(initial=desk.draft.fields if desk.draft else None)
        return _page(request, desk, form, fault=fault, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    deed = request.POST.get("deed", "post")
    if desk.account is None:
        return _page(request, desk, desk.form(request.POST), fault=LOGGED_OUT, status=HTTPStatus.FORBIDDEN)
    try:
        _find_draft(desk, desk.account, request.POST.get("draft", ""))
        if deed == "preview":
            return _preview(request, desk)
        if deed == "save":
            return _save(request, desk)
        if deed == "drop":
            return _drop(desk)
        if deed == "picture":
            return _add_picture(request, desk)
        if deed.startswith("remove-") and deed[7:].isascii() and deed[7:].isdigit():
            return _remove_picture(request, desk, int(deed[7:]))
        return _post(request, desk)
    except TooMany as refusal:
        response = _refuse(request, desk, later(refusal), HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(refusal.retry_after)
        return response
    except (DraftGone, ReportMoved) as refusal:
        return _refuse(request, desk, refusal.message, HTTPStatus.CONFLICT)
    except RuleBroken as refusal:
        return _refuse(request, desk, refusal.message, HTTPStatus.UNPROCESSABLE_ENTITY)
    except (OperationalError, InterfaceError, OSError):
        # Locked for longer than we wait, gone or full: nothing was recorded, and what was typed goes back.
        logger.exception("an activity report could not be recorded")
        response = _refuse(request, desk, BUSY, HTTPStatus.SERVICE_UNAVAILABLE)
        response.headers["Retry-After"] = BUSY_RETRY_SECONDS
        return response


def _most_bytes() -> int:
    return int(settings.FILE_UPLOAD_MAX_MEMORY_SIZE)


def _find_draft(desk: Desk, account: User, text: str) -> None:
    """The draft that the form says it is of. One that is gone is no draft: what was typed stays on the page."""
    if desk.report is not None or not text:
        return
    try:
        pk = addresses.decode(text)
    except ValueError:
        raise DraftGone from None
    desk.draft = own_drafts(account).filter(report=None, pk=pk).first()
    if desk.draft is None:
        raise DraftGone


def _keep(request: HttpRequest, desk: Desk, fields: dict[str, str] | None = None) -> Draft:
    assert desk.account is not None  # noqa: S101 - asked by _take
    desk.draft = services.save_draft(
        author=desk.account,
        politician=desk.politician,
        report=desk.report,
        draft_id=desk.draft.pk if desk.draft else None,
        fields=fields or typed(request.POST.dict()),
        at=timezone.now(),
    )
    return desk.draft


def _save(request: HttpRequest, desk: Desk) -> HttpResponse:
    draft = _keep(request, desk)
    if htmx(request):
        return render(request, "activities/write.html#kept", {"draft": draft})
    return _see_other(draft, "saved")


def _drop(desk: Desk) -> HttpResponse:
    if desk.draft is not None:
        services.delete_draft(desk.draft)
    return SeeOther(f"{reverse('activities:mine')}?done=dropped")


def _preview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The text as readers would see it. Nothing is stored."""
    preview = _shown(request.POST.get("body", ""), desk)
    if htmx(request):
        return render(request, "activities/write.html#preview", {"preview": preview})
    return _page(request, desk, desk.form(initial=typed(request.POST.dict())), preview=preview)


def _shown(body: str, desk: Desk) -> str:
    return render_markdown(clean_text(body)[:BODY_LENGTH], desk.pictures)


def _add_picture(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Keep a draft with the picture, whose line comes last in the text."""
    form = PictureForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(
            request,
            desk,
            desk.form(initial=typed(request.POST.dict())),
            picture_form=form,
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
        )
    draft = _keep(request, desk)
    file = form.cleaned_data["picture"]
    added = services.add_picture(
        draft=draft, file=file.open(), size=file.size, alt=form.cleaned_data["alt"], at=timezone.now()
    )
    fields = dict(draft.fields)
    fields["body"] = f"{fields['body'].rstrip()}\n\n{picture_line(added.number)}\n".lstrip()
    return _see_other(_keep(request, desk, fields), "picture")


def _remove_picture(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    if desk.draft is not None:
        services.remove_picture(draft=desk.draft, number=number)
    fields = typed(request.POST.dict())
    fields["body"] = fields["body"].replace(picture_line(number), "")
    return _see_other(_keep(request, desk, fields), "removed")


def _post(request: HttpRequest, desk: Desk) -> HttpResponse:
    assert desk.account is not None  # noqa: S101 - asked by _take
    form = desk.form(request.POST)
    if not form.is_valid():
        return _page(request, desk, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    sent: dict[str, Any] = {
        "author": desk.account,
        "wording": form.wording,
        "publish_at": form.cleaned_data["publish_at"],
        "contact": form.given_contact,
        "draft": desk.draft,
        "at": timezone.now(),
    }
    try:
        if desk.report is None:
            report = services.post_report(politician=desk.politician, **sent)
        else:
            report = services.change_report(report=desk.report, seen=_moment(form.cleaned_data["seen"]), **sent)
    except (ReportRefused, ContactRefused) as refusal:
        form.refuse(refusal.faults)
        return _page(request, desk, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    done = "changed" if desk.report else "posted"
    return SeeOther(f"{report.get_absolute_url()}?done={done}")


def _moment(text: str) -> datetime:
    """When the writer's copy last changed; without it nothing is known of what was seen."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ReportMoved from None
    if timezone.is_naive(moment):
        raise ReportMoved
    return moment


def _refuse(request: HttpRequest, desk: Desk, fault: str, status: int) -> HttpResponse:
    """Show the form again with everything that was typed, or tell the part of the page that asked."""
    if htmx(request):
        # Of the refusals these alone are put into the page.
        shown = status if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE} else 422
        return render(request, "activities/write.html#kept", {"draft": desk.draft, "fault": fault}, status=shown)
    return _page(request, desk, desk.form(initial=typed(request.POST.dict())), fault=fault, status=status)


def _see_other(draft: Draft, done: str) -> HttpResponse:
    address = draft.get_absolute_url()
    return SeeOther(f"{address}{'&' if '?' in address else '?'}done={done}")


def _notice(request: HttpRequest) -> str:
    return DONE.get(request.GET.get("done", ""), "")


def _page(
    request: HttpRequest,
    desk: Desk,
    form: ReportForm,
    *,
    picture_form: PictureForm | None = None,
    preview: str | None = None,
    fault: str = "",
    notice: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    here = "活動報告を直す" if desk.report else "活動報告を書く"
    if preview is None:
        preview = _shown(str(form["body"].value() or ""), desk)
    context = {
        "section": "activities",
        "crumbs": [("活動報告", reverse("activities:reports")), (here, None)],
        "desk": desk,
        "draft": desk.draft,
        "drafts": own_drafts(desk.account).filter(report=None, politician=desk.politician)
        if desk.account and not desk.draft and not desk.report
        else [],
        "form": form,
        "picture_form": picture_form or PictureForm(),
        "pictures": desk.pictures,
        "removable": set(desk.draft.pictures.values_list("number", flat=True)) if desk.draft else set(),
        "preview": preview,
        "fault": fault,
        "notice": notice,
        "public": desk.report is not None and desk.report.is_public(timezone.now()),
    }
    response = render(request, "activities/write.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
