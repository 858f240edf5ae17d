"""What a search is narrowed to and ordered by, on the page."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from tests.activities.factories import ReportFactory
from tests.people.factories import PartyFactory, PrefectureFactory, TermFactory
from tests.pledges.factories import REGISTERED_AT, PledgeFactory, PolicyAreaFactory
from tests.search.factories import area, indexed, person
from tests.search.test_views import main, page, words
from tsushinbo.addresses import encode
from tsushinbo.people.models import Office, Party
from tsushinbo.pledges.models import Pledge
from tsushinbo.search import views
from tsushinbo.search.models import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def party() -> Party:
    """Its 山田 花子 sits for 東京都 and promises 給食; another 山田 is of nobody's, and promises roads five years earlier."""
    party = PartyFactory(name="見本党")
    tokyo = PrefectureFactory(code="130001", name="東京都")
    hanako, taro = person("山田 花子", "やまだ はなこ"), person("山田 太郎", "やまだ たろう")
    TermFactory(politician=hanako, office=Office.COUNCILLORS, party=party, prefecture=tokyo)
    school, roads = PolicyAreaFactory(code="education", name="教育"), PolicyAreaFactory(code="roads", name="道路")
    PledgeFactory(politician=hanako, policy_area=school, title="山田の給食", status=Pledge.Status.KEPT)
    earlier = REGISTERED_AT - timedelta(days=5 * 365)
    PledgeFactory(politician=taro, policy_area=roads, title="山田の道路", created_at=earlier)
    ReportFactory(politician=hanako, title="山田の視察", publish_at=REGISTERED_AT)
    area("山田町", "やまだまち")
    return party


FOUND = {"山田 花子", "山田 太郎", "山田の給食", "山田の道路", "山田の視察", "山田町"}


def text_of(html: str) -> str:
    """The words of the page, those that are marked as well."""
    return words(re.sub("</?mark>", "", html))


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        ({"office": "councillors"}, {"山田 花子", "山田の給食", "山田の視察"}),
        ({"prefecture": "130001"}, {"山田 花子", "山田の給食", "山田の視察"}),
        ({"topic": "education"}, {"山田の給食"}),
        ({"status": "kept"}, {"山田の給食"}),
        ({"year": str(REGISTERED_AT.year)}, {"山田の給食", "山田の視察"}),
        ({"year": str(REGISTERED_AT.year - 5)}, {"山田の道路"}),
        ({"type": "areas"}, {"山田町"}),
        ({"office": "councillors", "topic": "roads"}, set()),
    ],
)
def test_each_box_narrows_what_is_found(client: Client, party: Party, chosen: dict[str, str], left: set[str]) -> None:
    html = re.sub("</?mark>", "", page(client, q="山田", **chosen))
    assert set(re.findall("<a [^>]*>([^<]*)</a>", html)) & FOUND == left


def test_a_party_narrows_to_its_members(client: Client, party: Party) -> None:
    html = page(client, q="山田", party=encode(party.pk))
    assert "しぼり込み中 政党：見本党を外す" in text_of(html)
    assert "山田の給食" in text_of(html)
    assert "山田の道路" not in text_of(html)


def test_what_was_chosen_stands_there_with_the_way_to_take_it_away(client: Client, party: Party) -> None:
    html = main(page(client, q="山田", type="pledges", topic="education", status="kept"))
    for words_of_link, address in (
        ("種類：公約を外す", "?q=%E5%B1%B1%E7%94%B0&amp;topic=education&amp;status=kept"),
        ("政策分野：教育を外す", "?q=%E5%B1%B1%E7%94%B0&amp;type=pledges&amp;status=kept"),
        ("実施状況：実現を外す", "?q=%E5%B1%B1%E7%94%B0&amp;type=pledges&amp;topic=education"),
    ):
        assert f'href="{address}">{words_of_link}</a>' in html
    assert '<input type="hidden" name="type" value="pledges">' in html
    assert '<option value="education" selected>' in html
    assert "<details open>" in html


def test_kinds_that_a_box_says_nothing_of_are_left_out_and_said(client: Client, party: Party) -> None:
    text = text_of(page(client, q="山田", topic="education"))
    assert "「政策分野」でしぼり込んだため、政治家・政党・地域・書籍はさがしていません。" in text
    assert "政治家 " not in text.partition("すべて 公約")[2]
    text = text_of(page(client, q="山田", prefecture="130001", status="kept"))
    assert "「都道府県」「実施状況」でしぼり込んだため、政治家・政党・地域・活動報告・書籍はさがしていません。" in text
    text = text_of(page(client, q="山田", type="politicians", topic="education"))
    assert "政治家は、「政策分野」でしぼり込めません。" in text
    assert "でしぼり込んだため" not in text_of(page(client, q="山田"))


def test_values_that_are_no_option_are_left_out_and_said(client: Client, party: Party) -> None:
    text = text_of(
        page(client, q="山田", office="king", party="x", prefecture="999999", topic="' or 1", status="\u202e", year="1e9", order="best", type="x")
    )  # fmt: skip
    assert (
        "「種類」「職」「政党」「都道府県」「政策分野」「実施状況」「公開の時期」「並び順」の条件を読み取れない" in text
    )
    assert "山田 花子" in text


def test_the_newest_come_first_where_that_is_wanted(client: Client, party: Party) -> None:
    PledgeFactory(title="川と山田", text="川", created_at=REGISTERED_AT + timedelta(days=1))
    text = text_of(page(client, q="山田", type="pledges", order="new"))
    assert text.index("川と山田") < text.index("山田の給食") < text.index("山田の道路")
    text = text_of(page(client, q="山田", type="pledges"))
    assert text.index("山田の給食") < text.index("川と山田")
    assert "名前が合う順です" in text_of(page(client, q="山田", order="new"))


def test_years_reach_back_to_the_oldest_text(client: Client, party: Party) -> None:
    html = page(client, q="山田")
    assert f'<option value="{REGISTERED_AT.year - 5}">' in html
    assert f'<option value="{REGISTERED_AT.year - 6}">' not in html


def test_narrowing_that_leaves_nothing_offers_to_take_it_away(client: Client, party: Party) -> None:
    html = page(client, q="山田", topic="roads", status="kept")
    assert "この条件ではまだありません" in text_of(html)
    assert 'href="/search/?q=%E5%B1%B1%E7%94%B0">条件をすべて外してさがす</a>' in html


def test_pages_keep_what_was_chosen(client: Client, party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(views.PAGE_SIZE, Kind.PLEDGES, 1)
    html = page(client, q="山田", type="pledges", order="new")
    assert 'href="?q=%E5%B1%B1%E7%94%B0&amp;type=pledges&amp;order=new&amp;page=2"' in html
    assert "2件のうち" in text_of(html)
    assert "山田の道路" in text_of(page(client, q="山田", type="pledges", order="new", page="2"))


def test_boxes_cost_no_query_once_they_are_known(
    client: Client, party: Party, django_assert_num_queries: Callable[[int], object]
) -> None:
    indexed()
    client.get("/search/")
    with django_assert_num_queries(0):
        client.get("/search/", {"topic": "education", "office": "mayor"})
