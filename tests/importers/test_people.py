"""Who is the same person: what the rule joins, what it keeps apart, what it leaves to a person."""

from collections.abc import Mapping

import pytest

from tests.importers.conftest import Load, refusals
from tsushinbo.addresses import derived_id
from tsushinbo.importers.models import DoubtfulMatch
from tsushinbo.people.models import Politician, PoliticianName, Term
from tsushinbo.people.queries import listed
from tsushinbo.sources.keeping import Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("basis")]

COUNCILLOR = {
    "house": "councillors",
    "tier": "proportional",
    "prefecture": "",
    "district": "比例代表",
    "party": "",
    "group": "見本",
    "won_elections": "2025",
    "term_start": "2025-07-29",
    "term_end": "2031-07-28",
}


def both(load: Load, first: Mapping[str, str], second: Mapping[str, str]) -> list[Politician]:
    """The politicians on record after two rows of one table."""
    assert not refusals(load("people", first, {"person_id": "p-2", **second}))
    return list(listed().order_by("pk"))


def test_a_politicians_id_is_made_from_the_sources(load: Load) -> None:
    load("people", {"person_id": "p-hc-7007006"})
    assert Politician.objects.get().pk == derived_id("politician", "p-hc-7007006")


def test_two_members_of_one_name_with_other_birth_years_are_two(load: Load) -> None:
    # 鬼木誠, one in each house.
    assert len(both(load, {}, {**COUNCILLOR, "birth_year": "1963"})) == 2
    assert not DoubtfulMatch.objects.exists()


def test_name_reading_and_birth_year_together_are_one_person_who_changed_houses(load: Load) -> None:
    (person,) = both(load, {"status": "former", "term_end": ""}, COUNCILLOR)
    assert {term.office for term in person.terms.all()} == {"representatives", "councillors"}
    assert sorted(person.identifiers.values_list("value", flat=True)) == ["p-1", "p-2"]


def test_a_name_in_another_spelling_counts_as_the_same(load: Load) -> None:
    (person,) = both(
        load,
        {"name": "齋藤太郎", "kana": "さいとうたろう"},
        {**COUNCILLOR, "name": "斉藤太郎", "kana": "さいとうたろう"},
    )
    assert person.name == "齋藤太郎"
    assert set(person.names.filter(kind="variant").values_list("text", flat=True)) == {"斉藤太郎"}


def test_a_name_on_the_ballot_counts_as_the_same(load: Load) -> None:
    assert len(both(load, {"name_on_ballot": "見本たろう"}, {**COUNCILLOR, "name": "見本たろう"})) == 1


def test_name_house_and_district_together_are_one_person(load: Load) -> None:
    former = {"status": "former", "won_elections": "", "term_start": "2021-10-31", "term_end": "", "birth_year": ""}
    (person,) = both(load, {}, {**former, "kana": ""})
    assert person.birth_year == 1970


def test_one_source_that_lists_both_as_members_means_two(load: Load) -> None:
    assert len(both(load, {"birth_year": ""}, {})) == 2
    assert not DoubtfulMatch.objects.exists()


def test_a_seat_for_another_party_is_left_to_a_person(load: Load) -> None:
    former = {"status": "former", "term_start": "2021-10-31", "won_elections": "", "birth_year": "", "kana": ""}
    assert len(both(load, {}, {**former, "party": "無所属"})) == 2
    assert DoubtfulMatch.objects.get().reason.endswith("選挙区が同じ、政党が異なる")


def test_a_name_alone_is_left_to_a_person(load: Load) -> None:
    first, second = both(load, {}, {**COUNCILLOR, "kana": "", "birth_year": ""})
    doubt = DoubtfulMatch.objects.get()
    assert {doubt.first, doubt.second} == {first, second}
    assert doubt.first_id == derived_id("politician", "p-1")
    assert doubt.reason == "氏名が同じ、よみがなは一方が不明、生年は一方が不明、同じ選挙区の記録がない"


def test_one_reading_and_birth_year_under_another_name_is_left_to_a_person(load: Load) -> None:
    # A marriage, or a namesake by ear.
    assert len(both(load, {}, {**COUNCILLOR, "name": "見元太郎"})) == 2
    assert DoubtfulMatch.objects.get().reason.startswith("氏名が異なる、よみがなが同じ、生年が同じ")


def test_another_reading_of_one_name_is_another_person(load: Load) -> None:
    # 金子恵美: かねこえみ and かねこめぐみ.
    assert len(both(load, {}, {**COUNCILLOR, "kana": "みほんふとろう", "birth_year": ""})) == 2
    assert not DoubtfulMatch.objects.exists()


def test_two_who_fit_are_left_to_a_person(load: Load) -> None:
    load(
        "people",
        {},
        {"person_id": "p-2", "birth_year": "1971", **{k: v for k, v in COUNCILLOR.items() if k != "birth_year"}},
    )
    local = {"name": "見本太郎", "kana": "みほんたろう"}
    load("people_local", local)
    assert listed().count() == 3
    assert DoubtfulMatch.objects.count() == 2


def test_a_doubt_is_asked_once(load: Load) -> None:
    for _ in range(2):
        both(load, {}, {**COUNCILLOR, "kana": "", "birth_year": ""})
    assert DoubtfulMatch.objects.count() == 1


def test_the_row_the_id_was_made_from_leads_and_the_other_fills_in(load: Load) -> None:
    first = {"name": "斉藤太郎", "status": "former", "term_end": "", "family_name": "", "given_name": ""}
    second = {**COUNCILLOR, "name": "齋藤太郎", "family_name": "齋藤", "given_name": "太郎"}
    (person,) = both(load, first, second)
    assert (person.name, person.spaced_name) == ("斉藤太郎", "齋藤 太郎")
    assert load("people", first, {"person_id": "p-2", **second}).total(Outcome.UNCHANGED) == 2


def test_an_empty_value_erases_nothing(load: Load) -> None:
    load("people", {"birth_year": "1970", "kana": "みほんたろう"})
    report = load("people", {"birth_year": "", "kana": "", "family_kana": "", "given_kana": ""}, name="later.csv")
    assert report.total(Outcome.UNCHANGED) == 1
    assert Politician.objects.get().birth_year == 1970


def test_a_new_name_keeps_the_id_and_the_old_name_findable(load: Load) -> None:
    load("people", {})
    report = load("people", {"name": "新井太郎", "family_name": "", "given_name": ""}, name="later.csv")
    assert report.total(Outcome.UPDATED) == 1
    person = Politician.objects.get()
    assert (person.name, person.family_name) == ("新井太郎", "")
    assert set(person.names.filter(kind__in=["common", "variant"]).values_list("kind", "text")) == {
        ("common", "新井太郎"),
        ("variant", "見本太郎"),
    }


def test_a_name_that_comes_back_is_the_common_one_again(load: Load) -> None:
    for name in ("見本太郎", "新井太郎", "見本太郎"):
        load("people", {"name": name})
    names = PoliticianName.objects.filter(kind__in=["common", "variant"]).values_list("kind", "text")
    assert set(names) == {("common", "見本太郎"), ("variant", "新井太郎")}


def test_a_note_behind_a_name_is_taken_off(load: Load) -> None:
    load("people_local", {"name": "大倉たかひろ（副議長）", "given_name": "たかひろ（副議長）", "family_name": "大倉"})
    assert Politician.objects.get().spaced_name == "大倉 たかひろ"


def test_every_term_has_a_source(load: Load) -> None:
    load("people", {"source": "手元の資料"})
    load("people_local", {})
    assert set(Term.objects.values_list("dataset__key", "source_title")) == {(None, "手元の資料"), ("shugiin", "")}


def test_holds_office_follows_the_running_terms(load: Load) -> None:
    load("people", {})
    assert Politician.objects.get().holds_office
    load("people", {"status": "former", "term_end": ""}, name="later.csv")
    assert not Politician.objects.get().holds_office


def test_who_moves_to_the_other_house_leaves_the_first(load: Load) -> None:
    load("people", {})
    load("people", {"person_id": "p-2", **COUNCILLOR}, name="later.csv")
    assert dict(Term.objects.values_list("office", "running")) == {"representatives": False, "councillors": True}
    report = load("people", {})
    assert report.total(Outcome.UNCHANGED) == 1
    assert dict(Term.objects.values_list("office", "running")) == {"representatives": False, "councillors": True}


def test_a_new_term_in_one_house_ends_the_last(load: Load) -> None:
    load("people", {})
    load("people", {"term_start": "2026-02-08", "term_end": "2030-02-07"}, name="later.csv")
    assert dict(Term.objects.values_list("starts_on", "running")) == {"2024-10-27": False, "2026-02-08": True}


def test_one_person_in_two_offices_has_two_terms(load: Load) -> None:
    second = {
        "role_id": "r-2",
        "office": "prefectural_assembly",
        "municipality_code6": "130001",
        "electoral_district": "品川区選挙区",
    }
    report = load("people_local", {"status": "former"}, second)
    assert report.total(Outcome.CREATED) == 2
    assert Politician.objects.get().terms.count() == 2


def test_a_mayor_in_two_tables_has_one_term_that_both_fill_in(load: Load) -> None:
    mayor = {
        "name": "見本次郎",
        "kana": "みほんじろう",
        "office": "mayor",
        "group": "無所属",
        "terms": "",
        "service_start": "2024",
    }
    load("people_local", {**mayor, "person_id": "p-30", "role_id": "r-30"})
    chief = {"office": "mayor", "municipality_code6": "131091", "birth_year": ""}
    for report in (
        load("chief_executives", chief),
        load("people_local", {**mayor, "person_id": "p-30", "role_id": "r-30"}),
    ):
        assert not report.refused
    term = Term.objects.get()
    assert (term.party.name, term.backing, term.times_elected) == ("無所属", "無所属。見本党が推薦", 1)  # type: ignore[union-attr]
    assert load("chief_executives", chief).total(Outcome.UNCHANGED) == 1


def test_a_mayor_elected_again_has_a_second_term(load: Load) -> None:
    load("chief_executives", {"service_start": "2020-07"})
    again = {"role_id": "c-2", "service_start": "2024-07", "terms": "2"}
    assert load("chief_executives", again, name="later.csv").total(Outcome.CREATED) == 1
    assert dict(Term.objects.values_list("starts_on", "running")) == {"2020-07": False, "2024-07": True}
    assert load("chief_executives", {"service_start": "2020-07"}, again).total(Outcome.UNCHANGED) == 2


def test_an_identity_found_by_a_person_joins_two_and_keeps_both_addresses(load: Load) -> None:
    both(load, {}, {**COUNCILLOR, "kana": "", "birth_year": ""})
    assert load("identities", {}).total(Outcome.UPDATED) == 1
    kept, gone = (Politician.objects.get(pk=derived_id("politician", key)) for key in ("p-1", "p-2"))
    assert gone.merged_into == kept
    assert kept.terms.count() == 2
    assert DoubtfulMatch.objects.get().verdict == "same"
    assert load("identities", {}).total(Outcome.UNCHANGED) == 1
    assert both(load, {}, {**COUNCILLOR, "kana": "", "birth_year": ""}) == [kept]


def test_an_identity_of_somebody_not_met_yet_waits_for_the_row(load: Load) -> None:
    load("people", {})
    assert load("identities", {}).total(Outcome.CREATED) == 1
    load(
        "people",
        {"person_id": "p-2", **COUNCILLOR, "name": "まったく別", "kana": "", "birth_year": ""},
        name="later.csv",
    )
    assert Politician.objects.count() == 1
