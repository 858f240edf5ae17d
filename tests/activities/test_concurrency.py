"""Several hands at once, each on a connection of its own, on the database that is really there."""

from contextlib import suppress

import pytest

from tests.activities.factories import ReportFactory, upload
from tests.activities.test_services import AT, LATER, wording
from tests.evaluations.test_concurrency import all_at_once
from tests.people.factories import DelegateFactory, PoliticianFactory
from tsushinbo.activities import images
from tsushinbo.activities.errors import DraftGone, ReportMoved, ReportRefused
from tsushinbo.activities.models import ActivityReport, Picture, ReportRevision
from tsushinbo.activities.services import add_picture, change_report, post_report, save_draft
from tsushinbo.errors import RuleBroken

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_button_pressed_many_times_posts_once() -> None:
    delegate = DelegateFactory.create()
    politician, account = delegate.politician, delegate.user
    draft = save_draft(author=account, politician=politician, fields={}, at=AT)
    outcomes: list[type] = []

    def post(with_draft: bool) -> None:
        try:
            given = draft if with_draft else None
            post_report(politician=politician, author=account, wording=wording(), draft=given, at=AT)
            outcomes.append(ActivityReport)
        except RuleBroken as refusal:
            outcomes.append(type(refusal))

    all_at_once(*(lambda with_draft=number % 2: post(bool(with_draft)) for number in range(8)))
    assert outcomes.count(ActivityReport) == 1
    assert set(outcomes) <= {ActivityReport, DraftGone, ReportRefused}
    assert ActivityReport.objects.count() == 1


def test_two_delegates_at_once_overwrite_nothing() -> None:
    politician = PoliticianFactory.create()
    delegates = [DelegateFactory.create(politician=politician).user for _ in range(6)]
    report = ReportFactory(politician=politician, author=delegates[0], submitted_at=AT)
    moved: list[int] = []

    def change(number: int) -> None:
        try:
            change_report(
                report=report,
                author=delegates[number],
                wording=wording(body=f"書き直し{number}"),
                seen=report.changed_at,
                at=LATER,
            )
        except ReportMoved:
            moved.append(number)

    all_at_once(*(lambda number=number: change(number) for number in range(6)))
    assert len(moved) == 5
    assert ReportRevision.objects.count() == 1


def test_pictures_added_at_once_have_numbers_of_their_own() -> None:
    account = DelegateFactory.create().user
    draft = save_draft(author=account, politician=PoliticianFactory.create(), fields={}, at=AT)

    def add() -> None:
        file = upload()
        with suppress(DraftGone):
            add_picture(draft=draft, file=file.open(), size=file.size or 0, alt="校門", at=AT)

    all_at_once(*[add] * 6)
    pictures = Picture.objects.order_by("number")
    assert [picture.number for picture in pictures] == [1, 2, 3, 4, 5, 6]
    assert all(images.exists(picture.name) for picture in pictures)
