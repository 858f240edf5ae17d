"""Ids of others: whoever knows or guesses the address of what is another's reads none of it and changes nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.accounts.factories import PASSWORD, UserFactory, log_in_with_second_factor
from tests.activities.factories import image_bytes
from tests.doors import doors, example
from tests.hostile.forms import FORMS
from tests.rows import changes, snapshot
from tests.world import SECRET, World
from tsushinbo import addresses

# Who is not the owner: nobody, another member, and who speaks for somebody else.
OTHERS = ("nobody", "another member", "the rival's office")


def browser_of(who: str, world: World) -> Client:
    client = Client()
    if who == "another member":
        client.force_login(UserFactory.create())
    elif who == "the rival's office":
        # Not of what is about the rival: there this office is at home.
        client.force_login(world.rival_office)
    return client


def text(response: HttpResponse) -> str:
    return b"".join(response).decode(errors="replace")


@pytest.mark.parametrize("who", OTHERS)
def test_no_address_shows_what_is_anothers(world: World, who: str) -> None:
    """Every text that others may not read has the same words in it (tests/world.py). The office of a politician reads what others say in their own name there."""
    client, leaking = browser_of(who, world), set()
    for door in doors():
        if not door.of_admin and SECRET in text(client.get(example(door, world))):  # type: ignore[arg-type]
            leaking.add(door.name)
    # Who asked for a takedown gave its words; its number is known to them alone.
    assert leaking <= {"moderation:takedown-state"}


@pytest.mark.parametrize("who", OTHERS)
def test_a_form_for_what_is_anothers_changes_nothing(world: World, who: str) -> None:
    """Each form is sent by its owner in tests/hostile/test_forms.py, and taken."""
    client = browser_of(who, world)
    sent = {
        name: (form.address(world), form.fields(world))
        for name, form in FORMS.items()
        if form.door in OWNED or form.who in {"editor", "moderator"}
    }
    before = snapshot()
    for name, (address, fields) in sent.items():
        assert client.post(address, fields).status_code in {302, 303, 403, 404, 409, 422}, name
    assert changes(before, snapshot()) == {}


# Doors with an id in them of what belongs to somebody.
OWNED = {
    "advice:answer",
    "activities:edit", "comments:withdraw", "pledges:withdraw", "pledges:import-preview", "people:withdraw", "replies:reply", "office:team",
    "moderation:takedown-answer",
}  # fmt: skip
# The others with an id in them are about what everybody may read, or judge, or answer in their own name.
OF_EVERYBODY = {
    "advice:match", "advice:result", "advice:history",
    "notices:follow", "claims:claim", "people:corrections", "evaluations:ballot", "evaluations:assessments", "evaluations:assess", "evaluations:withdraw-assessment", "evaluations:reaction",
    "pledges:edit", "pledges:merged", "activities:report", "activities:politician-reports", "comments:comments", "books:book", "surveys:survey", "surveys:answer", "surveys:csv", "surveys:texts", "surveys:embed", "rankings:ranking", "rankings:unranked",
    "opendata:politician-feed", "opendata:area-feed", "site:politician", "site:politician-pledges", "site:politician-score", "site:party", "site:party-score", "site:area", "site:constituency", "site:manifesto", "site:pledge", "site:election", "site:election-mode", "site:contest",
}  # fmt: skip
# Behind a role (the table of tests/test_authorization.py) or a signature.
BEHIND_MORE = {
    "advice:edit", "advice:statement", "advice:people", "advice:copy",
    "claims:decide", "claims:invitation", "notices:stop", "moderation:text", "moderation:decide", "moderation:ban", "moderation:answer", "moderation:lift-ban", "moderation:takedown-desk",
    "importers:count", "importers:count-file", "surveys:edit", "evaluations:merge", "pledges:revert", "pledges:propose-evidence", "pledges:undo-status", "pledges:proposal", "pledges:confirm-evidence", "pledges:reject-evidence",
    "account_confirm_email", "account_reset_password_from_key", "mfa_remove_webauthn", "mfa_edit_webauthn", "openid_connect_login", "openid_connect_callback",
}  # fmt: skip
READ_BY_OWNER = {"moderation:appeal", "moderation:takedown-state", "activities:picture", "comments:comment", "office:politician"}  # fmt: skip


def test_every_address_with_an_id_is_looked_at() -> None:
    with_id = {door.name for door in doors() if not door.of_admin and ("<" in door.route)}
    assert with_id == OWNED | OF_EVERYBODY | BEHIND_MORE | READ_BY_OWNER


def _draft(world: World, address: str, draft: int) -> str:
    return f"{address}?politician={addresses.encode(world.rival.pk)}&draft={addresses.encode(draft)}"


# Ids outside the path: in the query or in the form, with the form's other fields.
ELSEWHERE: dict[str, Callable[[World], tuple[str, dict[str, str]]]] = {
    "draft of a report in the query": lambda w: (_draft(w, "/activities/new/", w.draft.pk), {}),
    "draft of a pledge in the query": lambda w: (_draft(w, "/pledges/new/", w.pledge_draft.pk), {}),
    "draft of a report to be dropped": lambda w: (
        f"/activities/new/?politician={addresses.encode(w.rival.pk)}", {"deed": "drop", "draft": addresses.encode(w.draft.pk)},
    ),
    "draft of a report to be written over": lambda w: (
        f"/activities/new/?politician={addresses.encode(w.rival.pk)}", {"deed": "save", "draft": addresses.encode(w.draft.pk), "title": "横取り"},
    ),
    "draft of a pledge to be dropped": lambda w: (
        f"/pledges/new/?politician={addresses.encode(w.rival.pk)}", {"deed": "drop", "draft": addresses.encode(w.pledge_draft.pk)},
    ),
    "draft of a pledge to be written over": lambda w: (
        f"/pledges/new/?politician={addresses.encode(w.rival.pk)}", {"deed": "save", "draft": addresses.encode(w.pledge_draft.pk), "title": "横取り"},
    ),
    "notice to be read": lambda w: ("/accounts/notices/", {"read": str(w.notice.pk)}),
    "follow to be dropped": lambda w: ("/accounts/follows/", {"drop": f"politician:{w.follow.subject_id}"}),
    "invitation of another office": lambda w: (
        reverse("office:team", args=[w.politician.pk]), {"deed": "withdraw", "invitation": addresses.encode(w.invitation.pk)},
    ),
    "member of another office": lambda w: (
        reverse("office:team", args=[w.politician.pk]), {"deed": "remove", "member": addresses.encode(w.delegate.pk)},
    ),
    "session": lambda w: ("/accounts/sessions/", {"session": "1", "end": "1", "only": "1"}),
    "passkey": lambda w: (reverse("mfa_remove_webauthn", args=[w.passkey.pk]), {}),
    "name of a passkey": lambda w: (reverse("mfa_edit_webauthn", args=[w.passkey.pk]), {"name": "横取り"}),
}  # fmt: skip


@pytest.mark.parametrize("what", ELSEWHERE)
def test_an_id_in_a_query_or_form_opens_nothing_of_anothers(world: World, what: str) -> None:
    """Asked by a member who proved a second factor just now, so that nothing but whose it is stands in the way."""
    client = Client()
    log_in_with_second_factor(client, UserFactory.create())
    address, fields = ELSEWHERE[what](world)
    before = snapshot()
    for response in (client.get(address), client.post(address, fields)):
        assert SECRET not in text(response)  # type: ignore[arg-type]
    assert changes(before, snapshot()).keys() <= {"accounts.ratecount"}


def test_the_export_holds_ones_own_alone(world: World) -> None:
    told = {}
    for user in (UserFactory.create(), world.writer):
        client = Client()
        client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        response = client.post("/accounts/export/")
        assert response.headers["Content-Type"] == "application/json"
        told[user.pk] = SECRET in text(response)  # type: ignore[arg-type]
    assert list(told.values()) == [False, True]


@pytest.mark.parametrize("signed", ["notices:stop", "claims:invitation"])
def test_a_link_that_was_changed_opens_nothing(world: World, signed: str) -> None:
    token = world.stop_ticket if signed == "notices:stop" else world.invitation_token
    value, mark, seal = token.rpartition(":")
    client = Client()
    client.force_login(world.writer)
    for forged in (f"{value}0{mark}{seal}", f"{value}{mark}{seal[:-1]}{'a' if seal[-1] != 'a' else 'b'}", value, "1"):
        before = snapshot()
        response = client.post(reverse(signed, args=[forged]))
        assert response.status_code in {404, 410}
        assert changes(before, snapshot()) == {}


def test_an_invitation_is_of_no_use_to_whom_it_was_not_sent(world: World) -> None:
    client = Client()
    client.force_login(world.writer)
    before = snapshot()
    response = client.post(reverse("claims:invitation", args=[world.invitation_token]))
    assert response.status_code in {410, 422}
    assert changes(before, snapshot()) == {}
    assert world.invitation.address not in text(response)  # type: ignore[arg-type]


@pytest.mark.parametrize(("state", "status"), [("approved", 200), ("rejected", 404), ("hidden", 404)])
def test_pictures_of_what_was_refused_are_no_pages(
    world: World, settings: Settings, tmp_path: Path, state: str, status: int
) -> None:
    settings.PICTURES_DIR = tmp_path
    (tmp_path / world.picture.name).mkdir()
    (tmp_path / world.picture.name / "480.jpg").write_bytes(image_bytes())
    type(world.waiting).objects.filter(pk=world.waiting.pk).update(state=state)
    address = reverse("activities:picture", args=[world.picture.name, 480, "jpg"])
    for who in OTHERS:
        assert browser_of(who, world).get(address).status_code == status
