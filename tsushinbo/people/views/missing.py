"""Where a member proposes a politician who is missing."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tsushinbo import addresses
from tsushinbo.accounts.access import logged_in
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import LOGGED_OUT, Refusal, SeeOther, attempt, htmx
from tsushinbo.people.forms import MissingForm
from tsushinbo.people.models import Politician
from tsushinbo.people.queries.proposals import near_names, parties_to_choose, places_called
from tsushinbo.people.services.proposals import propose_missing, words_of
from tsushinbo.people.views.answers import BUSY, private, status_of


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def new(request: HttpRequest) -> HttpResponse:
    """The form; for who is not logged in, how to come in. Whoever bears the name already is shown before anything is kept."""
    account = logged_in(request)
    if request.method != "POST":
        if "place" in request.GET and htmx(request):
            return _places(request)
        form = MissingForm(parties=parties_to_choose(), initial={"name": request.GET.get("name", "")[:100]})
        return _page(request, form)
    form = MissingForm(request.POST, parties=parties_to_choose())
    if account is None:
        return _page(request, form, fault=LOGGED_OUT, status=HTTPStatus.FORBIDDEN)
    if not form.is_valid():
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    near = near_names(form.cleaned_data["name"], form.cleaned_data["kana"])
    seen = set(request.POST.get("distinct", "").split())
    if any(addresses.encode(one.pk) not in seen for one in near):
        return _page(request, form, near=near, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        done = attempt(
            lambda: propose_missing(
                author=account,
                missing=form.missing([_told(one) for one in near]),
                source_url=form.cleaned_data["source_url"],
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            ),
            busy=BUSY,
        )
    except RuleBroken as refusal:
        return _page(request, form, near=near, fault=refusal.message, refusal=refusal)
    if isinstance(done, Refusal):
        return _page(request, form, near=near, fault=done.message, refusal=done)
    return SeeOther(f"{reverse('people:mine')}?done=missing")


def _told(person: Politician) -> dict[str, str]:
    """A namesake as the proposal keeps it."""
    words = f"{person.spaced_name}（{words_of(person)}）"
    return {"id": addresses.encode(person.pk), "words": words, "url": person.get_absolute_url()}


def _places(request: HttpRequest) -> HttpResponse:
    """The places that fit what is being typed."""
    found = places_called(request.GET.get("office", ""), request.GET["place"][:100])
    return private(request, "people/new.html#places", {"places": found})


def _page(
    request: HttpRequest,
    form: MissingForm,
    *,
    near: list[Politician] | None = None,
    fault: str = "",
    status: int = HTTPStatus.OK,
    refusal: RuleBroken | Refusal | None = None,
) -> HttpResponse:
    asked = request.POST.get("distinct", "")
    context = {
        "crumbs": [("政治家", reverse("site:politicians")), ("見つからない政治家を知らせる", None)],
        "account": logged_in(request),
        "form": form,
        "near": [(one, words_of(one)) for one in near or []],
        "distinct": " ".join(addresses.encode(one.pk) for one in near or []),
        "is_distinct": bool(asked),
        "fault": fault,
    }
    return private(
        request, "people/new.html", context, status=status_of(refusal) if refusal else status, refusal=refusal
    )
