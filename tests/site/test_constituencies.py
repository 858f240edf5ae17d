"""The page of a district, and the ways to it."""

import pytest
import time_machine
from django.test import Client

from tests.cast import Cast
from tests.elections.factories import CandidacyFactory, ContestFactory
from tests.people.factories import ConstituencyFactory, PartyFactory
from tests.site.asking import html, queries
from tsushinbo.people.models import Constituency

pytestmark = pytest.mark.django_db


def held(place: Constituency, polling_on: str, **fields: object) -> None:
    contest = ContestFactory(constituency=place, name=place.name, election__polling_on=polling_on, **fields)
    CandidacyFactory(contest=contest, name="見本花子", votes=60_000, elected=True, party=PartyFactory())
    CandidacyFactory(contest=contest, name="見本次郎", votes=40_000, elected=False, party=PartyFactory())


def test_a_district_shows_its_contests_through_time_with_winners_votes_and_turnout(client: Client, cast: Cast) -> None:
    old = ConstituencyFactory(name="東京都第1区", prefecture=cast.prefecture, boundaries="2014")
    held(old, "2014-12-14", turnout_percent="52.66")
    new = ConstituencyFactory(name="東京都第1区", prefecture=cast.prefecture, boundaries="2024")
    held(new, "2024-10-27", turnout_percent="53.85")
    page = html(client, new.get_absolute_url())
    assert page.index("2024年10月27日") < page.index("2014年12月14日")
    assert "見本花子" in page
    assert "60,000票" in page
    assert "60%</span>" in page
    assert "見本次郎" not in page
    assert "2024年・2014年の区割りによる選挙の記録です" in page
    assert "投票率の移り変わり" in page
    assert "投票率 52.66%" in page


def test_an_election_to_come_is_linked_and_says_nothing_of_results(client: Client, cast: Cast) -> None:
    place = ConstituencyFactory(name="見本県第9区", prefecture=cast.prefecture)
    held(place, "2026-12-13")
    with time_machine.travel("2026-12-13T19:59:59+09:00", tick=False):
        page = html(client, place.get_absolute_url())
        assert "これからの選挙" in page
        assert "見本花子" not in page
    with time_machine.travel("2026-12-13T20:00:01+09:00", tick=False):
        assert "見本花子" in html(client, place.get_absolute_url())


def test_a_district_takes_the_same_queries_for_few_and_many(client: Client, cast: Cast) -> None:
    place = ConstituencyFactory(prefecture=cast.prefecture)
    held(place, "1990-01-01")
    few = queries(client, place.get_absolute_url())
    for year in range(1991, 2011):
        held(place, f"{year}-01-01")
    assert queries(client, place.get_absolute_url()) == few


def test_a_district_without_a_record_says_so(client: Client, db: None) -> None:
    place = ConstituencyFactory()
    assert "選挙の記録はまだありません" in html(client, place.get_absolute_url())


def test_prefectures_and_contests_lead_to_their_districts(client: Client, cast: Cast) -> None:
    place = cast.contest.constituency
    assert place is not None
    assert f'<a href="{place.get_absolute_url()}">東京都第1区</a>' in html(client, cast.prefecture.get_absolute_url())
    held(place, "2014-12-14")
    assert place.get_absolute_url() in html(client, cast.contest.get_absolute_url())
