"""What the desk says of itself: what it is narrowed to, and who decided."""

import re

from django.test import Client
from django.utils import timezone

from tests.moderation.factories import waiting_text
from tsushinbo.accounts.membership import rename
from tsushinbo.accounts.models import User
from tsushinbo.moderation.models import DecisionReason
from tsushinbo.moderation.services import decide


def test_the_chosen_kind_stays_chosen(desk: Client) -> None:
    waiting_text(at=timezone.now(), text="街灯の電球も替えてください。")
    page = desk.get("/moderation/", {"kind": "evaluations.reasontext", "show": "marked"}).content.decode()
    chosen = re.findall(r'<option value="([^"]+)" selected>', page)
    assert chosen[:2] == ["marked", "evaluations.reasontext"]
    assert '<option value="evaluations.reasontext" selected>' not in desk.get("/moderation/").content.decode()


def test_colleagues_are_named_as_they_chose(desk: Client, moderator: User) -> None:
    rename(user=moderator, display_name="森の係")
    text = waiting_text(at=timezone.now(), text="街灯の電球も替えてください。")
    decide(item=text, approve=False, by=moderator, reason=DecisionReason.HATE, at=timezone.now())
    page = desk.get(f"/moderation/text/evaluations.reasontext/{text.pk}/").content.decode()
    assert "森の係（mori）" in page
    assert "森の係（mori）" in desk.get("/moderation/log/").content.decode()
