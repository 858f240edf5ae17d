"""Who may do what: a table of roles and addresses (tests/authorization.py), each cell asked of the running site.

What a deed does is tested in its room; here it is who comes through the door.
"""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.authorization import ADMIN, ADMIN_ROLES, PUBLIC, ROLES, SENT, TABLE
from tests.doors import Door, doors, example
from tests.world import World, make_world
from tsushinbo.accounts.models import User
from tsushinbo.moderation.queries.texts import kinds, kinds_for

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST")

# One address is another door where what it is about is another's: what it is about, and what each role gets.
OTHERWISE: dict[str, tuple[Callable[[World], str], str]] = {
    "GET waiting report": (lambda w: w.waiting.get_absolute_url(), "- - ok - - - ok ok"),
    "GET change the politician's report": (
        lambda w: reverse("activities:edit", args=[w.report.pk]),
        "in - - ok - - - -",
    ),
    "GET new pledge": (lambda _: reverse("pledges:new"), "ok ok ok ok ok ok ok ok"),
    "GET text of a book at the desk": (
        lambda w: reverse("moderation:text", args=[w.book.kind, w.book.pk]),
        "in no no no ok 2f ok ok",
    ),
    "GET desk of another politician": (
        lambda w: reverse("office:politician", args=[w.rival.pk]),
        "in - - - - - - -",
    ),
}


@pytest.fixture
def world() -> World:
    return make_world()


def come_as(role: str, world: World) -> Client:
    """A browser of that role."""
    client = Client()
    if role == "visitor":
        return client
    known = {"writer": world.writer, "delegate": world.office}
    if role == "operator":
        user: User = UserFactory.create(role="administrator", is_staff=True, is_superuser=True)
    else:
        user = known.get(role) or UserFactory.create(role={"bare moderator": "moderator", "member": ""}.get(role, role))
    if role in {"editor", "moderator", "administrator", "operator"}:
        log_in_with_second_factor(client, user)
    else:
        client.force_login(user)
    return client


def outcome(answer: HttpResponse) -> str:
    """What came, in the words of the table."""
    if answer.status_code in {301, 302, 303}:
        address = answer.headers["Location"]
        if "/accounts/login/" in address or "/admin/login/" in address:
            return "in"
        return "2f" if "/2fa/" in address or "reauthenticate" in address else "ok"
    return {403: "no", 404: "-", 405: "x"}.get(answer.status_code, "ok")


class Asking:
    """Asks as one role, and undoes what came of it: each cell is of the same world."""

    def __init__(self, role: str, world: World) -> None:
        self.client, self.world = come_as(role, world), world
        self.cookies = self.client.cookies.output(header="")

    def __call__(self, method: str, address: str, **sent: str) -> str:
        self.client.cookies.clear()
        self.client.cookies.load(self.cookies)
        with transaction.atomic():
            answer = self.client.get(address) if method == "GET" else self.client.post(address, sent)
            transaction.set_rollback(True)
        return outcome(answer)  # type: ignore[arg-type]


def rows() -> dict[tuple[str, str], str]:
    """Every row by method and name."""
    found = {("GET", name): " ".join(["ok"] * len(ROLES)) for name in PUBLIC}
    for deed, cells in TABLE.items():
        *methods, name = deed.split()
        found |= {(method, name): cells for method in methods}
    return found


def named() -> dict[str, Door]:
    """The doors with a row of their own; the admin's have their own table."""
    return {door.name: door for door in doors() if not door.of_admin}


def test_every_address_has_its_row(world: World) -> None:
    """A new address gets a row, and so does each method that it takes."""
    known, everyone = rows(), named()
    assert {name for _, name in known} == everyone.keys()
    ask = Asking("administrator", world)
    without = [name for name in everyone if ("POST", name) not in known]
    assert {name: taken for name in without if (taken := ask("POST", example(everyone[name], world))) != "x"} == {}
    tables = {
        door.route.split("/")[1] + "_" + door.route.split("/")[2]
        for door in doors()
        if door.of_admin and "/add/" in door.route
    }
    assert tables == ADMIN.keys()


@pytest.mark.parametrize(("role", "column"), [(role, column) for column, role in enumerate(ROLES)], ids=ROLES)
def test_each_role_comes_through_the_doors_of_the_table_and_no_others(world: World, role: str, column: int) -> None:
    ask, everyone = Asking(role, world), named()
    wanted, got = {}, {}
    for (method, name), cells in rows().items():
        assert len(cells.split()) == len(ROLES), name
        wanted[f"{method} {name}"] = cells.split()[column]
        got[f"{method} {name}"] = ask(method, example(everyone[name], world), **SENT.get(name, {}))
    for deed, (address, cells) in OTHERWISE.items():
        wanted[deed], got[deed] = cells.split()[column], ask("GET", address(world))
    assert got == wanted


@pytest.mark.parametrize("role", ROLES[:-2])
def test_the_admin_is_closed_to_who_does_not_work_there(world: World, role: str) -> None:
    ask, methods = Asking(role, world), METHODS if role == "member" else METHODS[:1]
    entrance = {"admin:login": {"visitor": "in", "bare moderator": "2f"}.get(role, "no"), "admin:logout": "ok"}
    wrong = {}
    for door in doors():
        for method in methods if door.of_admin else ():
            cell = ask(method, example(door, world))
            if cell != entrance.get(door.name, "in"):
                wrong[method, door.name] = cell
    assert wrong == {}


@pytest.mark.parametrize(("role", "column"), [(role, column) for column, role in enumerate(ADMIN_ROLES)], ids=ADMIN_ROLES)  # fmt: skip
def test_who_works_in_the_admin_reads_and_changes_what_the_table_says(world: World, role: str, column: int) -> None:
    ask, everyone = Asking(role, world), {door.name: door for door in doors()}
    got = {}
    for table in ADMIN:

        def page(name: str, method: str = "GET", table: str = table) -> bool:
            return ask(method, example(everyone[f"admin:{table}_{name}"], world)) == "ok"

        reads, writes = page("change"), page("change", "POST")
        assert page("changelist") == reads
        got[table] = "w" if writes else "r" if reads else "-"
        got[table] += "a" * page("add") + "d" * page("delete")
    assert got == {table: cells.split()[column] for table, cells in ADMIN.items()}


@pytest.mark.parametrize("role", ["moderator", "administrator"])
def test_no_kind_of_text_is_without_somebody_who_may_decide_on_it(role: str) -> None:
    assert kinds_for(UserFactory.create(role=role)) == list(kinds())
