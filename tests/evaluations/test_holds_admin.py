"""Moderators see what is held as counts, decide for a reason, and look at sudden changes; nobody else does."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.evaluations.counting import AT, cast, kept
from tests.evaluations.holding import exclude, hold
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory
from tsushinbo.accounts.models import User
from tsushinbo.accounts.roles import Role
from tsushinbo.evaluations.models import Alert, HoldCase, HoldDecision, ReasonText
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db
CASES, LOG, ALERTS = (f"/admin/evaluations/{name}/" for name in ("holdcase", "holddecision", "alert"))


@pytest.fixture
def moderator(client: Client) -> User:
    user = UserFactory.create(role=Role.MODERATOR)
    log_in_with_second_factor(client, user)
    return user


@pytest.fixture
def case(pledge: Pledge) -> HoldCase:
    for voter in (70_001, 70_002):
        cast(pledge, voter, "bad")
    return hold(pledge, voters=(70_001, 70_002))


@pytest.fixture
def alert(pledge: Pledge) -> Alert:
    for voter in (1, 2, 3):
        cast(pledge, voter, "bad", at=AT - timedelta(hours=1))
    values = {"begins_at": AT - timedelta(hours=6), "ends_at": AT, "strength": 8.0, "found_at": AT}
    return Alert.objects.create(politician=pledge.politician, kind="burst", choice="bad", **values)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def page_of(row: HoldCase | Alert) -> str:
    return f"{CASES if isinstance(row, HoldCase) else ALERTS}{row.pk}/change/"


def form(client: Client, case: HoldCase, verdict: str = "exclude", reason: str = "coordinated", note: str = "") -> dict:
    [version] = re.findall(r'name="version" value="([^"]+)"', text(client, page_of(case)))
    return {"version": version, "verdict": verdict, "reason": reason, "note": note}


# cases


def test_the_list_shows_open_cases_and_the_others_on_request(client: Client, moderator: User, case: HoldCase) -> None:
    page = text(client, CASES)
    assert "選択" not in page
    for told in (
        "同じ相手への一斉の評価",
        case.details["targets"][0]["name"],
        "支持しない",
        "2026年11月24日",
        "7.5",
        "0.4",
    ):
        assert told in page
    exclude(case)
    assert page_of(case) not in text(client, CASES)
    assert page_of(case) in text(client, f"{CASES}?state=excluded")
    assert page_of(case) in text(client, f"{CASES}?state=all")


def test_the_page_tells_counts_and_no_voter(client: Client, moderator: User, case: HoldCase, pledge: Pledge) -> None:
    page = text(client, page_of(case))
    assert pledge.title in page
    assert "<td>0</td><td>2</td>" in page
    assert "2件（取り消された評価 0件を除く）" in page
    assert "7000" not in page


def test_pages_bring_their_own_look(client: Client, moderator: User, case: HoldCase, alert: Alert) -> None:
    for path in (page_of(case), page_of(alert)):
        assert "/evaluations/admin." in text(client, path)


def test_a_decision_is_recorded_and_counts(client: Client, moderator: User, case: HoldCase, pledge: Pledge) -> None:
    done = client.post(page_of(case), form(client, case, note="同じ文面の募集あり"), follow=True)
    assert "2件を決定しました：除外する（示し合わせた一斉の評価）" in done.content.decode()
    assert kept(pledge) == {"excluded": 2}
    decision = HoldDecision.objects.get()
    assert (decision.decided_by, decision.note) == (moderator, "同じ文面の募集あり")
    page = text(client, LOG)
    assert "同じ文面の募集あり" in page
    assert "示し合わせた一斉の評価" in text(client, page_of(case))


def test_a_decision_can_be_revised_on_the_same_page(
    client: Client, moderator: User, case: HoldCase, pledge: Pledge
) -> None:
    client.post(page_of(case), form(client, case))
    client.post(page_of(case), form(client, case, "release", "news"))
    assert kept(pledge) == {"bad": 2}
    assert HoldDecision.objects.count() == 2


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"verdict": ""}, "「集計に戻す」か「除外する」を選んでください。"),
        ({"reason": ""}, "理由を選んでください。"),
        ({"reason": "news"}, "選んだ理由は、この決定の理由ではありません。"),
    ],
)
def test_an_incomplete_decision_is_sent_back_with_what_was_typed(
    client: Client, moderator: User, case: HoldCase, answers: dict[str, str], told: str
) -> None:
    page = client.post(page_of(case), {**form(client, case, note="書きかけ"), **answers}).content.decode()
    assert told in page
    assert "書きかけ" in page
    assert not HoldDecision.objects.exists()


def test_who_comes_second_is_told_and_reads_again(
    client: Client, moderator: User, case: HoldCase, pledge: Pledge
) -> None:
    read = form(client, case, "release", "news", note="残る言葉")
    exclude(case)
    page = client.post(page_of(case), read).content.decode()
    assert "ほかの担当者が先に決定したか、評価が加わりました。" in page
    assert "残る言葉" in page
    assert kept(pledge) == {"excluded": 2}
    # The page now shows the newer state, and may be answered.
    client.post(page_of(case), form(client, case, "release", "news"))
    assert kept(pledge) == {"bad": 2}


def test_who_speaks_for_the_politician_reads_and_does_not_decide(
    client: Client, moderator: User, case: HoldCase, pledge: Pledge
) -> None:
    read = form(client, case)
    DelegateFactory.create(user=moderator, politician=pledge.politician)
    page = text(client, page_of(case))
    assert "決定できません" in page
    assert 'id="decision"' not in page
    client.post(page_of(case), read)
    assert not HoldDecision.objects.exists()


# alerts


def test_an_alert_is_seen_with_a_note(client: Client, moderator: User, alert: Alert) -> None:
    assert page_of(alert) in text(client, ALERTS)
    page = text(client, page_of(alert))
    assert "支持する 0件、支持しない 3件（投票者 3人、確認中・除外 0件）" in page
    client.post(page_of(alert), {"note": "テレビで紹介された"})
    alert.refresh_from_db()
    assert (alert.seen_by, alert.note) == (moderator, "テレビで紹介された")
    assert page_of(alert) not in text(client, ALERTS)
    page = text(client, page_of(alert))
    assert "テレビで紹介された" in page
    assert 'id="seen"' not in page
    assert "先に確認しました" in client.post(page_of(alert), {"note": "もう一度"}).content.decode()
    assert page_of(alert) in text(client, f"{ALERTS}?state=seen")


def test_who_speaks_for_the_politician_cannot_end_the_freezing(
    client: Client, moderator: User, alert: Alert, pledge: Pledge
) -> None:
    assert 'id="seen"' in text(client, page_of(alert))
    DelegateFactory.create(user=moderator, politician=pledge.politician)
    page = text(client, page_of(alert))
    assert "記録できません" in page
    assert 'id="seen"' not in page
    page = client.post(page_of(alert), {"note": "問題なし"}).content.decode()
    assert "記録できません" in page
    alert.refresh_from_db()
    assert alert.seen_at is None


def test_an_alert_on_a_party_is_shown(client: Client, moderator: User) -> None:
    party = PartyPledgeFactory.create().party
    values = {"begins_at": AT, "ends_at": AT, "strength": 8.0, "found_at": AT}
    alert = Alert.objects.create(party=party, kind="newcomers", choice="bad", **values)
    assert party.name in text(client, ALERTS)
    assert "両方" in text(client, page_of(alert))


# who may


def test_the_role_alone_opens_what_waits_in_this_room(client: Client, moderator: User, pledge: Pledge) -> None:
    cast(pledge, 1, "good", "other", text="通学路が明るくなる")
    waiting = ReasonText.objects.get()
    index = text(client, "/admin/")
    for name in ("その他の理由", "進捗度・達成度の評価", "確認中の評価のまとまり", "確認の決定", "評価の急な変化"):
        assert name in index
    assert "利用者" not in re.sub("<title>.*?</title>", "", index)
    client.post("/admin/evaluations/reasontext/", {"action": "approve", "_selected_action": [waiting.pk]})
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by) == (ReasonText.State.APPROVED, moderator)


@pytest.mark.parametrize("address", [CASES, LOG, ALERTS])
def test_nobody_adds_changes_or_deletes_by_hand(
    client: Client, moderator: User, case: HoldCase, alert: Alert, address: str
) -> None:
    exclude(case)
    rows = {CASES: case.pk, LOG: HoldDecision.objects.get().pk, ALERTS: alert.pk}
    assert client.get(f"{address}add/").status_code == 403
    assert client.post(f"{address}{rows[address]}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{LOG}{rows[LOG]}/change/", {"note": "別の言葉"}).status_code == 403
    assert HoldDecision.objects.get().note == ""


@pytest.mark.parametrize("role", ["", Role.EDITOR])
def test_others_see_nothing(client: Client, case: HoldCase, alert: Alert, role: str) -> None:
    log_in_with_second_factor(client, UserFactory.create(role=role))
    for address in (CASES, LOG, ALERTS, page_of(case), page_of(alert)):
        assert client.get(address, follow=True).status_code == 403
        assert client.post(address, {"verdict": "release"}).status_code in {302, 403}
    assert not HoldDecision.objects.exists()


def test_staff_without_the_role_neither_see_nor_decide(client: Client, case: HoldCase, alert: Alert) -> None:
    log_in_with_second_factor(client, UserFactory.create(is_staff=True))
    for address in (CASES, LOG, ALERTS, page_of(case), page_of(alert)):
        assert client.get(address).status_code == 403
        assert client.post(address, {"verdict": "release"}).status_code == 403


def test_what_is_not_there_is_not_found(client: Client, moderator: User) -> None:
    for address in (CASES, ALERTS):
        assert client.get(f"{address}4711/change/").status_code == 404
        assert client.get(f"{address}x/change/").status_code == 404


def test_pages_cost_a_fixed_number_of_queries(
    client: Client, moderator: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    pledges = PledgeFactory.create_batch(12)
    for pledge in pledges:
        for voter in (1, 2, 3):
            cast(pledge, voter, "bad")
    big = hold(*pledges, voters=(1, 2))
    for pledge in pledges:
        hold(pledge, voters=(3,))
    with django_assert_max_num_queries(18):
        text(client, CASES)
    with django_assert_max_num_queries(22):
        text(client, page_of(big))
