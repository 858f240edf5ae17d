"""Where a registered person writes a pledge: the form, its draft, its preview."""

from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tsushinbo import addresses
from tsushinbo.accounts.access import logged_in
from tsushinbo.accounts.models import User
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.elections.queries import Hold, hold_of
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import LOGGED_OUT, Refusal, SeeOther, attempt, htmx, private
from tsushinbo.moderation.queries.contacts import contact_of
from tsushinbo.moderation.services import ContactRefused
from tsushinbo.people.models import Party, Politician
from tsushinbo.pledges.contents import Content
from tsushinbo.pledges.differences import FieldChange, changed_fields
from tsushinbo.pledges.errors import ProposalRefused
from tsushinbo.pledges.forms import ChangeForm, PledgeForm, fields_of, typed
from tsushinbo.pledges.models import NAMES, Pledge, PledgeDraft, PledgeProposal, Slot
from tsushinbo.pledges.queries.contributions import (
    near_duplicates,
    newest_revision,
    own_drafts,
    owners_called,
    waiting_change,
)
from tsushinbo.pledges.queries.pledges import for_rows, merged_into, published
from tsushinbo.pledges.services import drafts as draft_services
from tsushinbo.pledges.services import proposals as services
from tsushinbo.pledges.views.members import (
    crumbs,
    find_draft,
    owner_asked,
    status_of,
    whose,
    writes_at_once,
)

DONE = {"saved": "下書きを保存しました。"}


@dataclass
class Desk:
    """Who writes of whose pledges: a new one, or a change to ``pledge``; with the draft kept so far, and the change that waits already."""

    account: User | None
    owner: Politician | Party
    pledge: Pledge | None
    at_once: bool
    draft: PledgeDraft | None = None
    waiting: PledgeProposal | None = None

    @property
    def address(self) -> str:
        """Where the form is sent."""
        if self.pledge is not None:
            return reverse("pledges:edit", args=[self.pledge.pk])
        return f"{reverse('pledges:new')}?{whose(self.owner)}"

    @property
    def back(self) -> str:
        """The page that it will stand on."""
        return (self.pledge or self.owner).get_absolute_url()

    def form(self, data: Any = None, initial: dict[str, Any] | None = None) -> PledgeForm:
        """The form of this desk."""
        if self.pledge is not None:
            return ChangeForm(data, pledge=self.pledge, hold=self.hold, initial=initial)
        return PledgeForm(data, owner=self.owner, hold=self.hold, initial=initial)

    @cached_property
    def hold(self) -> Hold | None:
        """What election mode says of the politician; None of a party."""
        person = services.person_of(self.owner)
        return hold_of(person, timezone.now()) if person is not None else None

    def start(self) -> dict[str, Any]:
        """What stands in the form before anything is typed."""
        if self.draft is not None:
            return dict(self.draft.fields)
        if self.pledge is None:
            return {}
        seen = newest_revision(self.pledge)
        if self.waiting is not None:
            fields = fields_of(
                Content.read(self.waiting.content), seen=self.waiting.base or 0, reason=self.waiting.reason
            )
            return {**fields, "contact": contact_of(self.waiting)}
        return fields_of(Content.of(self.pledge), seen=seen)


@dataclass(frozen=True)
class Preview:
    """What readers would see: the slots of a new pledge, or what a change changes."""

    content: Content
    changes: list[FieldChange] = field(default_factory=list)

    @property
    def slots(self) -> list[tuple[str, str]]:
        """The five slots with their names."""
        return [(str(slot.label), str(getattr(self.content, slot.value))) for slot in Slot]


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def new(request: HttpRequest) -> HttpResponse:
    """Register a pledge of the politician or party that the address names; without one, ask whose."""
    account, owner = logged_in(request), owner_asked(request)
    if owner is None:
        return _whose(request)
    desk = Desk(account, owner, None, writes_at_once(request, account, owner))
    if request.method == "POST":
        return _take(request, desk)
    if account is None:
        return redirect_to_login(request.get_full_path())
    if "draft" in request.GET:
        own = own_drafts(account).filter(pledge=None, rows__isnull=True)
        desk.draft = get_object_or_404(own, pk=addresses.decode_or_404(request.GET["draft"]))
    return _page(request, desk, desk.form(initial=desk.start()), notice=_notice(request))


@require_http_methods(["GET", "HEAD", "POST"])
@own_forms_only
def edit(request: HttpRequest, pledge_id: int) -> HttpResponse:
    """Write another wording of a pledge, with the reason for it."""
    if target := merged_into(pledge_id):
        return HttpResponsePermanentRedirect(reverse("pledges:edit", args=[target]))
    account = logged_in(request)
    pledge = get_object_or_404(for_rows(published()), pk=pledge_id)
    desk = Desk(account, pledge.owner, pledge, writes_at_once(request, account, pledge.owner))
    if account is not None:
        desk.draft = own_drafts(account).filter(pledge=pledge).first()
        desk.waiting = waiting_change(account, pledge)
    if request.method == "POST":
        return _take(request, desk)
    if account is None:
        return redirect_to_login(request.get_full_path())
    return _page(request, desk, desk.form(initial=desk.start()), notice=_notice(request))


def _whose(request: HttpRequest) -> HttpResponse:
    """Ask whose pledge it is: by name, reading or another spelling."""
    name = request.GET.get("q", "").strip()[:100]
    people, parties = owners_called(name) if name else ([], [])
    context = {
        "section": "pledges",
        "crumbs": crumbs(("公約を登録する", None)),
        "name": name,
        "people": people,
        "parties": parties,
        "account": logged_in(request),
    }
    template = "pledges/whose.html" + ("#found" if htmx(request) else "")
    return private(render(request, template, context))


def _take(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Do what the button says: keep, show, throw away, send. Nothing typed is lost by any refusal."""
    account = desk.account
    if account is None:
        return _page(request, desk, desk.form(request.POST), fault=LOGGED_OUT, status=HTTPStatus.FORBIDDEN)
    deed = request.POST.get("deed", "post")
    deeds = {"preview": _preview, "save": _save, "drop": _drop}
    try:
        if desk.pledge is None:
            desk.draft = find_draft(account, request.POST.get("draft", ""), rows=False)
        done = attempt(lambda: deeds.get(deed, _send)(request, desk, account))
    except RuleBroken as refusal:
        return _refuse(request, desk, refusal)
    return _refuse(request, desk, done) if isinstance(done, Refusal) else done


def _save(request: HttpRequest, desk: Desk, account: User) -> HttpResponse:
    draft = draft_services.save_draft(
        author=account,
        owner=desk.owner,
        pledge=desk.pledge,
        draft_id=desk.draft.pk if desk.draft else None,
        fields=typed(request.POST.dict()),
        at=timezone.now(),
    )
    if htmx(request):
        return private(render(request, "pledges/write.html#kept", {"draft": draft}))
    address = draft.get_absolute_url()
    return SeeOther(f"{address}{'&' if '?' in address else '?'}done=saved")


def _drop(request: HttpRequest, desk: Desk, account: User) -> HttpResponse:
    if desk.draft is not None:
        draft_services.delete_draft(desk.draft)
    return SeeOther(f"{reverse('pledges:mine')}?done=dropped")


def _preview(request: HttpRequest, desk: Desk, account: User) -> HttpResponse:
    """The pledge as readers would see it, or what is to be mended first. Nothing is stored."""
    form = desk.form(request.POST)
    preview = _shown(desk, form) if form.is_valid() else None
    if htmx(request):
        return private(render(request, "pledges/write.html#preview", {"preview": preview, "desk": desk}))
    return _page(request, desk, form, preview=preview, status=HTTPStatus.OK if preview else 422)


def _shown(desk: Desk, form: PledgeForm) -> Preview:
    content = form.content
    if desk.pledge is None:
        return Preview(content)
    return Preview(content, changed_fields(_named(Content.of(desk.pledge)), _named(content), NAMES))


def _named(content: Content) -> dict[str, object]:
    return {name: value for name, value in content.kept.items() if name in NAMES}


def _send(request: HttpRequest, desk: Desk, account: User) -> HttpResponse:
    form = desk.form(request.POST)
    if not form.is_valid():
        return _page(request, desk, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    content = form.content
    if desk.pledge is None:
        alike = near_duplicates(desk.owner, content.title, content.text)
        seen = set(request.POST.get("distinct", "").split())
        if any(addresses.encode(pledge.pk) not in seen for pledge in alike):
            shown = _shown(desk, form)
            return _page(request, desk, form, preview=shown, alike=alike, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    sent: dict[str, Any] = {
        "author": account,
        "content": content,
        "contact": form.given_contact,
        "draft": desk.draft,
        "at": timezone.now(),
    }
    try:
        if desk.pledge is None:
            if desk.at_once:
                return SeeOther(services.register_pledge(owner=desk.owner, **sent).get_absolute_url())
            services.propose_pledge(owner=desk.owner, **sent)
        else:
            sent |= {"reason": form.cleaned_data["reason"], "seen": form.cleaned_data["seen"] or 0}
            if desk.at_once:
                return SeeOther(f"{services.change_pledge(pledge=desk.pledge, **sent).get_absolute_url()}#h-his")
            services.propose_change(pledge=desk.pledge, **sent)
    except (ProposalRefused, ContactRefused) as refusal:
        form.refuse(refusal.faults)
        return _page(request, desk, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return SeeOther(f"{reverse('pledges:mine')}?done={'changed' if desk.pledge else 'proposed'}")


def _refuse(request: HttpRequest, desk: Desk, refusal: RuleBroken | Refusal) -> HttpResponse:
    """Show the form again with everything that was typed, or tell the part of the page that asked."""
    status = status_of(refusal)
    if htmx(request):
        # Of the refusals these alone are put into the page.
        shown = status if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE} else 422
        context = {"draft": desk.draft, "fault": refusal.message}
        return private(render(request, "pledges/write.html#kept", context, status=shown), refusal)
    fields = typed(request.POST.dict())
    changes: list[FieldChange] = []
    if status == HTTPStatus.CONFLICT and desk.pledge is not None:
        # What was typed stays; beside it stands how it differs from what others made of the pledge meanwhile.
        form = desk.form(request.POST)
        changes = _shown(desk, form).changes if form.is_valid() else []
        fields["seen"] = str(newest_revision(desk.pledge))
    preview = Preview(Content.of(desk.pledge), changes) if changes and desk.pledge else None
    return _page(
        request, desk, desk.form(initial=fields), fault=refusal.message, preview=preview, status=status, refusal=refusal
    )


def _notice(request: HttpRequest) -> str:
    return DONE.get(request.GET.get("done", ""), "")


def _page(
    request: HttpRequest,
    desk: Desk,
    form: PledgeForm,
    *,
    preview: Preview | None = None,
    alike: list[Pledge] | None = None,
    fault: str = "",
    notice: str = "",
    status: int = HTTPStatus.OK,
    refusal: RuleBroken | Refusal | None = None,
) -> HttpResponse:
    here = "公約を直す" if desk.pledge else "公約を登録する"
    own = (
        own_drafts(desk.account).filter(pledge=None, rows__isnull=True) if desk.account else PledgeDraft.objects.none()
    )
    where = (desk.pledge.title if desk.pledge else str(desk.owner), desk.back)
    context = {
        "section": "pledges",
        "crumbs": crumbs(where, (here, None)),
        "desk": desk,
        "draft": desk.draft,
        "drafts": [] if desk.draft or desk.pledge else [one for one in own if one.owner == desk.owner],
        "form": form,
        "preview": preview,
        "alike": alike or [],
        "distinct": " ".join(addresses.encode(pledge.pk) for pledge in alike or []),
        "fault": fault,
        "notice": notice,
    }
    return private(render(request, "pledges/write.html", context, status=status), refusal)
