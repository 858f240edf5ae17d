"""Results apart from the page of the survey: as a file, inside a page of another site, and all texts of a question."""

import csv
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from tsushinbo import addresses
from tsushinbo.caching import held_for_a_minute
from tsushinbo.paging import page_number, paginate
from tsushinbo.surveys.models import Question
from tsushinbo.surveys.queries import Shown, read, results_of, texts_of
from tsushinbo.surveys.table import table
from tsushinbo.surveys.views.reading import held_context, law, survey_context

PAGE_SIZE = 50
# Any page may show it in a frame; beside that it may do as little as every other page.
EMBEDDED: dict[str, list[str]] = {
    **settings.SECURE_CSP,
    "form-action": [CSP.NONE],
    "script-src": [CSP.NONE],
    "frame-ancestors": ["*"],
}


@require_safe
@held_for_a_minute
def as_csv(request: HttpRequest, survey_id: int) -> HttpResponse:
    """The results that are for everybody. The mark at the front lets spreadsheets read it as UTF-8."""
    shown = _public_results(survey_id)
    now = timezone.now()
    if shown.held(now):
        status = HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS
        return render(request, "surveys/held.html", held_context(shown), status=status)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"survey-{addresses.encode(shown.survey.pk)}-{timezone.localdate(now):%Y%m%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    address = request.build_absolute_uri(shown.survey.get_absolute_url())
    csv.writer(response).writerows(table(shown.survey, results_of(shown), address=address, at=now))
    return response


@require_safe
@held_for_a_minute
@xframe_options_exempt
@csp_override(EMBEDDED)
def embed(request: HttpRequest, survey_id: int) -> HttpResponse:
    """A small page of the results, or of how many answered so far, that other sites may show in a frame."""
    now = timezone.now()
    shown = read(survey_id, now)
    if shown is None:
        raise Http404("no such survey")
    held = shown.held(now)
    context = {
        "survey": shown.survey,
        "is_open": shown.survey.takes_answers(now),
        "held": held,
        "law": law() if held else None,
        "results": results_of(shown) if not held and shown.survey.shows_results(now) else None,
    }
    response = render(request, "surveys/embed.html", context)
    # A page that asks for it of everything inside itself (COEP) may show it too.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
@held_for_a_minute
def texts(request: HttpRequest, survey_id: int, number: int) -> HttpResponse:
    """Everything that was written to a question and approved."""
    shown = _public_results(survey_id)
    if shown.held(timezone.now()):
        return render(request, "surveys/held.html", held_context(shown))
    asked = next((one for one in shown.questions if one.number == number and one.kind == Question.Kind.TEXT), None)
    if asked is None:
        raise Http404("no such question")
    context = {
        **survey_context(shown),
        "crumbs": [
            ("アンケート", reverse("surveys:surveys")),
            (shown.survey.title, shown.survey.get_absolute_url()),
            (f"問{number}に寄せられた文", None),
        ],
        "question": asked,
        "page": paginate(texts_of(asked), page_number(request), PAGE_SIZE),
    }
    return render(request, "surveys/texts.html", context)


def _public_results(survey_id: int) -> Shown:
    """A survey whose results are for everybody; else 404."""
    now = timezone.now()
    shown = read(survey_id, now)
    if shown is None or not shown.survey.shows_results(now):
        raise Http404("no results for everybody")
    return shown
