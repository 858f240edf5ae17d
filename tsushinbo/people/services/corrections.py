"""Corrections in force: what keeps an import from undoing what an editor approved, and what is remembered of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from tsushinbo.accounts.models import User
from tsushinbo.moderation.models import Deed
from tsushinbo.moderation.services.log import record
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


def move_corrections(*, politician_id: int, facts: Mapping[str, str]) -> None:
    """Let what was corrected under one key hold under another, unless that one was corrected itself. facts: old key → new key."""
    rows = FactCorrection.objects.filter(politician=politician_id)
    taken = set(rows.filter(fact__in=facts.values()).values_list("fact", flat=True))
    for row in rows.filter(fact__in=[old for old, new in facts.items() if new not in taken]):
        row.fact = facts[row.fact]
        row.save(update_fields=["fact"])


@transaction.atomic
def record_correction(
    *, politician_id: int, fact: str, value: str, replaced: str, proposal: PersonProposal, at: datetime
) -> None:
    """Let a fact hold against imports from now on.

    A second correction of the same fact was decided in the knowledge of what the source said last.
    """
    earlier = FactCorrection.objects.filter(politician=politician_id, fact=fact).first()
    said = earlier.said if earlier else replaced
    FactCorrection.objects.update_or_create(
        politician_id=politician_id,
        fact=fact,
        defaults={"value": value, "replaced": said, "said": said, "proposal": proposal, "made_at": at},
    )


def drop_needless(politician_id: int, facts: Collection[str]) -> None:
    """Let go of those that say what their source says anyway: it leads again. Only once the record says it too."""
    FactCorrection.objects.filter(politician=politician_id, fact__in=facts, value=F("said")).delete()


@transaction.atomic
def settle_correction(correction: FactCorrection, *, by: User, at: datetime) -> bool:
    """Keep a correction in the knowledge of what its source said when ``correction`` was read: it is no longer put before anybody.

    Return whether there was anything to settle; the record says who did it.
    """
    rows = FactCorrection.objects.filter(pk=correction.pk, said=correction.said)
    if not rows.exclude(said=F("value")).exclude(said=F("replaced")).update(replaced=correction.said):
        return False
    note = f"{correction}：出典は「{correction.said}」、訂正は「{correction.value}」"
    record(actor=by, deed=Deed.CORRECTION_SETTLED, subject=correction, at=at, note=note)
    return True
