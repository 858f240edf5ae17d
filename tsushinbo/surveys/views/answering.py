"""A voter's own answer to a survey: shown, taken and changed. Nothing of it may be held by a cache."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tsushinbo.accounts import voters
from tsushinbo.accounts.access import logged_in
from tsushinbo.accounts.network import network_prefix
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.accounts.services import network_subject
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import Refusal, SeeOther, attempt, htmx, private
from tsushinbo.surveys import services
from tsushinbo.surveys.errors import AnsweredMeanwhile, AnswerRefused, PopularityVote, WordingChanged
from tsushinbo.surveys.forms import AnswerForm
from tsushinbo.surveys.queries import Shown, own_answers, read, results_of
from tsushinbo.surveys.queries.surveys import own_texts, response_of
from tsushinbo.surveys.said import Sheet
from tsushinbo.surveys.views.reading import held_context, survey_context

DONE = {
    "answered": "回答を受け付けました。締め切りまで、この端末から変更できます。",
    "changed": "回答を変更しました。締め切りまで、この端末から変更できます。",
}


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def answer(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Show a voter what they answered with the form to change it, or take an answer."""
    now = timezone.now()
    shown = read(survey_id, now)
    if shown is None:
        raise Http404("no such survey")
    if shown.held(now):
        return private(render(request, "surveys/held.html", held_context(shown)))
    if request.method == "POST":
        return _take(request, shown)
    notice = DONE.get(request.GET.get("done", ""), "") if voters.known(request) is not None else ""
    return _page(request, shown, None, notice=notice)


def _take(request: HttpRequest, shown: Shown) -> HttpResponse:
    form, voter, at = AnswerForm(shown, data=request.POST), voters.identify(request), timezone.now()
    try:
        done = attempt(
            lambda: services.answer_survey(
                survey=shown.survey,
                voter=voter.number,
                said=form.said,
                wording=form.wording,
                seen=form.seen,
                network=network_subject(network_prefix(request), at=at),
                account=logged_in(request),
                at=at,
            )
        )
    except AnswerRefused as refusal:
        form.refuse(refusal.faults)
        return _page(request, shown, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except AnsweredMeanwhile as refusal:
        typed = {number: said for number, said in form.said.items() if said}
        fault, status = refusal.message, HTTPStatus.CONFLICT
        response = _page(request, shown, None, voter=voter.number, typed=typed, fault=fault, status=status)
        # Who is known by the ticket of a form alone is known by the next one too.
        voters.remember(response, request, voter)
        return response
    except PopularityVote:
        return private(render(request, "surveys/held.html", held_context(shown), status=HTTPStatus.CONFLICT))
    except RuleBroken as refusal:
        changed = isinstance(refusal, WordingChanged)
        return _page(
            request, shown, form, fault=refusal.message, changed=changed, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    if isinstance(done, Refusal):
        return private(_page(request, shown, form, fault=done.message, status=done.status), done)
    # The answer is on disk from here on.
    response = SeeOther(
        f"{reverse('surveys:answer', args=[shown.survey.pk])}?done={'changed' if form.seen else 'answered'}"
    )
    voters.remember(response, request, voter)
    return response


def _page(
    request: HttpRequest,
    shown: Shown,
    form: AnswerForm | None,
    *,
    voter: int | None = None,
    typed: Sheet | None = None,
    notice: str = "",
    fault: str = "",
    changed: bool = False,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The whole page; htmx gets the part alone that says whether there is an answer already. changed: the questions were, since they were read.

    form None: what is on record, with ``typed`` laid over it. voter: whose, where it is not told by the cookie.
    """
    now, voter = timezone.now(), voters.known(request) if voter is None else voter
    # The mark is read before the answers, so that a change between the two is not taken for one that was seen.
    response = response_of(shown.survey, voter)
    if form is None:
        said = {**own_answers(shown.questions, voter), **(typed or {})}
        form = AnswerForm(shown, said=said, seen=response.mark if response else "")
    visible = shown.survey.shows_results(now, answered=response is not None)
    context = {
        **survey_context(shown),
        "crumbs": [
            ("アンケート", reverse("surveys:surveys")),
            (shown.survey.title, shown.survey.get_absolute_url()),
            ("自分の回答", None),
        ],
        "is_open": shown.survey.takes_answers(now),
        "form": form,
        "notice": notice,
        "fault": fault,
        "lead": "まだ変更していません。" if typed is not None else "",
        "wording": shown.survey.wording if changed else form.wording,
        "response": response,
        "texts": own_texts(shown.questions, voter),
        "results": results_of(shown) if visible and not htmx(request) else None,
        "ticket": voters.ticket(request),
    }
    template = "surveys/answer.html#own" if htmx(request) else "surveys/answer.html"
    return private(render(request, template, context, status=status))
