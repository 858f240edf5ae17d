"""What is offered while somebody types."""

from collections.abc import Callable

import pytest

from tests.people.factories import TermFactory
from tests.pledges.factories import PledgeFactory
from tests.search.factories import area, indexed, party, person
from tsushinbo.people.models import Area, Office
from tsushinbo.search.models import Kind
from tsushinbo.search.queries import suggesting

pytestmark = pytest.mark.django_db
MOST_QUERIES = 30


def suggest(typed: str, limit: int = suggesting.MOST) -> list[suggesting.Suggestion]:
    indexed()
    return suggesting.suggest(typed, limit)


@pytest.mark.any_database
@pytest.mark.parametrize(
    "typed",
    [
        "石", "石破", "石b", "い", "いし", "いしb", "いしば", "いしばs", "いしばしg", "イシ", "ｲｼ", "isi", "ishi", "isib", "ISHIB", "shiger", "しげr", "破茂",
    ],
)  # fmt: skip
def test_a_politician_is_offered_from_one_sign_on_also_half_typed(typed: str) -> None:
    person("石破 茂", "いしば しげる")
    person("田中 花子", "たなか はなこ")
    assert [one.text for one in suggest(typed)] == ["石破 茂"]


def test_names_come_before_parties_places_and_titles_of_pledges() -> None:
    someone = person("緑川 花子", "みどりかわ はなこ")
    mine, place, pledge = party("緑の会"), area("緑町", "みどりまち"), PledgeFactory(title="緑を増やす")
    found = suggest("緑")
    assert [one.kind for one in found] == [Kind.POLITICIANS, Kind.PARTIES, Kind.AREAS, Kind.PLEDGES]
    assert [one.text for one in found] == ["緑川 花子", "緑の会", "緑町", "緑を増やす"]
    assert [one.address for one in found] == [one.get_absolute_url() for one in (someone, mine, place, pledge)]


def test_a_politician_is_offered_with_the_office() -> None:
    prefecture = area("見本県", code="130009", kind=Area.Kind.PREFECTURE)
    TermFactory.create(politician=person("森 花子", "もり はなこ"), office=Office.GOVERNOR, area=prefecture)
    TermFactory.create(
        politician=person("森 一郎", "もり いちろう"), office=Office.GOVERNOR, area=prefecture, running=False
    )
    assert {one.text: one.note for one in suggest("もり")} == {"森 花子": "見本県知事", "森 一郎": "元見本県知事"}


def test_a_single_sign_offers_parties_and_places_that_begin_so() -> None:
    party("見本の会")
    area("大本町", "おおもとまち")
    area("本町", "ほんまち")
    assert [one.text for one in suggest("本")] == ["本町"]
    assert [one.text for one in suggest("本の")] == ["見本の会"]


def test_nothing_is_offered_twice_and_no_more_than_asked_for() -> None:
    for n in range(6):
        person(f"山田 太{n}", "やまだ たろう")
        PledgeFactory(title=f"山田公約{n}")
        area(f"山田{n}町", "やまだまち")
    found = suggest("山田")
    assert len(found) == len({one.address for one in found}) == suggesting.MOST
    assert len(suggest("山田", limit=3)) == 3


@pytest.mark.parametrize(
    "typed", ["", " ", "・", "-増税", "緑 -川", "\x00", "zzzz", "' OR 1=1 --", "🍙", "あ" * 10_000]
)
def test_what_names_nothing_offers_nothing(typed: str) -> None:
    person("緑川 花子", "みどりかわ はなこ")
    assert suggest(typed) == []


@pytest.mark.parametrize("typed", ["山", "山田", "やまd", "yamada"])
def test_each_sign_takes_a_bounded_number_of_queries(
    typed: str, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for n in range(6):
        politician = person(f"山田 太{n}", "やまだ たろう")
        TermFactory.create(politician=politician, office=Office.MAYOR, area=area(f"山田{n}町", "やまだまち"))
        PledgeFactory(title=f"山田公約{n}", politician=politician)
        party(f"山田の会{n}")
    indexed()
    with django_assert_max_num_queries(MOST_QUERIES):
        suggesting.suggest(typed)
