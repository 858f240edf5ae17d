"""Every wording of a pledge stays on record."""

from datetime import UTC, datetime

import pytest

from tests.elections.factories import ElectionFactory
from tests.pledges.factories import PledgeFactory, RevisionFactory
from tsushinbo.pledges.models import Pledge, PledgeRevision
from tsushinbo.pledges.services import record_revisions, wording

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


def test_a_wording_is_recorded_once() -> None:
    pledge = PledgeFactory()
    for _ in range(2):
        record_revisions([pledge.pk], at=AT, reason="登録")
    revision = PledgeRevision.objects.get()
    assert (revision.number, revision.content, revision.recorded_by) == (1, wording(pledge), None)


def test_a_new_wording_gets_the_next_number() -> None:
    pledge = PledgeFactory()
    RevisionFactory(pledge=pledge, number=1)
    RevisionFactory(pledge=pledge, number=2)
    record_revisions([pledge.pk], at=AT, reason="訂正")
    assert list(pledge.revisions.order_by("number").values_list("number", "reason")) == [
        (1, "登録"),
        (2, "登録"),
        (3, "訂正"),
    ]


def test_a_wording_names_things_as_a_reader_sees_them() -> None:
    pledge = PledgeFactory(policy_area__name="税制", election=ElectionFactory(name="見本選挙"))
    content = wording(pledge)
    assert (content["policy_area"], content["election_name"]) == ("税制", "見本選挙")


def test_how_a_pledge_stands_is_no_part_of_its_wording() -> None:
    pledge = PledgeFactory()
    record_revisions([pledge.pk], at=AT, reason="登録")
    Pledge.objects.update(status="kept", overdue=True)
    record_revisions([pledge.pk], at=AT, reason="取り込み")
    assert PledgeRevision.objects.count() == 1
