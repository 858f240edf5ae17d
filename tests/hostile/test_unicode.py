"""Tricks with signs: names that pass for others', text that turns around, piles up or cannot be seen, Markdown that would be more than text."""

import json
import unicodedata
from collections.abc import Sequence

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.hostile.forms import FORMS, REPORT
from tests.outline import Outline
from tests.people.factories import DelegateFactory, PoliticianFactory
from tests.rows import changes, snapshot
from tests.world import World
from tsushinbo.accounts.models import User
from tsushinbo.activities.models import ActivityReport
from tsushinbo.addresses import encode
from tsushinbo.comments.models import Comment
from tsushinbo.moderation.text import clean_text

STAFF = (
    "管理者", "運営", "運 営", "運\u200b営", "運・営", "運営‮", "サイト運營", "ウンエイ運営です", "Admin", "ＡＤＭＩＮ", "Аdmin", "аdmіn", "𝐚𝐝𝐦𝐢𝐧", "ⓐⓓⓜⓘⓝ", "a.d.m.i.n", "4dm1n", "ad\u0301min",
    "モデレーター", "ﾓﾃﾞﾚｰﾀｰ", "モデレー夕ー", "モデレ一タ一", "スタッフ", "事務局", "公式", "先生の通信簿", "退会したユーザー", "編集者",
)  # fmt: skip
POLITICIAN = (
    "八木二郎", "八木 二郎", "八木二郎議員", "衆議院議員八木二郎", "八木二郎（本人）", "八木\u200b二郎", "\u202e八木二郎", "ハ木ニ郎", "八木ニ郎", "やぎじろう", "ヤギジロウ", "ﾔｷﾞｼﾞﾛｳ", "八木二郎事務所",
    "八\u0336木\u0336二\u0336郎", "八木二郎\U000e0067",
)  # fmt: skip
ORDINARY = (
    "花子", "八木さん家の隣", "二郎系", "ハチ公", "カニ", "口下手", "やぎ", "山田エ務店", "👨\u200d👩\u200d👧", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
)  # fmt: skip
HOLLOW = "\u3164\u2800\u115f\u1160"
UNSEEN = ("\u3164", "\u2800", "\u115f\u1160", "\ufe0f", "\u200d\u200d")


@pytest.fixture
def speaker(db: None) -> User:
    """Who speaks for 八木二郎."""
    person = PoliticianFactory.create(
        name="八木二郎", family_name="八木", given_name="二郎", kana="やぎじろう", family_kana="やぎ", given_kana="じろう"
    )  # fmt: skip
    return DelegateFactory.create(politician=person).user


def named(world: World, nickname: str) -> int:
    return FORMS["comment"].send(world, nickname=nickname[:20]).status_code


def called(world: World, name: str) -> int:
    return FORMS["profile"].send(world, display_name=name[:30]).status_code


def taken(world: World, names: Sequence[str]) -> list[str]:
    """Those that are taken as a nickname or as a member's name."""
    comments = {name for name in names if named(world, name) != 422}
    # 200: the form again, with what is wrong.
    return [ascii(name) for name in names if name in comments or called(world, name) != 200]


def test_nobody_is_called_as_if_the_site_spoke(world: World) -> None:
    before = Comment.objects.count()
    assert taken(world, STAFF) == []
    assert Comment.objects.count() == before
    assert User.objects.get(pk=world.writer.pk).display_name == "書き手"


def test_nobody_is_called_as_a_politician_who_speaks_here(world: World, speaker: User) -> None:
    assert taken(world, POLITICIAN) == []
    assert User.objects.get(pk=world.writer.pk).display_name == "書き手"


def test_other_names_are_taken(world: World, speaker: User, settings: Settings) -> None:
    settings.RATE_COMMENTS_PER_NETWORK = settings.COMMENT_WORK_NETWORK = 100
    refused = [name for name in ORDINARY if FORMS["comment"].send(world, nickname=name, body=name).status_code != 303]
    assert refused == []


def test_a_politician_may_be_called_by_their_name(speaker: User) -> None:
    client = Client()
    client.force_login(speaker)
    assert client.post("/accounts/profile/", {"display_name": "八木二郎"}).status_code == 302
    assert User.objects.get(pk=speaker.pk).display_name == "八木二郎"


def test_a_name_can_be_seen(world: World) -> None:
    for name in UNSEEN:
        assert named(world, name) in {303, 422}
        assert called(world, name) in {200, 302}
        names = (*Comment.objects.values_list("nickname", flat=True), User.objects.get(pk=world.writer.pk).public_name)
        assert all(
            any(unicodedata.category(sign)[0] in "LNPS" and sign not in HOLLOW for sign in shown) for shown in names
        )


DECEIVING = {
    "an override": "\u202e", "an embedding": "\u202b", "an isolate": "\u2067", "a mark": "\u200f", "an Arabic mark": "\u061c",
    "zero width": "\u200b", "a word joiner": "\u2060", "a byte order mark": "\ufeff", "a soft hyphen": "\u00ad", "a tag": "\U000e0041", "NUL": "\x00", "ESC": "\x1b", "a C1 control": "\x9b",
    "a line separator": "\u2028", "a paragraph separator": "\u2029", "a noncharacter": "\ufdd0", "another": "\U0001ffff", "an interlinear": "\ufff9",
}  # fmt: skip


def test_what_nobody_sees_is_stored_nowhere(world: World) -> None:
    """All of them, in every field of every form. A name is refused for it; a draft is what was typed, for its writer alone."""
    unseen = "".join(DECEIVING.values())
    apart = {
        "profile",
        "withdrawal of a proposal",
        "withdrawal about a person",
        "draft of a report",
        "draft of a pledge",
        "rows of a manifesto",
    }
    for name in FORMS.keys() - apart:
        form = FORMS[name]
        words = {field: f"{form.fields(world)[field]}{unseen}x" for field in form.words}
        with transaction.atomic():
            before = snapshot()
            assert form.send(world, **words).status_code in {302, 303}, name
            written = [
                value
                for rows in changes(before, snapshot()).values()
                for row in rows
                for value in row.values()
                if not isinstance(value, bytes | memoryview)
            ]
            transaction.set_rollback(True)
        text = "".join(
            json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value) for value in written
        )
        assert [what for what, sign in DECEIVING.items() if sign in text or repr(sign)[1:-1] in text] == [], name


def test_half_a_character_is_no_fault_of_ours(world: World) -> None:
    """Half of a surrogate pair cannot be sent in UTF-8; who sends its bytes gets signs that say so."""
    form = FORMS["comment"]
    body = b"nickname=a&body=%ed%a0%80x%ff"
    response = Client().post(form.address(world), body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 303
    assert "\ud800" not in Comment.objects.latest("made_at", "pk").body


def test_signs_do_not_pile_up(world: World) -> None:
    """So many on one letter would cover the lines around it."""
    for pile in ("\u0335", "\u0489", "\u20dd", "\u0e47", "\U000e0100"):
        _piled(world, pile)


def _piled(world: World, pile: str) -> None:
    assert FORMS["comment"].send(world, nickname="花" + pile * 19, body="公" + pile * 500 + "約").status_code == 303
    comment = Comment.objects.latest("made_at", "pk")
    assert comment.nickname.count(pile) <= 4
    assert comment.body.count(pile) <= 4
    assert FORMS["profile"].send(world, display_name="花" + pile * 29).status_code == 302
    assert User.objects.get(pk=world.writer.pk).display_name.count(pile) <= 4


def test_full_width_and_half_width_stay_as_they_were_typed_and_are_found(world: World) -> None:
    assert FORMS["comment"].send(world, nickname="ｶﾅ", body="ﾊﾝｶｸとｚｅｎｋａｋｕ").status_code == 303
    assert Comment.objects.latest("made_at", "pk").body == "ﾊﾝｶｸとｚｅｎｋａｋｕ"


MARKDOWN = {
    "script": "<script>pwned()</script>",
    "a picture of another site": "![x](https://evil.example/pixel.png)",
    "a picture by reference": "![x][a]\n\n[a]: https://evil.example/pixel.png",
    "a comment": "<!-- x --><b pwned>",
    "script in a link": "[x](javascript:pwned())",
    "with entities": "[x](&#106;avascript&colon;pwned()) [y](java&Tab;script:pwned()) [z](java&NewLine;script:pwned())",
    "with tabs": "[x](java\tscript:pwned())",
    "in angle brackets": "[x](<javascript:pwned()>) <javascript:pwned()>",
    "by reference": "[a]\n\n[a]: javascript:pwned()",
    "data": "[x](data:text/html;base64,PHNjcmlwdD4=) ![x](data:image/svg+xml,<svg/onload=pwned()>)",
    "with a title": '[x](https://a.example/ "\\" onmouseover=pwned() x=\\"")',
    "a host hidden by a name": "[x](https://testserver@evil.example/) <https://a:b@evil.example/>",
    "ids": "# main\n\n# body {#main onclick=pwned()}\n\n<a name=body id=getElementById>",
    "a form": "<form action=https://evil.example><input name=password></form>",
    "code": "```html\n<svg onload=pwned()>\n```\n\n`<img src=x onerror=pwned()>`",
    "a table": "|a|\n|-|\n|<img src=x onerror=pwned()>|",
    "a footnote": "[^1]\n\n[^1]: <script>pwned()</script>",
    "a thousand quotes": "> " * 1000 + "x",
    "a thousand lists": "".join(f"{'  ' * depth}- x\n" for depth in range(200)),
    "brackets": "[" * 5000 + "x" + "](" * 5000,
    "stars": "*a_ " * 4000,
    "a turned link": "[\u202egpj.exe](https://example.com/)",
}  # fmt: skip
ELEMENTS = {"p", "br", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a"}


def test_markdown_of_a_report_is_text_with_links_to_the_web(world: World) -> None:
    """Each as a report that everybody reads, and as the preview, which is made by the same hand."""
    client, visitor = Client(), Client()
    client.force_login(world.writer)
    address = f"{reverse('activities:new')}?politician={encode(world.rival.pk)}"
    ours = Outline(visitor.get(world.report.get_absolute_url()).content.decode()).tags | ELEMENTS
    wrong = {}
    for what, markdown in MARKDOWN.items():
        body = f"はじめ\n\n{markdown}"
        ActivityReport.objects.filter(pk=world.report.pk).update(body=clean_text(body))
        shown = visitor.get(world.report.get_absolute_url())
        preview = client.post(address, {**REPORT, "deed": "preview", "body": body}, headers={"HX-Request": "true"})
        for response in (shown, preview):
            assert response.status_code == 200
            outline = Outline(response.content.decode())
            strange = outline.tags - ours
            away = [link for link in outline.links if "evil.example" in link or "pwned" in link]
            if (
                outline.inline
                or strange
                or away
                or len(outline.ids) != len(set(outline.ids))
                or len(response.content) > 1_000_000
            ):
                wrong[what] = (outline.inline, strange, away)
    assert wrong == {}


def test_a_report_is_taken_with_any_of_it(world: World) -> None:
    assert FORMS["report"].send(world, body="\n\n".join(MARKDOWN.values())[:19_000]).status_code == 303
