"""Where anybody reads how a politician's facts were corrected, and a member proposes a correction."""

import hashlib
from collections.abc import Sequence
from functools import partial
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tsushinbo.accounts.access import logged_in
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import LOGGED_OUT, Refusal, SeeOther, attempt
from tsushinbo.paging import page_number, paginate
from tsushinbo.people.errors import PersonMoved
from tsushinbo.people.facts import Fact
from tsushinbo.people.forms import CorrectionForm
from tsushinbo.people.models import PersonProposal, Politician
from tsushinbo.people.queries.proposals import corrections_made, facts_of, parties_to_choose, waiting_corrections
from tsushinbo.people.services.proposals import propose_correction
from tsushinbo.people.views.answers import BUSY, private, status_of

PAGE_SIZE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def corrections(request: HttpRequest, politician_id: int) -> HttpResponse:
    """What is on record, in a form for members; and every correction made so far. Of who was merged into another, that other's."""
    person = get_object_or_404(Politician.objects.select_related("merged_into"), pk=politician_id)
    if person.merged_into is not None:
        return HttpResponsePermanentRedirect(reverse("people:corrections", args=[person.merged_into.pk]))
    facts, parties, account = facts_of(person), parties_to_choose(), logged_in(request)
    waiting = waiting_corrections(account, person).first() if account else None
    page = partial(_page, request, person, waiting=waiting)
    if request.method != "POST":
        start = {"seen": stamp(facts), **_told(waiting, facts)}
        return page(CorrectionForm(facts, parties=parties, initial=start))
    sent = _complete(request, facts)
    form = CorrectionForm(facts, sent, parties=parties)
    if account is None:
        return page(form, fault=LOGGED_OUT, status=HTTPStatus.FORBIDDEN)
    if request.POST.get("seen", "") != stamp(facts):
        moved = PersonMoved([])
        sent["seen"] = stamp(facts)
        return page(form, fault=moved.message, refusal=moved)
    if not form.is_valid():
        return page(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    now = timezone.now()
    try:
        done = attempt(
            lambda: propose_correction(
                politician=person,
                author=account,
                changes=form.changes(timezone.localdate(now).isoformat()),
                source_url=form.cleaned_data["source_url"],
                reason=form.cleaned_data["reason"],
                at=now,
            ),
            busy=BUSY,
        )
    except RuleBroken as refusal:
        return page(form, fault=refusal.message, refusal=refusal)
    if isinstance(done, Refusal):
        return page(form, fault=done.message, refusal=done)
    return SeeOther(f"{reverse('people:mine')}?done=correction")


def stamp(facts: Sequence[Fact]) -> str:
    """Tells one state of the record from another: what is sent was written on the one that was read."""
    text = "\n".join(f"{fact.key}\t{fact.value}" for fact in facts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _told(own: PersonProposal | None, facts: Sequence[Fact]) -> dict[str, str]:
    """What stands in the own correction that waits, by field: who rewrites it goes on from there."""
    if own is None:
        return {}
    wanted = {change["fact"]: change for change in own.changes}
    told = {fact.field: wanted[fact.key]["after"] for fact in facts if fact.key in wanted}
    return {**told, "source_url": own.source_url, "reason": own.reason}


def _complete(request: HttpRequest, facts: Sequence[Fact]) -> dict[str, str]:
    """What was sent; a fact whose field was not sent stays as it is."""
    return {**{fact.field: fact.value for fact in facts}, **request.POST.dict()}


def _page(
    request: HttpRequest,
    person: Politician,
    form: CorrectionForm,
    *,
    waiting: PersonProposal | None,
    fault: str = "",
    status: int = HTTPStatus.OK,
    refusal: RuleBroken | Refusal | None = None,
) -> HttpResponse:
    context = {
        "crumbs": [
            ("政治家", reverse("site:politicians")),
            (person.spaced_name, person.get_absolute_url()),
            ("情報の訂正", None),
        ],
        "politician": person,
        "account": logged_in(request),
        "form": form,
        "waiting": waiting,
        "page": paginate(corrections_made(person), page_number(request), PAGE_SIZE),
        "fault": fault,
    }
    return private(
        request, "people/corrections.html", context, status=status_of(refusal) if refusal else status, refusal=refusal
    )
