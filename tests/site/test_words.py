"""How dates, counts, shares and names are written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.template import Context, Template
from django.test import RequestFactory

from tests.people.factories import AreaFactory, ConstituencyFactory, PoliticianFactory, TermFactory
from tsushinbo.elections.models import Candidacy, Contest, Election
from tsushinbo.elections.queries import Run
from tsushinbo.people.models import Politician, Term, Tier
from tsushinbo.pledges.models import Pledge
from tsushinbo.site.templatetags import words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2026-02-08", "2026年2月8日"),
        ("2027-04", "2027年4月"),
        ("2006", "2006年"),
        ("", ""),
        (None, ""),
        (date(2026, 12, 1), "2026年12月1日"),
        (datetime(2026, 12, 31, 15, 0, tzinfo=UTC), "2027年1月1日"),
    ],
)
def test_dates_stop_where_they_are_known(value: object, text: str) -> None:
    assert words.jdate(value) == text


def test_date_with_its_day_of_the_week() -> None:
    assert words.jdate_weekday(date(2025, 4, 8)) == "2025年4月8日（火）"
    assert words.jdate_weekday(datetime(2025, 4, 7, 15, 0, tzinfo=UTC)) == "2025年4月8日（火）"


def test_date_is_readable_for_machines() -> None:
    assert words.time_tag("2027-04") == '<time datetime="2027-04">2027年4月</time>'
    assert 'datetime="2026-02-08T12:00:00+09:00"' in words.time_tag(datetime(2026, 2, 8, 3, 0, tzinfo=UTC))
    assert words.time_tag("") == ""


def test_instant_is_told_to_the_minute() -> None:
    assert words.clock(datetime(2026, 11, 23, 21, 5, tzinfo=UTC)) == "2026年11月24日 6時05分"


def test_numbers() -> None:
    assert words.count(1234567) == "1,234,567"
    assert words.percent(0.694) == "69"
    assert words.percent(0.694, 1) == "69.4"


@pytest.mark.parametrize(
    ("number", "text"),
    [(Decimal("1234.000"), "1,234票"), (Decimal("1234.560"), "1,234.56票"), (Decimal(100), "100票"), (None, "")],
)
def test_votes_may_have_a_fraction(number: Decimal | None, text: str) -> None:
    assert words.votes(number) == text


@pytest.mark.parametrize("status", Pledge.Status.values)
def test_every_status_has_a_picture(status: str) -> None:
    picture = words.status_icon(status)
    assert f'id="i-{picture}"' in Template('{% include "site/_sprite.html" %}').render(Context())


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"polling_on": "2026-12-13"}, "2026年12月13日"),
        ({"polling_on": "2027-04", "precision": "month"}, "2027年4月"),
        (
            {"window_starts_on": date(2026, 11, 4), "window_ends_on": date(2026, 12, 3)},
            "2026年11月4日〜2026年12月3日の間",
        ),
        ({"window_ends_on": date(2030, 2, 7)}, "遅くとも2030年2月7日"),
        ({}, "未定"),
    ],
)
def test_polling_is_told_as_exactly_as_it_is_known(fields: dict[str, object], text: str) -> None:
    assert words.polling_words(Election(**fields)) == text


@time_machine.travel(datetime(2026, 12, 12, 15, 30, tzinfo=UTC))
@pytest.mark.parametrize(
    ("polling_on", "precision", "days"),
    [
        ("2026-12-13", "day", 0),
        ("2026-12-14", "day", 1),
        ("2026-12-12", "day", None),
        ("2026-12", "month", None),
        ("", "unknown", None),
    ],
)
def test_days_left_only_where_the_day_is_known(polling_on: str, precision: str, days: int | None) -> None:
    assert words.days_left(Election(polling_on=polling_on, precision=precision)) == days


def test_furigana_over_each_half_of_the_name() -> None:
    person = PoliticianFactory.build(family_name="見本", given_name="太郎", family_kana="みほん", given_kana="たろう")
    assert words.ruby(person) == (
        "<ruby>見本<rp>（</rp><rt>みほん</rt><rp>）</rp></ruby> <ruby>太郎<rp>（</rp><rt>たろう</rt><rp>）</rp></ruby>"
    )


def test_furigana_over_the_whole_where_the_halves_are_not_known() -> None:
    whole = Politician(name="見本太郎", kana="みほんたろう")
    assert words.ruby(whole) == "<ruby>見本太郎<rp>（</rp><rt>みほんたろう</rt><rp>）</rp></ruby>"


def test_name_in_kana_needs_no_furigana() -> None:
    assert words.ruby(Politician(name="みほんたろう", kana="みほんたろう")) == "みほんたろう"
    assert words.ruby(Politician(name="見本太郎")) == "見本太郎"


def test_long_name_has_its_reading_beside_it() -> None:
    assert "<ruby>" not in words.ruby(Politician(name="寿" * 11, kana="じゅ" * 11))


def test_names_are_escaped() -> None:
    assert "<b>" not in words.ruby(Politician(name="<b>", kana="<i>", family_name="", given_name=""))


def test_seat_is_told_with_its_tier() -> None:
    district = ConstituencyFactory.build(name="東京都第1区")
    assert words.seat_words(Term(constituency=district, tier=Tier.SINGLE_SEAT)) == "東京都第1区"
    block = ConstituencyFactory.build(name="東京ブロック")
    assert words.seat_words(Term(constituency=block, tier=Tier.PROPORTIONAL)) == "比例代表 東京ブロック"
    assert words.seat_words(Contest(name="比例代表", tier=Tier.PROPORTIONAL)) == "比例代表"
    assert words.seat_words(Term(tier=Tier.PROPORTIONAL)) == "比例代表"
    assert words.seat_words(Term()) == ""


@pytest.mark.parametrize(
    ("results", "text"),
    [
        ([{"elected": True}], "当選"),
        ([{"elected": False}], "落選"),
        ([{"elected": None}], ""),
        ([{"elected": False, "elected_from_list": True}, {"elected": True}], "比例復活で当選"),
        # Who won the district leaves the list: that row is no defeat.
        ([{"elected": True}, {"elected": False}], "当選"),
        ([{"elected": False}, {"elected": None}], ""),
    ],
)
def test_result_of_an_election(results: list[dict[str, bool | None]], text: str) -> None:
    assert words.result_words(Run(Election(), [Candidacy(**fields) for fields in results])) == text


@pytest.mark.parametrize("url", ["https://example.com/", "http://例え.jp/公約?q=1#a", "HTTPS://EXAMPLE.COM"])
def test_web_addresses_become_links(url: str) -> None:
    assert words.web_address(url) == url
    assert f'href="{url}"' in words.outside(url, "見出し")


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "/pledges/", "https://", "https://a b", 'https://a"b', "ftp://a"]
)
def test_other_addresses_stay_words(url: str) -> None:
    assert words.outside(url, "<見出し>") == "&lt;見出し&gt;"


def test_query_keeps_the_rest() -> None:
    request = RequestFactory().get("/pledges/", {"topic": "tax", "page": "3", "q": "あ&い"})
    page = Template(
        "{% query page=4 %} {% query page=None topic=None %} {% query without='topic' page=None %} {% query topic='' page='' q='' %}"
    )
    links = page.render(Context({"request": request})).split()
    assert links == [
        "?topic=tax&amp;page=4&amp;q=%E3%81%82%26%E3%81%84",
        "?q=%E3%81%82%26%E3%81%84",
        "?q=%E3%81%82%26%E3%81%84",
        "/pledges/",
    ]


def test_office_of_a_term_is_named_with_its_place(db: None) -> None:
    assert TermFactory().office_name == "衆議院議員"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("running", "ends_on", "as_of", "text", "sits"),
    [
        (True, "", "2025-12-10", "品川区長", True),
        (True, "2026-11", "2026-02-08", "品川区長", True),
        (True, "2027", "2026-02-08", "品川区長", True),
        (False, "2006", "2026-07-25", "元品川区長", False),
        (False, "", "2026-07-25", "元品川区長", False),
        (False, "2026-07", "2025-08-08", "品川区長・任期は2026年7月まで・2025年8月8日の時点", False),
        (True, "2026-10", "2026-01", "品川区長・任期は2026年10月まで・2026年1月の時点", False),
    ],
)
@time_machine.travel("2026-11-24T12:00:00+09:00", tick=False)
def test_an_office_is_said_only_as_its_source_allows(
    running: bool, ends_on: str, as_of: str, text: str, sits: bool
) -> None:
    term = TermFactory(office="mayor", area=AreaFactory(name="品川区"), running=running, ends_on=ends_on, as_of=as_of)
    assert words.introduced(term) == text
    assert words.in_office(term) is sits


def test_no_term_introduces_nobody() -> None:
    assert words.introduced(None) == ""


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(62.5, 0, "63"), (62.49, 0, "62"), (0, 0, "0"), (58.8823, 2, "58.88"), (0.05, 1, "0.1"), (-3.26, 1, "-3.3"), (100, 1, "100.0"), (12345.678, 1, "12345.7")],
)  # fmt: skip
def test_numbers_have_fixed_decimals_and_halves_go_up(value: float, decimals: int, text: str) -> None:
    assert words.fixed(value, decimals) == text
