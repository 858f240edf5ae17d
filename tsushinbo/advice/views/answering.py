"""Where a politician's office answers, and where an editor copies what was published elsewhere."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tsushinbo.accounts.access import for_roles, member_of
from tsushinbo.advice import services
from tsushinbo.advice.errors import AnswersMoved
from tsushinbo.advice.forms import AnswerForm, CopiedForm
from tsushinbo.advice.models import Questionnaire
from tsushinbo.advice.queries import (
    EDITORS,
    answers_of,
    is_asked,
    published,
    seen_token,
    statements_of,
    takes_answers,
)
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import Refusal, SeeOther, attempt
from tsushinbo.people.models import Politician
from tsushinbo.people.queries import speaks_for


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def answer(request: HttpRequest, questionnaire_id: int, politician_id: int) -> HttpResponse:
    """All statements with one's own answers. It is no page to who does not speak for the politician."""
    person = get_object_or_404(Politician, pk=politician_id, merged_into=None)
    if not speaks_for(member_of(request), person):
        raise Http404("nobody that this account speaks for")
    return _answering(request, questionnaire_id, person, copied=False)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(*EDITORS)
def copy(request: HttpRequest, questionnaire_id: int, politician_id: int) -> HttpResponse:
    """The same for editors, with the source that every answer they enter needs."""
    return _answering(
        request, questionnaire_id, get_object_or_404(Politician, pk=politician_id, merged_into=None), copied=True
    )


def _answering(request: HttpRequest, questionnaire_id: int, person: Politician, *, copied: bool) -> HttpResponse:
    found = get_object_or_404(published(), pk=questionnaire_id)
    if not is_asked(found, person):
        raise Http404("not asked")
    form = _form(request, found, person, copied=copied)
    if request.method != "POST":
        return _page(request, found, person, form)
    if not form.is_valid():
        return _page(request, found, person, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        done = attempt(lambda: _give(request, found, person, form))
    except RuleBroken as refusal:
        moved = isinstance(refusal, AnswersMoved)
        if moved:
            # What stands there now is shown beside what was typed, and sending it again takes its place.
            form = _form(request, found, person, copied=copied)
        status = HTTPStatus.CONFLICT if moved else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, found, person, form, fault=refusal.message, status=status)
    if isinstance(done, Refusal):
        response = _page(request, found, person, form, fault=done.message, status=done.status)
        response.headers["Retry-After"] = str(done.retry_after)
        return response
    return SeeOther(f"{request.path}?done={done}")


def _form(request: HttpRequest, found: Questionnaire, person: Politician, *, copied: bool) -> AnswerForm:
    known = answers_of(found, person)
    kind = CopiedForm if copied else AnswerForm
    sent = request.POST if request.method == "POST" else None
    return kind(sent, statements=statements_of(found), known=known, seen=seen_token(known.values()))


def _give(request: HttpRequest, found: Questionnaire, person: Politician, form: AnswerForm) -> int:
    return services.give_answers(
        questionnaire=found,
        politician=person,
        author=member_of(request),
        given=form.given(),
        source=form.source() if isinstance(form, CopiedForm) else None,
        seen=form.cleaned_data["seen"],
        at=timezone.now(),
    )


def _page(
    request: HttpRequest,
    found: Questionnaire,
    person: Politician,
    form: AnswerForm,
    *,
    fault: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    copied = isinstance(form, CopiedForm)
    done = request.GET.get("done", "") if request.method != "POST" else ""
    way = (
        [("質問票", reverse("advice:desk")), (found.subject, reverse("advice:edit", args=[found.pk]))]
        if copied
        else [
            ("事務所", reverse("office:home")),
            (person.spaced_name, reverse("office:politician", args=[person.pk])),
        ]
    )
    context = {
        "crumbs": [*way, ("回答の登録" if copied else "政策マッチングの回答", None)],
        "questionnaire": found,
        "politician": person,
        "form": form,
        "seen": seen_token(form.known.values()),
        "copied": copied,
        "open": takes_answers(found, timezone.now()),
        "fault": fault,
        "done": int(done) if done.isascii() and done.isdigit() and len(done) < 4 else 0,
    }
    return render(request, "advice/answer.html", context, status=status)
