"""The computation behind each score, for machines and for whoever wants to check it."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo.caching import asked_again
from tsushinbo.people.models import Party, Politician
from tsushinbo.site.queries.computation import computation


def _answer(owner: Politician | Party) -> HttpResponse:
    return JsonResponse(computation(owner, timezone.now()), json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
@asked_again
def politician_score(request: HttpRequest, politician_id: int) -> HttpResponse:
    """Every step from the counts to the scores of one politician."""
    person = get_object_or_404(Politician.objects.select_related("merged_into"), pk=politician_id)
    if person.merged_into is not None:
        return HttpResponsePermanentRedirect(reverse("site:politician-score", args=[person.merged_into.pk]))
    return _answer(person)


@require_safe
@asked_again
def party_score(request: HttpRequest, party_id: int) -> HttpResponse:
    """Every step from the counts to the scores of one party."""
    return _answer(get_object_or_404(Party, pk=party_id))
