"""Pledges: whose they are, what they keep, and that a changed wording never goes unseen."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model

from tests.importers.conftest import AT, Load, refusals
from tsushinbo.evaluations.models import Ballot
from tsushinbo.importers.models import DoubtfulMatch
from tsushinbo.people.models import Party, Politician
from tsushinbo.pledges.models import Pledge, PledgeRevision, PolicyArea
from tsushinbo.sources.keeping import Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("basis")]


def test_a_quoted_pledge_keeps_its_licence_and_credit(load: Load) -> None:
    load("pledges", {})
    pledge = Pledge.objects.get()
    assert pledge.owner == Party.objects.get(key="mihon")
    assert (pledge.quoted, pledge.licence, pledge.attribution) == (True, "CC BY 4.0", "見本党「マニフェスト」")
    assert (pledge.source_title, pledge.source_publisher, pledge.policy_area_id) == ("マニフェスト", "見本党", "tax")
    assert pledge.text == "消費税を下げます。\n2年以内に行います。"
    assert (pledge.election.key, pledge.election_name) == ("hr-50", "")  # type: ignore[union-attr]


def test_a_headline_pledge_is_in_our_own_words_with_its_slots(load: Load) -> None:
    load("people", {})
    load("headline", {})
    pledge = Pledge.objects.get()
    assert pledge.owner == Politician.objects.get()
    assert (pledge.quoted, pledge.licence, pledge.deadline) == (False, "", "2年以内")
    assert (pledge.election, pledge.election_name, str(pledge.source_checked_on)) == (
        None,
        "2024年見本選挙",
        "2026-01-01",
    )


@pytest.mark.parametrize(
    ("published", "registered"),
    [
        ("2024-10-01", datetime(2024, 9, 30, 15, tzinfo=UTC)),
        ("2024-09", datetime(2024, 8, 31, 15, tzinfo=UTC)),
        ("2022", datetime(2021, 12, 31, 15, tzinfo=UTC)),
        ("", AT),
        ("2099-01-01", AT),
    ],
)
def test_a_pledge_counts_as_registered_when_its_source_was_published(
    load: Load, published: str, registered: datetime
) -> None:
    load("pledges", {"published": published})
    pledge = Pledge.objects.get()
    assert (pledge.created_at, pledge.changed_at, pledge.source_on) == (registered, AT, published)


def test_a_new_pledge_has_its_first_revision_with_all_that_a_reader_sees(load: Load) -> None:
    load("pledges", {})
    revision = PledgeRevision.objects.get()
    assert (revision.number, revision.recorded_at, revision.reason) == (1, AT, "オープンデータの取り込み")
    assert revision.content["title"] == "消費税を下げます"
    assert (revision.content["policy_area"], revision.content["election_name"]) == ("税制", "第50回衆議院議員総選挙")


def test_a_changed_wording_is_a_new_revision(load: Load) -> None:
    load("pledges", {})
    assert load("pledges", {"text": "消費税をなくします。"}).total(Outcome.UPDATED) == 1
    assert list(PledgeRevision.objects.values_list("number", "content__text")) == [
        (1, "消費税を下げます。\n2年以内に行います。"),
        (2, "消費税をなくします。"),
    ]


def test_what_no_reader_sees_makes_no_revision(load: Load) -> None:
    load("people", {})
    load("headline", {})
    assert load("headline", {"checked_on": "2026-01-04"}).total(Outcome.UPDATED) == 1
    assert PledgeRevision.objects.count() == 1


def test_status_flags_and_ballots_are_not_the_imports_to_touch(load: Load) -> None:
    load("pledges", {})
    pledge = Pledge.objects.get()
    Pledge.objects.update(status="started", overdue=True, withdrawn=True, published=False)
    Ballot.objects.create(pledge=pledge, voter=1, choice="good", cast_at=AT, changed_at=AT)
    assert load("pledges", {}).total(Outcome.UNCHANGED) == 1
    load("pledges", {"text": "消費税をなくします。"})
    pledge.refresh_from_db()
    assert (pledge.status, pledge.overdue, pledge.withdrawn, pledge.published) == ("started", True, True, False)
    assert Ballot.objects.get().pledge == pledge
    assert pledge.created_at < AT


def test_a_wording_edited_on_the_site_stays(load: Load) -> None:
    load("pledges", {})
    pledge = Pledge.objects.get()
    editor = get_user_model().objects.create_user("editor")
    Pledge.objects.update(text="直した文です。")
    PledgeRevision.objects.create(
        pledge=pledge, number=2, content={"text": "直した文です。"}, recorded_at=AT, recorded_by=editor, reason="訂正"
    )
    (refusal,) = refusals(load("pledges", {}))
    assert refusal == "pledges.csv, line 2: the pledge was edited on this site since the last import; it stays as it is"
    assert Pledge.objects.get().text == "直した文です。"


def test_a_pledge_keeps_its_owner(load: Load) -> None:
    load("pledges", {})
    load("parties", {"party_id": "other", "name": "ほかの党"})
    (refusal,) = refusals(load("pledges", {"party": "ほかの党"}))
    assert refusal == "pledges.csv, line 2: the pledge is on record with another owner; it stays as it is"


NAMED = {
    "owner_kind": "person",
    "party": "無所属",
    "person_name": "見本たろう",
    "election_id": "",
    "election_name": "見本選挙",
}


def test_an_owner_known_by_name_only_becomes_a_politician(load: Load) -> None:
    load("pledges", NAMED)
    politician = Politician.objects.get()
    assert (politician.name, politician.holds_office) == ("見本たろう", False)
    assert politician.identifiers.get().value == "見本たろう@見本選挙"
    assert load("pledges", NAMED).total(Outcome.UNCHANGED) == 1


def test_an_owner_known_by_name_only_may_be_somebody_on_record(load: Load) -> None:
    # 安野たかひろ is how 安野貴博 may be written.
    load("people", {})
    report = load("pledges", NAMED)
    doubt = DoubtfulMatch.objects.get()
    assert (doubt.first.name, doubt.second.name) == ("見本太郎", "見本たろう")  # type: ignore[union-attr]
    assert report.open_doubts == 1


def test_an_owner_found_by_a_person_gets_the_pledges_at_once(load: Load) -> None:
    load("people", {})
    load("identities", {"scheme": "candidate", "value": "見本たろう@見本選挙"})
    load("pledges", NAMED)
    assert Pledge.objects.get().politician == Politician.objects.get()
    assert not DoubtfulMatch.objects.exists()


def test_an_owner_who_stood_under_that_name_at_the_election_is_known(load: Load) -> None:
    load("people", {})
    load("candidacies", {})
    load("pledges", {**NAMED, "election_id": "hr-50"})
    assert Pledge.objects.get().politician == Politician.objects.get()
    assert not DoubtfulMatch.objects.exists()


def test_pledges_move_when_two_politicians_turn_out_to_be_one(load: Load) -> None:
    load("people", {})
    load("pledges", NAMED)
    ballot = Ballot.objects.create(pledge=Pledge.objects.get(), voter=1, choice="good", cast_at=AT, changed_at=AT)
    load("identities", {"scheme": "candidate", "value": "見本たろう@見本選挙"})
    assert Pledge.objects.get().politician == Politician.objects.get(name="見本太郎")
    assert Ballot.objects.get() == ballot
    assert load("pledges", NAMED).total(Outcome.UNCHANGED) == 1


def test_policy_areas_may_change_places(load: Load) -> None:
    rows = [{"code": code, "name": code} for code in ("a", "b", "c")]
    load("policy_areas", *rows, name="1.csv")
    report = load("policy_areas", rows[2], {"code": "d", "name": "d"}, rows[0], name="2.csv")
    assert not refusals(report)
    assert report.files[0].counts == {Outcome.UPDATED: 2, Outcome.CREATED: 1}
    # What the file does not list comes after what it does.
    assert list(PolicyArea.objects.exclude(code="tax").values_list("code", flat=True))[:3] == ["c", "d", "a"]


def test_policy_areas_are_found_by_every_word_for_them(load: Load) -> None:
    load("pledges", *({"pledge_id": word, "topic": word} for word in ("tax", "税制", "税", "税金")))
    assert set(Pledge.objects.values_list("policy_area", flat=True)) == {"tax"}
    assert Pledge.objects.count() == 4
