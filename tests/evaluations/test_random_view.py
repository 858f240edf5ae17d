"""The page of the random draw."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tests.evaluations.counting import cast
from tests.people.factories import PrefectureFactory, TermFactory
from tests.pledges.factories import PledgeFactory, PolicyAreaFactory
from tsushinbo import addresses
from tsushinbo.evaluations.forms import SKIPS
from tsushinbo.evaluations.models import Ballot
from tsushinbo.people.models import Office
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db
PAGE = reverse("evaluations:random")


def page(client: Client, query: str = "") -> str:
    return client.get(PAGE + query).content.decode()


def shown(text: str) -> int | None:
    """The pledge on the page."""
    found = re.search(rf'action="/pledges/({addresses.PATTERN})/ballot/"', text)
    return addresses.decode(found[1]) if found else None


def onward(text: str) -> str:
    """Where わからない・次へ leads."""
    found = re.search(r'href="([^"]+)" data-key="n">わからない・次へ', text)
    assert found is not None
    return found[1].replace("&amp;", "&")


def ballot(pledge: Pledge) -> str:
    return reverse("evaluations:ballot", args=[pledge.pk])


def test_the_page_is_private_and_sets_no_cookie(client: Client, pledge: Pledge) -> None:
    response = client.get(PAGE)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies


def test_a_pledge_is_shown_with_its_source_and_without_its_tally(client: Client, pledge: Pledge) -> None:
    for voter in range(20):
        cast(pledge, voter + 1)
    text = page(client)
    assert shown(text) == pledge.pk
    assert pledge.title in text
    assert pledge.source_title in text
    assert "data-good" not in text
    assert "20件" not in text
    assert "%" not in re.sub(r"<head>.*</head>", "", text, flags=re.DOTALL)


def test_judging_without_htmx_works_and_the_next_pledge_is_another(client: Client) -> None:
    pledges = PledgeFactory.create_batch(3)
    seen = []
    for _ in pledges:
        number = shown(page(client))
        seen.append(number)
        response = client.post(reverse("evaluations:ballot", args=[number]), {"choice": "good"})
        assert response.status_code == 303
    assert sorted(seen, key=str) == sorted((pledge.pk for pledge in pledges), key=str)
    assert Ballot.objects.values("voter").distinct().count() == 1
    assert "すべて評価しました" in page(client)


def test_ballots_of_today_are_counted(client: Client) -> None:
    first, second = PledgeFactory.create_batch(2)
    client.post(ballot(first), {"choice": "good"})
    assert '<b id="ballots-today">1件</b>' in page(client)
    yesterday = timezone.now() - timedelta(days=1)
    Ballot.objects.update(cast_at=yesterday)
    assert '<b id="ballots-today">0件</b>' in page(client)
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}"}
    answer = client.post(ballot(second), {"choice": "bad"}, headers=headers).content.decode()
    assert '<b id="ballots-today" hx-swap-oob="true">1件</b>' in answer


def test_the_result_appears_in_place_and_leads_on_with_the_same_filter(client: Client, pledge: Pledge) -> None:
    here = f"http://testserver{PAGE}?topic=childcare&skip=0123456789"
    answer = client.post(
        ballot(pledge), {"choice": "good"}, headers={"HX-Request": "true", "HX-Current-URL": here}
    ).content.decode()
    assert 'data-good="1"' in answer
    assert f'href="{PAGE}?topic=childcare&amp;skip=0123456789"' in answer


@pytest.mark.parametrize(
    "here", ["https://evil.example/pledges/random/?topic=x", "http://testserver/pledges/?topic=x", "rubbish"]
)
def test_elsewhere_the_next_pledge_is_any(client: Client, pledge: Pledge, here: str) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": here}
    answer = client.post(ballot(pledge), {"choice": "good"}, headers=headers).content.decode()
    assert f'href="{PAGE}" data-key="n"' in answer
    assert "ballots-today" not in answer


def test_a_refused_ballot_does_not_give_the_tally_away(client: Client, pledge: Pledge, settings: Settings) -> None:
    settings.RATE_BALLOTS_PER_NETWORK = 1
    Client().post(ballot(pledge), {"choice": "good"})
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}"}
    response = client.post(ballot(pledge), {"choice": "good"}, headers=headers)
    assert response.status_code == 429
    assert "data-good" not in response.content.decode()


def test_who_does_not_know_goes_on_without_judging(client: Client) -> None:
    pledges = PledgeFactory.create_batch(3)
    seen, address = set(), PAGE
    for _ in pledges:
        text = client.get(address).content.decode()
        seen.add(shown(text))
        address = onward(text)
    assert seen == {pledge.pk for pledge in pledges}
    last = client.get(address).content.decode()
    assert shown(last) is None
    assert "残りの公約をもう一度見る" in last
    assert not Ballot.objects.exists()


def test_only_the_last_passed_over_are_remembered(client: Client) -> None:
    pledges = PledgeFactory.create_batch(SKIPS + 3)
    query = "?" + "&".join(f"skip={addresses.encode(pledge.pk)}" for pledge in pledges)
    text = page(client, query)
    assert shown(text) in {pledge.pk for pledge in pledges[:3]}
    assert onward(text).count("skip=") == SKIPS


def test_filters_narrow_and_stay(client: Client) -> None:
    prefecture, topic = PrefectureFactory.create(), PolicyAreaFactory.create()
    mayor = TermFactory.create(office=Office.MAYOR, prefecture=prefecture).politician
    wanted = PledgeFactory.create(politician=mayor, policy_area=topic)
    PledgeFactory.create_batch(5)
    query = f"?topic={topic.pk}&area={prefecture.pk}&office=mayor"
    text = page(client, query)
    assert shown(text) == wanted.pk
    assert onward(text) == f"{PAGE}{query}&skip={addresses.encode(wanted.pk)}"
    assert f'<option value="{topic.pk}" selected>' in text
    client.post(ballot(wanted), {"choice": "good"})
    assert "この条件の公約は、すべて評価したか、まだ登録されていません。" in page(client, query)


def test_what_is_not_understood_is_left_out_and_named(client: Client, pledge: Pledge) -> None:
    text = page(client, "?topic=nonsense&office=king&skip=x&skip=&skip=ABCDEFGHJK")
    assert shown(text) == pledge.pk
    assert "「政策分野」「職」の条件を読み取れないため" in text


def test_an_empty_site_has_a_kind_page(client: Client) -> None:
    text = page(client)
    assert "新しい公約が登録されると" in text
    assert reverse("site:pledges") in text


def test_the_form_carries_a_ticket_until_the_voter_is_known(client: Client) -> None:
    first, _ = PledgeFactory.create_batch(2)
    assert 'name="ticket"' in page(client)
    client.post(ballot(first), {"choice": "good"})
    assert 'name="ticket"' not in page(client)


@pytest.mark.parametrize("method", ["post", "put"])
def test_it_is_only_read(client: Client, method: str) -> None:
    assert getattr(client, method)(PAGE).status_code == 405


def test_the_page_costs_a_fixed_number_of_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    PledgeFactory.create_batch(12)
    judged = PledgeFactory.create()
    client.post(ballot(judged), {"choice": "good"})
    Pledge.objects.filter(pk=judged.pk).update(published=False)
    # Seven of the draw, the topics, the prefectures, the count of today.
    with django_assert_max_num_queries(10):
        page(client)
