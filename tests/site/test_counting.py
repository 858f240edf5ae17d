"""What pages say while a count goes on: how far it is, and nothing as if it were the result."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.elections.factories import CandidacyFactory, ContestFactory, ElectionFactory
from tests.people.factories import ConstituencyFactory, PartyFactory, PoliticianFactory, TermFactory
from tests.pledges.factories import PledgeFactory
from tests.site.asking import html, queries
from tsushinbo.addresses import encode
from tsushinbo.elections.models import Candidacy, Contest, PartyResult
from tsushinbo.people.models import Party, Politician, Tier

pytestmark = pytest.mark.django_db
WORDS = "開票中：開票率 43.2%・21:35現在"


@pytest.fixture(autouse=True)
def night() -> Iterator[None]:
    with time_machine.travel("2024-10-27T22:00:00+09:00", tick=False):
        yield


@pytest.fixture
def contest(cast: Cast) -> Contest:
    """A district of which 43.2% are counted."""
    place = ConstituencyFactory(name="見本県第9区", prefecture=cast.prefecture)
    return ContestFactory.create(
        constituency=place, name=place.name, turnout_percent="52.66",
        counted_percent=Decimal("43.2"), counted_at=datetime.fromisoformat("2024-10-27T21:35:00+09:00"),
    )  # fmt: skip


@pytest.fixture
def leading(contest: Contest) -> Politician:
    """Who leads and is on record as elected."""
    row: Candidacy = CandidacyFactory.create(contest=contest, votes=61_234, elected=True, party=PartyFactory())
    CandidacyFactory(contest=contest, votes=40_000, elected=False)
    assert row.politician is not None
    return row.politician


def end(contest: Contest) -> None:
    Contest.objects.filter(pk=contest.pk).update(counted_percent=100)


def test_the_report_card_says_how_far_the_count_is(client: Client, contest: Contest, leading: Politician) -> None:
    page = html(client, leading.get_absolute_url())
    assert WORDS in page
    for words in ("当選", "61,234票", "得票率 ", "1位"):
        assert words not in page
    end(contest)
    page = html(client, leading.get_absolute_url())
    assert "開票中" not in page
    for words in ('<span class="tag">当選</span>', "61,234票", "得票率 60.5%", "1位"):
        assert words in page


def test_nobody_who_is_compared_has_won_or_lost(client: Client, contest: Contest, leading: Politician) -> None:
    address = f"{reverse('site:compare')}?p={encode(leading.pk)}"
    page = html(client, address)
    assert f'結果の記録なし<p class="meta">{contest.election}（{WORDS}）' in page
    end(contest)
    assert f'1回・当選 1回<p class="meta">{contest.election}（当選）' in html(client, address)


def test_the_record_of_a_district_names_who_leads_beside_how_far_it_is(
    client: Client, contest: Contest, leading: Politician
) -> None:
    assert contest.constituency is not None
    address = contest.constituency.get_absolute_url()
    ContestFactory(constituency=contest.constituency, election__polling_on="2021-10-31", turnout_percent="50.00")
    page = html(client, address)
    assert page.index(WORDS) < page.index("61,234票")
    assert "投票率の移り変わり" not in page
    end(contest)
    page = html(client, address)
    assert "開票中" not in page
    assert "投票率の移り変わり" in page


def test_lists_of_contests_say_it_in_the_row_of_the_winner(
    client: Client, contest: Contest, leading: Politician
) -> None:
    assert WORDS in html(client, contest.election.get_absolute_url())
    other = ContestFactory(constituency=contest.constituency, election__polling_on="2021-10-31")
    assert WORDS in html(client, other.get_absolute_url())


def test_candidates_side_by_side_begin_no_term(client: Client, contest: Contest, leading: Politician) -> None:
    PledgeFactory(politician=leading, election=contest.election)
    TermFactory(politician=leading, starts_on="2024-10-27")
    address = f"{reverse('site:manifesto', args=[contest.election_id])}?contest={encode(contest.pk)}"
    page = html(client, address)
    assert WORDS in page
    assert "当選" not in page
    assert "始まった任期 <span" not in page
    end(contest)
    page = html(client, address)
    assert "開票中" not in page
    assert '<span class="tag">当選</span>' in page
    assert "始まった任期 <span" in page


def results(contest: Contest, *parties: Party) -> None:
    for party in parties:
        fields: dict[str, Any] = {"party": party, "party_name": party.name, "votes": 12_345, "seats": 7}
        PartyResult.objects.create(election=contest.election, tier=Tier.PROPORTIONAL, area_name=contest.name, **fields)


def test_parties_have_no_seats_and_no_votes_until_the_end(client: Client, contest: Contest) -> None:
    party, rival = PartyFactory(), PartyFactory()
    results(contest, party, rival)
    before = ContestFactory(election__polling_on="2021-10-31")
    results(before, party, rival)
    page, election = html(client, party.get_absolute_url()), html(client, contest.election.get_absolute_url())
    assert "開票中（確定してから表示します）" in page
    assert "議席の移り変わり" not in page
    assert page.count("12,345票") == 1
    assert "党派別の得票" not in election
    assert "開票中：1選挙区" in election
    end(contest)
    page, election = html(client, party.get_absolute_url()), html(client, contest.election.get_absolute_url())
    assert "開票中" not in page
    assert "議席の移り変わり" in page
    assert "党派別の得票" in election


def test_counts_that_go_on_take_no_query_each(client: Client, contest: Contest, leading: Politician) -> None:
    address = leading.get_absolute_url()
    compare = f"{reverse('site:compare')}?p={encode(leading.pk)}"
    few = queries(client, address), queries(client, compare)
    for _ in range(4):
        more = ContestFactory(
            election=ElectionFactory(), counted_percent=Decimal("43.2"), counted_at=contest.counted_at
        )
        CandidacyFactory(contest=more, politician=leading, votes=5, elected=True)
    PoliticianFactory()
    assert (queries(client, address), queries(client, compare)) == few
