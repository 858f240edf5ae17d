"""「ご本人・事務所の方へ」: one page on which a politician's account is claimed, proved, and given up."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tsushinbo.accounts.access import logged_in
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import has_second_factor
from tsushinbo.claims import services
from tsushinbo.claims.errors import ClaimMoved
from tsushinbo.claims.forms import AddressForm, DigitsForm, OpenForm, PageForm
from tsushinbo.claims.models import Claim, ClaimReason, Way
from tsushinbo.claims.queries import claim_of, delegate_of, verification_of
from tsushinbo.claims.views.answers import see_other, status_of, words_of
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import unless_busy
from tsushinbo.moderation.forms import VisitorForm
from tsushinbo.people.models import Politician
from tsushinbo.people.queries import terms_in_full

# What was just done, by the word in the address that the answer leads to.
DONE = {
    "open": "申請を受け付けました。次に、確認の方法を選んでください。",
    "code": "番号を送りました。メールが届いたら、番号を入れてください。",
    "verified": "本人確認が済みました。",
    "asked": "運営に確認を頼みました。24時間以内に確認します。",
    "withdraw": "申請を取り下げました。",
    "end": "本人確認を返上しました。",
    "left": "登録を返上しました。これまでに書いたものは残ります。",
}
# The button that was pressed, and the form it sends.
FORMS: dict[str, type[VisitorForm]] = {
    "open": OpenForm,
    "code": AddressForm,
    "digits": DigitsForm,
    "page": PageForm,
    "call": PageForm,
    "withdraw": VisitorForm,
    "end": VisitorForm,
}
# Two forms of one kind stand on the page.
AUTO_IDS = {"page": "id_page_%s", "call": "id_call_%s"}


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, politician_id: int) -> HttpResponse:
    """How a politician is claimed, for everybody; the own claim and its next step, for who is logged in."""
    person = get_object_or_404(Politician.objects.select_related("merged_into"), pk=politician_id)
    if person.merged_into is not None:
        return HttpResponsePermanentRedirect(reverse("claims:claim", args=[person.merged_into.pk]))
    user = logged_in(request)
    if request.method != "POST":
        return _page(request, person, user)
    if user is None:
        return redirect_to_login(request.get_full_path())
    deed = request.POST.get("deed", "")
    if deed not in FORMS:
        return _page(request, person, user, fault=ClaimMoved.message, status=status_of(None))
    form = FORMS[deed](request.POST, auto_id=AUTO_IDS.get(deed, "id_%s"))
    if not form.is_valid():
        return _page(request, person, user, deed=deed, form=form, status=status_of(None))
    try:
        done = unless_busy(lambda: _do(deed, form, person, user))
    except RuleBroken as refusal:
        fault = words_of(refusal, form)
        return _page(request, person, user, deed=deed, form=form, fault=fault, status=status_of(refusal))
    return see_other(reverse("claims:claim", args=[person.pk]), done)


def _do(deed: str, form: VisitorForm, person: Politician, user: User) -> str:
    """Do what the button says; return the word for what was done."""
    at, sent = timezone.now(), form.cleaned_data
    if deed == "open":
        services.open_claim(
            politician=person, user=user, at=at, **{**sent, "claimant": Claim.Claimant(sent["claimant"])}
        )
        return deed
    own = claim_of(user, person)
    if deed == "end" and (own is None or own.state != Claim.State.VERIFIED):
        delegate = delegate_of(user, person)
        if delegate is None:
            raise ClaimMoved
        services.leave(delegate=delegate, at=at)
        return "left"
    if own is None:
        raise ClaimMoved
    if deed == "digits":
        own = services.enter_code(claim=own, digits=sent["digits"], at=at)
        return "verified" if own.state == Claim.State.VERIFIED else "asked"
    deeds: dict[str, Callable[[], object]] = {
        "code": lambda: services.send_code(claim=own, address=sent["address"], at=at),
        "page": lambda: services.submit_page(claim=own, way=Way.PAGE, url=sent["url"], at=at),
        "call": lambda: services.submit_page(claim=own, way=Way.CALL, url=sent["url"], at=at),
        "withdraw": lambda: services.withdraw_claim(claim=own, at=at),
        "end": lambda: services.end_verification(
            claim=own, by=user, seen=own.version, reason=ClaimReason.REQUESTED, at=at
        ),
    }
    deeds[deed]()
    return "asked" if deed in {"page", "call"} else deed


def _page(
    request: HttpRequest,
    person: Politician,
    user: User | None,
    *,
    deed: str = "",
    form: VisitorForm | None = None,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    own = claim_of(user, person) if user else None
    # Another claim may follow one that came to nothing.
    alive = own if own is not None and own.is_alive else None
    notice = DONE.get(request.GET.get("done", ""), "") if request.method != "POST" else ""
    context = {
        "section": "politicians",
        "crumbs": [
            ("政治家", reverse("site:politicians")),
            (person.spaced_name, person.get_absolute_url()),
            ("ご本人・事務所の方へ", None),
        ],
        "politician": person,
        "term": terms_in_full().filter(politician=person).first(),
        "verification": verification_of(person),
        "account": user,
        "delegate": delegate_of(user, person) if user else None,
        "claim": alive,
        "past": own if own is not None and alive is None else None,
        "steps": own.steps.order_by("at", "pk") if own else [],
        "second_factor": user is not None and has_second_factor(user),
        "deed": deed,
        "form": form,
        "open_form": form if deed == "open" else OpenForm(),
        "address_form": form if deed == "code" else AddressForm(),
        "digits_form": form if deed == "digits" else DigitsForm(),
        "page_form": form if deed == "page" else PageForm(auto_id=AUTO_IDS["page"]),
        "call_form": form if deed == "call" else PageForm(auto_id=AUTO_IDS["call"]),
        "fault": fault,
        "notice": notice,
    }
    return render(request, "claims/claim.html", context, status=status)
