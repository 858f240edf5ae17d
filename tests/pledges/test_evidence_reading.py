"""What everybody reads of evidence."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date

from tests.accounts.factories import UserFactory
from tests.pledges.evidence_pages import new, public, text, undoing
from tests.pledges.weighing import confirm, propose, reject, settled, undo
from tests.site.asking import queries
from tsushinbo.pledges.models import Evidence, Pledge, Slot

pytestmark = pytest.mark.django_db


# what everybody reads


def test_everybody_reads_what_two_editors_confirmed(pledge: Pledge) -> None:
    confirm(propose(pledge, status="partly", overdue=True, title="当初予算の概要", url="https://www.example.com/b/"))
    page = public(pledge)
    record = page.split('id="h-record"')[1].split("</section>")[0]
    assert '<a href="https://www.example.com/b/" rel="ugc nofollow noopener">当初予算の概要</a>' in record
    assert '見本市・<time datetime="2026-03-24">2026年3月24日</time>公表' in record
    assert "半額補助の費用が計上されました。" in record
    assert "編集者2人が確認" in record
    assert "根拠 1件" in record
    assert "一部実現" in record
    assert "<b>期限超過</b>" in record
    head = page.split("<header class=")[2].split("</header>")[0]
    assert "2026年11月25日に確認" in head
    voice = page.split('id="h-voice-evidence"')[1].split("</section>")[0]
    assert '2026年11月25日に確認・<a href="#h-record">根拠 1件</a>' in voice
    assert "一部実現" in voice


def test_names_of_editors_are_nobodys_business(pledge: Pledge) -> None:
    one, second = (UserFactory.create(role="editor", display_name=name) for name in ("見本編集", "例示編集"))
    undo(confirm(propose(pledge, one), second), one)
    for name in ("見本編集", "例示編集"):
        assert name not in public(pledge)


def test_unconfirmed_words_stay_unseen_and_are_counted(pledge: Pledge) -> None:
    assert "確認待ちの根拠" not in public(pledge)
    propose(pledge, title="確認待ちの題名", shows="確認待ちの説明", publisher="確認待ちの発行元", status="broken")
    propose(pledge)
    reject(propose(pledge, title="不採用の題名", shows="不採用の説明"), reason="内輪の理由")
    page = public(pledge)
    assert "確認待ちの根拠 2件" in page
    for hidden in (
        "確認待ちの題名",
        "確認待ちの説明",
        "確認待ちの発行元",
        "不採用の題名",
        "不採用の説明",
        "内輪の理由",
        "不履行",
    ):
        assert hidden not in page


def test_a_pledge_without_evidence_says_so_and_leads_on(pledge: Pledge) -> None:
    page = public(pledge)
    assert "実施状況を示す根拠は、まだありません。" in page
    assert f'<a href="{new(pledge)}">根拠を登録する（編集者）</a>' in page
    assert undoing(pledge) not in page


def test_untestable_says_everywhere_which_slots_are_missing(pledge: Pledge) -> None:
    settled(pledge, "untestable", missing=[Slot.FUNDING, Slot.DEADLINE])
    page = public(pledge)
    assert page.count("足りない項目：期限・財源") == 3  # beside the title, in the record, among the voices


def test_a_long_record_is_shown_in_part_with_a_link_to_the_rest(client: Client, pledge: Pledge) -> None:
    for number in range(5):
        settled(pledge, title=f"根拠その{number}")
    page = public(pledge)
    assert "根拠その4" in page
    assert "根拠その0" not in page
    assert '<a class="more" href="?history=all#h-record">さらに前の2件を見る</a>' in page
    assert "根拠その0" in text(client.get(pledge.get_absolute_url(), {"history": "all"}))


def test_the_page_is_dated_by_its_evidence(client: Client, pledge: Pledge) -> None:
    later = timezone.now() + timedelta(hours=1)
    evidence = propose(pledge, at=later)
    with time_machine.travel(later + timedelta(hours=1), tick=False):
        assert client.get(pledge.get_absolute_url()).headers["Last-Modified"] == http_date(later.timestamp())
        reject(evidence)
        Evidence.objects.update(decided_at=later + timedelta(minutes=1))
        assert client.get(pledge.get_absolute_url()).headers["Last-Modified"] == http_date(later.timestamp() + 60)


def test_the_public_page_costs_the_same_however_much_evidence_there_is(client: Client, pledge: Pledge) -> None:
    settled(pledge)
    few = queries(client, pledge.get_absolute_url())
    for _ in range(8):
        undo(settled(pledge, "kept"))
        propose(pledge)
    assert queries(client, f"{pledge.get_absolute_url()}?history=all") == few
