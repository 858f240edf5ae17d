"""What members proposed and editors approved, and the tables that come after it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.accounts.factories import UserFactory
from tests.importers.conftest import AT, Load
from tests.people.factories import MissingFactory
from tsushinbo.moderation.services import decide
from tsushinbo.people.missing import Change
from tsushinbo.people.models import Area, Politician, Term
from tsushinbo.people.queries.proposals import disputed_corrections, facts_of
from tsushinbo.people.services.proposals import propose_correction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("basis")]


def correct(person: Politician, *, at: datetime, **after: str) -> None:
    facts = {fact.column: fact for fact in facts_of(person)}
    changes = [
        Change(facts[name].key, facts[name].label, facts[name].value, value, facts[name].shown, value)
        for name, value in after.items()
    ]
    said: dict[str, Any] = {"source_url": "https://www.example.com/", "reason": "", "at": at}
    item = propose_correction(politician=person, author=UserFactory.create(), changes=changes, **said)
    decide(item=item, approve=True, by=UserFactory.create(), at=at + timedelta(hours=1))


def test_a_table_finds_somebody_who_was_proposed_and_fills_in(load: Load) -> None:
    item = MissingFactory.create(area=Area.objects.get(name="品川区"), name="見本 花子", kana="みほん はなこ")
    item.content |= {"office": "municipal_assembly", "starts_on": "2023"}
    item.save()
    decide(item=item, approve=True, by=UserFactory.create(), at=AT)
    report = load("people_local", {})
    assert not report.refused
    person = Politician.objects.get()
    assert person == item.politician
    assert set(person.identifiers.values_list("scheme", flat=True)) == {"proposal", "person_id"}
    term = Term.objects.get()
    assert (term.key, term.starts_on, term.times_elected, term.running) == ("r-1", "2023-05", 2, True)


def test_a_table_loaded_again_does_not_undo_what_was_corrected(load: Load) -> None:
    load("people", {})
    person = Politician.objects.get()
    before = Term.objects.get()
    correct(person, at=AT, name="見本 太朗", birth_year="1971", times_elected="5")
    # Other rows of the file changed, so that it is read again.
    report = load("people", {}, {"person_id": "p-2", "name": "別人次郎", "family_name": "別人", "given_name": "次郎", "kana": "べつじんじろう", "family_kana": "べつじん", "given_kana": "じろう", "district": "比例東京都ブロック", "tier": "proportional"})  # fmt: skip
    assert not report.refused
    person.refresh_from_db()
    assert (person.name, person.given_name, person.kana, person.birth_year) == (
        "見本太朗",
        "太朗",
        "みほんたろう",
        1971,
    )
    term = Term.objects.get(politician=person)
    assert (term.key, term.times_elected, term.party) == (before.key, 5, before.party)
    assert not disputed_corrections().exists()
    load("people", {"terms": "9"})
    assert Term.objects.get(politician=person).times_elected == 5
    assert [row.said for row in disputed_corrections()] == ["9"]


def test_a_pledge_under_the_name_as_it_was_written_still_finds_the_person(load: Load) -> None:
    load("people", {})
    person = Politician.objects.get()
    correct(person, at=AT, name="見本 太朗")
    report = load("headline", {})
    assert not report.refused
    assert person.pledges.count() == 1
