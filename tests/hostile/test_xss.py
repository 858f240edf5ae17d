"""Script in what visitors write: every field of every form, read back on every page, feed, table and mail where it comes to stand."""

import csv
import io
import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.accounts.factories import UserFactory
from tests.doors import doors, example
from tests.hostile.forms import FORMS
from tests.outline import Outline
from tests.world import World
from tsushinbo.accounts.models import User
from tsushinbo.advice.models import Questionnaire
from tsushinbo.claims.models import Claim
from tsushinbo.mail.models import Message
from tsushinbo.mail.services.delivery import compose
from tsushinbo.moderation.models.takedowns import Takedown
from tsushinbo.moderation.queries.texts import kinds
from tsushinbo.moderation.services import decide
from tsushinbo.notices.models import Notice
from tsushinbo.notices.services import fan_out, mail_due
from tsushinbo.surveys.models import Survey

ATOM = "{http://www.w3.org/2005/Atom}"
# Breaks out of a text, an attribute in either quotes, a title, a comment, a script and CDATA; short, because nicknames are.
SHORT = "'\"><b pwned={}>"
LONG = (
    SHORT
    + "</title></textarea></script>--><![CDATA[<script>pwned()</script>]]><img src=x onerror=pwned()>[x](javascript:pwned())<javascript:pwned()>"
)
LONGER = {"body", "text", "comment", "shows", "how", "words", "statement", "background", "introduction"}
# Where a text is one sentence.
ONE_LINE = {"advice:edit", "advice:statement"}
# What is no place to go: only our own pages, and where people share or read on.
SCRIPTED = re.compile(r"^\s*(?:javascript|vbscript|data):", re.IGNORECASE)


class Looking(Outline):
    """An outline that keeps every attribute."""

    def __init__(self, html: str) -> None:
        self.attributes: set[str] = set()
        super().__init__(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.update(name for name, _ in attrs)
        if ("type", "application/json") not in attrs:  # data for a script of ours, which no browser runs
            super().handle_starttag(tag, attrs)


def faults_in(html: str) -> list[str]:
    """What of a page is not ours."""
    outline = Looking(html)
    found = [name for name in outline.attributes if "pwned" in name or name.startswith("on")]
    found += [link for link in outline.links if SCRIPTED.match(link)]
    return found + [f"<{tag}> with script or style" for tag in outline.inline]


def content(response: HttpResponse) -> str:
    return b"".join(response).decode()


def faults_of(response: HttpResponse) -> list[str]:
    """What of an answer would do something, by its kind."""
    kind, body = response.headers.get("Content-Type", "").partition(";")[0], content(response)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if kind == "application/atom+xml":
        entries = ElementTree.fromstring(body).iter()  # noqa: S314 - our own, and entities are none of Python's
        marked = [element for element in entries if element.get("type") == "html"]
        return [fault for element in marked for fault in faults_in(element.text or "")]
    if kind == "application/json":
        json.loads(body)
        return []
    if kind == "text/csv":
        cells = [cell for row in csv.reader(io.StringIO(body)) for cell in row]
        return [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    if kind in {"text/plain", "text/calendar"}:
        return []
    assert kind == "text/html", kind
    return faults_in(body)


@pytest.fixture
def planted(world: World) -> dict[str, str]:
    """Every form sent with script in one field after the other, and taken; by the mark of each field, its form and name."""
    marks: dict[str, str] = {}
    for name, form in FORMS.items():
        if not form.words or form.door == "accounts:profile":
            continue  # a name is planted below: the form refuses it
        words = {}
        for field in form.words:
            mark = f"f{len(marks)}f"
            longest = {"nickname": 20, "name": 40}.get(field, 80)
            words[field] = (
                LONG if field in LONGER and not (field == "text" and form.door in ONE_LINE) else SHORT
            ).format(mark)
            assert len(words[field]) <= longest or field not in {"nickname", "name"}
            marks[mark] = f"{name}: {field}"
        response = form.send(world, **words)
        assert response.status_code in {302, 303}, (name, content(response)[:2000])
    User.objects.filter(pk=world.writer.pk).update(display_name=SHORT.format("f0name"))
    moderator = UserFactory.create(role="moderator")
    for kind in kinds():
        for item in kind.for_desk().filter(state="pending"):
            decide(item=item, approve=True, by=moderator, at=timezone.now())
    fan_out(at=timezone.now())
    Notice.objects.update(mail_at=timezone.now())
    mail_due(at=timezone.now())
    return marks


def pages(world: World) -> set[str]:
    """Every door, and the page of every row that has one."""
    found = {example(door, world) for door in doors() if not door.of_admin and "logout" not in door.route}
    for model in apps.get_models():
        if model.__module__.startswith("tsushinbo.") and hasattr(model, "get_absolute_url"):
            found |= {row.get_absolute_url() for row in model._default_manager.all()}
    for kind in kinds():
        for item in kind._default_manager.all():
            found.add(reverse("moderation:text", args=[item.kind, item.pk]))
            found.add(reverse("moderation:appeal", args=[item.kind, item.pk]))
    found |= {reverse("moderation:takedown-desk", args=[row.pk]) for row in Takedown.objects.all()}
    found |= {reverse("claims:decide", args=[row.pk]) for row in Claim.objects.all()}
    found |= {reverse("surveys:edit", args=[row.pk]) for row in Survey.objects.all()}
    found |= {reverse("advice:edit", args=[row.pk]) for row in Questionnaire.objects.all()}
    return found


def test_script_stays_text_wherever_it_is_shown(world: World, planted: dict[str, str], browser: Client) -> None:
    """To a visitor, and to somebody who may open every page."""
    wrong: dict[str, Any] = {}
    seen: set[str] = set()
    everywhere = pages(world)
    for client in (Client(), browser):
        for address in everywhere:
            response = client.get(address)
            if response.status_code == 200:
                seen |= set(re.findall(r"f\d+f", content(response)))  # type: ignore[arg-type]
                if faults := faults_of(response):  # type: ignore[arg-type]
                    wrong[address] = faults
    for message in Message.objects.all():
        mail = compose(message)
        seen |= set(re.findall(r"f\d+f", f"{mail.subject}{mail.body}{message.html}"))
        # The style of ours stands in the head, where nothing of others does.
        head, _, body = message.html.partition("</head>")
        if faults := faults_in(body or head):
            wrong[f"mail: {mail.subject}"] = faults
    assert wrong == {}
    # Each of them is shown somewhere: otherwise nothing was proved of it.
    assert {words for mark, words in planted.items() if mark not in seen} <= NOT_SHOWN


# What a later deed took the place of, or nobody reads again.
# A reason stands in the record beside what it changed: here nothing of a count is.
NOT_SHOWN = {"count: reason", "file of a count: reason", "import of a count: reason"}


def test_script_in_the_query_stays_text(world: World) -> None:
    script, wrong = SHORT.format("x") + "<script>pwned()</script>", {}
    for door in doors():
        if door.of_admin or "<" in door.route:
            continue
        for asked in (
            dict.fromkeys(ASKED, script),
            {"q": script},
            {"next": script},
            {"name": script},
            {"page": script},
        ):
            response = Client().get(f"/{door.route}", asked)
            if response.status_code == 200 and (faults := faults_of(response)):  # type: ignore[arg-type]
                wrong[door.name] = faults
    assert wrong == {}


# What pages read of their address, and a name that none of them reads.
ASKED = (
    "q", "order", "topic", "status", "office", "prefecture", "party", "group", "row", "type", "kind", "show", "done", "find", "isbn", "other", "skip", "area", "pledge", "politician",
    "draft", "next", "'\"><script>pwned()</script>",
)  # fmt: skip
