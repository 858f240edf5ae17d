"""Where an editor lays evidence of how a pledge stands before the others."""

import logging
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tsushinbo.accounts.models import User
from tsushinbo.elections.queries import Hold, hold_of
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.answers import SeeOther
from tsushinbo.moderation.services import ContactRefused
from tsushinbo.pledges import services
from tsushinbo.pledges.errors import EvidenceRefused, OwnSide
from tsushinbo.pledges.forms import EvidenceForm
from tsushinbo.pledges.models import Evidence, Pledge, Slot
from tsushinbo.pledges.queries import is_own_side, proposals_waiting
from tsushinbo.pledges.views.doors import crumbs_of, find_pledge, for_editors

BUSY = (
    "いまは混み合っていて、登録できませんでした。少し待ってから、もう一度お送りください。入力した内容は残っています。"
)
BUSY_RETRY_SECONDS = "5"
logger = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def propose(request: HttpRequest, editor: User, pledge_id: int) -> HttpResponse:
    """The form for evidence, or take what was sent with it."""
    pledge = find_pledge(pledge_id)
    if request.method != "POST":
        fault = OwnSide.message if is_own_side(editor, pledge) else ""
        return _page(request, pledge, EvidenceForm(pledge=pledge, hold=_hold(pledge)), fault=fault)
    form = EvidenceForm(request.POST, pledge=pledge, hold=_hold(pledge))
    if not form.is_valid():
        return _page(request, pledge, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        evidence = _propose(pledge, editor, form)
    except (EvidenceRefused, ContactRefused) as refusal:
        form.refuse(refusal.faults)
        return _page(request, pledge, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except RuleBroken as refusal:
        return _page(request, pledge, form, fault=refusal.message, status=HTTPStatus.FORBIDDEN)
    except (OperationalError, InterfaceError):
        # Locked for longer than we wait, gone or full: nothing was recorded, and what was typed goes back.
        logger.exception("evidence could not be recorded")
        response = _page(request, pledge, form, fault=BUSY, status=HTTPStatus.SERVICE_UNAVAILABLE)
        response.headers["Retry-After"] = BUSY_RETRY_SECONDS
        return response
    return SeeOther(f"{evidence.get_absolute_url()}?done=proposed")


def _hold(pledge: Pledge) -> Hold | None:
    return hold_of(pledge.politician_id, timezone.now()) if pledge.politician_id else None


def _propose(pledge: Pledge, editor: User, form: EvidenceForm) -> Evidence:
    values = form.cleaned_data
    return services.propose_evidence(
        pledge=pledge,
        by=editor,
        title=values["title"],
        url=values["url"],
        publisher=values["publisher"],
        dated_on=values["dated_on"],
        shows=values["shows"],
        status=Pledge.Status(values["status"]),
        overdue=values["overdue"],
        withdrawn=values["withdrawn"],
        missing=[Slot(value) for value in values["missing"]],
        contact=form.given_contact,
        at=timezone.now(),
    )


def _page(
    request: HttpRequest, pledge: Pledge, form: EvidenceForm, *, fault: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "section": "pledges",
        "crumbs": crumbs_of(pledge, "根拠を登録する"),
        "pledge": pledge,
        "form": form,
        "fault": fault,
        "waiting": proposals_waiting(pledge).count(),
    }
    return render(request, "pledges/propose.html", context, status=status)
