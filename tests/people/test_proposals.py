"""What comes of a proposal about a person: approved, overtaken, imported over, taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.accounts.factories import UserFactory
from tests.people.factories import (
    AreaFactory,
    CorrectionFactory,
    MissingFactory,
    PartyFactory,
    PoliticianFactory,
)
from tests.pledges.factories import PledgeFactory
from tsushinbo import addresses
from tsushinbo.accounts.membership import GONE, close_account
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import exported
from tsushinbo.accounts.services import TooMany
from tsushinbo.moderation.models import DecisionReason
from tsushinbo.moderation.services import AlreadyDecided, Banned, NotYours, ban_account, decide, hide, restore
from tsushinbo.notices.models import Notice
from tsushinbo.people.errors import (
    AlreadyProposed,
    CorrectAgain,
    NamesakesUnseen,
    NothingCorrected,
    NotTheAuthor,
    PersonGone,
    PersonInUse,
    PersonMoved,
)
from tsushinbo.people.missing import Change, Missing
from tsushinbo.people.models import (
    FactCorrection,
    Identifier,
    OfficialLink,
    PersonProposal,
    Politician,
    PoliticianName,
    Term,
)
from tsushinbo.people.queries.proposals import disputed_corrections, facts_of
from tsushinbo.people.services import PersonFact, TermRow, keep_people, keep_terms, merge, record_delegate
from tsushinbo.people.services.corrections import settle_correction
from tsushinbo.people.services.proposals import propose_correction, propose_missing, withdraw_proposal

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
SOURCE = "https://www.example.com/profile/"


@pytest.fixture
def editor() -> User:
    return UserFactory.create(role="editor")


def imported(key: str = "p-1", **said: Any) -> Politician:
    """Somebody as an import puts them on record."""
    fact = {"name": "見本太郎", "family_name": "見本", "given_name": "太郎", "kana": "みほんたろう", "family_kana": "みほん", "given_kana": "たろう"}  # fmt: skip
    pk = addresses.derived_id("politician", key)
    keep_people([PersonFact(pk, leading=True, scheme="person_id", value=key, **{**fact, **said})], at=AT)
    return Politician.objects.get(pk=pk)


def made_by(item: PersonProposal) -> Politician:
    """The politician that a proposal is about by now."""
    item.refresh_from_db()
    assert item.politician is not None
    return item.politician


def term_row(politician: Politician, key: str = "role-1", **said: Any) -> TermRow:
    """A running term of a mayor as an import puts it on record."""
    values: dict[str, Any] = dict.fromkeys(TermRow._fields, "") | {
        "key": key, "politician_id": politician.pk, "office": "mayor", "running": True, "area_id": None, "prefecture_id": None,
        "constituency_id": None, "party_id": None, "group_id": None, "times_elected": None, "starts_on": "2022-12-04",
        "ends_on": "2026-12-03", "dataset_id": None, "as_of": "2026-01-01",
    }  # fmt: skip
    return TermRow(**{**values, **said})


def corrected(politician: Politician, by: User, **after: str) -> PersonProposal:
    """A correction that was proposed and approved: column or fact → its new value."""
    facts = {fact.column: fact for fact in facts_of(politician)}
    facts |= {
        fact.field.partition("-")[0]: fact for fact in facts_of(politician) if fact.value and fact.column == "link"
    }
    changes = [
        Change(facts[name].key, facts[name].label, facts[name].value, value, facts[name].shown, value)
        for name, value in after.items()
    ]
    item = propose_correction(
        politician=politician, author=UserFactory.create(), changes=changes, source_url=SOURCE, reason="", at=AT
    )
    decide(item=item, approve=True, by=by, at=AT + timedelta(hours=1))
    return item


# Somebody who is missing


def test_an_approval_makes_the_politician_with_the_term_and_what_it_is_known_by(editor: User) -> None:
    item = MissingFactory.create()
    decide(item=item, approve=True, by=editor, at=AT)
    person = made_by(item)
    key = f"proposal:{addresses.encode(item.pk)}"
    assert person.pk == addresses.derived_id("politician", key)
    assert (person.name, person.family_name, person.given_kana, person.romaji) == (
        "例示花子",
        "例示",
        "はなこ",
        "Reiji Hanako",
    )
    assert person.holds_office
    assert Identifier.objects.get(politician=person).value == key
    term = Term.objects.get(politician=person)
    assert (term.key, term.office, term.starts_on, term.source_url) == (key, "mayor", "2026-04", item.source_url)
    assert PoliticianName.objects.filter(politician=person, kind="kana", text="れいじはなこ").exists()
    assert OfficialLink.objects.get(politician=person).url == "https://hanako.example.com/"
    notice = Notice.objects.get(user=item.author)
    assert notice.url == person.get_absolute_url()


def test_two_proposals_of_one_person_make_one(editor: User) -> None:
    area = AreaFactory.create()
    first, second = MissingFactory.create(area=area), MissingFactory.create(area=area, name="例示 花子")
    decide(item=first, approve=True, by=editor, at=AT)
    with pytest.raises(NamesakesUnseen, match="例示 花子"):
        decide(item=second, approve=True, by=editor, at=AT)
    second.refresh_from_db()
    assert (second.state, Politician.objects.count()) == ("pending", 1)
    decide(item=second, approve=False, by=editor, at=AT, reason=DecisionReason.DUPLICATE)


def test_a_namesake_the_writer_was_shown_is_no_obstacle(editor: User) -> None:
    namesake = PoliticianFactory.create(name="例示花子")
    item = MissingFactory.create()
    item.content["others"] = [{"id": addresses.encode(namesake.pk), "words": "例示 花子", "url": "/"}]
    item.save()
    decide(item=item, approve=True, by=editor, at=AT)
    assert Politician.objects.count() == 2


def test_two_editors_approve_once(editor: User) -> None:
    item = MissingFactory.create()
    same = PersonProposal.objects.get(pk=item.pk)
    decide(item=item, approve=True, by=editor, at=AT)
    with pytest.raises(AlreadyDecided):
        decide(item=same, approve=True, by=UserFactory.create(role="editor"), at=AT)
    assert Politician.objects.count() == 1


def test_who_was_rejected_can_be_taken_after_all(editor: User) -> None:
    item = MissingFactory.create()
    decide(item=item, approve=False, by=editor, at=AT, reason=DecisionReason.UNSOURCED)
    assert Politician.objects.count() == 0
    restore(item=item, by=editor, at=AT)
    assert Politician.objects.count() == 1


def test_an_approval_is_taken_back_and_given_again_under_the_same_address(editor: User) -> None:
    item = MissingFactory.create()
    decide(item=item, approve=True, by=editor, at=AT)
    address = made_by(item).pk
    hide(item=item, by=editor, at=AT, reason=DecisionReason.FALSEHOOD)
    assert Politician.objects.count() == 0
    assert not Term.objects.exists()
    item.refresh_from_db()
    restore(item=item, by=editor, at=AT)
    assert Politician.objects.get().pk == address


def test_who_has_a_pledge_by_now_stays(editor: User) -> None:
    item = MissingFactory.create()
    decide(item=item, approve=True, by=editor, at=AT)
    PledgeFactory.create(politician=item.politician)
    with pytest.raises(PersonInUse):
        hide(item=item, by=editor, at=AT, reason=DecisionReason.FALSEHOOD)
    item.refresh_from_db()
    assert (item.state, item.politician is None) == ("approved", False)
    assert Term.objects.filter(politician=item.politician).exists()


def test_the_same_member_proposes_somebody_once() -> None:
    said = Missing(name="例示 花子", kana="れいじ はなこ", office="mayor", place_name="見本市", area="900000")
    author = UserFactory.create()
    propose_missing(author=author, missing=said, source_url=SOURCE, reason="", at=AT)
    with pytest.raises(AlreadyProposed):
        propose_missing(author=author, missing=said, source_url=SOURCE, reason="", at=AT)


def test_a_source_takes_the_place_of_a_proposed_term_and_keeps_what_it_does_not_know(editor: User) -> None:
    item, party = MissingFactory.create(), PartyFactory.create()
    item.content["party"] = str(party.pk)
    item.save()
    decide(item=item, approve=True, by=editor, at=AT)
    proposed = Term.objects.get()
    row = term_row(made_by(item), area_id=proposed.area_id, starts_on="2026-04-20", ends_on="2030-04-19")
    keep_terms([row], at=AT)
    term = Term.objects.get()
    assert (term.key, term.starts_on, term.party, term.running) == ("role-1", "2026-04-20", party, True)


def test_an_earlier_proposed_term_stays_beside_a_new_one(editor: User) -> None:
    item = MissingFactory.create()
    decide(item=item, approve=True, by=editor, at=AT)
    area = Term.objects.get().area_id
    keep_terms([term_row(made_by(item), area_id=area, starts_on="2030-04-20", ends_on="")], at=AT)
    assert dict(Term.objects.values_list("key", "running")) == {
        "role-1": True,
        f"proposal:{addresses.encode(item.pk)}": False,
    }


# A correction


def test_only_the_named_facts_change(editor: User) -> None:
    person = imported(birth_year=1960)
    before: dict[str, Any] = dict(Politician.objects.filter(pk=person.pk).values().get())
    corrected(person, editor, birth_year="1961")
    after: dict[str, Any] = dict(Politician.objects.filter(pk=person.pk).values().get())
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"birth_year", "changed_at"}
    assert after["birth_year"] == 1961


def test_an_import_does_not_undo_a_correction(editor: User) -> None:
    person = imported(birth_year=1960, link_title="公式サイト", link_url="https://old.example.com/")
    corrected(
        person, editor, name="見本 太朗", kana="みほん たあろう", birth_year="1961", link="https://new.example.com/"
    )
    again = imported(birth_year=1960, link_title="公式サイト", link_url="https://old.example.com/")
    assert (again.name, again.given_name, again.kana, again.birth_year) == ("見本太朗", "太朗", "みほんたあろう", 1961)
    assert [link.url for link in OfficialLink.objects.all()] == ["https://new.example.com/"]
    assert not disputed_corrections().exists()
    assert PoliticianName.objects.get(kind="common").text == "見本太朗"
    # As it was written before it is still found, and still known to importers.
    assert PoliticianName.objects.get(text="見本太郎").kind == "variant"


def test_a_third_value_of_the_source_is_seen_and_the_correction_stays(editor: User) -> None:
    person = imported(birth_year=1960)
    corrected(person, editor, birth_year="1961")
    assert imported(birth_year=1962).birth_year == 1961
    [dispute] = disputed_corrections()
    assert (dispute.said, dispute.value) == ("1962", "1961")
    by = UserFactory.create(role="administrator")
    assert settle_correction(dispute, by=by, at=AT)
    assert not disputed_corrections().exists()
    assert not settle_correction(FactCorrection.objects.get(), by=by, at=AT)
    imported(birth_year=1961)
    assert not disputed_corrections().exists()


def test_terms_stay_corrected_through_imports(editor: User) -> None:
    person, party = imported(), PartyFactory.create()
    keep_terms([term_row(person, party_id=party.pk, times_elected=2)], at=AT)
    corrected(person, editor, party_id="", times_elected="3", starts_on="2022-12-05")
    for _ in range(2):
        keep_terms([term_row(person, party_id=party.pk, times_elected=2)], at=AT)
        term = Term.objects.get()
        assert (term.party, term.times_elected, term.starts_on, term.ends_on) == (None, 3, "2022-12-05", "2026-12-03")
    assert not disputed_corrections().exists()
    keep_terms([term_row(person, party_id=party.pk, times_elected=4)], at=AT)
    assert [row.said for row in disputed_corrections()] == ["4"]


def test_who_left_office_does_not_come_back_by_an_old_table(editor: User) -> None:
    person = imported()
    keep_terms([term_row(person)], at=AT)
    corrected(person, editor, running="no", ends_on="2026-11-20")
    person.refresh_from_db()
    assert not person.holds_office
    keep_terms([term_row(person)], at=AT)
    term = Term.objects.get()
    assert (term.running, term.ends_on) == (False, "2026-11-20")
    assert not disputed_corrections().exists()
    # A table that was looked at again and still says so is put before the operator.
    keep_terms([term_row(person, as_of="2027-02-01")], at=AT)
    assert not Term.objects.get().running
    assert [row.said for row in disputed_corrections()] == ["yes 2027-02-01"]


def test_a_second_correction_replaces_the_first(editor: User) -> None:
    person = imported(birth_year=1960, link_title="公式サイト", link_url="https://old.example.com/")
    corrected(person, editor, birth_year="1961", link="https://new.example.com/")
    corrected(Politician.objects.get(), editor, birth_year="1962", link="https://newer.example.com/")
    again = imported(birth_year=1960, link_title="公式サイト", link_url="https://old.example.com/")
    assert again.birth_year == 1962
    assert [link.url for link in OfficialLink.objects.all()] == ["https://newer.example.com/"]
    corrected(again, editor, birth_year="1960")
    assert not FactCorrection.objects.filter(fact="birth_year").exists()
    assert imported(birth_year=1963).birth_year == 1963


def test_a_correction_back_to_what_the_source_says_stands_at_once(editor: User) -> None:
    person = imported(birth_year=1960)
    keep_terms([term_row(person, times_elected=2)], at=AT)
    corrected(person, editor, name="見本 太朗", birth_year="1961", times_elected="3")
    corrected(Politician.objects.get(), editor, name="見本 太郎", birth_year="1960", times_elected="2")
    person.refresh_from_db()
    assert (person.name, person.birth_year, Term.objects.get().times_elected) == ("見本太郎", 1960, 2)
    assert not FactCorrection.objects.exists()


def test_a_proposed_term_that_was_corrected_stays_so_when_a_source_takes_its_place(editor: User) -> None:
    item, wrong, party = MissingFactory.create(), PartyFactory.create(), PartyFactory.create()
    decide(item=item, approve=True, by=editor, at=AT)
    person, area = made_by(item), Term.objects.get().area_id
    corrected(person, editor, party_id=str(party.pk), times_elected="2")
    keep_terms([term_row(person, area_id=area, starts_on="2026-04-20", party_id=wrong.pk, times_elected=2)], at=AT)
    term = Term.objects.get()
    assert (term.key, term.party, term.times_elected) == ("role-1", party, 2)
    # What the source says is neither what stood there nor what it was corrected to.
    assert [(row.fact, row.said) for row in disputed_corrections()] == [("term:role-1:party_id", str(wrong.pk))]


def test_a_value_that_changed_since_is_not_overwritten(editor: User) -> None:
    item = CorrectionFactory.create()
    Politician.objects.update(birth_year=1955)
    with pytest.raises(PersonMoved, match="生年"):
        decide(item=item, approve=True, by=editor, at=AT)
    item.refresh_from_db()
    assert (item.state, Politician.objects.get().birth_year) == ("pending", 1955)


def test_two_members_who_say_the_same_are_both_approved(editor: User) -> None:
    person = PoliticianFactory.create()
    for item in (CorrectionFactory.create(politician=person), CorrectionFactory.create(politician=person)):
        decide(item=item, approve=True, by=editor, at=AT)
    assert FactCorrection.objects.count() == 1
    assert Politician.objects.get().birth_year == 1970


def test_a_correction_moves_with_a_merge(editor: User) -> None:
    first, second = PoliticianFactory.create(), PoliticianFactory.create()
    item = CorrectionFactory.create(politician=second)
    merge(first, second, at=AT)
    item.refresh_from_db()
    decide(item=item, approve=True, by=editor, at=AT)
    first.refresh_from_db()
    assert (item.politician, first.birth_year) == (first, 1970)
    with pytest.raises(PersonGone):
        propose_correction(
            politician=second, author=UserFactory.create(), changes=[], source_url=SOURCE, reason="", at=AT
        )


def test_corrections_in_force_move_with_a_merge_and_hold(editor: User) -> None:
    first, second = PoliticianFactory.create(birth_year=None), imported(birth_year=1960)
    corrected(second, editor, birth_year="1961")
    merge(first, Politician.objects.get(pk=second.pk), at=AT)
    fact = PersonFact(first.pk, leading=True, scheme="person_id", value="p-1", name="見本太郎", birth_year=1960)
    keep_people([fact], at=AT)
    first.refresh_from_db()
    assert first.birth_year == 1961


def test_a_correction_that_comes_along_with_a_merge_stands_at_once(editor: User) -> None:
    first, second = imported("p-1"), imported("p-2")
    corrected(second, editor, name="見本 太朗")
    merge(first, Politician.objects.get(pk=second.pk), at=AT)
    first.refresh_from_db()
    assert (first.name, imported("p-1").name) == ("見本太朗", "見本太朗")


def test_an_approved_correction_is_not_hidden_but_corrected_again(editor: User) -> None:
    item = CorrectionFactory.create()
    decide(item=item, approve=True, by=editor, at=AT)
    with pytest.raises(CorrectAgain):
        hide(item=item, by=editor, at=AT, reason=DecisionReason.FALSEHOOD)


def test_who_sends_another_correction_replaces_the_one_that_waits() -> None:
    person, author = PoliticianFactory.create(), UserFactory.create()
    for year in ("1970", "1971"):
        change = Change("birth_year", "生年", "", year, "", year)
        propose_correction(politician=person, author=author, changes=[change], source_url=SOURCE, reason="", at=AT)
    assert [item.changes[0]["after"] for item in PersonProposal.objects.all()] == ["1971"]


def test_a_link_is_added_and_one_that_is_dead_goes(editor: User) -> None:
    person = imported(link_title="公式サイト", link_url="https://old.example.com/")
    corrected(person, editor, link="")
    assert not OfficialLink.objects.exists()
    imported(link_title="公式サイト", link_url="https://old.example.com/")
    assert not OfficialLink.objects.exists()


def test_nothing_corrected_nobody_banned_no_flood(settings: Any) -> None:
    person, author = PoliticianFactory.create(), UserFactory.create()
    said: dict[str, Any] = {"politician": person, "author": author, "source_url": SOURCE, "reason": "", "at": AT}
    with pytest.raises(NothingCorrected):
        propose_correction(changes=[], **said)
    settings.RATE_PROPOSALS_PER_ACCOUNT = 1
    change = Change("birth_year", "生年", "", "1970", "", "1970年")
    propose_correction(changes=[change], **said)
    with pytest.raises(TooMany):
        propose_correction(changes=[change], **said)
    ban_account(account=author, by=UserFactory.create(), reason=DecisionReason.OTHER, note="", until=None, at=AT)
    with pytest.raises(Banned):
        propose_correction(changes=[change], **said)


def test_only_the_writer_withdraws_and_only_what_waits(editor: User) -> None:
    item = CorrectionFactory.create()
    with pytest.raises(NotTheAuthor):
        withdraw_proposal(proposal=item, author=UserFactory.create())
    decide(item=item, approve=True, by=editor, at=AT)
    with pytest.raises(NotTheAuthor):
        withdraw_proposal(proposal=item, author=item.author)


def test_a_closed_account_takes_along_what_waits_and_its_owner_read_all_of_it_before(editor: User) -> None:
    author = UserFactory.create()
    approved, waiting = CorrectionFactory.create(author=author), MissingFactory.create(author=author)
    CorrectionFactory.create()
    decide(item=approved, approve=True, by=editor, at=AT)
    told = exported(author)["politicians"]
    assert {row["wish"]: (row["state"], row["content"]) for row in told} == {
        "correction": ("approved", approved.content),
        "missing": ("pending", waiting.content),
    }
    close_account(user=author)
    assert set(PersonProposal.objects.values_list("author__display_name", "state")) == {
        (GONE, "approved"),
        ("", "pending"),
    }
    assert FactCorrection.objects.count() == 1


def test_an_editor_of_the_politicians_office_has_no_say(editor: User) -> None:
    item = CorrectionFactory.create()
    record_delegate(user=editor, politician=made_by(item), recorded_by=UserFactory.create(), at=AT)
    with pytest.raises(NotYours):
        decide(item=item, approve=True, by=editor, at=AT)
