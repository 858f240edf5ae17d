"""The editors' desk: questionnaires are made, published, and whose answers are copied is chosen."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tsushinbo import addresses
from tsushinbo.accounts.access import for_roles, member_of
from tsushinbo.addresses import decode_or_404
from tsushinbo.advice import services
from tsushinbo.advice.errors import LEAST
from tsushinbo.advice.forms import NewQuestionnaireForm, QuestionnaireForm, StatementForm
from tsushinbo.advice.models import Questionnaire
from tsushinbo.advice.queries import EDITORS, asked_in, at_desk, contests_of, is_own_side, statements_of
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import SeeOther, status_of, unless_busy
from tsushinbo.paging import page_number, paginate

# What was just done, by the word in the address that the answer leads to.
DONE = {
    "made": "下書きを作りました。設問を加えてください。",
    "saved": "保存しました。",
    "added": "設問を加えました。",
    "changed": "設問を直しました。",
    "moved": "設問の順を変えました。",
    "removed": "設問を外しました。",
    "published": "公開しました。質問を受ける人が回答できます。",
    "dropped": "下書きを捨てました。",
}
DESK = "質問票"


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*EDITORS)
def index(request: HttpRequest) -> HttpResponse:
    """All questionnaires, drafts first, and a form for a new one."""
    today = timezone.localdate()
    if request.method != "POST":
        return _index(request, NewQuestionnaireForm(today=today))
    form = NewQuestionnaireForm(request.POST, today=today)
    if not form.is_valid():
        return _index(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        made = unless_busy(
            lambda: services.make_questionnaire(by=member_of(request), at=timezone.now(), **form.cleaned_data)
        )
    except RuleBroken as refusal:
        return _index(request, form, fault=refusal.message, status=status_of(refusal))
    return SeeOther(f"{reverse('advice:edit', args=[made.pk])}?done=made")


def _index(
    request: HttpRequest, form: NewQuestionnaireForm, *, fault: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    page = paginate(at_desk(), page_number(request))
    chosen = form["election"].value() or ""
    context = {
        "crumbs": [("政策マッチング", reverse("advice:index")), (DESK, None)],
        "page": page,
        "form": form,
        "elections": [
            (addresses.encode(one.pk), one.name, addresses.encode(one.pk) == chosen) for one in form.elections
        ],
        "fault": fault,
        "notice": _notice(request),
    }
    return render(request, "advice/desk.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*EDITORS)
def questionnaire(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    """One questionnaire with its statements and a button for each deed."""
    found = _find(questionnaire_id)
    if request.method != "POST":
        return _edit(request, found)
    deed = request.POST.get("deed", "")
    head = QuestionnaireForm(request.POST) if deed == "save" else None
    added = StatementForm(request.POST) if deed == "add" else None
    if any(form is not None and not form.is_valid() for form in (head, added)):
        return _edit(request, found, head, added, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        done = unless_busy(lambda: _do(request, deed, found, head, added))
    except RuleBroken as refusal:
        return _edit(request, found, head, added, fault=refusal.message, status=status_of(refusal))
    if done == "dropped":
        return SeeOther(f"{reverse('advice:desk')}?done=dropped")
    return SeeOther(f"{reverse('advice:edit', args=[found.pk])}?done={done}")


def _do(
    request: HttpRequest, deed: str, found: Questionnaire, head: QuestionnaireForm | None, added: StatementForm | None
) -> str:
    """Do what the button says; return the word for what was done."""
    by, at = member_of(request), timezone.now()
    if head is not None:
        services.change_questionnaire(questionnaire=found, by=by, at=at, **head.cleaned_data)
        return "saved"
    if added is not None:
        services.add_statement(questionnaire=found, by=by, at=at, **added.cleaned_data)
        return "added"
    if deed == "publish":
        services.publish(questionnaire=found, by=by, at=at)
        return "published"
    if deed == "drop":
        services.drop_draft(questionnaire=found, by=by)
        return "dropped"
    sent = request.POST.get("statement", "")
    if deed in {"move", "remove"} and sent.isascii() and sent.isdigit() and len(sent) < 4:
        chosen = get_object_or_404(found.statements.select_related("questionnaire"), position=int(sent))
        if deed == "move":
            services.move_statement(statement=chosen, by=by)
            return "moved"
        services.remove_statement(statement=chosen, by=by)
        return "removed"
    raise Http404("no such deed")


def _edit(
    request: HttpRequest,
    found: Questionnaire,
    head: QuestionnaireForm | None = None,
    added: StatementForm | None = None,
    *,
    fault: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    statements = statements_of(found)
    context = {
        "crumbs": [*_way(), (found.subject, None)],
        "questionnaire": found,
        "statements": statements,
        "form": head or QuestionnaireForm(initial={"title": found.title, "introduction": found.introduction}),
        "added": added or StatementForm(),
        "wrong": added if added is not None else head,
        "least": LEAST,
        "lacking": max(0, LEAST - len(statements)),
        "own_side": is_own_side(found, member_of(request)),
        "fault": fault,
        "notice": _notice(request),
    }
    return render(request, "advice/edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*EDITORS)
def statement(request: HttpRequest, questionnaire_id: int, number: int) -> HttpResponse:
    """One statement, to be given other words as long as nobody answered."""
    found = _find(questionnaire_id)
    row = get_object_or_404(found.statements.select_related("topic"), position=number)
    initial = {"text": row.text, "topic": row.topic_id, "background": row.background}
    if request.method != "POST":
        return _statement(request, found, number, StatementForm(initial=initial))
    form = StatementForm(request.POST)
    if not form.is_valid():
        return _statement(request, found, number, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        unless_busy(
            lambda: services.change_statement(
                statement=row, by=member_of(request), at=timezone.now(), **form.cleaned_data
            )
        )
    except RuleBroken as refusal:
        return _statement(request, found, number, form, fault=refusal.message, status=status_of(refusal))
    return SeeOther(f"{reverse('advice:edit', args=[found.pk])}?done=changed")


def _statement(
    request: HttpRequest,
    found: Questionnaire,
    number: int,
    form: StatementForm,
    *,
    fault: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context: dict[str, Any] = {
        "crumbs": [*_way(), (found.subject, reverse("advice:edit", args=[found.pk])), (f"設問{number}", None)],
        "questionnaire": found,
        "number": number,
        "form": form,
        "fault": fault,
    }
    return render(request, "advice/statement.html", context, status=status)


@require_safe
@for_roles(*EDITORS)
def people(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    """Who is asked, of one contest where there are several, each with the form into which published answers are copied."""
    found = _find(questionnaire_id)
    if found.published_at is None:
        raise Http404("nobody is asked yet")
    contests = contests_of(found)
    wanted = request.GET.get("contest", "")
    contest = next((one for one in contests if wanted and one.pk == decode_or_404(wanted)), None)
    if contest is None and len(contests) == 1:
        contest = contests[0]
    context = {
        "crumbs": [*_way(), (found.subject, reverse("advice:edit", args=[found.pk])), ("公表された回答", None)],
        "questionnaire": found,
        "contests": contests,
        "contest": contest,
        "asked": asked_in(found, contest),
    }
    return render(request, "advice/people.html", context)


def _find(questionnaire_id: int) -> Questionnaire:
    rows = Questionnaire.objects.select_related("election", "area", "made_by", "published_by")
    return get_object_or_404(rows, pk=questionnaire_id)


def _way() -> list[tuple[str, str | None]]:
    return [("政策マッチング", reverse("advice:index")), (DESK, reverse("advice:desk"))]


def _notice(request: HttpRequest) -> str:
    return DONE.get(request.GET.get("done", ""), "") if request.method != "POST" else ""
