"""Making one politician of two, and terms that follow each other."""

from datetime import UTC, datetime

import pytest

from tests.elections.factories import CandidacyFactory
from tests.people.factories import LinkFactory, PoliticianFactory, TermFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.evaluations.models import Ballot
from tsushinbo.importers.models import DoubtfulMatch
from tsushinbo.people.boundaries import boundaries_on
from tsushinbo.people.models import Identifier, Politician, PoliticianName
from tsushinbo.people.services import NotTwoPeople, Spelling, add_spellings, merge, restate_offices

AT = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "boundaries"),
    [
        ("2014-12-14", "2014"),
        ("2017-10-21", "2014"),
        ("2021-10-31", "2017"),
        ("2024-10-26", "2017"),
        ("2024-10-27", "2024"),
        ("2024", "2024"),
        ("2026-02", "2024"),
        ("1995-01-01", ""),
        ("", ""),
    ],
)
def test_an_election_uses_the_districts_of_the_last_general_election_that_changed_them(
    day: str, boundaries: str
) -> None:
    assert boundaries_on(day) == boundaries


@pytest.fixture
def two(db: None) -> tuple[Politician, Politician]:
    """The same person twice: one sits, the other has what is moved."""
    first = PoliticianFactory(name="見本太郎", kana="", birth_year=None)
    second = PoliticianFactory(name="見本たろう", kana="みほんたろう", birth_year=1970)
    return first, second


def test_everything_of_the_second_moves_to_the_first(two: tuple[Politician, Politician]) -> None:
    first, second = two
    term, candidacy = TermFactory(politician=second), CandidacyFactory(politician=second)
    pledge, link = PledgeFactory(politician=second), LinkFactory(politician=second)
    identifier = Identifier.objects.create(politician=second, scheme="person_id", value="p-2")
    ballot = Ballot.objects.create(pledge=pledge, voter=1, choice="good", cast_at=AT, changed_at=AT)
    kept = merge(first, second, at=AT)
    for row in (term, candidacy, pledge, link, identifier):
        row.refresh_from_db()
        assert row.politician == kept == first
    assert Ballot.objects.get() == ballot


def test_the_first_learns_what_it_did_not_know_and_keeps_the_rest(two: tuple[Politician, Politician]) -> None:
    kept = merge(*two, at=AT)
    assert (kept.name, kept.kana, kept.birth_year) == ("見本太郎", "みほんたろう", 1970)


def test_the_address_of_the_second_leads_to_the_first(two: tuple[Politician, Politician]) -> None:
    third = PoliticianFactory(merged_into=two[1])
    kept = merge(*two, at=AT)
    assert {person.merged_into for person in Politician.objects.exclude(pk=kept.pk)} == {kept}
    assert third.pk != kept.pk


def test_office_goes_with_the_terms(two: tuple[Politician, Politician]) -> None:
    TermFactory(politician=two[1], running=True)
    restate_offices([two[1].pk], at=AT)
    kept = merge(*two, at=AT)
    two[1].refresh_from_db()
    assert (kept.holds_office, two[1].holds_office) == (True, False)


def test_each_spelling_stands_once_and_one_is_the_common_name(two: tuple[Politician, Politician]) -> None:
    kind = PoliticianName.Kind
    first, second = two
    names = [(first, kind.COMMON, "見本太郎"), (first, kind.BALLOT, "見本タロウ")]
    names += [
        (second, kind.COMMON, "見本たろう"),
        (second, kind.VARIANT, "見本太郎"),
        (second, kind.KANA, "みほんたろう"),
    ]
    for politician, kind_, text in names:
        add_spellings([Spelling(politician.pk, kind_, text)], at=AT)
    merge(first, second, at=AT)
    assert set(PoliticianName.objects.filter(politician=first).values_list("kind", "text")) == {
        ("common", "見本太郎"),
        ("ballot", "見本タロウ"),
        ("variant", "見本たろう"),
        ("kana", "みほんたろう"),
    }
    assert not PoliticianName.objects.filter(politician=second).exists()


def test_a_link_both_have_stands_once(two: tuple[Politician, Politician]) -> None:
    for politician in two:
        LinkFactory(politician=politician, url="https://www.example.com/")
    merge(*two, at=AT)
    assert [link.politician for link in two[0].links.all()] == [two[0]]


def test_what_was_thought_of_the_two_stays_on_record(two: tuple[Politician, Politician]) -> None:
    doubt = DoubtfulMatch.objects.create(first=two[0], second=two[1], reason="氏名が同じ")
    merge(*two, at=AT)
    doubt.refresh_from_db()
    assert (doubt.first, doubt.second) == two


def test_one_person_cannot_be_merged_with_itself_or_twice(two: tuple[Politician, Politician]) -> None:
    with pytest.raises(NotTwoPeople):
        merge(two[0], two[0], at=AT)
    merge(*two, at=AT)
    with pytest.raises(NotTwoPeople):
        merge(*two, at=AT)
