"""Candidates without an id: found among the politicians on record by the rule, or put before a person."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.importers.conftest import Load
from tsushinbo.addresses import derived_id
from tsushinbo.elections.models import Candidacy
from tsushinbo.importers.models import DoubtfulMatch
from tsushinbo.people.models import Politician
from tsushinbo.people.queries import listed
from tsushinbo.sources.keeping import Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("basis")]

UNNAMED = {
    "person_id": "",
    "candidacy_id": "hr-50-2",
    "district": "比例東京都ブロック",
    "tier": "proportional",
    "prefecture": "",
}
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


def politician_of(key: str) -> Politician | None:
    return Candidacy.objects.get(key=key).politician


def test_an_age_that_fits_the_birth_year_settles_it_with_name_and_reading(load: Load) -> None:
    load("people", COUNCILLOR)
    report = load("candidacies", UNNAMED)
    assert report.matched == 1
    assert politician_of("hr-50-2") == Politician.objects.get()
    assert "1 candidates without an id were found to be politicians on record" in list(report.lines())


@pytest.mark.parametrize(("age", "linked"), [("53", True), ("54", True), ("52", False), ("55", False)])
def test_the_age_leaves_two_years(load: Load, age: str, linked: bool) -> None:
    # On 2024-10-27 somebody born in 1970 is 53 or 54.
    load("people", COUNCILLOR)
    load("candidacies", {**UNNAMED, "age": age})
    assert (politician_of("hr-50-2") is not None) is linked
    assert not DoubtfulMatch.objects.exists()


def test_the_order_of_files_makes_no_difference(load: Load) -> None:
    load("candidacies", UNNAMED)
    assert politician_of("hr-50-2") is None
    assert load("people", COUNCILLOR).matched == 1


def test_house_and_district_settle_it_with_the_name(load: Load) -> None:
    load("people", {"tier": "proportional", "prefecture": "", "district": "比例東京都ブロック"})
    load("candidacies", {**UNNAMED, "kana": "", "age": ""})
    assert politician_of("hr-50-2") == Politician.objects.get()


def test_a_name_alone_is_put_before_a_person(load: Load) -> None:
    load("people", COUNCILLOR)
    report = load("candidacies", {**UNNAMED, "kana": "", "age": ""})
    assert (report.matched, report.doubts, report.open_doubts) == (0, 1, 1)
    assert politician_of("hr-50-2") is None
    assert "1 doubtful matches wait for a person, 1 of them new: tsushinbo manage doubtful_matches" in list(
        report.lines()
    )


def test_nobody_stands_twice_in_one_tier(load: Load) -> None:
    load("people", {})
    load("candidacies", {})
    load(
        "candidacies",
        {**UNNAMED, "tier": "single_seat", "prefecture": "東京都", "district": "東京都第1区"},
        name="more.csv",
    )
    assert politician_of("hr-50-2") is None
    assert DoubtfulMatch.objects.get().reason == "同じ選挙で、この政治家の立候補がほかにもある"


def test_who_stood_elsewhere_at_the_same_election_is_somebody_else(load: Load) -> None:
    load("districts", {"district": "東京都第2区", "number": "2"})
    load("people", {"birth_year": ""})
    load(
        "candidacies",
        {"age": ""},
        {**UNNAMED, "tier": "single_seat", "prefecture": "東京都", "district": "東京都第2区", "age": ""},
    )
    assert politician_of("hr-50-2") is None
    assert not DoubtfulMatch.objects.exists()


def test_two_candidates_for_one_politician_are_put_before_a_person(load: Load) -> None:
    load("people", COUNCILLOR)
    report = load("candidacies", UNNAMED, {**UNNAMED, "candidacy_id": "hr-50-3"})
    assert (report.matched, report.doubts) == (0, 2)


def test_a_spelling_learnt_from_one_candidacy_finds_another(load: Load) -> None:
    load("people", {**COUNCILLOR, "name": "ながえ孝子", "kana": "ながえたかこ"})
    ballot = {**UNNAMED, "name": "永江孝子", "name_on_ballot": "ながえ孝子", "kana": "ながえたかこ"}
    older = {
        **UNNAMED,
        "candidacy_id": "hr-49-1",
        "election_id": "hr-49",
        "name": "永江孝子",
        "name_on_ballot": "",
        "kana": "ながえたかこ",
        "age": "51",
    }
    load("elections", {"election_id": "hr-49", "date": "2021-10-31"})
    # The one that only the learnt spelling finds comes first.
    report = load("candidacies", older, ballot)
    assert report.matched == 2


def test_a_second_run_looks_up_nobody(load: Load) -> None:
    load("people", COUNCILLOR)
    load("candidacies", {**UNNAMED, "kana": "", "age": ""})
    report = load("candidacies", {**UNNAMED, "kana": "", "age": ""})
    assert (report.total(Outcome.UNCHANGED), report.matched, report.doubts, report.open_doubts) == (1, 0, 0, 1)


def test_a_link_once_found_stays(load: Load) -> None:
    load("people", COUNCILLOR)
    load("candidacies", UNNAMED)
    assert load("candidacies", {**UNNAMED, "votes": "1"}).total(Outcome.UPDATED) == 1
    assert politician_of("hr-50-2") is not None


def test_doubts_about_two_politicians_are_settled_by_their_candidacies(load: Load) -> None:
    # 三ッ林裕己 stands twice in the table of people, without reading and birth year.
    bare = {"kana": "", "family_kana": "", "given_kana": "", "birth_year": "", "won_elections": ""}
    load("districts", {"district": "東京都第2区", "number": "2"})
    load(
        "people",
        {**bare, "district": "東京都第2区", "term_start": "2026-02-08"},
        {**bare, "person_id": "p-2", "status": "former", "term_start": "2021-10-31", "term_end": ""},
    )
    assert DoubtfulMatch.objects.get().verdict == "open"
    load("elections", {"election_id": "hr-51", "date": "2026-02-08"})
    second = {"district": "東京都第2区", "kana": "", "age": ""}
    report = load(
        "candidacies", {**second, "candidacy_id": "hr-51-1", "election_id": "hr-51"}, {**second, "person_id": "p-2"}
    )
    assert report.merged == 1
    assert listed().get().pk == derived_id("politician", "p-1")
    assert DoubtfulMatch.objects.get().verdict == "same"


def listing() -> str:
    out = StringIO()
    call_command("doubtful_matches", stdout=out)
    return out.getvalue()


def decide(verdict: str) -> DoubtfulMatch:
    doubt = DoubtfulMatch.objects.get()
    call_command("doubtful_matches", str(doubt.pk), verdict, stdout=StringIO())
    doubt.refresh_from_db()
    return doubt


def test_the_command_lists_doubts_with_what_is_known(load: Load) -> None:
    load("people", COUNCILLOR)
    load("candidacies", {**UNNAMED, "kana": "", "age": ""})
    lines = listing().splitlines()
    assert lines[0].endswith(": 氏名が同じ、よみがなは一方が不明、生年は一方が不明、同じ選挙区の記録がない")
    assert lines[1].startswith("    見本太郎　みほんたろう　1970年生　参議院議員 比例代表 2025-07-29　/politicians/")
    assert lines[2] == "    立候補　見本太郎（見本たろう）　見本党　第50回衆議院議員総選挙 比例東京都ブロック　hr-50-2"
    assert lines[3] == "1 doubtful matches wait for a person."


def test_a_candidate_found_to_be_the_same_is_linked(load: Load) -> None:
    load("people", COUNCILLOR)
    load("candidacies", {**UNNAMED, "kana": "", "age": ""})
    assert decide("same").verdict == "same"
    assert politician_of("hr-50-2") == Politician.objects.get()
    assert listing() == "0 doubtful matches wait for a person.\n"


def test_a_candidate_found_to_be_another_is_not_asked_about_again(load: Load) -> None:
    load("people", COUNCILLOR)
    load("candidacies", {**UNNAMED, "kana": "", "age": ""})
    assert decide("different").verdict == "different"
    report = load("candidacies", {**UNNAMED, "kana": "みほんたろう"})
    assert (report.matched, report.open_doubts, politician_of("hr-50-2")) == (0, 0, None)


def test_a_doubt_is_decided_once(load: Load) -> None:
    load("people", COUNCILLOR)
    load("candidacies", {**UNNAMED, "kana": "", "age": ""})
    decide("different")
    with pytest.raises(CommandError, match="すでに判断されています"):
        decide("same")


def test_the_command_says_how_it_is_used(load: Load) -> None:
    with pytest.raises(CommandError, match="there is no doubt 7"):
        call_command("doubtful_matches", "7", "same")
    with pytest.raises(CommandError, match="say what you found out"):
        call_command("doubtful_matches", "7")
