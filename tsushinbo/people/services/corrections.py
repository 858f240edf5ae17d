"""Corrections in force: what keeps an import from undoing what an editor approved, and what is remembered of it."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tsushinbo.people.models import FactCorrection, PersonProposal

Corrections = dict[str, FactCorrection]


def corrections_of(politicians: Collection[int]) -> dict[int, Corrections]:
    """The corrections of these politicians, by fact."""
    found: dict[int, Corrections] = defaultdict(dict)
    if politicians and FactCorrection.objects.exists():
        for row in FactCorrection.objects.filter(politician__in=politicians):
            found[row.politician_id][row.fact] = row
    return found


def hear(correction: FactCorrection, said: str) -> None:
    """Remember what the source of an import says of a corrected fact now."""
    if said != correction.said:
        correction.said = said
        correction.save(update_fields=["said"])


@transaction.atomic
def record_correction(
    *, politician_id: int, fact: str, value: str, replaced: str, proposal: PersonProposal, at: datetime
) -> None:
    """Let a fact hold against imports from now on. One that says what the source says anyway is needed no more.

    A second correction of the same fact was decided in the knowledge of what the source said last.
    """
    earlier = FactCorrection.objects.filter(politician=politician_id, fact=fact).first()
    said = earlier.said if earlier else replaced
    if earlier is not None and said == value:
        earlier.delete()
        return
    FactCorrection.objects.update_or_create(
        politician_id=politician_id,
        fact=fact,
        defaults={"value": value, "replaced": said, "said": said, "proposal": proposal, "made_at": at},
    )


def settle_correction(correction: FactCorrection) -> None:
    """Keep a correction in the knowledge of what its source says by now: it is no longer put before anybody."""
    correction.replaced = correction.said
    correction.save(update_fields=["replaced"])
