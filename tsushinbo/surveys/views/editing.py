"""Where editors make surveys. Everything works by buttons of one form; what was typed comes back whatever happens."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tsushinbo.accounts.access import ask_second_factor, for_roles, logged_in, used_second_factor
from tsushinbo.accounts.models import User
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.accounts.queries import holds_role
from tsushinbo.accounts.roles import Role
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import LOGGED_OUT, Refusal, SeeOther, attempt, private
from tsushinbo.paging import page_number, paginate
from tsushinbo.surveys import services
from tsushinbo.surveys.errors import AlreadyAnswered, NotReady, PopularityVote
from tsushinbo.surveys.forms import AmendForm, AnswerForm, SurveyForm
from tsushinbo.surveys.models import Option, Question, Survey
from tsushinbo.surveys.queries import Shown, revisions_of, shown
from tsushinbo.surveys.queries.surveys import own_surveys
from tsushinbo.surveys.views.reading import law

EDITORS = (Role.EDITOR, Role.ADMINISTRATOR)
SECOND_FACTOR = (
    "2段階認証の確認が必要です。入力した内容は残っています。別の画面で確認を済ませてから、もう一度お送りください。"
)
PAGE_SIZE = 30
SAVED = {
    "saved": "保存しました。",
    "published": "公開しました。",
    "closed": "締め切りました。",
    "discarded": "下書きを削除しました。",
}
UNSURE = "締め切ると、もう開けません。「締め切ることを確かめました」に印をつけてから、もう一度押してください。まだ締め切っていません。"


@require_safe
@for_roles(*EDITORS)
def own(request: HttpRequest) -> HttpResponse:
    """Every survey there is, drafts first."""
    context = {
        "section": "surveys",
        "crumbs": [("アンケート", reverse("surveys:surveys")), ("作成・編集", None)],
        "page": paginate(own_surveys(), page_number(request), PAGE_SIZE),
        "notice": SAVED.get(request.GET.get("done", ""), ""),
        "now": timezone.now(),
    }
    return private(render(request, "surveys/own.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def new(request: HttpRequest) -> HttpResponse:
    """Make a survey."""
    return _door(request, lambda editor, fault: _write(request, None, editor, fault))


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def edit(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Change a survey: all of it before the first answer, little after."""

    def go(editor: User | None, fault: str) -> HttpResponse:
        survey = get_object_or_404(Survey, pk=survey_id)
        return _amend(request, survey, editor, fault) if survey.responses else _write(request, survey, editor, fault)

    return _door(request, go)


def _door(request: HttpRequest, go: Callable[[User | None, str], HttpResponse]) -> HttpResponse:
    """Let editors in who showed a second factor. Who sends something and is logged out meanwhile gets it back with what to do."""
    account = logged_in(request)
    if request.method != "POST":
        if account is None:
            return redirect_to_login(request.get_full_path())
        if not holds_role(account, *EDITORS):
            raise PermissionDenied
        return ask_second_factor(request, request.get_full_path()) or go(account, "")
    if account is None:
        return go(None, LOGGED_OUT)
    if not holds_role(account, *EDITORS):
        raise PermissionDenied
    return go(account, "") if used_second_factor(request) else go(None, SECOND_FACTOR)


def _write(request: HttpRequest, survey: Survey | None, editor: User | None, fault: str) -> HttpResponse:
    """The whole form. ``fault``: why nothing can be saved whatever was typed; then ``editor`` is None."""
    deed = request.POST.get("deed", "")
    if request.method != "POST":
        return _page(request, survey, SurveyForm(shown=shown(survey) if survey else None))
    form = SurveyForm(request.POST, shown=None, more=1 if deed == "more" else 0)
    valid = form.is_valid()
    if editor is None:
        return _page(request, survey, form, fault=fault, status=HTTPStatus.FORBIDDEN, closed=True)
    if deed == "more":
        # Nothing is saved by it, so nothing is wrong yet.
        return _page(request, survey, form, added=True)
    if deed == "discard" and survey is not None:
        return _discard(request, survey, form)
    if not valid:
        return _page(request, survey, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if deed == "preview":
        return _page(request, survey, form, preview=_preview(form))
    try:
        done = attempt(
            lambda: services.save_survey(
                survey=survey,
                draft=form.draft,
                by=editor,
                seen=form.cleaned_data["seen"] or 0,
                publish=deed == "publish",
                at=timezone.now(),
            )
        )
    except NotReady as refusal:
        form.refuse(refusal.faults)
        return _page(request, survey, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except PopularityVote as refusal:
        return _page(
            request, survey, form, fault=refusal.message, status=HTTPStatus.UNPROCESSABLE_ENTITY, forbidden=True
        )
    except RuleBroken as refusal:
        answered = isinstance(refusal, AlreadyAnswered)
        return _page(request, survey, form, fault=refusal.message, status=HTTPStatus.CONFLICT, answered=answered)
    if isinstance(done, Refusal):
        return private(_page(request, survey, form, fault=done.message, status=done.status), done)
    said = "published" if done.state == Survey.State.PUBLISHED else "saved"
    return SeeOther(f"{reverse('surveys:edit', args=[done.pk])}?done={said}")


def _discard(request: HttpRequest, survey: Survey, form: SurveyForm) -> HttpResponse:
    try:
        done = attempt(lambda: services.discard_draft(survey=survey, seen=form.cleaned_data.get("seen") or 0))
    except RuleBroken as refusal:
        return _page(request, survey, form, fault=refusal.message, status=HTTPStatus.CONFLICT)
    if isinstance(done, Refusal):
        return private(_page(request, survey, form, fault=done.message, status=done.status), done)
    return SeeOther(f"{reverse('surveys:editing')}?done=discarded")


def _amend(request: HttpRequest, survey: Survey, editor: User | None, fault: str) -> HttpResponse:
    """What may change once there are answers."""
    if request.method != "POST":
        return _amend_page(request, survey, AmendForm(survey=survey))
    form = AmendForm(request.POST, survey=survey)
    valid = form.is_valid()
    if editor is None:
        return _amend_page(request, survey, form, fault=fault, status=HTTPStatus.FORBIDDEN)
    if "title" in request.POST:
        # The first answer came while the whole form was open.
        return _amend_page(request, survey, form, fault=AlreadyAnswered.message, status=HTTPStatus.CONFLICT)
    if not valid:
        return _amend_page(request, survey, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    values, now, closing = form.cleaned_data, timezone.now(), request.POST.get("deed") == "close"
    address = reverse("surveys:edit", args=[survey.pk])
    if closing and survey.has_closed(now) and values["intro"] == survey.intro:
        # A double tap.
        return SeeOther(f"{address}?done=closed")
    if closing and not values["sure"]:
        form.refuse({"sure": UNSURE})
        return _amend_page(request, survey, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    closes_at = now if closing else values["closes_at"]
    if survey.closes_at is not None and closes_at == survey.closes_at.replace(second=0, microsecond=0):
        # The form writes minutes: what was not changed stays as it is.
        closes_at = survey.closes_at
    try:
        done = attempt(
            lambda: services.amend_survey(
                survey=survey, intro=values["intro"], closes_at=closes_at, by=editor, seen=values["seen"] or 0, at=now
            )
        )
    except NotReady as refusal:
        form.refuse(refusal.faults)
        return _amend_page(request, survey, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except RuleBroken as refusal:
        forbidden = isinstance(refusal, PopularityVote)
        return _amend_page(
            request, survey, form, fault=refusal.message, status=HTTPStatus.CONFLICT, forbidden=forbidden
        )
    if isinstance(done, Refusal):
        return private(_amend_page(request, survey, form, fault=done.message, status=done.status), done)
    return SeeOther(f"{address}?done={'closed' if closing else 'saved'}")


def _preview(form: SurveyForm) -> AnswerForm:
    """The form as who answers would see it, of what was typed and is not saved."""
    draft, questions = form.draft, []
    options: dict[int, list[Option]] = {}
    for number, one in enumerate(draft.questions, 1):
        question = Question(
            number=number,
            kind=one.kind,
            text=one.text,
            required=one.required,
            most=one.most,
            low=one.low,
            high=one.high,
        )
        questions.append(question)
        options[question.pk] = [Option(number=place, text=option.text) for place, option in enumerate(one.options, 1)]
    return AnswerForm(Shown(Survey(title=draft.title, intro=draft.intro), questions, options))


def _page(
    request: HttpRequest,
    survey: Survey | None,
    form: SurveyForm,
    *,
    fault: str = "",
    status: int = HTTPStatus.OK,
    **said: Any,
) -> HttpResponse:
    # To who is not let in, nothing of the survey is told but what they sent themselves.
    known = None if said.get("closed") else survey
    is_public = known is not None and known.state == Survey.State.PUBLISHED
    context = {
        **_context(request, known, fault),
        "address": reverse("surveys:edit", args=[survey.pk]) if survey else reverse("surveys:new"),
        "form": form,
        "is_public": is_public,
        "lead": _lead(request, publishing=is_public),
        **said,
    }
    return private(render(request, "surveys/edit.html", context, status=status))


def _amend_page(
    request: HttpRequest,
    survey: Survey,
    form: AmendForm,
    *,
    fault: str = "",
    status: int = HTTPStatus.OK,
    forbidden: bool = False,
) -> HttpResponse:
    now = timezone.now()
    context = {
        **_context(request, survey, fault),
        "form": form,
        "forbidden": forbidden,
        "is_closed": survey.has_closed(now),
        "lead": _lead(request, publishing=True),
        "locked": AlreadyAnswered.message,
    }
    return private(render(request, "surveys/amend.html", context, status=status))


def _lead(request: HttpRequest, *, publishing: bool) -> str:
    """How the message begins when a deed was not done. publishing: whether what is saved is public at once."""
    deed = request.POST.get("deed", "")
    if deed == "close":
        return "締め切れませんでした。"
    if deed == "discard":
        return "削除できませんでした。"
    return "公開できませんでした。" if deed == "publish" or publishing else "保存できませんでした。"


def _context(request: HttpRequest, survey: Survey | None, fault: str) -> dict[str, Any]:
    here = "編集" if survey else "新しいアンケート"
    return {
        "section": "surveys",
        "crumbs": [
            ("アンケート", reverse("surveys:surveys")),
            ("作成・編集", reverse("surveys:editing")),
            (here, None),
        ],
        "survey": survey,
        "fault": fault,
        "notice": SAVED.get(request.GET.get("done", ""), "") if request.method != "POST" else "",
        "law": law(),
        "revisions": revisions_of(survey) if survey else [],
    }
