"""Who may do what: a table of roles and addresses, each cell asked of the running site.

A cell says what the role gets: ``ok`` a page (to a visitor it may say how to come in), ``in`` the log-in, ``2f`` the proof or set-up of a second factor, ``no`` 403, ``-`` 404. What a
deed does is tested in its room; here it is who comes through the door.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.activities.factories import MemberReportFactory, ReportFactory
from tests.books.factories import LinkFactory
from tests.people.factories import DelegateFactory, PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.activities.models import ActivityReport
from tsushinbo.books.models import BookLink
from tsushinbo.moderation.queries.texts import kinds, kinds_for
from tsushinbo.people.models import Politician
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db

ROLES = ("visitor", "member", "delegate", "editor", "bare moderator", "moderator", "administrator")


@dataclass(frozen=True)
class World:
    """What the addresses are about. ``politician`` is spoken for by the delegate; everything else is others'."""

    politician: Politician
    pledge: Pledge
    report: ActivityReport
    waiting: ActivityReport
    book: BookLink


@pytest.fixture
def world() -> World:
    politician = PoliticianFactory.create()
    return World(
        politician=politician,
        pledge=PledgeFactory.create(politician=politician),
        report=ReportFactory.create(politician=politician),
        waiting=MemberReportFactory.create(),
        book=LinkFactory.create(),
    )


def come_as(role: str, world: World) -> Client:
    """A browser of that role. A moderator without a second factor is ``bare``."""
    client = Client()
    if role == "visitor":
        return client
    user: User = UserFactory.create(role={"bare moderator": "moderator", "member": "", "delegate": ""}.get(role, role))
    if role == "delegate":
        DelegateFactory.create(user=user, politician=world.politician)
    if role in {"editor", "moderator", "administrator"}:
        log_in_with_second_factor(client, user)
    else:
        client.force_login(user)
    return client


def outcome(client: Client, method: str, address: str) -> str:
    """What came, in the words of the table."""
    answer = client.get(address) if method == "GET" else client.post(address, {})
    if answer.status_code in {301, 302, 303}:
        if "/accounts/login/" in answer.url:
            return "in"
        return "2f" if "/2fa/" in answer.url or "reauthenticate" in answer.url else "ok"
    return {403: "no", 404: "-"}.get(answer.status_code, "ok")


def asked(name: str, *args: object) -> Callable[[World], str]:
    return lambda _: reverse(name, args=args)


# Address, then what each of ROLES gets. A POST is sent without fields: whoever comes through is told what is missing (ok).
TABLE: dict[str, tuple[Callable[[World], str], str]] = {
    # reading
    "GET report card": (lambda w: w.politician.get_absolute_url(), "ok ok ok ok ok ok ok"),
    "GET report": (lambda w: w.report.get_absolute_url(), "ok ok ok ok ok ok ok"),
    "GET waiting report": (lambda w: w.waiting.get_absolute_url(), "- - - - - ok ok"),
    "GET takedown form": (asked("moderation:takedown"), "ok ok ok ok ok ok ok"),
    # without an account
    "POST ballot": (lambda w: reverse("evaluations:ballot", args=[w.pledge.pk]), "ok ok ok ok ok ok ok"),
    "POST comment": (lambda w: reverse("comments:comments", args=[w.report.pk]), "ok ok ok ok ok ok ok"),
    # members
    "GET new report": (
        lambda w: f"{reverse('activities:new')}?politician={addresses.encode(w.politician.pk)}",
        "in ok ok ok ok ok ok",
    ),
    "GET new pledge": (asked("pledges:new"), "ok ok ok ok ok ok ok"),
    "GET edit pledge": (lambda w: reverse("pledges:edit", args=[w.pledge.pk]), "in ok ok ok ok ok ok"),
    "GET own proposals": (asked("pledges:mine"), "in ok ok ok ok ok ok"),
    "GET manifesto": (asked("pledges:import"), "ok ok ok ok ok ok ok"),
    "GET assess": (lambda w: reverse("evaluations:assess", args=[w.pledge.pk]), "in ok ok ok ok ok ok"),
    "GET claim": (lambda w: reverse("claims:claim", args=[w.politician.pk]), "ok ok ok ok ok ok ok"),
    "GET propose book": (
        lambda w: f"{reverse('books:propose')}?politician={addresses.encode(w.politician.pk)}",
        "in ok ok ok ok ok ok",
    ),
    "GET notices": (asked("notices:bell"), "in ok ok ok ok ok ok"),
    "GET follows": (asked("notices:follows"), "in ok ok ok ok ok ok"),
    # the writer and who speaks for the politician
    "GET change the politician's report": (
        lambda w: reverse("activities:edit", args=[w.report.pk]),
        "in - ok - - - -",
    ),
    "GET change another's report": (lambda w: reverse("activities:edit", args=[w.waiting.pk]), "in - - - - - -"),
    "GET office": (lambda w: reverse("office:politician", args=[w.politician.pk]), "in - ok - - - -"),
    "GET team": (lambda w: reverse("office:team", args=[w.politician.pk]), "in - ok - - - -"),
    # moderators
    "GET desk": (asked("moderation:desk"), "in no no ok 2f ok ok"),
    "POST bulk": (asked("moderation:bulk"), "in no no ok 2f ok ok"),
    "GET text of a report at the desk": (
        lambda w: reverse("moderation:text", args=[w.waiting.kind, w.waiting.pk]),
        "in no no no 2f ok ok",
    ),
    "POST decide on a report": (
        lambda w: reverse("moderation:decide", args=[w.waiting.kind, w.waiting.pk]),
        "in no no no 2f ok ok",
    ),
    "GET text of a book at the desk": (
        lambda w: reverse("moderation:text", args=[w.book.kind, w.book.pk]),
        "in no no ok 2f ok ok",
    ),
    "POST ban": (
        lambda w: reverse("moderation:ban", args=[w.waiting.kind, w.waiting.pk]),
        "in no no no 2f ok ok",
    ),
    "GET bans": (asked("moderation:bans"), "in no no no 2f ok ok"),
    "GET appeals": (asked("moderation:appeals"), "in no no no 2f ok ok"),
    "GET takedowns": (asked("moderation:takedowns"), "in no no no 2f ok ok"),
    "GET claims to decide": (asked("claims:desk"), "in no no no 2f ok ok"),
    "GET record": (asked("moderation:log"), "in no no no 2f ok ok"),
    "GET record as a table": (asked("moderation:log-csv"), "in no no no no no ok"),
    # editors
    "GET evidence to decide": (asked("pledges:evidence"), "ok no no ok no no ok"),
    "GET merge": (lambda w: reverse("evaluations:merge", args=[w.pledge.pk]), "ok no no ok no no ok"),
}  # fmt: skip


@pytest.mark.parametrize(("role", "column"), [(role, column) for column, role in enumerate(ROLES)], ids=ROLES)
@pytest.mark.parametrize("deed", TABLE)
def test_each_role_comes_through_the_doors_of_the_table_and_no_others(
    world: World, deed: str, role: str, column: int
) -> None:
    address, row = TABLE[deed]
    cells = row.split()
    assert len(cells) == len(ROLES)
    assert outcome(come_as(role, world), deed.partition(" ")[0], address(world)) == cells[column]


@pytest.mark.parametrize("role", ["moderator", "administrator"])
def test_no_kind_of_text_is_without_somebody_who_may_decide_on_it(role: str) -> None:
    assert kinds_for(UserFactory.create(role=role)) == list(kinds())
