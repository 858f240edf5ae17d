"""Every form of the site that takes words, filled in soundly: for attacks that go through one field at a time.

``who`` sends it: a name of tests.world.World, an editor or moderator made for it, or nobody. ``words`` are the fields into which anything can be typed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.accounts.factories import log_in_with_second_factor
from tests.doors import doors, example
from tests.pledges.factories import PolicyAreaFactory
from tests.world import World
from tsushinbo.accounts.models import User
from tsushinbo.addresses import encode
from tsushinbo.advice.queries.answers import answers_of, seen_token
from tsushinbo.books.isbn import plain_with_check

type Fields = dict[str, Any]
DAY = "2026-01-19"
SOURCE = {"source_title": "市議会だより", "source_url": "https://www.example.com/tayori/"}
COUNT_REASON = "集計の誤りを直した。"
COUNT_FILE = "選挙名,投票日,候補者名\n見本町長選挙,2026-11-29,見本太郎\n".encode()
PLEDGE = {
    "title": "通学路を直します", "text": "通学路の段差を2027年度までに直します。", "topic": "childcare", "source_on": "2025-11", "source_publisher": "市選挙管理委員会", "election_name": "市議選",
    "deadline": "2027年度", "numeric_target": "41か所", "funding": "基金", "authority": "市の仕事", "target": "児童", **SOURCE,
}  # fmt: skip
PLEDGE_WORDS = (
    "title", "text", "source_title", "source_publisher", "election_name", "deadline", "numeric_target", "funding", "authority", "target",
)  # fmt: skip
REPORT = {"title": "安全点検に参加しました", "happened_on": DAY, "body": "41か所を確かめました。", "points": "41か所を点検した", **SOURCE}  # fmt: skip
REPORT_WORDS = ("title", "body", "points", "source_title")
SURVEY = {"title": "道路の調べ", "intro": "結果は公開します。", "closes_at": "2126-12-24T18:00", "q1-text": "どちらを先に直しますか", "q1-kind": "scale", "q1-low": "不満", "q1-high": "満足"}  # fmt: skip
SURVEY_WORDS = ("title", "intro", "q1-text", "q1-low", "q1-high")
SURVEY_ALSO = ("seen", "opens_at", "results", "q1-options", "q1-most", "q1-required", "sure")


@dataclass(frozen=True)
class Form:
    """One form at one door. ``fields`` may need the world. ``also``: other fields that this form reads, left out here."""

    door: str
    who: str
    fields: Callable[[World], Fields]
    words: tuple[str, ...] = ()
    also: tuple[str, ...] = field(default=())

    def address(self, world: World) -> str:
        """Where it is sent."""
        return example(next(door for door in doors() if door.name == self.door), world)

    def send(self, world: World, **instead: Any) -> HttpResponse:
        """Send it with some fields filled in otherwise."""
        client = browser_of(self.who, world)
        return client.post(self.address(world), {**self.fields(world), **instead})  # type: ignore[return-value]


def browser_of(who: str, world: World) -> Client:
    """The browser of who sends the form."""
    client = Client()
    if who in {"editor", "moderator"}:
        user, _ = User.objects.get_or_create(username=f"the-{who}", defaults={"email": f"{who}@example.jp"})
        user.groups.add(Group.objects.get_or_create(name=who)[0])
        log_in_with_second_factor(client, user)
    elif who:
        client.force_login(getattr(world, who))
    return client


def fixed(**fields: Any) -> Callable[[World], Fields]:
    """Fields that do not depend on the world."""
    return lambda _: fields


def pledge_fields(_: World) -> Fields:
    """A pledge; its topic is there."""
    PolicyAreaFactory.create(code="childcare", name="子育て")
    return PLEDGE


def statement_fields(_: World) -> Fields:
    """A statement of a questionnaire; its topic is there."""
    PolicyAreaFactory.create(code="childcare", name="子育て")
    return {"text": "給食を無償にするべきだ。", "topic": "childcare", "background": "いまは有償です。"}


def copied_fields(world: World) -> Fields:
    """An answer that a politician published elsewhere, to a statement left open here, sent from the page as it is now."""
    known = answers_of(world.questionnaire, world.politician)
    return {
        "seen": seen_token(known.values()),
        "stance2": "agree",
        "reason2": "計画に賛成と答えた。",
        "source_title": "候補者アンケート",
        "source_url": "https://www.example.com/",
        "source_on": DAY,
    }


def correction_fields(world: World) -> Fields:
    """The facts as they stand, with another year of birth."""
    page = browser_of("writer", world).get(f"/politicians/{encode(world.politician.pk)}/corrections/")
    known = {bound.name: bound.value() or "" for bound in page.context["form"]}
    return {
        **known,
        "birth_year": "1970",
        "source_url": "https://www.example.com/",
        "reason": "本人のページにあります。",
    }


FORMS: dict[str, Form] = {
    "comment": Form("comments:comments", "", fixed(nickname="はなこ", body="参考になりました。"), ("nickname", "body"), ("as_me", "website", "writer")),
    "comment of a member": Form("comments:comments", "office", fixed(nickname="はなこ", body="よい点検です。"), ("nickname", "body"), ("as_me", "website", "writer")),
    "ballot": Form("evaluations:ballot", "", fixed(choice="bad", reasons="other", reason_text="説明が足りません。"), ("reason_text",), ("voter", "ticket", "work")),
    "reaction": Form("evaluations:reaction", "", fixed(choice="helpful"), (), ("voter", "ticket")),
    "assessment": Form(
        "evaluations:assess", "rival_office",
        fixed(progress="40", achievement="20", comment="予算が付きました。", link_title_1="予算書", link_url_1="https://www.example.com/"),
        ("comment", "link_title_1"), ("voice", "link_title_2", "link_url_2", "link_title_3", "link_url_3"),
    ),
    "withdrawal of an assessment": Form("evaluations:withdraw-assessment", "writer", fixed()),
    "report": Form("activities:new", "writer", fixed(**REPORT), REPORT_WORDS, ("pledge", "machine_made", "publish_at", "seen", "draft", "deed", "alt", "picture")),
    "draft of a report": Form("activities:new", "writer", fixed(**REPORT, deed="save"), REPORT_WORDS, ("pledge", "machine_made", "publish_at", "seen", "draft", "alt", "picture", "contact")),
    "change of a report": Form(
        "activities:edit", "writer", lambda w: {**REPORT, "seen": w.waiting.changed_at.isoformat()}, REPORT_WORDS,
        ("pledge", "machine_made", "publish_at", "draft", "deed", "alt", "picture"),
    ),
    "pledge": Form("pledges:new", "writer", pledge_fields, PLEDGE_WORDS, ("quoted", "election", "draft", "deed", "distinct", "reason", "seen", "politician", "party")),
    "draft of a pledge": Form("pledges:new", "writer", lambda w: {**pledge_fields(w), "deed": "save"}, PLEDGE_WORDS, ("quoted", "election", "draft", "distinct", "reason", "seen", "politician", "party", "contact")),
    "change of a pledge": Form(
        "pledges:edit", "writer", lambda w: {**pledge_fields(w), "reason": "出典に合わせて直す", "seen": "0"}, (*PLEDGE_WORDS, "reason"),
        ("quoted", "election", "draft", "deed", "distinct", "politician", "party"),
    ),
    "manifesto": Form("pledges:import", "writer", fixed(pasted="題名,本文\n街灯,街灯を増やします。\n"), (), ("file", "source_title", "source_url", "source_on", "source_publisher", "election", "politician", "party", "contact")),
    "rows of a manifesto": Form(
        "pledges:import-preview", "writer", fixed(**{"deed": "save", "page": "1", "r1-title": "街灯", "r1-text": "街灯を増やします。", "r1-use": "on"}), ("r1-title", "r1-text"),
        ("source_title", "source_url", "source_on", "source_publisher", "election", "contact"),
    ),
    "withdrawal of a proposal": Form("pledges:withdraw", "writer", fixed()),
    "evidence": Form(
        "pledges:propose-evidence", "editor",
        fixed(title="予算書", url="https://www.example.com/yosan/", publisher="市", dated_on=DAY, shows="事業費が計上されている。", status="started"),
        ("title", "publisher", "shows"), ("missing", "overdue", "withdrawn"),
    ),
    "confirmation of evidence": Form("pledges:confirm-evidence", "editor", fixed(seen="0")),
    "rejection of evidence": Form("pledges:reject-evidence", "editor", fixed(seen="0", reason="資料の日付が違います。"), ("reason",)),
    "book": Form(
        "books:propose", "writer",
        lambda w: {"isbn": plain_with_check("978400999999"), "title": "見本の本", "creators": "例示一郎", "publisher": "見本出版", "published": "2024", "why": "制度が分かります。"},
        ("title", "creators", "publisher", "published", "why"), ("deed",),
    ),
    "answer to a survey": Form("surveys:answer", "", fixed(wording="1", q1="1", q2="日かげがほしい。"), ("q2",), ("ticket", "seen")),
    "survey": Form("surveys:new", "editor", fixed(deed="save", **SURVEY), SURVEY_WORDS, SURVEY_ALSO),
    "change of a survey": Form("surveys:edit", "editor", fixed(deed="save", seen="1", **SURVEY), SURVEY_WORDS, SURVEY_ALSO),
    "reply": Form("replies:reply", "office", lambda w: {"body": "ご指摘をありがとうございます。", "seen": w.reply.changed_at.isoformat()}, ("body",)),
    "answer to a questionnaire": Form(
        "advice:answer", "office", fixed(seen="", stance1="agree", reason1="計画に賛成します。"), ("reason1",), tuple(f"{kind}{number}" for kind in ("stance", "reason") for number in range(2, 11)),
    ),
    "copied answer": Form(
        "advice:copy", "editor", copied_fields, ("reason2", "source_title"), tuple(f"{kind}{number}" for kind in ("stance", "reason") for number in (1, *range(3, 11))),
    ),
    "questionnaire": Form("advice:desk", "editor", fixed(office="representatives", title="国政への質問", introduction="編集者が選びました。"), ("title", "introduction"), ("election", "area")),
    "new statement": Form("advice:edit", "editor", lambda w: {"deed": "add", **statement_fields(w)}, ("text", "background"), ("title", "introduction", "statement")),
    "statement": Form("advice:statement", "editor", lambda w: statement_fields(w), ("text", "background")),
    "file of a count": Form("importers:counts", "editor", lambda _: {"file": SimpleUploadedFile("開票.csv", COUNT_FILE), "reason": COUNT_REASON}, ("reason",), ("ignore_unknown",)),
    "import of a count": Form("importers:count-file", "editor", fixed(deed="import", seen="0", reason=COUNT_REASON), ("reason",), ("ignore_unknown", "days_are_right")),
    "count": Form(
        "importers:count", "editor", fixed(version="0", reason=COUNT_REASON), ("reason",), ("counted_percent", "counted_at", "turnout_percent", "electors", "uncontested"),
    ),
    "claim": Form("claims:claim", "office", fixed(deed="open", claimant="office", position="秘書", statement="事務所の者です。"), ("position", "statement"), ("address", "digits", "url")),
    "invitation": Form("office:team", "office", fixed(deed="invite", address="nakama@example.jp"), (), ("invitation", "member")),
    "takedown": Form(
        "moderation:takedown", "", fixed(page="/about/", words="この一文です。", right="honour", how="事実と違います。", name="例示花子", principal="例示太郎", email="h@example.jp", candidate="on", election="市議選"),
        ("words", "how", "name", "principal", "election"), ("contact_missing", "website"),
    ),
    "answer to a takedown": Form("moderation:takedown-answer", "writer", fixed(answer="削除に同意しません。"), ("answer",)),
    "profile": Form("accounts:profile", "writer", fixed(display_name="別の名"), ("display_name",)),
    "missing politician": Form(
        "people:new", "writer",
        lambda w: {"name": "例示 次郎", "kana": "れいじ じろう", "office": "mayor", "place": w.area.name, "source_url": "https://www.example.com/", "reason": "市の名簿にあります。"},
        ("name", "reason"), ("chosen", "party", "starts_on", "link_url", "distinct"),
    ),
    "correction": Form(
        "people:corrections", "writer", correction_fields, ("reason",), ("seen",),
    ),
    "withdrawal about a person": Form("people:withdraw", "writer", fixed()),
    "pace of mails": Form("notices:mail", "writer", fixed(pace="weekly", kinds=["reply"])),
    "follow": Form("notices:follow", "writer", fixed(choice="follow")),
    "unfollow": Form("notices:follows", "writer", fixed(drop="politician:1")),
    "read": Form("notices:bell", "writer", fixed(read="all")),
    "own ballots": Form("evaluations:own-ballots", "writer", fixed(deed="join"), (), ("pledge",)),
    "decision": Form(
        "moderation:decide", "moderator", lambda w: {"deed": "restore", "version": w.refused.version, "reason": "", "note": "確かめました。"}, ("note",), ("next",),
    ),
    "ban": Form("moderation:ban", "moderator", fixed(scope="account", length="7", reason="hate", note="くり返しました。"), ("note",), ("next",)),
    "lifting of a ban": Form("moderation:lift-ban", "moderator", fixed()),
    "answer to an appeal": Form("moderation:answer", "moderator", fixed(verdict="upheld", answer="判断を維持します。"), ("answer",)),
    "decision on a claim": Form("claims:decide", "moderator", lambda w: {"deed": "refuse", "seen": w.claim.version, "reason": "unproved", "note": "確かめられません。"}, ("note",), ("end_others",)),
    "takedown at the desk": Form("moderation:takedown-desk", "moderator", fixed(deed="decide", outcome="kept", reason="侵害を確かめられません。"), ("reason",), ("text", "by_hand")),
}  # fmt: skip

# Where no words are typed, or only what proves who one is; allauth's own forms are in tests/accounts.
WORDLESS = {
    "advice:result",
    "notices:stop", "claims:invitation", "comments:withdraw", "moderation:bulk", "moderation:appeal", "moderation:own-ban",
    "evaluations:merge", "pledges:revert", "pledges:undo-status", "accounts:drop-password", "accounts:sessions", "accounts:export", "accounts:delete",
}  # fmt: skip
