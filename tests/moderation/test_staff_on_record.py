"""Every decision of staff is a line of the record, whichever room it is taken in; what only follows from one adds none."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory
from tests.claims.claiming import decided, mailed_code, opened, waiting
from tests.evaluations.counting import cast
from tests.evaluations.holding import exclude, hold, release
from tests.moderation.conftest import at_desk
from tests.people.factories import CorrectionFactory, DelegateFactory, LinkFactory, PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tests.pledges.weighing import AT, confirm, editor, propose, reject, settled, undo
from tsushinbo.accounts.membership import assign_roles, close_account, create_administrator
from tsushinbo.accounts.models import User
from tsushinbo.accounts.roles import Role
from tsushinbo.claims.models import Claim, ClaimReason
from tsushinbo.claims.services import end_verification, enter_code, forget_expired_codes
from tsushinbo.claims.services.teams import leave, remove_member
from tsushinbo.evaluations.models import Alert
from tsushinbo.evaluations.services import merge_pledges
from tsushinbo.evaluations.services.holds import mark_alert_seen
from tsushinbo.moderation.models import LogEntry
from tsushinbo.people.models import Delegate, FactCorrection, Politician
from tsushinbo.pledges.contents import Content
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.services.proposals import change_pledge, revert_pledge

pytestmark = pytest.mark.django_db
TEAM = Delegate.Role.TEAM


@pytest.fixture
def pledge() -> Pledge:
    return PledgeFactory.create(title="学校給食費を無償にします")


@pytest.fixture
def politician() -> Politician:
    person = PoliticianFactory.create()
    LinkFactory.create(politician=person, url="https://www.taro-mihon.jp/")
    return person


def told() -> list[tuple[str, str, int | None, int | None, str]]:
    """The record, the oldest first: what was done, to which kind of row, to which one, by whom, and why."""
    rows = LogEntry.objects.order_by("at", "pk")
    return list(rows.values_list("deed", "kind", "subject_id", "actor_id", "note"))


def test_a_merge(pledge: Pledge) -> None:
    by, other = editor(), PledgeFactory.create(politician=pledge.politician)
    merge_pledges(source=other, target=pledge, by=by, reason="同じ公約です。", at=AT)
    words = "「学校給食費を無償にします」へ。同じ公約です。"
    assert told() == [("merged", "pledges.pledge", other.pk, by.pk, words)]


def test_an_earlier_wording_brought_back(pledge: Pledge) -> None:
    by, writer = editor(), editor()
    content = Content.of(pledge)
    sent = Content.read({**content.kept, "title": "学校給食費を半額にします"})
    change_pledge(pledge=pledge, author=writer, content=sent, reason="直し", seen=0, at=AT)
    assert told() == [], "a wording is no decision, and is read in the pledge's own history"
    revert_pledge(pledge=pledge, number=1, by=by, reason="出典と違います。", seen=2, at=AT)
    assert told() == [("reverted", "pledges.pledge", pledge.pk, by.pk, "第1版へ。出典と違います。")]


def test_evidence_that_a_second_editor_weighs(pledge: Pledge) -> None:
    by = editor()
    agreed, refused = propose(pledge), propose(pledge)
    confirm(agreed, by)
    reject(refused, by, reason="別の事業の資料です。")
    assert sorted(told()) == [
        ("evidence_confirmed", "pledges.evidence", agreed.pk, by.pk, agreed.title),
        ("evidence_rejected", "pledges.evidence", refused.pk, by.pk, "別の事業の資料です。"),
    ]
    assert set(LogEntry.objects.values_list("waited_seconds", flat=True)) == {24 * 3600}


def test_a_status_that_is_undone(pledge: Pledge) -> None:
    change, by = settled(pledge), editor()
    undo(change, by)
    assert told()[-1] == ("status_undone", "pledges.pledge", pledge.pk, by.pk, "資料が訂正されました。")


def test_ballots_that_are_excluded_and_brought_back(pledge: Pledge) -> None:
    cast(pledge, 1)
    case, by = hold(pledge), UserFactory.create(role="moderator")
    exclude(case, by=by, at=AT)
    release(case, by=by, at=AT + timedelta(hours=1), note="報道を見ました。")
    assert told() == [
        ("ballots_excluded", "evaluations.holdcase", case.pk, by.pk, "示し合わせた一斉の評価"),
        ("ballots_released", "evaluations.holdcase", case.pk, by.pk, "報道や話題による自然な集中　報道を見ました。"),
    ]


def test_a_sudden_change_that_somebody_looked_at(pledge: Pledge) -> None:
    by = UserFactory.create(role="moderator")
    alert = Alert.objects.create(
        politician=pledge.politician, kind="burst", choice="bad", begins_at=AT, ends_at=AT, strength=5, found_at=AT
    )  # fmt: skip
    assert mark_alert_seen(alert=alert, note="報道による", by=by, at=AT)
    assert not mark_alert_seen(alert=alert, note="二度目", by=by, at=AT)
    assert told() == [("alert_seen", "evaluations.alert", alert.pk, by.pk, "報道による")]


def test_a_correction_that_is_kept_though_its_source_says_something_else() -> None:
    by = create_administrator(name="unei", email="", password="mugi-no-ho-ga-yureru")
    item = CorrectionFactory.create()
    fact = {"politician": item.politician, "proposal": item, "made_at": AT}
    moved = FactCorrection.objects.create(fact="birth_year", value="1970", replaced="1969", said="1971", **fact)
    same = FactCorrection.objects.create(fact="name", value="見本 太朗", replaced="見本 太郎", said="見本 太郎", **fact)
    chosen = {"action": "settle", "_selected_action": [moved.pk, same.pk]}
    page = at_desk(by).post("/admin/people/factcorrection/", chosen, follow=True).content.decode()
    assert "1件を確認済みにしました。" in page
    words = f"{item.politician}：birth_year：出典は「1971」、訂正は「1970」"
    assert told() == [("correction_settled", "people.factcorrection", moved.pk, by.pk, words)]


def test_roles_that_are_given_and_taken() -> None:
    member, by = UserFactory.create(), UserFactory.create(role="administrator")
    assign_roles(user=member, roles=[Role.MODERATOR, Role.EDITOR], by=by, at=AT)
    assign_roles(user=member, roles=[Role.EDITOR, Role.MODERATOR], by=by, at=AT)
    assign_roles(user=member, roles=[], by=by, at=AT + timedelta(hours=1))
    assert told() == [
        ("roles", "accounts.user", member.pk, by.pk, "なし → 編集者・モデレーター"),
        ("roles", "accounts.user", member.pk, by.pk, "編集者・モデレーター → なし"),
    ]


def test_an_account_recorded_and_removed_in_the_admin(politician: Politician) -> None:
    staff, user = create_administrator(name="unei", email="", password="mugi-no-ho-ga-yureru"), UserFactory.create()
    desk = at_desk(staff)
    page = politician.get_absolute_url()
    assert desk.post("/admin/people/delegate/add/", {"account": user.username, "page": page}).status_code == 302
    delegate = Delegate.objects.get()
    assert desk.post(f"/admin/people/delegate/{delegate.pk}/delete/", {"post": "yes"}).status_code == 302
    words = f"{politician.name}（代表）"
    assert told() == [
        ("delegate_added", "accounts.user", user.pk, staff.pk, words),
        ("delegate_removed", "accounts.user", user.pk, staff.pk, words),
    ]


def test_a_member_whom_the_holder_removes_and_one_who_leaves(politician: Politician) -> None:
    holder = DelegateFactory.create(politician=politician).user
    removed, leaving = DelegateFactory.create_batch(2, politician=politician, role=TEAM)
    words = f"{politician.name}（メンバー）"
    remove_member(delegate=removed, by=holder, at=AT)
    leave(delegate=leaving, at=AT + timedelta(hours=1))
    assert told() == [
        ("delegate_removed", "accounts.user", removed.user_id, holder.pk, words),
        ("delegate_removed", "accounts.user", leaving.user_id, leaving.user_id, words),
    ]


def by_code(claim: Claim) -> Claim:
    return enter_code(claim=claim, digits=mailed_code(claim), at=AT)


def test_a_claim_that_the_site_verified_and_the_claimant_gave_up(politician: Politician) -> None:
    claim = by_code(opened(UserFactory.create(), politician))
    end_verification(claim=claim, by=claim.user, seen=claim.version, reason=ClaimReason.REQUESTED, at=AT + timedelta(days=1))  # fmt: skip
    rows = [(deed, kind, number, actor) for deed, kind, number, actor, _ in told()]
    assert rows == [
        ("claim_verified", "claims.claim", claim.pk, None),
        ("claim_ended", "claims.claim", claim.pk, claim.user_id),
    ]


def test_a_page_handed_over_names_everybody_who_speaks_no_longer(politician: Politician) -> None:
    moderator = UserFactory.create(role="moderator")
    first = decided(waiting(UserFactory.create(), politician), moderator, verify=True)
    member = DelegateFactory.create(politician=politician, role=TEAM)
    second = waiting(UserFactory.create(), politician, statement="秘書が交代しました。")
    decided(second, moderator, verify=True, end_others=True)
    assert {(deed, number) for deed, _, number, _, _ in told()} == {
        ("claim_verified", first.pk),
        ("claim_ended", first.pk),
        ("delegate_removed", member.user_id),
        ("claim_verified", second.pk),
    }
    assert {row[3] for row in told()} == {moderator.pk}


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param(lambda claim: close_account(user=claim.user), id="closed"),
        pytest.param(
            lambda claim: (Delegate.objects.all().delete(), forget_expired_codes(at=AT + timedelta(days=1))), id="gone"
        ),
    ],
)
def test_a_verification_that_ends_by_itself(politician: Politician, ending: Callable[[Claim], object]) -> None:
    claim = by_code(opened(UserFactory.create(), politician))
    ending(claim)
    assert [deed for deed, *_ in told()] == ["claim_verified", "claim_ended"]


def test_the_record_leads_to_what_it_speaks_of(
    desk: Client, moderator: User, pledge: Pledge, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    other = PledgeFactory.create(politician=pledge.politician)
    merge_pledges(source=other, target=pledge, by=editor(), reason="同じ公約です。", at=AT)
    settled(pledge)
    cast(pledge, 1)
    exclude(hold(pledge), by=moderator, at=AT)
    assign_roles(
        user=UserFactory.create(username="kaori", display_name="かおり"), roles=[Role.EDITOR], by=editor(), at=AT
    )
    with django_assert_max_num_queries(14):
        page = " ".join(desk.get("/moderation/log/").content.decode().split())
    assert f'<a href="{other.get_absolute_url()}">対象の公約' in page
    assert "対象の確認中の評価のまとまり" in page
    assert '<span class="meta">根拠</span>' in page
    assert '<span class="meta">利用者：かおり（kaori）</span>' in page
    for address in [part.split('"')[0] for part in page.split('<a href="')[1:] if "対象の" in part[:200]]:
        assert desk.get(address, follow=True).status_code == 200, address
    narrowed = desk.get("/moderation/log/?kind=pledges.pledge").content.decode()
    assert ("<b>公約：統合</b>" in narrowed, "<b>役割の変更</b>" in narrowed) == (True, False)
    assert '<option value="pledges.pledge" selected>公約</option>' in narrowed
