"""The desk: what waits, the longest waiting first, and the decisions on it, one by one or several at once."""

from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo.accounts.access import member_of
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation import services
from tsushinbo.moderation.answers import Busy, htmx, posted, status_of, unless_busy
from tsushinbo.moderation.forms.desk import REASONS, BanForm, BulkForm, DeedForm, DeskFilter
from tsushinbo.moderation.models import DecisionReason, Reviewable
from tsushinbo.moderation.queries import desk as queue
from tsushinbo.moderation.queries import find_text, kinds_for, may_decide
from tsushinbo.moderation.queries.texts import history, last_decision
from tsushinbo.moderation.views.doors import back, crumbs, for_deciders, for_moderators, moderates
from tsushinbo.paging import page_number

# The keys that choose a reason, in the order of the list.
KEYS = "1234567890qwet"
DONE = {
    "approve": "承認して公開しました",
    "reject": "却下しました",
    "hide": "公開をやめました",
    "restore": "公開に戻しました",
    "confirm": "確認済みにしました",
    "undo": "確認待ちに戻しました",
}


@require_safe
@for_deciders
def desk(request: HttpRequest) -> HttpResponse:
    """The queue, narrowed as asked."""
    user = member_of(request)
    allowed = kinds_for(user)
    name = request.GET.get("kind", "")
    chosen = next((kind for kind in allowed if kind._meta.label_lower == name), None)
    if name and chosen is None:
        raise Http404("no such kind")
    now = timezone.now()
    show = DeskFilter(request.GET).shown
    found = queue.desk(user, allowed, show=show, chosen=chosen, number=page_number(request), at=now)
    context = {
        "crumbs": [("モデレーターの机", None)],
        "desk": found,
        "moderates": moderates(request),
        "page": found.page,
        "parts": queue.Show,
        "form": DeedForm(),
        "keyed_reasons": [(key, *reason) for key, reason in zip(KEYS, REASONS, strict=True)],
    }
    return render(request, "moderation/desk.html", context)


@require_safe
@for_deciders
def text(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """One text with everything that can be done about it, and what was done."""
    return _text_page(request, _find(request, kind, number))


@posted(lambda kind, number: reverse("moderation:text", args=[kind, number]))
@for_deciders
def decide(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Do one deed on one text as it was read."""
    item, form = _find(request, kind, number), DeedForm(request.POST)
    if not form.is_valid():
        return _row_again(request, item, form)
    deed = form.cleaned_data["deed"]
    try:
        unless_busy(lambda: _do(item, form.cleaned_data, request))
    except Busy as refusal:
        return _row_again(request, item, form, fault=refusal.message, status=status_of(refusal))
    except RuleBroken as refusal:
        return _refused(request, kind, number, item, refusal)
    if htmx(request):
        now = _find(request, kind, number)
        context = {"row": _row(request, now), "done": DONE[deed], "can_undo": _can_undo(deed, now)}
        if deed == "undo":
            return render(request, "moderation/_row.html", {**context, "form": DeedForm(), "again": True})
        return render(request, "moderation/_done.html", context)
    messages.success(request, f"{item._meta.verbose_name}「{item}」を{DONE[deed]}。")
    return back(request, reverse("moderation:desk"))


@posted(lambda: reverse("moderation:desk"))
@for_deciders
def bulk(request: HttpRequest) -> HttpResponse:
    """Decide several texts alike. Each is a decision of its own: what cannot be decided keeps none of the others from it."""
    form = BulkForm(request.POST)
    if not form.is_valid():
        for _, message in form.to_mend:
            messages.error(request, message)
        return back(request, reverse("moderation:desk"))
    done, refused = 0, dict[str, int]()
    fields = form.cleaned_data
    for kind, number, version in form.chosen:
        item = find_text(kind, number)
        if item is None or not may_decide(request.user, type(item)):
            refusal = services.AlreadyDecided.message
            refused[refusal] = refused.get(refusal, 0) + 1
            continue
        try:
            unless_busy(partial(_do, item, {**fields, "version": version, "note": ""}, request))
            done += 1
        except RuleBroken as fault:
            refused[fault.message] = refused.get(fault.message, 0) + 1
    if done:
        messages.success(request, f"{done}件を{DONE[fields['deed']]}。")
    for message, times in refused.items():
        messages.warning(request, f"{times}件は判断できませんでした。{message}")
    return back(request, reverse("moderation:desk"))


@posted(lambda kind, number: reverse("moderation:text", args=[kind, number]))
@for_moderators
def ban(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Let the writer of a text write nothing for a time."""
    item, form, now = _find(request, kind, number), BanForm(request.POST), timezone.now()
    if not form.is_valid():
        return _text_page(request, item, ban_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        ban_it = partial(
            services.ban_writer,
            item=item,
            whole_network=form.cleaned_data["scope"] == "network",
            by=member_of(request),
            reason=DecisionReason(form.cleaned_data["reason"]),
            note=form.cleaned_data["note"],
            until=form.until(now),
            at=now,
        )
        unless_busy(ban_it)
    except RuleBroken as refusal:
        return _text_page(request, item, ban_form=form, fault=refusal.message, status=status_of(refusal))
    messages.success(request, "投稿を停止しました。")
    return back(request, reverse("moderation:bans"))


def _find(request: HttpRequest, kind: str, number: int) -> Reviewable:
    """A text that this person may decide; 404 and 403."""
    item = find_text(kind, number)
    if item is None:
        raise Http404("no such text")
    if not may_decide(request.user, type(item)):
        raise PermissionDenied
    return item


def _do(item: Reviewable, fields: dict[str, Any], request: HttpRequest) -> None:
    if item.version != fields["version"]:
        raise services.AlreadyDecided(item)
    by, now, note = member_of(request), timezone.now(), fields["note"]
    reason = DecisionReason(fields["reason"]) if fields["reason"] else None
    match fields["deed"]:
        case "approve":
            services.decide(item=item, approve=True, by=by, note=note, at=now)
        case "reject":
            services.decide(item=item, approve=False, by=by, reason=reason, note=note, at=now)
        case "hide":
            services.hide(item=item, by=by, reason=reason, note=note, at=now)
        case "restore":
            services.restore(item=item, by=by, note=note, at=now)
        case "confirm":
            services.confirm(item=item, by=by, note=note, at=now)
        case "undo":
            services.reopen(item=item, by=by, at=now)


def _can_undo(deed: str, item: Reviewable) -> bool:
    """Whether the last decision can be taken back at once: nothing came of it yet but the state."""
    came_of_it = bool(item.effect or item.effect_of_sight or item.revised_on_approval)
    return deed == "reject" or (deed == "approve" and not came_of_it)


def _row(request: HttpRequest, item: Reviewable) -> queue.Row:
    [row] = queue.rows(member_of(request), [item], timezone.now())
    return row


def _row_again(
    request: HttpRequest,
    item: Reviewable,
    form: DeedForm,
    *,
    fault: str = "",
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> HttpResponse:
    """The text with what is to be mended, or why nothing was recorded; nothing typed is lost."""
    if htmx(request):
        context = {"row": _row(request, item), "form": form, "fault": fault}
        return render(request, "moderation/_row.html", context, status=status)
    return _text_page(request, item, form=form, fault=fault, status=status)


def _refused(request: HttpRequest, kind: str, number: int, item: Reviewable, refusal: RuleBroken) -> HttpResponse:
    """Say who was first, or why not. In place it is an answer like any other: nothing went wrong but the order of two people."""
    now = find_text(kind, number)
    if htmx(request):
        overtaken = isinstance(refusal, services.AlreadyDecided) and (
            now is None or now.state != Reviewable.State.PENDING
        )
        shown = _row(request, now or item)
        if overtaken:
            return render(request, "moderation/_done.html", {"row": shown, "fault": refusal.message})
        return render(request, "moderation/_row.html", {"row": shown, "form": DeedForm(), "fault": refusal.message})
    if now is None:
        messages.warning(request, refusal.message)
        return back(request, reverse("moderation:desk"))
    return _text_page(request, now, fault=refusal.message, status=HTTPStatus.CONFLICT)


def _text_page(
    request: HttpRequest,
    item: Reviewable,
    *,
    form: DeedForm | None = None,
    ban_form: BanForm | None = None,
    fault: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    entry = last_decision(item)
    context = {
        "crumbs": crumbs(f"{item._meta.verbose_name}"),
        "row": _row(request, item),
        "form": form or DeedForm(),
        "ban_form": ban_form or BanForm(),
        "fault": fault,
        "appeal": getattr(entry, "appeal", None) if entry else None,
        "history": history(item),
        "moderates": moderates(request),
        "single": True,
    }
    return render(request, "moderation/text.html", context, status=status)
