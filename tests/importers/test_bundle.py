"""The open data of the package: every row is understood, the sums are right, and a second run changes nothing."""

from collections import Counter
from pathlib import Path

import pytest
from django.db.models import Count, Q

from tests.importers.conftest import AT, refusals
from tsushinbo.addresses import derived_id
from tsushinbo.elections.models import Candidacy, Election, MunicipalPartyVotes, PartyResult
from tsushinbo.importers.models import DoubtfulMatch
from tsushinbo.importers.report import Report
from tsushinbo.importers.run import BUNDLE, bundle_is_loaded, import_bundle, import_paths
from tsushinbo.people.models import Area, Constituency, Identifier, Party, Politician, Term
from tsushinbo.people.queries import listed
from tsushinbo.pledges.models import Pledge, PledgeRevision, PolicyArea
from tsushinbo.sources.keeping import Outcome
from tsushinbo.sources.models import Dataset

pytestmark = pytest.mark.django_db
ROWS = {
    "sources.csv": 9,
    "municipalities.csv": 1_959,
    "districts.csv": 300,
    "parties.csv": 51,
    "parties_local.csv": 12,
    "groups.csv": 13,
    "policy_areas.csv": 31,
    "elections.csv": 32,
    "upcoming_elections.csv": 6,
    "people.csv": 970,
    "people_local.csv": 110,
    "chief_executives.csv": 7,
    "identities.csv": 2,
    "candidacies.csv": 7_954,
    "party_results.csv": 471,
    "pr_votes_by_municipality_hr51.csv.gz": 20_329,
    "pledges.csv": 96,
}


@pytest.fixture
def first() -> Report:
    return import_bundle()


def test_every_row_is_understood_and_a_second_run_changes_nothing(first: Report) -> None:
    assert not first.unusable
    assert refusals(first) == []
    rows = {file.name: sum(file.counts.values()) for file in first.files}
    assert {name: count for name, count in rows.items() if not name.startswith("headline/")} == ROWS
    assert set(rows) - set(ROWS) == {f"headline/{path.name}" for path in (BUNDLE / "headline").glob("*.csv")}
    assert bundle_is_loaded()
    second = import_bundle()
    assert [second.total(outcome) for outcome in Outcome] == [0, 0, sum(rows.values())]
    assert (second.matched, second.merged, second.doubts, second.refused) == (0, 0, 0, 0)


@pytest.mark.usefixtures("first")
def test_the_sums_are_those_of_the_sources() -> None:
    elected = Q(contests__candidacies__elected=True)
    winners = Election.objects.filter(office="representatives", upcoming=False).annotate(n=Count("pk", filter=elected))
    assert dict(winners.values_list("key", "n")) == {"hr-47": 475, "hr-49": 465, "hr-50": 465, "hr-51": 465}
    assert dict(Term.objects.filter(running=True).order_by().values_list("office").annotate(n=Count("pk"))) == {
        "representatives": 465,
        "councillors": 247,
        "governor": 6,
        "mayor": 3,
        "prefectural_assembly": 4,
        "municipal_assembly": 37,
    } | Counter(_chiefs())
    assert Area.objects.values_list("kind").distinct().count() == 7
    assert Constituency.objects.filter(boundaries="2024").count() == 289
    assert Constituency.objects.filter(office="representatives", tier="proportional").count() == 11
    assert (Candidacy.objects.count(), PartyResult.objects.count(), MunicipalPartyVotes.objects.count()) == (
        7_954,
        471,
        20_329,
    )
    assert (PolicyArea.objects.count(), Dataset.objects.count(), Party.objects.count()) == (31, 9, 63)


def _chiefs() -> dict[str, int]:
    import csv

    with (BUNDLE / "chief_executives.csv").open(encoding="utf-8", newline="") as file:
        offices = Counter(row["office"] for row in csv.DictReader(file) if row["status"] == "current")
    return {"governor": offices["governor"], "mayor": offices["mayor"] + 1}


@pytest.mark.usefixtures("first")
def test_each_row_about_a_person_leads_to_one_politician() -> None:
    assert Identifier.objects.filter(scheme="person_id").count() == 970 + 108 + 7
    # 田中健 and 三ッ林裕己 stand twice in the table of representatives, 阿部祐美子 once more in the local one.
    assert listed().count() == 970 + 108 + 7 - 3
    assert listed().filter(name="鬼木誠").count() == 2
    assert listed().filter(name="田中健").count() == 1
    onetime = Politician.objects.get(pk=derived_id("politician", "p-hc-7025005"))
    assert (onetime.name, onetime.pledges.count()) == ("安野貴博", 4)


@pytest.mark.usefixtures("first")
def test_what_nobody_knows_is_left_to_a_person() -> None:
    open_doubts = DoubtfulMatch.objects.filter(verdict="open")
    assert open_doubts.count() == 18
    assert not open_doubts.filter(second__isnull=False).exists()
    assert not Candidacy.objects.filter(politician__merged_into__isnull=False).exists()


@pytest.mark.usefixtures("first")
def test_every_term_candidacy_and_pledge_has_its_source() -> None:
    assert not Term.objects.filter(dataset=None, source_title="", source_url="").exists()
    assert not Candidacy.objects.filter(dataset=None).exists()
    assert not Pledge.objects.filter(Q(source_title="") | Q(source_publisher="") | Q(source_url="")).exists()
    assert not Pledge.objects.filter(quoted=True).filter(Q(licence="") | Q(attribution="")).exists()
    assert PledgeRevision.objects.count() == Pledge.objects.count()


def test_the_bundle_comes_to_the_same_in_small_batches(first: Report) -> None:
    again = import_paths([BUNDLE / "people.csv", BUNDLE / "people_local.csv"], batch_rows=50, at=AT)
    assert [again.total(outcome) for outcome in Outcome] == [0, 0, 1_080]


def test_the_bundle_lies_inside_the_package() -> None:
    assert Path(BUNDLE, "LICENSES.md").is_file()
