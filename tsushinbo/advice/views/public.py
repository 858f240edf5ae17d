"""What everybody reads, and where a visitor answers. Nothing that a visitor answers is kept, logged or written in an address."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.addresses import decode_or_404
from tsushinbo.advice.errors import LEAST
from tsushinbo.advice.forms import mine_from
from tsushinbo.advice.models import PLACES, Questionnaire
from tsushinbo.advice.queries import (
    MatchPage,
    answered_counts,
    history_of,
    is_off,
    listed,
    match_page,
    published,
    statements_of,
    takes_answers,
)
from tsushinbo.caching import asked_again, held_for_a_minute
from tsushinbo.moderation.answers import posted, private
from tsushinbo.paging import page_number, paginate
from tsushinbo.scoring.agreement import DOUBLE, MINIMUM, WIDTH

HERE = "政策マッチング"


@require_safe
@held_for_a_minute
def index(request: HttpRequest) -> HttpResponse:
    """The questionnaires that are public, the newest first, with how many answered."""
    now = timezone.now()
    page = paginate(listed(), page_number(request))
    counts = answered_counts(page.rows)
    rows = [(row, counts.get(row.pk, 0), takes_answers(row, now), is_off(row, now)) for row in page.rows]
    context = {"section": "elections", "crumbs": [(HERE, None)], "page": page, "rows": rows}
    return render(request, "advice/index.html", context)


@require_safe
@held_for_a_minute
def method(request: HttpRequest) -> HttpResponse:
    """How an agreement is worked out, with an example that can be checked by hand."""
    context = {
        "section": "elections",
        "crumbs": [(HERE, reverse("advice:index")), ("一致度の計算", None)],
        "minimum": MINIMUM,
        "least": LEAST,
        "width": WIDTH,
        "double": DOUBLE,
    }
    return render(request, "advice/method.html", context)


# Held by no cache without asking: at 00:00 of the announcement nothing is worked out any more.
@require_safe
@asked_again
def match(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    """The statements, who answered them and how. With script the agreement is worked out in the browser alone."""
    found = _find(questionnaire_id)
    return _page(request, match_page(found, timezone.now(), contest_id=_contest(request.GET.get("contest", ""))))


@posted(lambda questionnaire_id: reverse("advice:match", args=[questionnaire_id]))
@own_forms_only
def result(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    """The same without script: what was sent is used for this one answer and thrown away."""
    found = _find(questionnaire_id)
    mine = mine_from(request.POST, statements_of(found))
    page = match_page(found, timezone.now(), contest_id=_contest(request.POST.get("contest", "")), mine=mine)
    return private(_page(request, page, status=HTTPStatus.CONFLICT if page.off else HTTPStatus.OK))


@require_safe
@held_for_a_minute
def history(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    """Earlier wordings and earlier answers, with their dates."""
    found = _find(questionnaire_id)
    context = {
        "section": "elections",
        "crumbs": [(HERE, reverse("advice:index")), (found.subject, found.get_absolute_url()), ("変更の履歴", None)],
        "questionnaire": found,
        "history": history_of(found),
    }
    return render(request, "advice/history.html", context)


def _find(questionnaire_id: int) -> Questionnaire:
    return get_object_or_404(published(), pk=questionnaire_id)


def _contest(text: str) -> int | None:
    return decode_or_404(text) if text else None


def _page(request: HttpRequest, page: MatchPage, *, status: int = HTTPStatus.OK) -> HttpResponse:
    asked_for = request.GET.get("contest") or request.POST.get("contest")
    if asked_for and page.contest is None:
        raise Http404("no such contest")
    context = {
        "section": "elections",
        "crumbs": [(HERE, reverse("advice:index")), (page.questionnaire.subject, None)],
        "page": page,
        "questionnaire": page.questionnaire,
        "minimum": MINIMUM,
        "scale": [(place, stance.label) for stance, place in PLACES.items()],
    }
    return render(request, "advice/match.html", context, status=status)
