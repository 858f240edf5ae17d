"""The first page, and what the site is."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.utils.html import escape
from pytest_django import Settings

from tests.cast import Cast
from tests.elections.factories import UpcomingElectionFactory
from tests.pledges.factories import PledgeFactory
from tests.site.asking import html, queries
from tsushinbo.site.queries import totals
from tsushinbo.site.queries.gaps import gaps


def test_search_comes_first(client: Client, cast: Cast) -> None:
    page = html(client, "/")
    assert page.count('role="search"') == 1
    page = page.partition("</head>")[2]
    assert page.index('action="/search/"') < page.index("使い方") < page.index("今日の公約") < page.index("新着の公約")


def test_totals_count_what_is_there(client: Client, cast: Cast) -> None:
    page = html(client, "/")
    for name, number, unit in (("政治家", 3, "人"), ("公約", 4, "件"), ("評価", 100, "件")):
        assert f'<dt>{name}</dt><dd>{number}<span class="unit">{unit}</span></dd>' in page


def test_one_pledge_can_be_judged_in_place_without_its_counts(client: Client, cast: Cast) -> None:
    page = html(client, "/")
    assert '<button class="g" type="submit" name="choice" value="good"' in page
    assert '<button class="b" type="submit" name="choice" value="bad"' in page
    assert "data-ballots" not in page


def test_draw_is_the_same_for_a_minute(client: Client, cast: Cast) -> None:
    pages = set()
    for second in (0, 20, 59):
        with time_machine.travel(datetime(2026, 3, 1, 3, 0, second, tzinfo=UTC), tick=False):
            pages.add(client.get("/").headers["ETag"])
    assert len(pages) == 1


@time_machine.travel(datetime(2026, 12, 1, 3, 0, tzinfo=UTC))
def test_elections_to_come_stand_with_days_left_where_the_day_is_known(client: Client, cast: Cast) -> None:
    UpcomingElectionFactory(name="見本市長選挙", polling_on="2026-12-13", precision="day", announced_on="2026-12-06")
    UpcomingElectionFactory(name="過ぎた選挙", polling_on="2026-11-01", precision="day")
    page = html(client, "/")
    assert "あと12日" in page
    assert "2026年12月6日 告示" in page
    assert "過ぎた選挙" not in page
    assert page.index("見本市長選挙") < page.index("品川区議会議員選挙")


def test_home_takes_the_same_queries_for_few_and_many(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The draw goes round at the end of the ids, now with one query more and now without; its own tests count them.
    monkeypatch.setattr("tsushinbo.site.views.home.draw_pledge", lambda seed: cast.unjudged)
    few = queries(client, "/")
    for _ in range(20):
        PledgeFactory(policy_area=cast.pledge.policy_area, politician=cast.member)
        UpcomingElectionFactory(area=cast.ward)
    assert queries(client, "/") == few


def test_kept_totals_save_their_queries(client: Client, cast: Cast) -> None:
    cold = queries(client, "/about/")
    assert cold == 1
    assert totals.totals() is totals.totals()


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("desk@example.com", '<a href="mailto:desk@example.com">desk@example.com</a>'),
        (
            "https://example.com/contact/",
            '<a href="https://example.com/contact/" rel="noopener">https://example.com/contact/</a>',
        ),
        ("", "まだ登録されていません"),
    ],
)
def test_the_contact_page_tells_how_to_reach_the_operator(
    client: Client, cast: Cast, settings: Settings, contact: str, shown: str
) -> None:
    settings.CONTACT = contact
    assert shown in html(client, "/contact/")


def test_about_lists_every_source_with_its_licence(client: Client, cast: Cast) -> None:
    page = html(client, "/about/")
    assert '<a href="https://data.example.com/" rel="noopener">見本の表</a>' in page
    assert "<b>見本の会</b>" in page
    assert "ライセンス CC BY 4.0" in page


def test_about_tells_what_could_not_be_found_out(client: Client, cast: Cast) -> None:
    (parties, party_notes), (chiefs, chief_notes) = gaps()
    assert parties == "政党"
    assert chiefs == "首長"
    assert len(party_notes) >= 13
    page = html(client, "/about/")
    for note in (*party_notes, *chief_notes):
        assert not set("*`") & set(note)
        assert " ".join(escape(note).split()) in page


def test_about_explains_counting_privacy_and_neutrality(client: Client, cast: Cast) -> None:
    page = html(client, "/about/")
    for place in ("neutral", "pledges", "counting", "status", "privacy", "data", "source", "contact"):
        assert f'id="{place}"' in page
    # The worked example is the real interval of 7 of 10.
    assert "70%（範囲 40〜89%）" in page
    assert "Affero" in page


def test_liveness_asks_no_database(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert response.headers["Cache-Control"] == "no-store"
