"""The pages of elections and contests, and the calendar."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.elections.factories import CandidacyFactory, ContestFactory, ElectionFactory, UpcomingElectionFactory
from tests.elections.test_icalendar import parsed
from tests.people.factories import AreaFactory, ConstituencyFactory, PartyFactory, PoliticianFactory, PrefectureFactory
from tests.pledges.factories import PledgeFactory
from tests.site.asking import html, queries
from tsushinbo.addresses import encode
from tsushinbo.elections.models import Contest, Election
from tsushinbo.people.models import Area, Tier

pytestmark = pytest.mark.django_db
LIST = "/elections/"


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-12-01T12:00:00+09:00", tick=False) as traveller:
        yield traveller


def coming(polling_on: str, **fields: object) -> Election:
    return UpcomingElectionFactory(name="見本市長選挙", polling_on=polling_on, precision="day", **fields)


@pytest.mark.parametrize(
    ("at", "words", "when"),
    [
        ("2026-12-11T23:59:59+09:00", "あと2日", "coming"),
        ("2026-12-12T00:00:00+09:00", "あと1日", "coming"),
        ("2026-12-13T00:00:00+09:00", "今日が投票日", "coming"),
        ("2026-12-13T23:59:59+09:00", "今日が投票日", "coming"),
        ("2026-12-14T00:00:00+09:00", "2026年12月13日", "past"),
    ],
)
def test_days_left_are_counted_in_japan(
    client: Client, now: time_machine.Traveller, at: str, words: str, when: str
) -> None:
    coming("2026-12-13")
    now.move_to(datetime.fromisoformat(at), tick=False)
    assert words in html(client, LIST, when=when)
    other = "past" if when == "coming" else "coming"
    assert "条件に合う選挙は見つかりませんでした" in html(client, LIST, when=other)


def test_those_to_come_stand_under_their_month(client: Client, now: time_machine.Traveller) -> None:
    coming("2026-12-13")
    UpcomingElectionFactory(polling_on="2027-04", precision="month", basis="term_expiry: earlier on dissolution")
    page = html(client, LIST)
    assert page.index("<h3>2026年12月</h3>") < page.index("見本市長選挙") < page.index("2027年4月</h3>")
    assert "根拠 任期満了の日から計算（解散があれば早まります）" in page
    assert "日程は未定" in page


def test_lists_take_the_same_number_of_queries_however_long(client: Client, now: time_machine.Traveller) -> None:
    coming("2026-12-13", area=AreaFactory())
    few = queries(client, LIST)
    for day in range(14, 30):
        coming(f"2026-12-{day}", area=AreaFactory())
    assert queries(client, LIST) == few


def test_past_elections_are_leafed_through_and_narrowed(client: Client) -> None:
    for year in range(1950, 2010):
        ElectionFactory(name=f"見本の選挙{year}", polling_on=f"{year}-04-01")
    assert "見本の選挙1955" not in html(client, LIST, when="past")
    assert "見本の選挙1955" in html(client, LIST, when="past", page="2")
    narrowed = html(client, LIST, when="past", year="1955")
    assert "見本の選挙1955" in narrowed
    assert "見本の選挙1956" not in narrowed
    assert client.get(LIST, {"when": "past", "page": "3"}).status_code == 404
    assert client.get(LIST, {"page": "999999999"}).status_code == 404


def test_by_elections_are_found_apart(client: Client) -> None:
    ElectionFactory(name="見本の補欠選挙", kind="by")
    ElectionFactory(name="見本の総選挙", kind="general")
    page = html(client, LIST, when="past", kind="by")
    assert "見本の補欠選挙" in page
    assert "見本の総選挙" not in page


@pytest.mark.parametrize(
    "query", ["level=world", "kind=coup", "office=king", "prefecture=999999", "year=20x6", "when=never"]
)
def test_unknown_choice_is_left_out_and_said(client: Client, query: str) -> None:
    assert "条件を読み取れないため" in html(client, f"{LIST}?{query}")


def test_unknown_elections_and_contests_are_not_found(client: Client) -> None:
    contest, other = ContestFactory(), ElectionFactory()
    for path in ("0000000000/", "x/", f"{encode(other.pk)}/0000000000/", f"{encode(other.pk)}/{encode(contest.pk)}/"):
        assert client.get(f"{LIST}{path}").status_code == 404


def contest_of(election: Election, people: int, tier: str = Tier.AT_LARGE) -> Contest:
    contest = ContestFactory(election=election, tier=tier)
    for number in range(people):
        CandidacyFactory(
            contest=contest, key=f"{contest.pk}-{number}", party=PartyFactory(), votes=100 * (number + 1),
            elected=number == people - 1,
        )  # fmt: skip
    return contest


def test_pages_take_the_same_number_of_queries_however_many_stand(client: Client) -> None:
    one, many = contest_of(ElectionFactory(), 2), contest_of(ElectionFactory(), 12)
    for candidacy in many.candidacies.all():
        PledgeFactory(politician=candidacy.politician, election=many.election)
    contest_of(many.election, 3)
    contest_of(many.election, 3)
    assert queries(client, one.get_absolute_url()) == queries(client, many.get_absolute_url())
    assert queries(client, one.election.get_absolute_url()) == queries(client, many.election.get_absolute_url())


def test_candidates_stand_in_the_order_of_the_record_with_their_pledges(client: Client) -> None:
    contest = contest_of(ElectionFactory(), 2, Tier.SINGLE_SEAT)
    first, second = contest.candidacies.order_by("key")
    PledgeFactory(politician=first.politician, status="kept")
    page = html(client, contest.get_absolute_url())
    assert page.index(f">{first.name}<") < page.index(f">{second.name}<")
    assert reverse("site:politician-pledges", args=[first.politician_id]) in page
    assert "公約1件" in page
    assert "33.3%" in page
    assert "惜敗率</span> 50.0%" in page


def test_no_result_and_no_score_is_shown_before_the_polls_close(client: Client, now: time_machine.Traveller) -> None:
    contest = contest_of(coming("2026-12-13"), 3, Tier.SINGLE_SEAT)
    for at, shown in (("2026-12-13T19:59:59+09:00", False), ("2026-12-13T20:00:00+09:00", True)):
        now.move_to(datetime.fromisoformat(at), tick=False)
        page = html(client, contest.get_absolute_url())
        assert ("300票" in page) is shown
        assert ("1位" in page) is shown
        assert (">当選<" in page) is shown
        assert "偏差値" not in page
        assert ("当選</th>" in html(client, contest.election.get_absolute_url())) is shown


def test_a_contest_that_elected_nobody_says_so(client: Client) -> None:
    contest = contest_of(ElectionFactory(), 2)
    contest.candidacies.update(elected=False)
    assert "当選人なし" in html(client, contest.get_absolute_url())
    assert "当選人なし" in html(client, contest.election.get_absolute_url())


def test_an_uncontested_seat_says_so(client: Client) -> None:
    contest = contest_of(ElectionFactory(), 1)
    assert "無投票" not in html(client, contest.get_absolute_url())
    contest.candidacies.update(votes=None)
    assert "無投票" in html(client, contest.get_absolute_url())


def test_results_by_party_are_pictures_with_their_words_and_a_table(client: Client) -> None:
    contest = contest_of(ElectionFactory(seats=1), 2)
    winner = contest.candidacies.get(elected=True).party
    page = html(client, contest.election.get_absolute_url())
    assert '<svg class="half" width="100%" height="88" role="img" aria-labelledby="bt-v1 bd-v1">' in page
    assert f'<desc id="bd-v1">{winner} 200票、' in page
    assert 'width="50.00%"' in page
    assert f'<td>{winner}</td><td class="r">200票</td>' in page


def test_turnout_over_time_is_drawn_from_two_elections_on(client: Client) -> None:
    shared = {"level": "municipal", "office": "mayor", "area": AreaFactory()}
    newer = ElectionFactory(**shared, polling_on="2022-12-04", turnout_percent="32.44")
    assert "投票率の移り変わり" not in html(client, newer.get_absolute_url())
    ElectionFactory(**shared, polling_on="2018-10-07", turnout_percent="40")
    page = html(client, newer.get_absolute_url())
    assert "2022年12月4日 32.44%、2018年10月7日 40.00%。" in page


def test_lists_of_a_block_stand_by_party_in_the_order_of_rank(client: Client) -> None:
    block, party = ContestFactory(tier=Tier.PROPORTIONAL, name="比例見本ブロック"), PartyFactory()
    for rank, name in ((2, "見本次郎"), (1, "見本一郎")):
        CandidacyFactory(contest=block, key=name, party=party, politician=None, name=name, list_rank=rank, elected=None)
    page = html(client, block.get_absolute_url())
    assert page.index("見本一郎") < page.index("見本次郎")
    assert "名簿1位" in page
    assert page.count(f">{party}</a></h3>") == 1


def test_pledges_of_an_election_are_counted_and_linked(client: Client, cast: Cast) -> None:
    election = cast.contest.election
    assert f"/pledges/?election={encode(election.pk)}" in html(client, election.get_absolute_url())


def test_report_cards_and_areas_lead_to_their_elections(client: Client, cast: Cast) -> None:
    assert cast.contest.election.get_absolute_url() in html(client, cast.member.get_absolute_url())
    for election in Election.objects.filter(area=cast.ward):
        assert election.get_absolute_url() in html(client, cast.ward.get_absolute_url())


def test_names_are_text(client: Client) -> None:
    contest = ContestFactory(name="<b>区</b>", election__name="<i>選挙</i>")
    CandidacyFactory(contest=contest, politician=PoliticianFactory(), name="<u>名</u>", elected=True)
    for page in (contest.get_absolute_url(), contest.election.get_absolute_url(), f"{LIST}?when=past"):
        text = html(client, page)
        assert not {"<b>区", "<i>選", "<u>名"} & {text[at : at + 4] for at in range(len(text))}


def test_the_calendar_holds_what_has_a_day_a_month_or_a_window(client: Client, now: time_machine.Traveller) -> None:
    day = coming("2026-12-13", announced_on="2026-12-06")
    month = UpcomingElectionFactory(polling_on="2027-02", precision="month")
    UpcomingElectionFactory(polling_on="2029", precision="year")
    UpcomingElectionFactory()
    response = client.get("/elections/calendar.ics")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    read = {event["UID"]: event for event in parsed(response.content.decode())}
    assert set(read) == {f"election-{encode(one.pk)}@tsushinbo" for one in (day, month)}
    of_day, of_month = (read[f"election-{encode(one.pk)}@tsushinbo"] for one in (day, month))
    assert (of_day["DTSTART;VALUE=DATE"], of_day["DTEND;VALUE=DATE"]) == ("20261213", "20261214")
    assert (of_month["DTSTART;VALUE=DATE"], of_month["DTEND;VALUE=DATE"]) == ("20270201", "20270301")
    assert "2026年12月6日 告示" in of_day["DESCRIPTION"]
    assert of_day["URL"] == f"http://testserver{day.get_absolute_url()}"
    assert not response.cookies


def test_the_calendar_is_the_same_all_day_long(client: Client, now: time_machine.Traveller) -> None:
    coming("2026-12-13")
    first = client.get("/elections/calendar.ics")
    now.move_to(datetime.fromisoformat("2026-12-01T23:59:59+09:00"), tick=False)
    again = client.get("/elections/calendar.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def many_contests(election: Election) -> list[Area]:
    """105 districts in one prefecture, two in another, one list."""
    places = [PrefectureFactory(code=code, name=name) for code, name in (("130001", "東京都"), ("010006", "北海道"))]
    for number in range(105):
        place = ConstituencyFactory(prefecture=places[0], number=number + 1)
        ContestFactory(election=election, name=f"東京第{number + 1}区", constituency=place)
    for number in range(2):
        place = ConstituencyFactory(prefecture=places[1], number=number + 1)
        contest = ContestFactory(election=election, name=f"北海道第{number + 1}区", constituency=place)
        CandidacyFactory(contest=contest, name=f"見本当選者{number}", elected=True)
    ContestFactory(election=election, name="見本ブロック", tier=Tier.PROPORTIONAL)
    return places


def test_of_many_contests_the_page_says_where_they_are_and_shows_one_part(client: Client) -> None:
    election = ElectionFactory()
    many_contests(election)
    page = html(client, election.get_absolute_url())
    assert page.index("北海道（2）") < page.index("東京都（105）") < page.index("比例代表（1）")
    assert "北海道第1区" not in page
    part = html(client, election.get_absolute_url(), part="010006")
    assert "北海道第1区" in part
    assert "見本当選者1" in part
    assert "東京第1区" not in part
    assert "見本ブロック" in html(client, election.get_absolute_url(), part="lists")


def test_a_large_part_is_leafed_through_in_the_order_of_the_districts(client: Client) -> None:
    election = ElectionFactory()
    many_contests(election)
    first = html(client, election.get_absolute_url(), part="130001")
    assert first.index("東京第2区") < first.index("東京第10区") < first.index("東京第100区")
    assert "東京第101区" not in first
    assert "東京第105区" in html(client, election.get_absolute_url(), part="130001", page="2")


@pytest.mark.parametrize("query", ["part=x", "part=999999", "part=130001&page=3", "page=0", "part=%E6%9D%B1"])
def test_a_part_that_is_not_there_is_not_found(client: Client, query: str) -> None:
    election = ElectionFactory()
    many_contests(election)
    assert client.get(f"{election.get_absolute_url()}?{query}").status_code == 404
    assert client.get(f"{ElectionFactory().get_absolute_url()}?part=130001").status_code == 404


def test_a_part_takes_the_same_queries_for_few_and_many(client: Client) -> None:
    election = ElectionFactory()
    many_contests(election)
    few, many = (queries(client, f"{election.get_absolute_url()}?part={code}") for code in ("010006", "130001"))
    # No more was asked for where nobody was elected.
    assert many <= few


def test_many_contests_show_nothing_of_the_result_before_the_polls_close(
    client: Client, now: time_machine.Traveller
) -> None:
    election = ElectionFactory(polling_on="2026-12-13")
    many_contests(election)
    now.move_to(datetime.fromisoformat("2026-12-13T19:59:59+09:00"), tick=False)
    assert "見本当選者" not in html(client, election.get_absolute_url(), part="010006")
    now.move_to(datetime.fromisoformat("2026-12-13T20:00:00+09:00"), tick=False)
    assert "見本当選者" in html(client, election.get_absolute_url(), part="010006")


def test_contests_without_a_vote_take_no_more_queries(client: Client, now: time_machine.Traveller) -> None:
    few, many = (coming("2026-12-13", area=AreaFactory()) for _ in range(2))
    for election, contests in ((few, 2), (many, 12)):
        for _ in range(contests):
            ContestFactory(election=election, tier=Tier.AT_LARGE, uncontested=True)
    assert queries(client, few.get_absolute_url()) == queries(client, many.get_absolute_url())
