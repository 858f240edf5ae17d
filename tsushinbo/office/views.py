"""The politician's desk (/office/), and the team that writes there. It is no page to who speaks for nobody."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tsushinbo import addresses
from tsushinbo.accounts.access import member_of
from tsushinbo.accounts.models import User
from tsushinbo.claims import services
from tsushinbo.claims.forms import AddressForm
from tsushinbo.claims.models import Invitation
from tsushinbo.claims.queries import politicians_of, team_of
from tsushinbo.claims.views.answers import see_other, status_of, words_of
from tsushinbo.errors import RuleBroken
from tsushinbo.office.queries import desk_of
from tsushinbo.people.models import Delegate, Politician

# What was just done, by the word in the address that the answer leads to.
DONE = {
    "joined": "メンバーになりました。",
    "invited": "招待のメールを送りました。",
    "withdrawn": "招待を取り消しました。",
    "removed": "メンバーを外しました。書いたものは残ります。",
    "left": "メンバーから外れました。",
}


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The desk of the one politician an account speaks for, or the choice between several."""
    people = politicians_of(member_of(request))
    if len(people) == 1:
        return _desk(request, people[0])
    context = {"crumbs": [("事務所", None)], "people": people, "notice": DONE.get(request.GET.get("done", ""), "")}
    return render(request, "office/choose.html", context)


@require_safe
@login_required
def politician(request: HttpRequest, politician_id: int) -> HttpResponse:
    """The desk of one politician."""
    return _desk(request, _own(member_of(request), politician_id))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def team(request: HttpRequest, politician_id: int) -> HttpResponse:
    """Who writes in the politician's name; the holder invites and removes."""
    user = member_of(request)
    person = _own(user, politician_id)
    if request.method != "POST":
        return _team(request, person, user, AddressForm())
    deed, form = (
        request.POST.get("deed", ""),
        AddressForm(request.POST if request.POST.get("deed") == "invite" else None),
    )
    if deed == "invite" and not form.is_valid():
        return _team(request, person, user, form, status=status_of(None))
    try:
        done = _do(request, deed, form, person, user)
    except RuleBroken as refusal:
        return _team(request, person, user, form, fault=words_of(refusal, form), status=status_of(refusal))
    if done == "left":
        return see_other(reverse("office:home"), done)
    return see_other(reverse("office:team", args=[person.pk]), done)


def _do(request: HttpRequest, deed: str, form: AddressForm, person: Politician, user: User) -> str:
    """Do what the button says; return the word for what was done."""
    at = timezone.now()
    if deed == "invite":
        link = request.build_absolute_uri(reverse("claims:invitation", args=["TOKEN"]))
        services.invite(politician=person, by=user, address=form.cleaned_data["address"], link=link, at=at)
        return "invited"
    if deed == "withdraw":
        found = get_object_or_404(Invitation, politician=person, pk=_number(request, "invitation"))
        services.withdraw_invitation(invitation=found, by=user, at=at)
        return "withdrawn"
    own = Delegate.objects.select_related("politician", "user").filter(politician=person)
    if deed == "remove":
        services.remove_member(delegate=get_object_or_404(own, pk=_number(request, "member")), by=user, at=at)
        return "removed"
    if deed == "leave":
        services.leave(delegate=get_object_or_404(own, user=user), at=at)
        return "left"
    raise Http404("no such deed")


def _number(request: HttpRequest, name: str) -> int:
    return addresses.decode_or_404(request.POST.get(name, ""))


def _own(user: User, politician_id: int) -> Politician:
    """The politician, for who speaks for them; 404 to everybody else."""
    own = Politician.objects.filter(delegates__user=user, merged_into=None)
    return get_object_or_404(own, pk=politician_id)


def _desk(request: HttpRequest, person: Politician) -> HttpResponse:
    context = {
        "crumbs": [("事務所", reverse("office:home")), (person.spaced_name, None)],
        "politician": person,
        "desk": desk_of(person, member_of(request), timezone.now()),
        "notice": DONE.get(request.GET.get("done", ""), ""),
        "now": timezone.now(),
    }
    return render(request, "office/desk.html", context)


def _team(
    request: HttpRequest,
    person: Politician,
    user: User,
    form: AddressForm,
    *,
    fault: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "crumbs": [
            ("事務所", reverse("office:home")),
            (person.spaced_name, reverse("office:politician", args=[person.pk])),
            ("メンバー", None),
        ],
        "politician": person,
        "team": team_of(person, user, timezone.now()),
        "account": user,
        "form": form,
        "fault": fault,
        "notice": DONE.get(request.GET.get("done", ""), "") if request.method != "POST" else "",
    }
    return render(request, "office/team.html", context, status=status)
