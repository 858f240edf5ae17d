"""The pages of editors: laying evidence, weighing it, undoing; who may not; what everybody reads."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory, add_app, log_in_with_second_factor
from tests.outline import Outline
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PledgeFactory
from tests.pledges.weighing import PAGE, confirm, editor, propose, reject, settled, undo
from tests.site.asking import queries
from tsushinbo.accounts.models import User
from tsushinbo.addresses import encode
from tsushinbo.pledges import services
from tsushinbo.pledges.models import Evidence, Pledge, Slot, StatusChange
from tsushinbo.pledges.words import FLAGS_WHEN, WHEN

pytestmark = pytest.mark.django_db
TAG = """<img src=x onerror=alert(1)>"'><script>alert(2)</script>"""
RTL = "\u202e"
DESK = "/evidence/"
FIELDS = {
    "title": "2026年度当初予算の概要",
    "url": "https://www.example.com/budget/",
    "publisher": "見本市",
    "dated_on": "2026-03-24",
    "shows": "半額補助の費用が\r\n計上されました。",
    "status": "started",
}


@pytest.fixture
def me(client: Client) -> User:
    """An editor, logged in with a second factor."""
    user = UserFactory.create(role="editor", display_name="見本編集")
    log_in_with_second_factor(client, user)
    return user


def new(pledge: Pledge) -> str:
    return reverse("pledges:propose-evidence", args=[pledge.pk])


def undoing(pledge: Pledge) -> str:
    return reverse("pledges:undo-status", args=[pledge.pk])


def deed(evidence: Evidence, name: str) -> str:
    return reverse(f"pledges:{name}-evidence", args=[evidence.pk])


def text(response: HttpResponse) -> str:
    return response.content.decode()


def public(pledge: Pledge) -> str:
    """The pledge's page as everybody reads it."""
    return " ".join(text(Client().get(pledge.get_absolute_url())).split())


# who may


def test_a_visitor_is_told_who_may_and_led_to_the_log_in_and_on(client: Client, pledge: Pledge) -> None:
    response = client.get(new(pledge))
    html = text(response)
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    assert not response.cookies
    assert "1人の編集者が登録し、別の編集者が確認します。" in html
    assert f'href="{reverse("account_login")}?next={new(pledge).replace("/", "%2F")}"' in html
    assert reverse("evaluations:assess", args=[pledge.pk]) in html
    assert "<form" not in html.split("<main")[1]


@pytest.mark.parametrize("role", ["", "moderator"])
def test_a_member_is_told_that_the_role_is_missing(client: Client, pledge: Pledge, role: str) -> None:
    log_in_with_second_factor(client, UserFactory.create(role=role))
    waiting = propose(pledge, title="確認待ちの題名")
    for address in (new(pledge), DESK, waiting.get_absolute_url(), undoing(pledge)):
        response = client.get(address)
        assert response.status_code == 403
        assert "編集者の役割がありません" in text(response)
        assert "確認待ちの題名" not in text(response)


@pytest.mark.parametrize("member", [False, True])
def test_what_others_send_changes_nothing_and_is_not_lost(client: Client, pledge: Pledge, member: bool) -> None:
    if member:
        client.force_login(UserFactory.create())
    waiting, change = propose(pledge), settled(pledge)
    for address, data in (
        (new(pledge), FIELDS),
        (deed(waiting, "confirm"), {"seen": "1"}),
        (deed(waiting, "reject"), {"reason": "長く書いた理由"}),
        (undoing(pledge), {"change": str(change.number), "reason": "長く書いた理由"}),
    ):
        response = client.post(address, data)
        html = text(response)
        assert response.status_code == 403
        assert f'<form action="{address}" method="post">' in html
        for name, value in data.items():
            kept = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)">', html)
            assert kept is not None
            assert kept[1].splitlines() == value.splitlines()
        assert ("ログインしていません" in html) is not member
    assert (Evidence.objects.count(), StatusChange.objects.count()) == (2, 1)
    assert Evidence.objects.get(pk=waiting.pk).state == "proposed"


def test_what_was_sent_without_a_log_in_can_be_sent_again_after_it(client: Client, pledge: Pledge) -> None:
    html = text(client.post(new(pledge), FIELDS))
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))
    log_in_with_second_factor(client, editor())
    assert client.post(new(pledge), sent).status_code == 303
    assert Evidence.objects.get().shows == "半額補助の費用が\n計上されました。"


def test_an_editor_needs_a_second_factor(client: Client, pledge: Pledge) -> None:
    user = editor()
    client.force_login(user)
    assert client.get(DESK).headers["Location"] == reverse("mfa_index")
    add_app(user)
    assert client.get(new(pledge)).headers["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
    response = client.post(new(pledge), FIELDS)
    assert response.status_code == 403
    assert "2段階認証の確認が必要です" in text(response)
    assert FIELDS["title"] in text(response)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Referer": "https://evil.example/"}],
)
def test_other_sites_cannot_send_the_forms(client: Client, pledge: Pledge, me: User, headers: dict[str, str]) -> None:
    waiting = propose(pledge)
    change = settled(pledge)
    for address in (new(pledge), deed(waiting, "confirm"), deed(waiting, "reject"), undoing(pledge)):
        data = {**FIELDS, "seen": "1", "reason": "理由", "change": str(change.number)}
        assert client.post(address, data, headers=headers).status_code == 403
    assert (Evidence.objects.filter(state="proposed").count(), StatusChange.objects.count()) == (1, 1)


def test_an_unpublished_pledge_has_no_pages(client: Client, me: User) -> None:
    hidden = PledgeFactory.create(published=False)
    evidence = propose(hidden)
    for address in (new(hidden), undoing(hidden), evidence.get_absolute_url(), f"{DESK}?pledge={encode(hidden.pk)}"):
        assert client.get(address).status_code == 404
    for address in (new(hidden), undoing(hidden), deed(evidence, "confirm"), deed(evidence, "reject")):
        assert client.post(address, {**FIELDS, "seen": "0", "reason": "理由"}).status_code == 404
    assert Client().get(new(hidden)).status_code == 404
    assert evidence.title not in text(client.get(DESK)).split("h-own")[0]


# laying


def test_evidence_is_laid_and_waits(client: Client, pledge: Pledge, me: User) -> None:
    response = client.post(new(pledge), {**FIELDS, "withdrawn": "on"})
    evidence = Evidence.objects.get()
    assert (response.status_code, response.headers["Location"]) == (303, f"{evidence.get_absolute_url()}?done=proposed")
    assert (evidence.pledge, evidence.proposed_by, evidence.state) == (pledge, me, "proposed")
    assert (evidence.title, evidence.url, evidence.publisher) == (FIELDS["title"], FIELDS["url"], "見本市")
    assert (evidence.dated_on, evidence.shows) == (date(2026, 3, 24), "半額補助の費用が\n計上されました。")
    assert (evidence.proposed_status, evidence.overdue, evidence.withdrawn) == ("started", False, True)
    html = text(client.get(response.headers["Location"]))
    assert "根拠を登録しました。" in html
    assert "ほかの編集者の確認をお待ちください。" in html
    assert "採用して公開する" not in html


def test_the_form_offers_all_eight_with_when_each_holds(client: Client, me: User) -> None:
    pledge = PledgeFactory.create(deadline="2027年度", overdue=True)
    html = text(client.get(new(pledge)))
    outline = Outline(html)
    assert re.findall(r'<input type="radio" name="status" value="(\w+)"', html) == Pledge.Status.values
    assert " checked" not in html.split('name="status"', 1)[1].split('name="missing"')[0]
    for when in (*WHEN.values(), *(when for _, when in FLAGS_WHEN.values())):
        assert when in html
    # What the pledge gives cannot be missing.
    assert re.findall(r'name="missing" value="(\w+)"', html) == ["numeric_target", "funding", "authority", "target"]
    assert '<input type="checkbox" name="overdue" value="on" checked>' in html
    assert outline.inline == []
    assert outline.wanted <= set(outline.ids)
    assert len(outline.ids) == len(set(outline.ids))


def test_untestable_names_its_slots(client: Client, pledge: Pledge, me: User) -> None:
    client.post(new(pledge), {**FIELDS, "status": "untestable", "missing": ["target", "deadline"]})
    assert Evidence.objects.get().missing_slots == [Slot.DEADLINE, Slot.TARGET]


@pytest.mark.parametrize("typed", ["2026/3/24", "2026年3月24日", "２０２６年３月２４日", " 2026.03.24 ", "2026-3-24"])
def test_days_are_read_as_people_write_them(client: Client, pledge: Pledge, me: User, typed: str) -> None:
    assert client.post(new(pledge), {**FIELDS, "dated_on": typed}).status_code == 303
    assert Evidence.objects.get().dated_on == date(2026, 3, 24)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("title", "", "題名が入力されていません"),
        ("title", "あ" * 201, "200字を超えています（201字）。1字以上けずってください。"),
        ("url", "", "アドレスが入力されていません"),
        ("url", "javascript:alert(1)", "アドレスを読み取れません"),
        ("url", "https://good.example@bad.example/", "アドレスを読み取れません"),
        ("url", f"https://{'a' * 1500}", "1500字を超えています"),
        ("publisher", "", "発行元が入力されていません"),
        ("dated_on", "", "公表された日が入力されていません"),
        ("dated_on", "きのう", "日付を読み取れません"),
        ("dated_on", "2026-02-30", "日付を読み取れません"),
        ("dated_on", "0001-01-01", "日付を読み取れません"),
        ("dated_on", "2999-01-01", "日付が未来になっています"),
        ("dated_on", "9" * 5000, "日付を読み取れません"),
        ("shows", "", "何を示しているかが入力されていません"),
        ("shows", "あ" * 512, "500字を超えています（512字）。12字以上けずってください。"),
        ("status", "", "実施状況が選ばれていません"),
        ("status", "praised", "実施状況を読み取れません"),
        ("missing", "deadline", "「判定不能」のときだけ選べます"),
        ("missing", "colour", "足りない項目を読み取れません"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_all_is_kept(
    client: Client, pledge: Pledge, me: User, name: str, typed: str, said: str
) -> None:
    response = client.post(new(pledge), {**FIELDS, "overdue": "on", name: typed})
    html = text(response)
    assert response.status_code == 422
    assert html.count(said) == 2  # in the summary and beside the field
    assert f'<a href="#id_{name}">' in html
    assert "1か所を直してください。" in html
    for other, value in FIELDS.items():
        if other not in {name, "status", "shows"}:
            assert value in html
    if name not in {"status", "missing"}:
        assert typed in html
        assert 'value="started" required checked' in html
        assert 'name="overdue" value="on" checked' in html
    outline = Outline(html)
    assert {f"id_{name}"} | outline.wanted <= set(outline.ids)
    assert not Evidence.objects.exists()


def test_a_day_that_cannot_be_read_is_not_given_to_a_field_that_would_lose_it(
    client: Client, pledge: Pledge, me: User
) -> None:
    assert '<input type="date"' in text(client.get(new(pledge)))
    assert '<input type="date"' not in text(client.post(new(pledge), {**FIELDS, "dated_on": "きのう"}))


def test_signs_that_deceive_are_taken_out(client: Client, pledge: Pledge, me: User) -> None:
    client.post(new(pledge), {**FIELDS, "title": f"{RTL}題\n名", "shows": f"か\u3099い{RTL}こ\x00く "})
    evidence = Evidence.objects.get()
    assert (evidence.title, evidence.shows) == ("題 名", "がいこく")


def test_more_than_is_asked_for_is_left_out(client: Client, pledge: Pledge, me: User) -> None:
    client.post(new(pledge), {**FIELDS, "state": "confirmed", "decided_by": "1", "proposed_by": "1"})
    evidence = Evidence.objects.get()
    assert (evidence.state, evidence.decided_by, evidence.proposed_by) == ("proposed", None, me)


def test_the_politicians_own_side_is_refused_with_the_reason_and_keeps_its_words(
    client: Client, pledge: Pledge, me: User
) -> None:
    waiting, change = propose(pledge), settled(pledge)
    DelegateFactory.create(user=me, politician=pledge.politician)
    assert "登録・確認・取り消しはできません" in text(client.get(new(pledge)))
    response = client.post(new(pledge), FIELDS)
    assert response.status_code == 403
    assert FIELDS["title"] in text(response)
    assert "判断できません" in text(client.get(waiting.get_absolute_url()))
    assert "取り消しはできません" in text(client.get(undoing(pledge)))
    for address in (deed(waiting, "confirm"), deed(waiting, "reject"), undoing(pledge)):
        data = {"seen": "1", "reason": "理由", "change": str(change.number)}
        assert client.post(address, data).status_code == 403
    assert (Evidence.objects.count(), StatusChange.objects.count()) == (2, 1)


def test_a_database_that_is_away_loses_nothing_that_was_typed(
    client: Client, pledge: Pledge, me: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(services, "propose_evidence", fail)
    response = client.post(new(pledge), FIELDS)
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert FIELDS["title"] in text(response)


# weighing


def test_the_second_editor_confirms(client: Client, pledge: Pledge, me: User) -> None:
    evidence = propose(pledge, status="partly", overdue=True)
    page = text(client.get(evidence.get_absolute_url()))
    assert pledge.text in page
    assert pledge.source_title in page
    assert evidence.shows in page
    assert '<input type="hidden" name="seen" value="0">' in page
    response = client.post(deed(evidence, "confirm"), {"seen": "0"})
    assert response.headers["Location"] == f"{evidence.get_absolute_url()}?done=confirmed"
    assert response.status_code == 303
    html = text(client.get(response.headers["Location"]))
    assert "公約の実施状況に反映しました。" in html
    assert "採用して公開する" not in html
    pledge.refresh_from_db()
    assert (pledge.status, pledge.overdue) == ("partly", True)


def test_the_second_editor_rejects_with_a_reason(client: Client, pledge: Pledge, me: User) -> None:
    evidence = propose(pledge)
    empty = client.post(deed(evidence, "reject"), {"reason": "  "})
    assert empty.status_code == 422
    assert "理由が入力されていません" in text(empty)
    assert '<details class="half" open>' in text(empty)
    long = client.post(deed(evidence, "reject"), {"reason": "あ" * 401})
    assert "400字を超えています（401字）" in text(long)
    assert "あ" * 401 in text(long)
    done = client.post(deed(evidence, "reject"), {"reason": "資料が公開されていません。"})
    assert done.headers["Location"] == f"{evidence.get_absolute_url()}?done=rejected"
    assert "理由：資料が公開されていません。" in text(client.get(evidence.get_absolute_url()))


def test_the_own_proposal_cannot_be_decided(client: Client, pledge: Pledge, me: User) -> None:
    evidence = propose(pledge, me)
    for name in ("confirm", "reject"):
        response = client.post(deed(evidence, name), {"seen": "0", "reason": "理由"})
        assert response.status_code == 403
        assert "ご自分では判断できません" in text(response)
    assert Evidence.objects.get().state == "proposed"


def test_who_comes_second_is_told_and_shown_what_holds_now(client: Client, pledge: Pledge, me: User) -> None:
    evidence, other = propose(pledge), propose(pledge, status="kept")
    confirm(evidence)
    late = client.post(deed(evidence, "reject"), {"reason": "長く書いた理由"})
    assert late.status_code == 409
    assert "ほかの編集者が先に判断しました" in text(late)
    moved = client.post(deed(other, "confirm"), {"seen": "0"})
    assert moved.status_code == 409
    assert "実施状況が変わりました" in text(moved)
    assert 'name="seen" value="1"' in text(moved)
    for unread in ({}, {"seen": "x"}, {"seen": "-1"}, {"seen": "9" * 40}):
        assert client.post(deed(other, "confirm"), unread).status_code == 409
    pledge.refresh_from_db()
    assert pledge.status == "started"


def test_deciding_is_no_reading(client: Client, pledge: Pledge, me: User) -> None:
    evidence = propose(pledge)
    for name in ("confirm", "reject"):
        led = client.get(deed(evidence, name))
        assert (led.status_code, led.url) == (303, reverse("pledges:proposal", args=[evidence.pk]))
        assert client.put(deed(evidence, name)).status_code == 405
    assert client.post(DESK).status_code == 405
    assert Evidence.objects.get().state == "proposed"


def test_the_desk_shows_what_waits_with_its_context(client: Client, pledge: Pledge, me: User) -> None:
    assert "確認待ちの根拠は、まだありません。" in text(client.get(DESK))
    other = PledgeFactory.create(title="別の公約")
    first = propose(pledge, title="先の根拠")
    second = propose(other, title="後の根拠", at=first.proposed_at + timedelta(hours=1))
    own = propose(pledge, me, title="自分の根拠")
    reject(own, reason="不採用の理由です。")
    html = text(client.get(DESK))
    waiting, mine = html.split('id="h-own"')
    assert waiting.index("先の根拠") < waiting.index("後の根拠")
    assert f'action="{deed(first, "confirm")}"' in waiting
    assert f'action="{deed(second, "reject")}"' in waiting
    assert "自分の根拠" not in waiting
    assert "自分の根拠" in mine
    assert "不採用の理由です。" in mine
    outline = Outline(html)
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.wanted <= set(outline.ids)
    narrowed = text(client.get(DESK, {"pledge": encode(other.pk)}))
    assert "先の根拠" not in narrowed.split('id="h-own"')[0]
    for wrong in ("x", "!" * 10, RTL):
        assert client.get(DESK, {"pledge": wrong}).status_code == 404


def test_the_desk_costs_a_fixed_number_of_queries(
    client: Client, pledge: Pledge, me: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(25):
        propose(PledgeFactory.create(), title=f"根拠{number:02}")
        propose(pledge, me)
    # Session and user, role, use of the session, second factor; how many, the rows, own side, newest changes, own proposals.
    with django_assert_max_num_queries(11):
        first = text(client.get(DESK))
    second = text(client.get(DESK, {"page": "2"}))
    assert first.count("<article") == second.count("<article") == 20
    assert client.get(DESK, {"page": "9"}).status_code == 404


def test_one_proposal_costs_a_fixed_number_of_queries(
    client: Client, pledge: Pledge, me: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        settled(pledge)
    evidence = propose(pledge)
    with django_assert_max_num_queries(8):
        client.get(evidence.get_absolute_url())
    with django_assert_max_num_queries(8):
        client.get(new(pledge))
    with django_assert_max_num_queries(8):
        client.get(undoing(pledge))


def test_the_own_page_leads_editors_to_the_desk(client: Client, me: User) -> None:
    assert f'href="{DESK}"' in text(client.get("/accounts/"))
    stranger = Client()
    stranger.force_login(UserFactory.create())
    assert f'href="{DESK}"' not in text(stranger.get("/accounts/"))


# undoing


def test_a_change_is_undone_in_sight_of_everybody(client: Client, pledge: Pledge, me: User) -> None:
    settled(pledge, "started")
    change = settled(pledge, "kept")
    html = text(client.get(undoing(pledge)))
    assert f'name="change" value="{change.number}"' in html
    empty = client.post(undoing(pledge), {"change": "2"})
    assert empty.status_code == 422
    assert "理由が入力されていません" in text(empty)
    response = client.post(undoing(pledge), {"change": "2", "reason": "資料が訂正されました。"})
    assert (response.status_code, response.headers["Location"]) == (303, f"{pledge.get_absolute_url()}#h-record")
    page = public(pledge)
    assert "記録2の変更を取り消しました。" in page
    assert "理由：資料が訂正されました。" in page
    assert "記録3で取り消し" in page
    pledge.refresh_from_db()
    assert pledge.status == "started"


def test_an_undoing_that_came_too_late_is_told_and_keeps_its_words(client: Client, pledge: Pledge, me: User) -> None:
    settled(pledge, "started")
    undo(settled(pledge, "kept"))
    late = client.post(undoing(pledge), {"change": "2", "reason": "長く書いた理由"})
    assert late.status_code == 409
    assert "先に取り消されました" in text(late)
    assert "長く書いた理由" in text(late)
    assert 'name="change" value="1"' in text(late)
    assert client.post(undoing(pledge), {"reason": "理由"}).status_code == 409
    undo(StatusChange.objects.get(number=1))
    nothing = client.get(undoing(pledge))
    assert nothing.status_code == 200
    assert "取り消せる変更は、まだありません。" in text(nothing)
    assert client.post(undoing(pledge), {"change": "1", "reason": "理由"}).status_code == 409
    assert StatusChange.objects.count() == 4


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


def test_hostile_words_stay_text_on_every_page(client: Client, pledge: Pledge, me: User) -> None:
    words = {"title": TAG, "publisher": TAG, "shows": TAG}
    undo(settled(pledge, **words), reason=TAG)
    settled(pledge, **words)
    waiting = propose(pledge, **words)
    reject(propose(pledge, me, **words), reason=TAG)
    User.objects.update(display_name=TAG[:30])
    addresses = (pledge.get_absolute_url(), DESK, waiting.get_absolute_url(), undoing(pledge), new(pledge))
    pages = [text(client.get(address)) for address in addresses]
    pages += [text(client.post(new(pledge), {**FIELDS, **words, "status": TAG, "missing": TAG, "dated_on": TAG}))]
    pages += [text(Client().post(new(pledge), {**words, TAG: TAG}))]
    for page in pages:
        outline = Outline(page)
        assert "img" not in outline.tags
        assert outline.inline == []


@pytest.mark.parametrize("address", ["javascript:alert(3)", "data:text/html,x", 'https://x.example/"onclick="a'])
def test_script_addresses_never_become_links(client: Client, pledge: Pledge, me: User, address: str) -> None:
    settled(pledge)
    waiting = propose(pledge)
    Evidence.objects.update(url=address)
    for page in (pledge.get_absolute_url(), DESK, waiting.get_absolute_url(), undoing(pledge)):
        outline = Outline(text(client.get(page)))
        assert not outline.inline
        assert all(link.startswith(("/", "#", "?", "https://")) for link in outline.links)
        assert address not in outline.links


def test_pages_of_editors_are_held_by_nobody(client: Client, pledge: Pledge, me: User) -> None:
    settled(pledge)
    waiting = propose(pledge, **PAGE)
    for address in (new(pledge), DESK, waiting.get_absolute_url(), undoing(pledge)):
        response = client.get(address)
        assert response.headers["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex">' in text(response)
    assert 'role="status"' not in text(client.get(f"{waiting.get_absolute_url()}?done=%3Cb%3E"))
