"""What people call somebody: with an office or a word of respect behind the name, a party by its short name."""

import pytest

from tests.people.factories import TermFactory
from tests.pledges.factories import PartyPledgeFactory
from tests.search.factories import area, indexed, party, person
from tsushinbo.people.models import Area, Office
from tsushinbo.search import queries, words
from tsushinbo.search.models import Kind

pytestmark = pytest.mark.django_db


def found(kind: Kind, typed: str) -> list[str]:
    indexed()
    return [str(row) for row in queries.rows(kind, queries.find(kind, words.read(typed)).keys)]


def test_an_office_behind_a_name_chooses_who_holds_it_and_else_is_left_out() -> None:
    prefecture = area("見本県", code="130009", kind=Area.Kind.PREFECTURE)
    TermFactory.create(politician=person("小池 花子", "こいけ はなこ"), office=Office.GOVERNOR, area=prefecture)
    person("小池 次郎", "こいけ じろう")
    assert found(Kind.POLITICIANS, "小池知事") == ["小池花子"]
    assert found(Kind.POLITICIANS, "小池総理") == found(Kind.POLITICIANS, "小池さん") == ["小池次郎", "小池花子"]
    assert found(Kind.POLITICIANS, "次郎議員") == ["小池次郎"]
    assert found(Kind.POLITICIANS, "見本県知事") == ["小池花子"]
    assert found(Kind.POLITICIANS, "小池市長 花子") == ["小池花子"]
    assert found(Kind.POLITICIANS, "大池知事") == []


def test_a_name_that_ends_as_a_title_does_is_a_name() -> None:
    person("大代表 太郎", "おおだいひょう たろう")
    person("大 花子", "だい はなこ")
    assert found(Kind.POLITICIANS, "大代表") == ["大代表太郎"]


def test_a_party_is_found_as_people_call_it() -> None:
    mine = party("見本民主党", "見民")
    party("見民党を終わらせる党")
    PartyPledgeFactory(title="給食の質を高く", party=mine)
    assert found(Kind.PARTIES, "見民党") == ["見本民主党", "見民党を終わらせる党"]
    assert found(Kind.PLEDGES, "見民党 給食") == ["給食の質を高く"]
