"""Where everybody reads surveys. Nothing here depends on who asks: what is a voter's own is in answering.py."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from tsushinbo.caching import held_for_a_minute
from tsushinbo.elections.rules import Rule, in_force
from tsushinbo.paging import page_number, paginate
from tsushinbo.surveys.forms import AnswerForm
from tsushinbo.surveys.models import Question
from tsushinbo.surveys.queries import Shown, closed, listed, opened, read, results_of, revisions_of
from tsushinbo.surveys.queries.crossing import Cross, cross, crossed_questions

PAGE_SIZE = 20
CLOSED = "closed"
EMBED_CODE = '<iframe src="{}" title="アンケート「{}」の結果" width="100%" height="480" loading="lazy"></iframe>'
# Answers that were sent in the last moment are written by then.
SETTLED_AFTER = timedelta(minutes=1)


@require_safe
@held_for_a_minute
def surveys(request: HttpRequest) -> HttpResponse:
    """Those that take answers, or with ``show=closed`` those that are over."""
    now, over = timezone.now(), request.GET.get("show") == CLOSED
    page = paginate(closed(now) if over else opened(now), page_number(request), PAGE_SIZE)
    context = {
        "section": "surveys",
        "crumbs": [("アンケート", None)],
        "over": over,
        "page": page,
        "rows": listed(page.rows, now),
        "law": law(),
    }
    return render(request, "surveys/surveys.html", context)


@require_safe
@held_for_a_minute
def survey(request: HttpRequest, survey_id: int) -> HttpResponse:
    """One survey: its form while it is open, its results as far as they are for everybody."""
    now = timezone.now()
    shown = read(survey_id, now)
    if shown is None:
        raise Http404("no such survey")
    if shown.held(now):
        return render(request, "surveys/held.html", held_context(shown))
    public = shown.survey.shows_results(now)
    context = {
        **survey_context(shown),
        "is_open": shown.survey.takes_answers(now),
        "form": AnswerForm(shown),
        "results": results_of(shown) if public else None,
        "revisions": revisions_of(shown.survey),
        "share_text": f"アンケート「{shown.survey.title}」",
        "share_url": request.build_absolute_uri(shown.survey.get_absolute_url()),
        "embed_code": format_html(
            EMBED_CODE, request.build_absolute_uri(reverse("surveys:embed", args=[shown.survey.pk])), shown.survey.title
        ),
    }
    if shown.survey.has_closed(now - SETTLED_AFTER):
        context |= _crossed(request, shown)
    return render(request, "surveys/survey.html", context)


def survey_context(shown: Shown) -> dict[str, Any]:
    """What every page about one survey shows."""
    return {
        "section": "surveys",
        "crumbs": [("アンケート", reverse("surveys:surveys")), (shown.survey.title, None)],
        "survey": shown.survey,
        "questions": shown.questions,
    }


def held_context(shown: Shown) -> dict[str, Any]:
    """What is said in place of a survey that may not be shown. Its words are not: they would name whom it pairs."""
    return {
        "section": "surveys",
        "crumbs": [("アンケート", reverse("surveys:surveys")), ("表示していません", None)],
        "survey": shown.survey,
        "law": law(),
    }


def law() -> dict[str, str]:
    """The article by which a survey is held back, and where to read it."""
    rule = in_force().rules[Rule.PERSON_SCORES]
    return {"name": rule.law, "url": rule.url}


def _crossed(request: HttpRequest, shown: Shown) -> dict[str, Any]:
    choices = crossed_questions(shown)
    if len(choices) < 2:
        return {}
    picked = [_picked(request.GET.get(name, ""), choices) for name in ("rows", "columns")]
    found: Cross | None = None
    if picked[0] is not None and picked[1] is not None and picked[0] is not picked[1]:
        found = cross(shown, picked[0], picked[1])
    return {
        "cross_choices": choices,
        "cross_picked": [question.number if question else None for question in picked],
        "cross_same": picked[0] is not None and picked[0] is picked[1],
        "cross": found,
    }


def _picked(text: str, choices: list[Question]) -> Question | None:
    return next((question for question in choices if str(question.number) == text), None)
