"""The manifesto of an election: pledges by policy area, side by side."""

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.elections.factories import CandidacyFactory, ContestFactory, ElectionFactory
from tests.people.factories import PartyFactory, PoliticianFactory, TermFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory, PolicyAreaFactory
from tests.site.asking import html, queries
from tsushinbo.addresses import encode
from tsushinbo.elections.models import Election
from tsushinbo.people.models import Party

pytestmark = pytest.mark.django_db


def address(election: Election) -> str:
    return reverse("site:manifesto", args=[election.pk])


def five_parties(election: Election, **fields: Any) -> list[Party]:
    """Each with one pledge in one policy area."""
    topic = PolicyAreaFactory(code="childcare", name="子育て")
    parties = [PartyFactory(name=f"見本{sign}の会") for sign in "あいうえお"]
    for party in parties:
        PartyPledgeFactory(party=party, election=election, policy_area=topic, title=f"{party}の保育の公約", **fields)
    return parties


def test_the_first_four_parties_by_name_stand_side_by_side_with_source_and_date(client: Client) -> None:
    election = ElectionFactory()
    five_parties(election, source_title="見本の政策集", source_on="2024-10-15", source_publisher="見本の会")
    page = html(client, address(election))
    assert 'class="sides of4"' in page
    places = [page.index(f"見本{sign}の会の保育の公約") for sign in "あいうえ"]
    assert places == sorted(places)
    assert "見本おの会の保育の公約" not in page
    assert "見本の政策集" in page
    assert '<time datetime="2024-10-15">' in page


def test_chosen_parties_stand_in_the_neutral_order_whatever_order_they_came_in(client: Client) -> None:
    election = ElectionFactory()
    parties = five_parties(election)
    page = html(client, f"{address(election)}?party={encode(parties[4].pk)}&party={encode(parties[1].pk)}")
    assert 'class="sides of2"' in page
    assert page.index("見本いの会の保育の公約") < page.index("見本おの会の保育の公約")
    assert "見本あの会の保育の公約" not in page


def test_of_more_than_four_chosen_the_first_four_are_shown_and_that_is_said(client: Client) -> None:
    election = ElectionFactory()
    asked = "&".join(f"party={encode(party.pk)}" for party in five_parties(election))
    page = html(client, f"{address(election)}?{asked}")
    assert "並べられるのは4つまでです" in page
    assert "見本おの会の保育の公約" not in page


def test_a_policy_area_is_chosen_and_shows_the_pledges_of_candidates_too(client: Client) -> None:
    election = ElectionFactory()
    party = five_parties(election)[0]
    other = PartyPledgeFactory(party=party, election=election, title="防災の公約")
    person = PoliticianFactory()
    CandidacyFactory(contest__election=election, politician=person, party=party)
    PledgeFactory(politician=person, election=election, policy_area_id="childcare", title="候補者の保育の公約")
    everything = html(client, address(election))
    assert other.title in everything
    assert "候補者の保育の公約" not in everything
    page = html(client, address(election), topic="childcare")
    assert other.title not in page
    assert "候補者の保育の公約" in page
    assert f"<span>{person}</span>" in page


def test_a_cell_of_all_areas_shows_three_and_says_how_many_more(client: Client) -> None:
    election, topic, party = ElectionFactory(), PolicyAreaFactory(), PartyFactory()
    for number in range(5):
        PartyPledgeFactory(
            party=party, election=election, policy_area=topic, title=f"公約その{number}", key=f"k{number}"
        )
    page = html(client, address(election))
    assert "公約その2" in page
    assert "公約その3" not in page
    assert "ほか2件" in page
    assert "公約その4" in html(client, address(election), topic=topic.pk)


def test_candidates_of_a_contest_stand_in_the_official_order_with_the_term_that_began(client: Client) -> None:
    contest = ContestFactory(election__polling_on="2024-10-27")
    won, lost = PoliticianFactory(name="見本当子"), PoliticianFactory(name="見本落男")
    CandidacyFactory(contest=contest, politician=lost, number=1, elected=False)
    CandidacyFactory(contest=contest, politician=won, number=2, elected=True)
    for person in (won, lost):
        PledgeFactory(politician=person, election=contest.election, status="kept")
        TermFactory(politician=person, starts_on="2024-10-27", ends_on="2028-10-26")
    page = html(client, address(contest.election), contest=encode(contest.pk))
    assert page.index("見本落男") < page.index("見本当子")
    assert page.count("この選挙で始まった任期 <span") == 1
    assert "2028年10月26日" in page
    assert "この選挙は終わりました" in page


def test_candidates_without_a_page_are_named_too(client: Client) -> None:
    contest = ContestFactory()
    known = CandidacyFactory(contest=contest, number=1)
    address_of_all = f"{address(contest.election)}?contest={encode(contest.pk)}"
    assert "公約の登録のない候補者" not in html(client, address_of_all)
    CandidacyFactory(contest=contest, politician=None, name="見本新人", number=2)
    PledgeFactory(politician=known.politician, election=contest.election)
    page = html(client, address_of_all)
    assert "見本新人" in page[page.index("公約の登録のない候補者") :]
    assert "公約の登録はありません" in page


def test_before_the_polls_close_nothing_is_said_of_results_or_terms(client: Client) -> None:
    contest = ContestFactory(election__polling_on="2026-12-13")
    person = PoliticianFactory()
    CandidacyFactory(contest=contest, politician=person, elected=True)
    PledgeFactory(politician=person, election=contest.election)
    TermFactory(politician=person, starts_on="2026-12-13")
    with time_machine.travel("2026-12-13T19:59:59+09:00", tick=False):
        page = html(client, address(contest.election))
    assert "当選" not in page
    assert "始まった任期" not in page
    assert "GOOD" not in page


@pytest.mark.parametrize("query", ["topic=nothing", "party=x", "candidate=%00", "contest=zzz", "contest=0000000000"])
def test_what_cannot_be_read_is_left_out_and_said(client: Client, query: str) -> None:
    election = ElectionFactory()
    five_parties(election)
    response = client.get(f"{address(election)}?{query}")
    assert response.status_code in {200, 400}
    if response.status_code == 200:
        assert "条件を読み取れないため" in response.content.decode()


def test_an_election_without_pledges_says_so(client: Client) -> None:
    assert "公約の記録はまだありません" in html(client, address(ElectionFactory()))


def test_the_page_takes_the_same_queries_for_few_and_many(client: Client) -> None:
    election = ElectionFactory()
    five_parties(election)
    few = queries(client, address(election)), queries(client, f"{address(election)}?topic=childcare")
    for _ in range(20):
        PartyPledgeFactory(
            party=PartyFactory(name="見本あああ党"[:5] + str(_)), election=election, policy_area_id="childcare"
        )
    assert (queries(client, address(election)), queries(client, f"{address(election)}?topic=childcare")) == few


def test_elections_contests_and_parties_lead_to_it(client: Client) -> None:
    contest = ContestFactory()
    party = five_parties(contest.election)[0]
    CandidacyFactory(contest=contest)
    assert address(contest.election) in html(client, contest.election.get_absolute_url())
    assert f"{address(contest.election)}?contest={encode(contest.pk)}" in html(client, contest.get_absolute_url())
    assert f"{address(contest.election)}?party={encode(party.pk)}" in html(client, party.get_absolute_url())
