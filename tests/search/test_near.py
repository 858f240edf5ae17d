"""What is offered where nothing was found: names and words that do exist."""

from collections.abc import Callable

import pytest

from tests.pledges.factories import PledgeFactory
from tests.search.factories import area, indexed, party, person
from tsushinbo.people.models import Politician
from tsushinbo.search import queries, words

pytestmark = pytest.mark.django_db
# Names of three kinds, words of two, and where each word and each beginning stands of six kinds.
# PostgreSQL looks at the newest first.
MOST_QUERIES = 120


def nearest(typed: str) -> list[str]:
    indexed()
    return queries.nearest(words.read(typed))


@pytest.mark.any_database
@pytest.mark.parametrize(
    "typed",
    ["石波", "石場茂", "石破繁", "いしばしげろ", "いしばしげ", "いしばししげる", "Isibba Shigeru", "ishibashigelo"],
)
def test_a_name_with_one_sign_wrong_missing_or_too_many(typed: str) -> None:
    person("石破 茂", "いしば しげる")
    person("田中 花子", "たなか はなこ")
    assert nearest(typed)[0] == "石破 茂"
    assert "田中 花子" not in nearest(typed)


def test_among_equally_near_names_who_is_in_office_comes_first() -> None:
    person("石波 一郎", "いしなみ いちろう")
    now = person("石破 茂", "いしば しげる")
    Politician.objects.filter(pk=now.pk).update(holds_office=True)
    assert nearest("石場")[:2] == ["石破 茂", "石波 一郎"]


def test_parties_and_places_are_near_too() -> None:
    party("国民民主党", "国民")
    area("品川区", "しながわく")
    assert nearest("国民民社党") == ["国民民主党"]
    assert nearest("品側区") == ["品川区"]


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("夫婦別性", "夫婦別姓"), ("給食日", "給食費"), ("最底賃金", "最低賃金"), ("消卑税", "消費税"), ("引越し", "引っ越し"),
        ("取り組み", "取り組む"), ("データーセンター", "データセンター"), ("インボイズ", "インボイス"),
    ],
)  # fmt: skip
def test_a_word_with_one_sign_wrong_is_mended_as_titles_write_it(typed: str, meant: str) -> None:
    PledgeFactory(title="選択的夫婦別姓と給食費と最低賃金と消費税のインボイス")
    PledgeFactory(title="引っ越しとデータセンターに取り組む")
    assert nearest(typed) == [meant]


def test_the_word_that_stands_nowhere_is_mended_among_the_others() -> None:
    PledgeFactory(title="最低賃金を1500円に")
    assert nearest("1500円 最底賃金") == ["1500円 最低賃金", "1500円"]


def test_words_that_stand_by_themselves_are_offered_alone() -> None:
    PledgeFactory(title="給食費を無償に")
    PledgeFactory(title="道路の整備")
    assert nearest("給食費 道路") == ["給食費", "道路"]


def test_else_how_the_word_begins() -> None:
    PledgeFactory(title="減税を進める")
    assert nearest("減税大根祭") == ["減税"]


@pytest.mark.parametrize(
    "typed", ["zzzzqq", "あ" * 100, "%", "-増税", "', \" OR 1=1", "🍙🍙🍙", "田中花子鈴木太郎" * 10]
)
def test_nothing_near_is_nothing(typed: str) -> None:
    PledgeFactory(title="給食費を無償に")
    assert nearest(typed) == []


@pytest.mark.parametrize(
    "typed",
    ["あいうえおかきくけこさし", "減税する大根を育てる会の", "税 金 民 主 東 市 区 町", "最底賃金 夫婦別性 給食日"],
)
def test_work_is_bounded(typed: str, django_assert_max_num_queries: Callable[[int], object]) -> None:
    for n in range(20):
        PledgeFactory(title=f"税金{n}を民の主に、東の市と区と町", politician=person(f"山田 太{n}", "やまだ たろう"))
    indexed()
    asked = words.read(typed)
    with django_assert_max_num_queries(MOST_QUERIES):
        queries.nearest(asked)
