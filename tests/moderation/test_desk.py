"""The desk in a browser: what is on it, in which order, what it costs, and what its buttons do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.accounts.factories import UserFactory
from tests.activities.factories import MemberReportFactory, ReportFactory
from tests.comments.factories import CommentFactory
from tests.moderation.conftest import at_desk
from tests.moderation.factories import waiting_text
from tests.people.factories import DelegateFactory, PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts.models import User
from tsushinbo.evaluations.models import Assessment, ReasonText
from tsushinbo.moderation.models import Ban, DecisionReason, LogEntry
from tsushinbo.moderation.services import ban_account, decide

pytestmark = pytest.mark.django_db
DESK = "/moderation/"


def html(client: Client, address: str = DESK, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def send(client: Client, item: Any, deed: str, *, htmx: bool = True, **fields: str) -> Any:
    address = reverse("moderation:decide", args=[item.kind, item.pk])
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(address, {"deed": deed, "version": item.version, **fields}, headers=headers)


def test_texts_of_every_kind_stand_by_the_time_left_with_what_is_around_them(desk: Client, citizen: User) -> None:
    now = timezone.now()
    pledge = PledgeFactory.create(title="街灯を増やします")
    waiting_text(at=now - timedelta(hours=2), text="二番目の言葉", pledge=pledge)
    report = MemberReportFactory.create(author=citizen, title="一番目の報告", submitted_at=now - timedelta(hours=30))
    page = html(desk)
    assert page.index("一番目の報告") < page.index("二番目の言葉")
    assert "24時間を6時間00分超過" in page
    assert "残り21時間" in page
    assert "街灯を増やします" in page
    assert report.source_url in page
    assert "これまでの承認0・却下0" in page
    assert "<b>1</b>件が24時間を超過" in page


def test_the_writer_is_known_by_what_became_of_earlier_texts(desk: Client, moderator: User, citizen: User) -> None:
    for approve in (True, True, False):
        decide(
            item=MemberReportFactory.create(author=citizen), approve=approve, by=moderator, at=timezone.now(),
            reason=None if approve else DecisionReason.OTHER,
        )  # fmt: skip
    MemberReportFactory.create(author=citizen, submitted_at=timezone.now())
    assert "これまでの承認2・却下1" in html(desk)


def test_the_queue_is_narrowed(desk: Client) -> None:
    now = timezone.now()
    waiting_text(at=now - timedelta(hours=30), text="古い言葉")
    waiting_text(at=now, text="新しい言葉 副・業 の案内")
    ReportFactory.create(title="公開済みの報告")
    overdue = html(desk, show="overdue")
    assert "古い言葉" in overdue
    assert "新しい言葉" not in overdue
    marked = html(desk, show="marked")
    assert "勧誘らしい語：副業" in marked
    assert "古い言葉" not in marked
    unseen = html(desk, show="unseen")
    assert "公開済みの報告" in unseen
    assert "確認済みにする" in unseen
    assert "公開済みの報告" not in html(desk)
    assert "古い言葉" not in html(desk, kind="activities.activityreport")
    assert desk.get(DESK, {"kind": "auth.user"}).status_code == 404
    assert desk.get(DESK, {"page": "2"}).status_code == 404


def test_numbers_without_words_and_words_that_ended_wait_for_nobody(desk: Client) -> None:
    now = timezone.now()
    common = {"author": UserFactory.create(), "progress": 1, "achievement": 1, "made_at": now, "submitted_at": now}
    Assessment.objects.create(pledge=PledgeFactory.create(), worded=False, state="approved", **common)
    Assessment.objects.create(
        pledge=PledgeFactory.create(), worded=True, comment="終わった評価", current=False, ended_at=now, **common
    )
    assert "ありません" in html(desk)


def many(number: int) -> None:
    pledge, now = PledgeFactory.create(), timezone.now()
    ReasonText.objects.bulk_create(
        ReasonText(pledge=pledge, voter=n, text=f"言葉{n}", submitted_at=now - timedelta(minutes=n))
        for n in range(number)
    )


def test_a_longer_queue_costs_no_more_queries(desk: Client) -> None:
    # What a process reads once is read.
    many(1)
    html(desk)
    counts = []
    for number in (40, 400):
        ReasonText.objects.all().delete()
        many(number)
        for n in range(3):
            MemberReportFactory.create(
                author=UserFactory.create(), submitted_at=timezone.now() - timedelta(hours=10 + n)
            )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            html(desk)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 60


def test_a_text_is_approved_in_place(desk: Client, moderator: User) -> None:
    text = waiting_text(at=timezone.now())
    answer = send(desk, text, "approve").content.decode()
    assert "承認して公開しました" in answer
    assert "data-undo" in answer
    text.refresh_from_db()
    assert (text.state, text.decided_by) == ("approved", moderator)
    assert "取り消す" not in send(desk, text, "undo").content.decode()
    text.refresh_from_db()
    assert text.state == "pending"


def test_a_rejection_needs_a_reason_and_loses_nothing_typed(desk: Client) -> None:
    text = waiting_text(at=timezone.now())
    answer = send(desk, text, "reject", note="書きかけの覚え書き")
    assert answer.status_code == 422
    assert "理由が選ばれていません" in answer.content.decode()
    assert "書きかけの覚え書き" in answer.content.decode()
    answer = send(desk, text, "reject", htmx=False, note="書きかけの覚え書き")
    assert answer.status_code == 422
    assert "書きかけの覚え書き" in answer.content.decode()
    assert send(desk, text, "reject", reason="privacy", htmx=False).status_code == 303
    text.refresh_from_db()
    assert (text.state, text.decision_reason) == ("rejected", "privacy")


def test_a_refusal_opened_again_leads_to_the_page_of_its_form(desk: Client, citizen: User) -> None:
    item = waiting_text(at=timezone.now())
    refused = send(desk, item, "reject", htmx=False)
    assert refused.status_code == 422
    text = reverse("moderation:text", args=[item.kind, item.pk])
    for name, arguments, form_at in (
        ("decide", [item.kind, item.pk], text),
        ("ban", [item.kind, item.pk], text),
        ("bulk", [], DESK),
        ("lift-ban", [1], reverse("moderation:bans")),
    ):
        address = reverse(f"moderation:{name}", args=arguments)
        led = desk.get(address)
        assert (led.status_code, led.url) == (303, form_at)
        assert desk.put(address).status_code == 405
    item.refresh_from_db()
    assert item.state == "pending"


def test_the_second_is_told_who_was_first(desk: Client, colleague: User) -> None:
    text = waiting_text(at=timezone.now())
    other = at_desk(colleague)
    assert send(desk, text, "approve").status_code == 200
    assert "moriさんが先に判断しました（承認）" in send(other, text, "reject", reason="other").content.decode()
    answer = send(other, text, "reject", reason="other", htmx=False)
    assert (answer.status_code, "moriさんが先に" in answer.content.decode()) == (409, True)
    assert LogEntry.objects.count() == 1


def test_several_are_decided_at_once_each_on_record(desk: Client, colleague: User) -> None:
    texts = [waiting_text(at=timezone.now()) for _ in range(3)]
    tokens = [f"{text.kind} {text.pk} {text.version}" for text in texts]
    decide(item=texts[2], approve=True, by=colleague, at=timezone.now())
    answer = desk.post("/moderation/bulk/", {"deed": "reject", "reason": "other", "items": tokens}, follow=True)
    page = answer.content.decode()
    assert "2件を却下しました" in page
    assert "hayashiさんが先に判断しました" in page
    assert LogEntry.objects.filter(deed="reject").count() == 2
    assert (
        "理由が選ばれていません"
        in desk.post("/moderation/bulk/", {"deed": "reject", "items": tokens}, follow=True).content.decode()
    )


@pytest.mark.parametrize(
    "back", ["https://evil.example.com/", "//evil.example.com", "/moderation/../admin\\", "/accounts/"]
)
def test_a_form_leads_back_to_the_desk_and_nowhere_else(desk: Client, back: str) -> None:
    text = waiting_text(at=timezone.now())
    answer = send(desk, text, "approve", htmx=False, next=back)
    assert (answer.status_code, answer.headers["Location"]) == (303, DESK)


def test_what_is_not_theirs_has_no_buttons(desk: Client, moderator: User) -> None:
    politician = PoliticianFactory.create()
    text = waiting_text(at=timezone.now(), pledge=PledgeFactory.create(politician=politician))
    DelegateFactory.create(user=moderator, politician=politician)
    page = html(desk)
    assert "ほかの担当者が判断します" in page
    assert 'value="approve" data-deed' not in page
    assert "判断できません" in send(desk, text, "approve").content.decode()
    text.refresh_from_db()
    assert text.state == "pending"


def test_a_public_text_is_hidden_from_its_own_page(desk: Client, moderator: User) -> None:
    text = waiting_text(at=timezone.now())
    decide(item=text, approve=True, by=moderator, at=timezone.now())
    page = html(desk, reverse("moderation:text", args=[text.kind, text.pk]))
    assert "公開をやめる" in page
    assert send(desk, text, "hide", reason="defamation", htmx=False).status_code == 303
    page = html(desk, reverse("moderation:text", args=[text.kind, text.pk]))
    assert "公開に戻す" in page
    assert "誹謗中傷" in page


def test_what_others_wrote_stays_text_on_the_desk(desk: Client) -> None:
    tag = '<script>alert(1)</script> javascript:alert(2) https://evil.example.com/"onmouseover="alert(3)'
    waiting_text(at=timezone.now(), text=tag)
    page = html(desk)
    assert "<script>alert(1)" not in page
    assert 'href="javascript' not in page
    assert '"onmouseover="' not in page
    assert 'rel="noreferrer noopener nofollow ugc"' in page


def test_the_writer_of_a_text_is_banned_from_it(desk: Client, citizen: User, moderator: User) -> None:
    report = MemberReportFactory.create(author=citizen)
    address = reverse("moderation:ban", args=[report.kind, report.pk])
    assert desk.post(address, {"scope": "account", "length": "7"}).status_code == 422
    assert desk.post(address, {"scope": "account", "length": "7", "reason": "other"}).status_code == 303
    ban = Ban.objects.get()
    assert (ban.account, ban.made_by) == (citizen, moderator)
    assert "市民" in html(desk, "/moderation/bans/")
    assert desk.post(reverse("moderation:lift-ban", args=[ban.pk])).status_code == 303
    ban.refresh_from_db()
    assert ban.lifted_by == moderator
    voter = waiting_text(at=timezone.now())
    refused = desk.post(
        reverse("moderation:ban", args=[voter.kind, voter.pk]), {"scope": "account", "length": "7", "reason": "other"}
    )
    assert refused.status_code == 409


def test_an_account_is_not_banned_in_place_of_a_network_that_is_known_no_longer(desk: Client, citizen: User) -> None:
    comment = CommentFactory.create(author=citizen, writer=None)
    assert comment.network == ""
    address = reverse("moderation:ban", args=[comment.kind, comment.pk])
    refused = desk.post(address, {"scope": "network", "length": "open", "reason": "other"})
    assert refused.status_code == 409
    assert "この投稿の回線の記録は、もうありません" in refused.content.decode()
    assert not Ban.objects.exists()


def test_who_speaks_for_a_politician_bans_nobody_who_wrote_about_them(
    desk: Client, citizen: User, moderator: User
) -> None:
    comment = CommentFactory.create(author=citizen, writer=None)
    DelegateFactory.create(politician=comment.report.politician, user=moderator)
    address = reverse("moderation:ban", args=[comment.kind, comment.pk])
    assert desk.post(address, {"scope": "account", "length": "7", "reason": "other"}).status_code == 409
    assert not Ban.objects.exists()


def test_texts_of_one_moment_stand_on_one_page_each(desk: Client) -> None:
    now, pledge = timezone.now(), PledgeFactory.create()
    texts = [waiting_text(at=now, pledge=pledge, text=f"言葉{number:02}") for number in range(40)]
    for text in texts[:10]:
        # On PostgreSQL a row whose place in an index is written anew lies behind the others, in the table and there.
        for moment in (now - timedelta(minutes=1), now):
            ReasonText.objects.filter(pk=text.pk).update(submitted_at=moment)
    pages = [html(desk), html(desk, page="2")]
    assert [sum(f"言葉{number:02}" in page for page in pages) for number in range(40)] == [1] * 40


def test_the_record_is_narrowed_and_taken_along_by_administrators_alone(desk: Client, moderator: User) -> None:
    text = waiting_text(at=timezone.now(), text="=HYPERLINK()")
    decide(item=text, approve=False, by=moderator, reason=DecisionReason.HATE, note="=1+1", at=timezone.now())
    ban_account(account=UserFactory.create(), by=moderator, reason=DecisionReason.OTHER, at=timezone.now())
    page = html(desk, "/moderation/log/", deed="reject")
    assert "差別・憎悪をあおる内容" in page
    assert 'class="item"' in page
    assert "CSV" not in page
    assert "あてはまる記録は、ありません" in html(desk, "/moderation/log/", actor="nobody")
    assert desk.get("/moderation/log.csv").status_code == 403
    administrator = at_desk(UserFactory.create(role="administrator"))
    assert "CSV" in html(administrator, "/moderation/log/")
    response = administrator.get("/moderation/log.csv", {"reason": "hate"})
    lines = b"".join(response).decode().splitlines()  # type: ignore[arg-type]
    assert len(lines) == 2
    assert ",'=1+1," in lines[1]


@pytest.mark.parametrize("address", [DESK, "/moderation/appeals/", "/moderation/bans/", "/moderation/log/"])
def test_the_desk_is_held_by_nobody(
    desk: Client, address: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with django_assert_max_num_queries(40):
        response = desk.get(address)
    assert "no-store" in response.headers["Cache-Control"]
