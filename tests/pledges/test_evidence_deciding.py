"""The pages on which a second editor weighs evidence, and a change is undone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory
from tests.outline import Outline
from tests.pledges.evidence_pages import DESK, RTL, deed, new, public, text, undoing
from tests.pledges.factories import PledgeFactory
from tests.pledges.weighing import confirm, propose, reject, settled, undo
from tsushinbo.accounts.models import User
from tsushinbo.addresses import encode
from tsushinbo.pledges.models import Evidence, Pledge, StatusChange

pytestmark = pytest.mark.django_db


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
