"""The pages on which editors lay evidence: who may, what is said beside each field, and that hostile words stay words."""

import re
from datetime import date

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import UserFactory, add_app, log_in_with_second_factor
from tests.outline import Outline
from tests.people.factories import DelegateFactory
from tests.pledges.evidence_pages import DESK, FIELDS, RTL, TAG, deed, new, text, undoing
from tests.pledges.factories import PledgeFactory
from tests.pledges.weighing import PAGE, editor, propose, reject, settled, undo
from tsushinbo.accounts.models import User
from tsushinbo.addresses import encode
from tsushinbo.pledges import services
from tsushinbo.pledges.models import Evidence, Pledge, Slot, StatusChange
from tsushinbo.pledges.words import FLAGS_WHEN, WHEN

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(
    ("name", "says"),
    [("pledges:revert", "前の版に戻すことは編集者が行います"), ("evaluations:merge", "公約の統合は編集者が行います")],
)
def test_a_closed_door_says_what_lies_behind_it(client: Client, pledge: Pledge, name: str, says: str) -> None:
    client.force_login(UserFactory.create())
    html = text(client.get(reverse(name, args=[pledge.pk])))
    assert f"<h1>{says}</h1>" in html
    assert "根拠" not in html.split("<main")[1]
    assert reverse("pledges:edit", args=[pledge.pk]) in html


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
        ("url", f"https://{'a' * 1500}", "1,500字を超えています"),
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
    assert 'role="status"' not in text(client.get(f"{waiting.get_absolute_url()}?done=%3Cb%3E")).split("<main")[-1]
