"""Who and what a query finds, in which order, with how much work."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.activities.factories import ReportFactory
from tests.people.factories import TermFactory
from tests.pledges.factories import REGISTERED_AT, PartyPledgeFactory, PledgeFactory
from tests.search.factories import area, indexed, party, person
from tsushinbo.people.models import Area, Office, Politician
from tsushinbo.people.services import Spelling, add_spellings
from tsushinbo.search import queries, words
from tsushinbo.search.models import Kind
from tsushinbo.search.queries import finding

pytestmark = pytest.mark.django_db
# The count with the ids, those with every word in title or name, the candidates, and what ranks them.
MOST_QUERIES = {
    Kind.POLITICIANS: 6,
    Kind.PARTIES: 5,
    Kind.AREAS: 7,
    Kind.PLEDGES: 6,
    Kind.REPORTS: 5,
    Kind.BOOKS: 5,
}


def find(kind: Kind, typed: str) -> queries.Found:
    """What is found once the worker has looked at what changed."""
    indexed()
    return queries.find(kind, words.read(typed))


def found(kind: Kind, typed: str) -> list[str]:
    return [str(row) for row in queries.rows(kind, find(kind, typed).keys)]


def names(typed: str) -> list[str]:
    return found(Kind.POLITICIANS, typed)


@pytest.mark.parametrize(
    "typed",
    [
        "齋藤治子", "斉藤治子", "斎藤 治子", "治子　齋藤", "斎藤", "治子", "藤治", "さいとう はるこ", "サイトウハルコ", "ｻｲﾄｳ", "はるこ",
        "Saito Haruko", "Haruko Saito", "SAITOH, Haruko", "Saitō", "saitou", "haruko", "saitoharuko", "harukosaito", "Ｓａｉｔｏ", "さいとう 治子", "さいとー",
    ],
)  # fmt: skip
def test_a_person_is_found_in_every_spelling(typed: str) -> None:
    person("齋藤 治子", "さいとう はるこ")
    person("山本 一郎", "やまもと いちろう")
    assert names(typed) == ["齋藤治子"]


@pytest.mark.parametrize("typed", ["斎藤 一郎", "治子 山本", "さとう", "Saito Jiro", "治 子 太", "埼"])
def test_every_word_must_match(typed: str) -> None:
    person("齋藤 治子", "さいとう はるこ")
    person("山本 一郎", "やまもと いちろう")
    assert names(typed) == []


def test_a_vowel_shared_by_both_names_hides_neither() -> None:
    person("佐藤 治", "さとう おさむ")
    for typed in ("Osamu", "Sato", "Sato Osamu", "Osamu Satō", "satoosamu", "satouosamu"):
        assert names(typed) == ["佐藤治"], typed


def test_a_name_whose_parts_are_not_known_is_found_in_either_order() -> None:
    person("佐藤治", "さとうおさむ")
    for typed in ("Sato Osamu", "Osamu Sato", "さとう おさむ", "おさむ さとう", "治 佐藤"):
        assert names(typed) == ["佐藤治"], typed


def test_former_and_ballot_names_find_the_person_under_the_name_of_now() -> None:
    someone = person("岡本 章子", "おかもと あきこ", name_on_ballot="岡本あき子")
    add_spellings([Spelling(someone.pk, "former", "小澤章子")], at=REGISTERED_AT)
    assert names("岡本あき") == names("小沢") == ["岡本章子"]


def test_two_people_of_one_name_are_both_found() -> None:
    people = [person("鬼木 誠", "おにき まこと"), person("鬼木 誠", "おにき まこと")]
    keys = find(Kind.POLITICIANS, "鬼木誠").keys
    assert sorted(keys) == sorted(one.pk for one in people)


def test_a_person_merged_into_another_is_not_found() -> None:
    first, second = person("鬼木 誠", "おにき まこと"), person("鬼木 誠", "おにき まこと")
    Politician.objects.filter(pk=second.pk).update(merged_into=first)
    assert list(find(Kind.POLITICIANS, "鬼木").keys) == [first.pk]


def test_the_nearest_name_comes_first() -> None:
    for name, kana in (
        ("木森 太", "きもり ふとし"), ("森山 太郎", "もりやま たろう"), ("青木 森", "あおき しん"), ("森", "もり"), ("森 花子", "もり はなこ"),
    ):  # fmt: skip
        person(name, kana)
    # Equal, family name, beginning, given name, anywhere.
    assert names("森") == ["森", "森花子", "森山太郎", "青木森", "木森太"]


def test_among_equals_who_is_in_office_comes_first_then_the_order_of_kana() -> None:
    for kana in ("やまだ しろう", "やまだ いちろう", "やまだ さぶろう"):
        person(f"山田 {kana[4:]}", kana)
    Politician.objects.filter(given_kana="しろう").update(holds_office=True)
    assert names("山田") == ["山田しろう", "山田いちろう", "山田さぶろう"]


def test_the_head_of_a_place_is_found_by_the_name_of_the_office() -> None:
    city = area("見本市", "みほんし", code="130002")
    other = area("東見本市", "ひがしみほんし", code="130003")
    prefecture = area("見本県", "みほんけん", code="130009", kind=Area.Kind.PREFECTURE)
    former = person("斎藤 治子", "さいとう はるこ")
    now = person("山本 一郎", "やまもと いちろう")
    TermFactory.create(politician=former, office=Office.MAYOR, area=city, running=False)
    TermFactory.create(politician=now, office=Office.MAYOR, area=city)
    TermFactory.create(politician=person("田中 花子"), office=Office.MAYOR, area=other)
    TermFactory.create(politician=person("井上 次郎"), office=Office.GOVERNOR, area=prefecture)
    TermFactory.create(politician=person("森 三郎"), office=Office.PREFECTURAL_ASSEMBLY, area=prefecture)
    # Who holds the very office comes first, then who held it, then those of a place whose name ends so.
    Politician.objects.filter(pk=now.pk).update(holds_office=True)
    assert names("見本市長") == ["山本一郎", "斎藤治子", "田中花子"]
    assert names("見本県知事") == names("知事") == ["井上次郎"]
    assert names("見本県長") == []


def test_signs_of_the_database_mean_themselves() -> None:
    person("山田 太郎", "やまだ たろう")
    area("100%市")
    PledgeFactory(title="消費税を5%に", text="a_b\\c")
    for typed in ("%", "山%", "%田", "\\", "_", "'", "';--", "*", "山?田x", "山|田x"):
        assert names(typed) == [], typed
    assert names("山田'太郎\"") == ["山田太郎"]
    assert found(Kind.AREAS, "0%") == ["100%市"]
    assert found(Kind.AREAS, "1%0") == []
    assert len(found(Kind.PLEDGES, "5%")) == len(found(Kind.PLEDGES, "a_b")) == len(found(Kind.PLEDGES, "b\\c")) == 1
    assert found(Kind.PLEDGES, "消%5") == found(Kind.PLEDGES, "a_\\c") == []


def test_parties_are_found_by_name_and_short_name() -> None:
    for name, short in (("見本民主党", "見民"), ("新党見本", ""), ("例示の会", "例会")):
        party(name, short)
    assert found(Kind.PARTIES, "見本") == ["見本民主党", "新党見本"]
    assert found(Kind.PARTIES, "見民") == ["見本民主党"]
    assert found(Kind.PARTIES, "新党 見本") == ["新党見本"]
    assert found(Kind.PARTIES, "例示 民主") == []


def test_areas_are_found_by_name_and_reading_with_a_word_for_the_prefecture() -> None:
    tokyo = area("東京都", "とうきょうと", code="130001", kind=Area.Kind.PREFECTURE)
    hiroshima = area("広島県", "ひろしまけん", code="340006", kind=Area.Kind.PREFECTURE)
    Area.objects.filter(pk=tokyo.pk).update(prefecture=tokyo)
    area("府中市", "ふちゅうし", code="132063", prefecture=tokyo)
    area("府中市", "ふちゅうし", code="342084", prefecture=hiroshima)
    area("龍ケ崎市", "りゅうがさきし", code="082082")
    assert len(found(Kind.AREAS, "府中")) == len(found(Kind.AREAS, "ふちゅう")) == 2
    assert list(find(Kind.AREAS, "広島　府中市").keys) == ["342084"]
    assert found(Kind.AREAS, "東京") == found(Kind.AREAS, "Tōkyō") == ["東京都"]
    assert list(find(Kind.AREAS, "Fuchu Hiroshima").keys) == ["342084"]
    assert found(Kind.AREAS, "Ryugasaki") == ["龍ケ崎市"]
    assert found(Kind.AREAS, "竜ヶ崎") == found(Kind.AREAS, "龍が崎") == ["龍ケ崎市"]
    assert found(Kind.AREAS, "東京 広島") == []


def test_the_nearest_area_comes_first() -> None:
    for code, name, kana in (
        ("1", "青森市", "あおもりし"),
        ("2", "森町", "もりまち"),
        ("3", "森", "もり"),
        ("4", "大森町", "おおもりまち"),
    ):
        area(name, kana, code=code)
    assert found(Kind.AREAS, "森") == ["森", "森町", "青森市", "大森町"]


@pytest.mark.parametrize(
    "typed",
    [
        "給食費",
        "きゅうしょく",
        "キュウショク",
        "AI",
        "ａｉ",
        "Ai",
        "２０２７",
        "2027",
        "經濟",
        "経済",
        "給食　AI",
        "学校の",
    ],
)
def test_pledges_are_found_in_the_spellings_a_word_may_have(typed: str) -> None:
    PledgeFactory(title="給食費（きゅうしょく）をAIで２０２７年に", text="経済と\n学校のキュウショク2027年")
    PledgeFactory(title="道路の整備", text="橋を直します")
    assert len(found(Kind.PLEDGES, typed)) == 1


@pytest.mark.parametrize("typed", ["ai", "AI", "ａｉ", "ＡＩ", "Ai"])
@pytest.mark.parametrize("written", ["AI", "ai", "ＡＩ", "ａｉ"])
def test_letters_large_or_small_wide_or_narrow_are_the_same(typed: str, written: str) -> None:
    PledgeFactory(title=f"{written}で相談に答えます")
    assert len(found(Kind.PLEDGES, typed)) == 1


def test_pledges_with_the_words_in_the_title_come_first_each_the_newest_first() -> None:
    for days, (title, text) in enumerate(
        [("防災", "一"), ("道路", "防災のため"), ("防災計画", "二"), ("橋", "防災"), ("医療", "三")]
    ):
        PledgeFactory(title=title, text=text, created_at=REGISTERED_AT + timedelta(days=days))
    assert found(Kind.PLEDGES, "防災") == ["防災計画", "防災", "橋", "道路"]


def test_a_word_may_be_the_owner_of_a_pledge() -> None:
    PledgeFactory(title="給食費を無償に", politician=person("齋藤 治子", "さいとう はるこ"))
    PledgeFactory(title="給食に地元の米を")
    PartyPledgeFactory(title="給食の質を高く", party=party("見本民主党", "見民"))
    assert found(Kind.PLEDGES, "斉藤 給食") == ["給食費を無償に"]
    assert found(Kind.PLEDGES, "見本民主 給食") == found(Kind.PLEDGES, "給食 見民") == ["給食の質を高く"]
    assert found(Kind.PLEDGES, "さいとう") == ["給食費を無償に"]
    assert found(Kind.PLEDGES, "斎") == ["給食費を無償に"]


def test_hidden_pledges_are_not_found() -> None:
    PledgeFactory(title="給食費を無償に", published=False)
    assert found(Kind.PLEDGES, "給食") == []


def test_an_old_pledge_is_found_among_any_number_of_newer_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "FIRST_PAGE", 3)
    old = PledgeFactory(title="用水路の見本", text="防災のため")
    for n in range(5):
        PledgeFactory(title=f"防災計画{n}", created_at=REGISTERED_AT + timedelta(days=n + 1))
    assert find(Kind.PLEDGES, "防災").total == 6
    indexed()
    everything = queries.find(Kind.PLEDGES, words.read("防災"), most=1_000).keys
    assert len(everything) == len(set(everything)) == 6
    assert everything[-1] == old.pk


def test_a_thousand_rows_are_counted_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "COUNTED", 3)
    for n in range(4):
        person(f"山田 {n}", "やまだ たろう")
    for kind, typed in ((Kind.POLITICIANS, "山田"), (Kind.POLITICIANS, "やまだ")):
        result = find(kind, typed)
        assert (len(result.keys), result.more) == (3, True)
    assert not find(Kind.POLITICIANS, "山田 3").more


@pytest.mark.parametrize("typed", ["山田", "yamada taro", "あ い う え お か き く け こ"])
def test_each_kind_takes_a_fixed_number_of_queries(
    typed: str, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for n in range(3):
        PledgeFactory(title=f"山田公約{n}", politician=person(f"山田 太{n}", "やまだ たろう"))
        area(f"山田{n}町")
        ReportFactory(title=f"山田報告{n}")
    indexed()
    asked = words.read(typed)
    for kind in Kind:
        with django_assert_max_num_queries(MOST_QUERIES[kind]):
            queries.find(kind, asked)


def test_no_word_asks_nothing(django_assert_num_queries: Callable[[int], object]) -> None:
    with django_assert_num_queries(0):
        assert all(not queries.find(kind, words.read("・ ")).keys for kind in Kind)
