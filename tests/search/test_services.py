"""Documents follow the tables, whoever changes them and however: on the database in use."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.activities.factories import MemberReportFactory, ReportFactory
from tests.books.factories import ChosenFactory
from tests.people.factories import AreaFactory, PartyFactory, PoliticianFactory, PrefectureFactory, TermFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory, PolicyAreaFactory
from tests.search.factories import indexed, person
from tsushinbo.activities.models import ActivityReport
from tsushinbo.activities.queries import ReportFilter
from tsushinbo.activities.queries import narrowed as reports_narrowed
from tsushinbo.elections.models import Election
from tsushinbo.japanese.runs import folded_runs
from tsushinbo.people.models import Office, Politician, PoliticianName, Term
from tsushinbo.people.queries import PoliticianFilter
from tsushinbo.people.queries import narrowed as politicians_narrowed
from tsushinbo.people.services import merge
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import PledgeFilter
from tsushinbo.pledges.queries import narrowed as pledges_narrowed
from tsushinbo.search import facets, services, watching
from tsushinbo.search.engine import Wanted, engine
from tsushinbo.search.models import (
    DOCUMENTS,
    Change,
    Document,
    Kind,
    PledgeDocument,
    PoliticianDocument,
    ReportDocument,
)
from tsushinbo.search.sources import public, said

pytestmark = pytest.mark.django_db


def found(kind: Kind, key: str, *, facets: tuple[str, ...] = ()) -> list[Any]:
    """The subjects whose documents hold a key, after the worker looked."""
    indexed()
    hits = engine().hits(DOCUMENTS[kind], Wanted(((folded_runs(key),),), facets=facets), cap=100, most=100)
    subjects = DOCUMENTS[kind]._default_manager.in_bulk(hits.newest)
    return [subjects[pk].subject_id for pk in hits.newest]  # type: ignore[attr-defined]


def documents(kind: Kind) -> dict[Any, tuple[Any, ...]]:
    rows = DOCUMENTS[kind]._default_manager.values_list("subject", *services.COLUMNS)
    return {row[0]: row[1:] for row in rows}


def as_from_nothing() -> dict[Kind, dict[Any, tuple[Any, ...]]]:
    """What documents would be if all were made now."""
    at = timezone.now()
    return {
        kind: {
            key: tuple(vars(one).values())
            for key, one in said(kind, list(public(kind, at).values_list("pk", flat=True)), at).items()
        }
        for kind in Kind
    }


def test_a_pledge_is_found_by_title_text_slots_and_owner_once_published() -> None:
    someone = person("見本 太郎", "みほん たろう")
    pledge = PledgeFactory.create(
        politician=someone, title="給食費の無償化", text="学校で食べる昼食の費用。", deadline="2027年度末まで"
    )
    for key in ("給食", "昼食の費用", "2027年度", "見本太郎", "みほん"):
        assert found(Kind.PLEDGES, key) == [pledge.pk], key
    Pledge.objects.filter(pk=pledge.pk).update(published=False)
    assert found(Kind.PLEDGES, "給食") == []


def test_an_edit_keeps_the_place_and_publication_anew_gives_the_last() -> None:
    first = PledgeFactory.create(title="見本の一")
    second = PledgeFactory.create(title="見本の二", created_at=first.created_at + timedelta(days=1))
    assert found(Kind.PLEDGES, "見本の") == [second.pk, first.pk]
    first.title = "見本の壱"
    first.save()
    assert found(Kind.PLEDGES, "見本の") == [second.pk, first.pk]
    for shown in (False, True):
        Pledge.objects.filter(pk=first.pk).update(published=shown)
        indexed()
    assert found(Kind.PLEDGES, "見本の") == [first.pk, second.pk]


def test_another_name_of_the_owner_is_that_of_pledges_and_reports_too() -> None:
    someone = person("見本 太郎", "みほん たろう")
    pledge = PledgeFactory.create(politician=someone, title="見本の公約")
    report = ReportFactory.create(politician=someone)
    indexed()
    PoliticianName.objects.create(
        politician=someone, kind=PoliticianName.Kind.BALLOT, text="見本たろー", folded="あたらしい名"
    )
    assert found(Kind.POLITICIANS, "あたらしい") == [someone.pk]
    assert found(Kind.PLEDGES, "あたらしい") == [pledge.pk]
    assert found(Kind.REPORTS, "あたらしい") == [report.pk]


def test_a_party_renamed_is_found_by_its_new_name_with_its_pledges() -> None:
    party = PartyFactory.create(name="見本の党", short_name="見本")
    pledge = PartyPledgeFactory.create(party=party)
    assert found(Kind.PARTIES, "見本") == [party.pk]
    party.name, party.short_name = "別名の会", ""
    party.save()
    assert found(Kind.PARTIES, "見本") == []
    assert found(Kind.PLEDGES, "別名の会") == [pledge.pk]


def test_who_was_merged_is_found_no_more_and_whose_pledges_moved_are() -> None:
    first, second = person("見本 太郎", "みほん たろう"), person("見本 次郎", "みほん じろう")
    pledge = PledgeFactory.create(politician=second)
    assert found(Kind.PLEDGES, "次郎") == [pledge.pk]
    merge(first, second, at=timezone.now())
    assert found(Kind.POLITICIANS, "見本") == [first.pk]
    assert found(Kind.PLEDGES, "太郎") == [pledge.pk]


def test_offices_are_words_and_the_running_ones_narrow() -> None:
    ward = AreaFactory.create(name="見本区", kana="みほんく")
    chief, former = PoliticianFactory.create(), PoliticianFactory.create()
    TermFactory.create(politician=chief, office=Office.MAYOR, area=ward, running=True)
    ended = TermFactory.create(politician=former, office=Office.MAYOR, area=ward, running=True)
    assert set(found(Kind.POLITICIANS, "見本区長")) == {chief.pk, former.pk}
    Term.objects.filter(pk=ended.pk).update(running=False)
    assert set(found(Kind.POLITICIANS, "見本区長")) == {chief.pk, former.pk}
    assert found(Kind.POLITICIANS, "見本区長", facets=(facets.office(Office.MAYOR),)) == [chief.pk]


def test_a_report_is_found_when_it_is_approved_until_it_is_hidden() -> None:
    report = MemberReportFactory.create(
        title="通学路の点検", body="# 見出し\n\n[資料](https://example.com/x)を**読んだ**。"
    )
    assert found(Kind.REPORTS, "通学路") == []
    shown, hidden = ActivityReport.State.APPROVED, ActivityReport.State.HIDDEN
    for state, there in ((shown, [report.pk]), (hidden, []), (shown, [report.pk])):
        ActivityReport.objects.filter(pk=report.pk).update(state=state)
        assert found(Kind.REPORTS, "資料を読んだ") == there
    assert found(Kind.REPORTS, "example") == []


def test_a_report_for_later_is_found_from_then_on_without_another_write(monkeypatch: pytest.MonkeyPatch) -> None:
    then = timezone.now() + timedelta(hours=2)
    report = ReportFactory.create(title="あすの報告", publish_at=then)
    assert found(Kind.REPORTS, "あすの") == []
    assert services.catch_up() == 0
    monkeypatch.setattr(timezone, "now", lambda: then + timedelta(seconds=1))
    assert found(Kind.REPORTS, "あすの") == [report.pk]
    assert not Change.objects.exists()


def test_a_book_is_found_as_long_as_a_page_shows_it() -> None:
    link = ChosenFactory.create()
    assert link.book is not None
    assert found(Kind.BOOKS, link.book.title) == [link.book.pk]
    type(link).objects.filter(pk=link.pk).update(state="rejected")
    assert found(Kind.BOOKS, link.book.title) == []


def test_a_place_is_found_by_name_reading_and_prefecture() -> None:
    prefecture = PrefectureFactory.create(name="見本県", kana="みほんけん")
    town = AreaFactory.create(name="例町", kana="れいちょう", prefecture=prefecture)
    for key in ("例町", "れいちよう", "reicho"):
        assert found(Kind.AREAS, key) == [town.pk], key
    prefecture.name = "別県"
    prefecture.save()
    assert set(found(Kind.AREAS, "別県")) == {prefecture.pk, town.pk}


def test_raw_sql_is_followed_too_and_a_ballot_is_none_of_it() -> None:
    pledge = PledgeFactory.create(title="見本の公約")
    indexed()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pledges_pledge SET title = %s WHERE id = %s", ["生のSQLで変えた", pledge.pk])
    assert found(Kind.PLEDGES, "生のsql") == [pledge.pk]
    Pledge.objects.filter(pk=pledge.pk).update(changed_at=timezone.now(), source_title="x")
    assert not Change.objects.exists()


def test_what_is_rolled_back_leaves_no_change() -> None:
    pledge = PledgeFactory.create(title="見本の公約")
    indexed()
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 - the block is what is rolled back
        Pledge.objects.filter(pk=pledge.pk).update(title="取り消される")
        raise RuntimeError
    assert not Change.objects.exists()


def test_one_that_cannot_be_looked_at_keeps_none_waiting_and_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    faulty, fine = PledgeFactory.create(title="見本の一"), PledgeFactory.create(title="見本の二")
    real = services.said

    def fails(kind: Kind, keys: set[Any], at: datetime) -> Any:
        if kind == Kind.PLEDGES and faulty.pk in keys:
            raise RuntimeError("broken")
        return real(kind, keys, at)

    with monkeypatch.context() as patch:
        patch.setattr(services, "said", fails)
        assert found(Kind.PLEDGES, "見本の") == [fine.pk]
    assert set(Change.objects.values_list("key", flat=True)) == {str(faulty.pk)}
    later = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert set(found(Kind.PLEDGES, "見本の")) == {faulty.pk, fine.pk}


def test_a_politician_with_many_pledges_is_looked_at_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 10)
    someone = PoliticianFactory.create()
    PledgeFactory.create_batch(35, politician=someone)
    indexed()
    PoliticianName.objects.create(politician=someone, kind=PoliticianName.Kind.BALLOT, text="別名", folded="別名")
    assert len(found(Kind.PLEDGES, "別名")) == 35


def test_facets_mean_what_the_filters_of_the_lists_mean() -> None:
    chance = random.Random(9)  # noqa: S311 - the same every time
    prefectures = PrefectureFactory.create_batch(2)
    areas = [AreaFactory.create(prefecture=prefectures[n % 2]) for n in range(4)]
    parties, topics = PartyFactory.create_batch(2), PolicyAreaFactory.create_batch(2)
    people = PoliticianFactory.create_batch(6)
    for _ in range(14):
        area = chance.choice(areas)
        TermFactory.create(
            politician=chance.choice(people), office=chance.choice(list(Office)), running=chance.random() < 0.6,
            area=area, prefecture=area.prefecture, party=chance.choice([*parties, None]),
        )  # fmt: skip
    elections = [
        Election.objects.create(
            key=f"e{n}",
            name=f"見本選挙{n}",
            level=level,
            office=Office.MAYOR,
            area=chance.choice([*areas, *prefectures, None]),
        )
        for n, level in enumerate(Election.Level)
    ]
    for _ in range(30):
        owner = (
            {"politician": chance.choice(people)}
            if chance.random() < 0.7
            else {"politician": None, "party": chance.choice(parties)}
        )
        pledge = PledgeFactory.create(
            **owner, policy_area=chance.choice(topics), election=chance.choice([*elections, None]), title="見本の公約",
            status=chance.choice(list(Pledge.Status)),
        )  # fmt: skip
        ReportFactory.create(politician=chance.choice(people), pledge=pledge, title="見本の報告")
    now = timezone.now()
    for prefecture in prefectures:
        facet = (facets.prefecture(prefecture.pk),)
        assert set(found(Kind.PLEDGES, "見本の", facets=facet)) == set(
            pledges_narrowed(PledgeFilter(prefecture=prefecture.pk)).values_list("pk", flat=True)
        )
        assert set(found(Kind.REPORTS, "見本の", facets=facet)) == set(
            reports_narrowed(ReportFilter(prefecture=prefecture.pk), now).values_list("pk", flat=True)
        )
    for party in parties:
        facet = (facets.party(party.pk),)
        assert set(found(Kind.PLEDGES, "見本の", facets=facet)) == set(
            pledges_narrowed(PledgeFilter(party=party.pk)).values_list("pk", flat=True)
        )
        assert {row.subject_id for row in PoliticianDocument.objects.all() if facet[0] in row.facets.split()} == set(
            politicians_narrowed(PoliticianFilter(party=party.pk)).values_list("pk", flat=True)
        )
    for level in Election.Level:
        assert set(found(Kind.PLEDGES, "見本の", facets=(facets.level(level),))) == set(
            pledges_narrowed(PledgeFilter(level=level)).values_list("pk", flat=True)
        )
    for office in Office:
        facet = (facets.office(office),)
        assert set(found(Kind.REPORTS, "見本の", facets=facet)) == set(
            reports_narrowed(ReportFilter(office=office), now).values_list("pk", flat=True)
        )
        assert {row.subject_id for row in PoliticianDocument.objects.all() if facet[0] in row.facets.split()} == set(
            politicians_narrowed(PoliticianFilter(office=office)).values_list("pk", flat=True)
        )
    for topic in topics:
        assert set(found(Kind.PLEDGES, "見本の", facets=(facets.topic(topic.pk),))) == set(
            pledges_narrowed(PledgeFilter(topic=topic.pk)).values_list("pk", flat=True)
        )


def _rename(one: Politician) -> None:
    one.name = f"見本{one.name[-3:]}子"
    one.save()


DEEDS: list[Callable[[random.Random], object]] = [
    lambda chance: PledgeFactory.create(title=f"見本{chance.random()}"),
    lambda chance: [row.delete() for row in chance.sample(list(ActivityReport.objects.all()), min(1, ActivityReport.objects.count()))],
    lambda chance: Pledge.objects.filter(pk__in=chance.sample(sorted(Pledge.objects.values_list("pk", flat=True)), min(2, Pledge.objects.count()))).update(published=chance.random() < 0.5),
    lambda chance: ReportFactory.create(state=chance.choice(list(ActivityReport.State))),
    lambda chance: [_rename(one) for one in Politician.objects.order_by("pk")[:2]],
    lambda chance: [TermFactory.create(politician=one) for one in Politician.objects.order_by("pk")[:1]],
    lambda chance: Term.objects.update(running=chance.random() < 0.5),
    lambda chance: ChosenFactory.create(),
    lambda chance: indexed(),
]  # fmt: skip


@given(deeds=st.lists(st.integers(0, len(DEEDS) - 1), max_size=12), seed=st.integers(0, 999))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_changes_documents_are_as_if_made_from_nothing(db: None, deeds: list[int], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same every time
    for deed in deeds:
        DEEDS[deed](chance)
    indexed()
    assert not Change.objects.filter(not_before=None).exists()
    assert {kind: documents(kind) for kind in Kind} == as_from_nothing()
    assert services.refresh_all() == 0


def test_all_anew_mends_what_is_missing_wrong_and_left_over() -> None:
    pledges = PledgeFactory.create_batch(4)
    indexed()
    PledgeDocument.objects.filter(subject=pledges[0]).delete()
    PledgeDocument.objects.filter(subject=pledges[1]).update(title="別の題名")
    PledgeDocument.objects.create(subject_id=1, title="もうない公約", shown_at=timezone.now())
    told: list[str] = []
    services.rebuild(told.append)
    assert documents(Kind.PLEDGES) == as_from_nothing()[Kind.PLEDGES]
    assert "pledges: 4 documents, 3 of them brought up to date" in told


@pytest.mark.skipif(connection.vendor != "sqlite", reason="FTS5 is that of SQLite")
def test_all_anew_mends_an_index_that_takes_no_documents() -> None:
    pledges = PledgeFactory.create_batch(3)
    indexed()
    PledgeDocument.objects.filter(subject=pledges[0]).delete()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE search_pledgedocument_fts")
    services.rebuild()
    assert documents(Kind.PLEDGES) == as_from_nothing()[Kind.PLEDGES]
    assert engine().faults(PledgeDocument, 10) == []


def test_a_table_that_lost_its_triggers_is_watched_again_and_looked_at_anew() -> None:
    pledge = PledgeFactory.create(title="見本の公約")
    indexed()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER search_watches_pledges_pledge_other")
        else:
            cursor.execute("DROP TRIGGER search_watches_pledges_pledge ON pledges_pledge")
    Pledge.objects.filter(pk=pledge.pk).update(title="だれも見ていない")
    assert found(Kind.PLEDGES, "見本の公約") == [pledge.pk]
    assert [one.table for one in watching.missing()] == ["pledges_pledge"]
    watching.watch()
    assert watching.missing() == []
    assert found(Kind.PLEDGES, "だれも見ていない") == [pledge.pk]


def test_a_batch_costs_the_same_number_of_queries_however_much_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 1_000)
    someone = PoliticianFactory.create()
    # With one of each, so that what a process reads once is read.
    PledgeFactory.create(politician=someone)
    ReportFactory.create(politician=someone)
    indexed()
    costs = []
    for number in (3, 40):
        pledges = PledgeFactory.create_batch(number, politician=someone)
        ReportFactory.create_batch(number, politician=someone)
        with CaptureQueriesContext(connection) as new:
            indexed()
        Pledge.objects.filter(pk__in=[pledge.pk for pledge in pledges]).update(title="別の題名")
        with CaptureQueriesContext(connection) as changed:
            indexed()
        costs.append((len(new), len(changed)))
    assert costs[0] == costs[1]
    assert PledgeDocument.objects.count() == ReportDocument.objects.count() == 44


def test_documents_say_since_when_they_are_public() -> None:
    pledge = PledgeFactory.create(created_at=datetime(2025, 12, 31, 15, 30, tzinfo=UTC))
    indexed()
    row: Document = PledgeDocument.objects.get()
    assert row.shown_at == pledge.created_at
    # In Japan the year had begun.
    assert "zy2026" in row.facets.split()
