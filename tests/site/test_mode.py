"""The page of an election's mode, and the notices that lead there."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.elections.factories import CandidacyFactory, ContestFactory, UpcomingElectionFactory
from tsushinbo.elections.models import Election
from tsushinbo.elections.phases import TOKYO
from tsushinbo.elections.queries import hold_of, mode
from tsushinbo.elections.rules import Rule, in_force
from tsushinbo.site.queries.mode import mode_page

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 12, tzinfo=TOKYO)
CLOSED = datetime(2026, 12, 13, 20, tzinfo=TOKYO)


@pytest.fixture
def election() -> Election:
    """A mayor is elected on 13 December 2026, announced on the 6th; one person stands."""
    made = UpcomingElectionFactory.create(announced_on=date(2026, 12, 6), polling_on="2026-12-13", precision="day")
    CandidacyFactory.create(contest__election=made, contest__name="見本市")
    return made


def page(client: Client, election: Election, query: str = "") -> str:
    """The words of the page at noon of 1 December 2026."""
    mode.forget()
    with time_machine.travel(NOW, tick=False):
        response = client.get(f"{election.get_absolute_url()}mode/{query}")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert not response.cookies
    return response.content.decode()


def test_it_says_what_is_hidden_from_when_to_when_and_why(client: Client, election: Election) -> None:
    html = page(client, election)
    assert "いまの状態" in html
    assert '<span class="tag">告示前</span>' in html
    assert "記録があるのは1人です" in html
    for begins in ("2026-11-06T00:00", "2026-12-06T00:00", "2026-12-13T00:00", "2026-12-13T20:00"):
        assert f'<time datetime="{begins}+09:00">' in html
    for text in in_force().rules.values():
        assert text.words in html
        assert text.why in html
        assert f'<a href="{text.url}" rel="noopener">{text.law}</a>' in html
    assert "日程のちがう選挙区" not in html
    assert "から数えました" not in html


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        ("2026-11-05", "通常"),
        ("2026-11-06", "告示前"),
        ("2026-12-05", "告示前"),
        ("2026-12-06", "選挙運動期間"),
        ("2026-12-12", "選挙運動期間"),
        ("2026-12-13", "投票日"),
        ("2026-12-14", "投票終了後"),
    ],
)
def test_another_day_can_be_looked_at(client: Client, election: Election, day: str, phase: str) -> None:
    html = page(client, election, f"?at={day}")
    assert f'<p class="dots"><span class="tag">{phase}</span>' in html
    assert f'value="{day}"' in html
    assert 'content="noindex"' in html
    assert ("この日の20時00分から「投票終了後」" in html) is (day == "2026-12-13")
    assert ("控えているものはありません" in html) is (phase in {"通常", "投票終了後"})


@pytest.mark.parametrize(
    "typed", ["x", "2026-13-01", "2026-02-30", "0001-01-01", "9999-12-31", "1949-12-31", "<b>", "2026-12-13T19:59"]
)
def test_a_day_that_is_none_is_said_beside_the_field(client: Client, election: Election, typed: str) -> None:
    html = page(client, election, f"?at={typed}")
    assert 'aria-invalid="true" aria-describedby="err-at"' in html
    assert 'id="err-at"' in html
    assert "<b>（" not in html
    assert "いまの状態" in html


def test_contests_with_days_of_their_own_are_told_apart(client: Client, election: Election) -> None:
    for name, own in (("延期区", {"polling_on": date(2026, 12, 20)}), ("早閉区", {"polls_close_at": time(18)}), ("無投票区", {"uncontested": True})):  # fmt: skip
        ContestFactory.create(election=election, name=name, **own)
    html = page(client, election, "?at=2026-12-13")
    assert "日程のちがう選挙区" in html
    assert html.index("無投票区") < html.index("早閉区") < html.index("延期区")
    assert "<br>18時00分</td>" in html
    assert "（無投票）" in html


def test_where_every_contest_goes_by_the_same_other_day_that_is_the_day_of_the_election(election: Election) -> None:
    election.contests.update(polls_close_at=time(18))
    data = mode_page(election, NOW)
    assert data.schedule.after_at == CLOSED.replace(hour=18)
    assert data.apart == []


def test_what_is_not_known_is_said(client: Client, election: Election) -> None:
    election.announced_on = None
    election.save()
    assert "告示日の記録がないため" in page(client, election)
    election.polling_on, election.precision = "2026-12", Election.Precision.MONTH
    election.save()
    assert "投票日がまだ決まっていません" in page(client, election)
    election.polling_on, election.precision = "", Election.Precision.UNKNOWN
    election.save()
    assert "いつから控えるかは決まっていません" in page(client, election)


def test_the_page_takes_four_queries_however_many_stand(
    client: Client, election: Election, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        CandidacyFactory.create(
            contest=ContestFactory.create(election=election, polling_on=date(2026, 12, 20), name=f"第{number}区")
        )
    with time_machine.travel(NOW, tick=False), django_assert_num_queries(4):
        client.get(f"{election.get_absolute_url()}mode/")


def test_pages_of_the_election_and_its_contests_lead_there(client: Client, election: Election) -> None:
    contest = election.contests.get()
    contest.polling_on = date(2026, 12, 20)
    contest.save()
    for held, at, phase in (
        (election, NOW, "告示前"),
        (contest, NOW, "告示前"),
        (election, CLOSED, "選挙運動期間"),
        (contest, CLOSED + timedelta(days=6, hours=5), "投票日"),
        (contest, CLOSED + timedelta(days=7), ""),
    ):
        mode.forget()
        with time_machine.travel(at, tick=False):
            html = client.get(held.get_absolute_url()).content.decode()
        assert f'href="{election.get_absolute_url()}mode/"' in html
        assert (f"いまは、この選挙の「{phase}」です。" in html) if phase else ("いまは、この選挙の" not in html)


def test_the_notice_names_rule_law_end_and_page(election: Election) -> None:
    hold = hold_of(election.contests.get().candidacies.get().politician_id or 0, CLOSED - timedelta(hours=1))
    assert hold is not None
    said = render_to_string("site/_hold.html", {"hold": hold, "said": hold.said[Rule.SUPPORT.value]})
    assert "公職選挙法 第138条の3" in said
    assert "142条" not in said
    assert '<time datetime="2026-12-13T20:00:00+09:00">2026年12月13日 20時00分</time>まで' in said
    assert f'href="{election.get_absolute_url()}mode/"' in said
    everything = render_to_string("site/_hold.html", {"hold": hold})
    assert all(text.words in everything for text in hold.said.values())
    assert render_to_string("site/_hold.html", {"hold": None}).strip() == ""
