"""What the public and the voter are told of ballots that are held: how many, never whose."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from tests.evaluations.ballot_pages import HTMX, address, post, result, text
from tests.evaluations.counting import cast
from tests.evaluations.holding import exclude, hold, release
from tests.evaluations.planting import END, Planted
from tests.pledges.factories import PledgeFactory
from tsushinbo.evaluations.models import Ballot, HoldCase, ReasonText
from tsushinbo.evaluations.services.attacks import look_for_attacks
from tsushinbo.pledges.models import Pledge
from tsushinbo.scoring.synthetic.campaigns import STYLES, attack

pytestmark = pytest.mark.django_db
HELD = "確認中の評価 {}件"
EXCLUDED = "除外した評価 {}件"


def page(client: Client, pledge: Pledge) -> str:
    return text(client.get(pledge.get_absolute_url()))


def data_held(html: str) -> int:
    [number] = re.findall(r'data-held="(\d+)"', html)
    return int(number)


def test_a_pledge_without_held_ballots_does_not_speak_of_them(client: Client, pledge: Pledge) -> None:
    cast(pledge, 1, "bad")
    html = page(client, pledge)
    assert data_held(html) == 0
    assert "確認中の評価" not in html
    assert "除外した評価" not in html


def test_a_pledge_says_how_many_are_held_and_counts_the_others(client: Client, pledge: Pledge) -> None:
    for voter in range(1, 5):
        cast(pledge, voter, "bad" if voter < 4 else "good")
    hold(pledge, voters=(1, 2))
    response = client.get(pledge.get_absolute_url())
    assert result(response) == (1, 1, 2)
    html = text(response)
    assert data_held(html) == 2
    assert HELD.format(2) in html
    assert f'{reverse("site:methodology")}#holds"' in html


@pytest.mark.parametrize(("decide", "seen"), [(None, False), (exclude, False), (release, True)])
def test_the_reason_of_a_ballot_that_does_not_count_is_not_published(
    client: Client, pledge: Pledge, decide: Callable[[HoldCase], object] | None, seen: bool
) -> None:
    for voter, reason in ((1, "示し合わせた理由"), (2, "自分で考えた理由")):
        cast(pledge, voter, "bad", "other", text=reason)
    ReasonText.objects.update(state=ReasonText.State.APPROVED)
    assert "示し合わせた理由" in page(client, pledge)
    case = hold(pledge, voters=(1,))
    if decide is not None:
        decide(case)
    html = page(client, pledge)
    assert ("示し合わせた理由" in html) == seen
    assert "自分で考えた理由" in html


def test_a_decision_is_seen_at_once(client: Client, pledge: Pledge) -> None:
    for voter in (1, 2):
        cast(pledge, voter, "bad")
    first, second = hold(pledge, voters=(1,)), hold(pledge, voters=(2,))
    html = page(client, pledge)
    assert HELD.format(2) in html
    assert "数えている評価は、まだありません。" in html
    assert "最初の評価をお待ちしています" not in html
    exclude(first)
    release(second)
    response = client.get(pledge.get_absolute_url())
    assert result(response) == (0, 1, 1)
    assert EXCLUDED.format(1) in text(response)
    assert "確認中の評価" not in text(response)


def test_voters_are_told_about_their_own_ballot(client: Client, pledge: Pledge) -> None:
    post(client, pledge, "bad")
    own = Ballot.objects.get()
    assert "あなたの評価は確認中です" not in text(client.get(address(pledge)))
    hold(pledge, voters=(own.voter,))
    html = text(client.get(address(pledge)))
    assert "あなたの評価は確認中です" in html
    assert 'data-own="bad"' in html
    changed = post(client, pledge, "good", htmx=True)
    assert "評価を変更しました。" in text(changed)
    assert "あなたの評価は確認中です" in text(changed)
    assert result(changed) == (0, 0, 0)
    exclude(HoldCase.objects.get())
    html = text(client.get(address(pledge)))
    assert "集計から除外しています。理由：示し合わせた一斉の評価" in html
    assert str(own.voter) not in html


def test_voters_are_told_whether_their_reason_is_published(client: Client, pledge: Pledge) -> None:
    post(client, pledge, "bad", "other", reason_text="財源が書かれていない")
    ReasonText.objects.update(state=ReasonText.State.APPROVED)
    assert "は、公開しています。" in text(client.get(address(pledge)))
    case = hold(pledge, voters=(Ballot.objects.get().voter,))
    html = text(client.get(address(pledge)))
    assert "は、公開しています。" not in html
    assert "評価を集計に入れていないため、公開していません。" in html
    release(case)
    assert "は、公開しています。" in text(client.get(address(pledge)))


def test_others_are_not_told_whose_ballot_is_held(client: Client, pledge: Pledge) -> None:
    cast(pledge, 1, "bad")
    hold(pledge)
    post(client, pledge, "good")
    html = text(client.get(address(pledge)))
    assert "あなたの評価は確認中です" not in html
    assert HELD.format(1) in html


def test_the_report_card_says_it_too_and_counts_none_of_them(client: Client, pledge: Pledge) -> None:
    other = PledgeFactory.create(politician=pledge.politician)
    for one in (pledge, other):
        for voter in range(1, 13):
            cast(one, voter, "bad" if voter < 3 else "good")
    hold(pledge, other, voters=(1, 2))
    html = text(client.get(pledge.politician.get_absolute_url()))
    assert HELD.format(4) in html
    assert "20件" in html
    assert "24件" not in html


def test_the_page_on_the_method_counts_them(client: Client, pledge: Pledge) -> None:
    for voter in range(1, 6):
        cast(pledge, voter, "bad")
    hold(pledge, voters=(1, 2))
    exclude(hold(pledge, voters=(3,)))
    html = text(client.get(reverse("site:methodology")))
    assert 'id="holds"' in html
    table = re.search(r"<caption>いまの件数</caption>(.*?)</table>", html, re.DOTALL)
    assert table is not None
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", table[1])
    assert dict(zip(cells[::2], cells[1::2], strict=True)) | {
        "確認中の評価": "2件",
        "除外した評価": "1件",
        "除外の理由：示し合わせた一斉の評価": "1件",
    } == dict(zip(cells[::2], cells[1::2], strict=True))


@pytest.mark.parametrize("htmx", [False, True])
def test_the_own_box_of_a_held_ballot_costs_no_more(
    client: Client, pledge: Pledge, django_assert_num_queries: DjangoAssertNumQueries, htmx: bool
) -> None:
    post(client, pledge, "bad")
    headers = HTMX if htmx else {}
    client.get(address(pledge), headers=headers)
    counted = 4 if not htmx else 3
    with django_assert_num_queries(counted):
        client.get(address(pledge), headers=headers)
    hold(pledge, voters=(Ballot.objects.get().voter,))
    with django_assert_num_queries(counted):
        client.get(address(pledge), headers=headers)


def test_an_attack_is_seen_on_the_pages_of_its_targets_and_moves_nothing(client: Client, settings: Settings) -> None:
    settings.RATE_BALLOTS_PER_VOTER = settings.RATE_BALLOTS_PER_NETWORK = 1_000_000
    site = Planted()
    targets = site.well_supported()
    pledges = [site.pledges[number] for number in range(len(site.pledges)) if site.scene.site.owner[number] in targets]
    before = {pledge.pk: result(client.get(pledge.get_absolute_url())) for pledge in pledges}
    attack(site.scene, targets, STYLES["naive"], 30, begins=119.5)
    campaign = site.cast()
    moved = [pledge for pledge in pledges if result(client.get(pledge.get_absolute_url())) != before[pledge.pk]]
    assert moved
    look_for_attacks(at=END)
    for pledge in pledges:
        response = client.get(pledge.get_absolute_url())
        held = sum(of == pledge.pk for of, _ in campaign)
        assert result(response) == before[pledge.pk]
        assert data_held(text(response)) == held
        assert not held or HELD.format(held) in text(response)
