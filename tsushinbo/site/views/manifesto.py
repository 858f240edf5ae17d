"""The manifesto of an election: pledges by policy area, side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tsushinbo import addresses
from tsushinbo.caching import held_for_a_minute
from tsushinbo.elections.models import Contest, Election
from tsushinbo.pledges.queries import policy_areas
from tsushinbo.site.queries.manifesto import MOST, contest_to_compare, manifesto


@require_safe
@held_for_a_minute
def election_manifesto(request: HttpRequest, election_id: int) -> HttpResponse:
    """Pledges made for one election: of parties, or of the candidates of a contest."""
    found = get_object_or_404(Election.objects.select_related("area"), pk=election_id)
    refused: list[str] = []
    contest = _contest(request, found, refused)
    topics = list(policy_areas())
    code = request.GET.get("topic", "")
    topic = next((one for one in topics if one.pk == code), None)
    if code and topic is None:
        refused.append("政策分野")
    data = manifesto(found, contest, topic, _ids(request, refused), timezone.now())
    context = {
        "section": "elections",
        "crumbs": [
            ("選挙", reverse("site:elections")),
            (found.name, found.get_absolute_url()),
            *([(contest.name, contest.get_absolute_url())] if contest else []),
            ("公約を並べて読む", None),
        ],
        "election": found,
        "contest": contest,
        "topics": topics,
        "data": data,
        "refused": refused,
        "most": MOST,
    }
    return render(request, "site/manifesto.html", context)


def _contest(request: HttpRequest, election: Election, refused: list[str]) -> Contest | None:
    asked = request.GET.get("contest", "")
    if not asked:
        return None if election.pledges.filter(party__isnull=False).exists() else contest_to_compare(election)
    try:
        contest = (
            Contest.objects.select_related("election").filter(election=election, pk=addresses.decode(asked)).first()
        )
    except ValueError:
        contest = None
    if contest is None:
        refused.append("選挙区")
    return contest


def _ids(request: HttpRequest, refused: list[str]) -> list[int]:
    """The owners asked for, without what is no id."""
    found = []
    for name, label in (("party", "政党"), ("candidate", "候補者")):
        for value in request.GET.getlist(name):
            try:
                found.append(addresses.decode(value))
            except ValueError:
                if label not in refused:
                    refused.append(label)
    return found
