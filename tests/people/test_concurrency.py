"""Several editors and importers at once, each on a connection of its own, on the database that is really there."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from tests.accounts.factories import UserFactory
from tests.people.factories import AreaFactory, CorrectionFactory, MissingFactory, PoliticianFactory
from tests.pledges.test_concurrency import results
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.models import LogEntry
from tsushinbo.moderation.services import AlreadyDecided, decide
from tsushinbo.people.errors import NamesakesUnseen, PersonMoved
from tsushinbo.people.missing import Change
from tsushinbo.people.models import PersonProposal, Politician
from tsushinbo.people.services.proposals import propose_correction

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)


def approve_all(*items: PersonProposal) -> list[object]:
    """Let an editor of its own approve each at the same moment."""
    editors = [UserFactory.create() for _ in items]
    return results(
        *(
            lambda item=item, by=by: decide(item=item, approve=True, by=by, at=AT)
            for item, by in zip(items, editors, strict=True)
        )
    )


def refused(told: list[object]) -> list[type]:
    return [type(answer) for answer in told if isinstance(answer, RuleBroken)]


def test_of_editors_who_approve_one_proposal_at_once_one_does() -> None:
    item = MissingFactory.create()
    told = approve_all(*(PersonProposal.objects.get(pk=item.pk) for _ in range(5)))
    assert refused(told) == [AlreadyDecided] * 4
    assert (Politician.objects.count(), LogEntry.objects.count()) == (1, 1)


def test_of_proposals_of_one_person_approved_at_once_one_makes_the_politician() -> None:
    area = AreaFactory.create()
    told = approve_all(*(MissingFactory.create(area=area) for _ in range(4)))
    assert refused(told) == [NamesakesUnseen] * 3
    assert Politician.objects.count() == 1
    assert PersonProposal.objects.filter(state="pending").count() == 3


def test_of_corrections_of_one_fact_approved_at_once_the_first_holds() -> None:
    person = PoliticianFactory.create()
    items = [CorrectionFactory.create(politician=person) for _ in range(3)]
    for number, item in enumerate(items):
        item.content["changes"][0]["after"] = str(1970 + number)
        item.save()
    told = approve_all(*items)
    assert refused(told) == [PersonMoved] * 2
    person.refresh_from_db()
    assert str(person.birth_year) == PersonProposal.objects.get(state="approved").changes[0]["after"]


def test_who_sends_a_correction_again_while_it_is_rejected_makes_another_one() -> None:
    item = CorrectionFactory.create()
    person, author = item.politician, item.author
    assert person is not None

    def send_again() -> None:
        change = Change("birth_year", "生年", "", "1971", "", "1971年")
        propose_correction(politician=person, author=author, changes=[change], source_url=item.source_url, reason="", at=AT)  # fmt: skip
        connection.close()

    sending = threading.Thread(target=send_again)
    with transaction.atomic():
        decide(item=item, approve=False, by=UserFactory.create(), at=AT)
        sending.start()
        # Long enough to come as far as it can: it waits for what is decided here.
        sending.join(1)
    sending.join()
    assert dict(PersonProposal.objects.values_list("state", "pk")).keys() == {"rejected", "pending"}
    item.refresh_from_db()
    assert (item.state, item.changes[0]["after"]) == ("rejected", "1970")
