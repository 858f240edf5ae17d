"""What the lists of pledges and the page of one pledge show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import zip_longest
from typing import overload

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from tsushinbo.activities.queries import Latest, latest
from tsushinbo.elections.queries import held_people
from tsushinbo.elections.rules import Rule
from tsushinbo.evaluations.models import ReasonText, Tally
from tsushinbo.evaluations.queries import Voices, reason_texts, voices
from tsushinbo.evaluations.queries.runs import current
from tsushinbo.paging import COUNTED
from tsushinbo.people.models import Party, Politician, Term
from tsushinbo.people.queries import terms_in_full
from tsushinbo.pledges.differences import FieldChange, changed_fields
from tsushinbo.pledges.models import NAMES, Pledge, PledgeMerge, PledgeRevision
from tsushinbo.pledges.queries import (
    PledgeFilter,
    Record,
    by_title,
    for_rows,
    merges_into,
    narrowed,
    newest_first,
    of_other_owners,
    others_of_owner,
    published,
    record_of,
    revisions_of,
)
from tsushinbo.site.queries.ratings import rating_priors

ORDERS = {"new": "新着", "ballots": "評価が多い", "title": "題名"}
REVISIONS_SHOWN = 5
TEXTS_SHOWN = 20
REPORTS_SHOWN = 3


def pledge_list(wanted: PledgeFilter, order: str, at: datetime) -> QuerySet[Pledge] | Sequence[Pledge]:
    """The rows of the list of pledges. 評価が多い leaves out those without a single ballot, and of who stands in an election at ``at``."""
    pledges = narrowed(wanted)
    if order == "ballots":
        held = held_people(Rule.SUPPORT, at)
        # Of a party there is no politician, and NOT IN of nothing is not true.
        others = Q() if held is None else Q(politician__isnull=True) | ~Q(politician__in=held)
        return MostJudged(pledges.filter(others))
    rows = for_rows(pledges).select_related("tally")
    return by_title(rows) if order == "title" else newest_first(rows)


class MostJudged(Sequence[Pledge]):
    """Some pledges, those with the most ballots first, read a page at a time.

    Few are sorted. Of many, the order of all tallies is followed from its front, asking each whether it is meant: sorting a million takes seconds.
    """

    def __init__(self, pledges: QuerySet[Pledge]) -> None:
        self._pledges = pledges.filter(tally__isnull=False)

    @cached_property
    def _count(self) -> int:
        return self._pledges.order_by()[: COUNTED + 1].count()

    def __len__(self) -> int:
        """How many there are, counted to one more than lists count to."""
        return self._count

    @overload
    def __getitem__(self, place: int) -> Pledge: ...
    @overload
    def __getitem__(self, place: slice) -> list[Pledge]: ...
    def __getitem__(self, place: int | slice) -> Pledge | list[Pledge]:
        """The pledge at a place, or those of a slice."""
        most, rows = (F("good") + F("bad")).desc(), for_rows(self._pledges).select_related("tally")
        if isinstance(place, int):
            return self[place : place + 1][0]
        if self._count <= COUNTED:
            return list(rows.order_by((F("tally__good") + F("tally__bad")).desc(), "pk")[place])
        meant = Exists(self._pledges.order_by().filter(pk=OuterRef("pledge_id")))
        found = Tally.objects.filter(meant).order_by(most, "pledge_id").values_list("pledge_id", flat=True)[place]
        of_id = rows.order_by().in_bulk(list(found))
        return [of_id[pk] for pk in found]


@dataclass(frozen=True)
class RevisionChange:
    """One revision with what it changed; the first has nothing to compare with."""

    revision: PledgeRevision
    changes: list[FieldChange]


@dataclass(frozen=True)
class PledgePage:
    """Everything about a pledge but its ballots."""

    pledge: Pledge
    owner: Politician | Party
    owner_term: Term | None
    history: list[RevisionChange]
    earlier: int
    texts: list[ReasonText]
    same_owner: list[Pledge]
    other_owners: list[Pledge]
    voices: Voices
    record: Record
    reports: Latest
    merges: list[PledgeMerge]
    registered_at: datetime
    changed_at: datetime

    @property
    def last_change(self) -> RevisionChange | None:
        """The newest revision after the first."""
        return self.history[0] if self.history and self.history[0].revision.number > 1 else None


def find(pledge_id: int) -> Pledge | None:
    """The published pledge with this id, with its owner, topic, election and tallies."""
    return for_rows(published()).select_related("tally", "assessment_tally").filter(pk=pledge_id).first()


def pledge_page(pledge: Pledge, *, whole_history: bool) -> PledgePage:
    """Read the page of ``pledge``; without ``whole_history`` only the last few changes of its wording and its status are shown."""
    revisions = revisions_of(pledge)
    shown = len(revisions) if whole_history else REVISIONS_SHOWN
    terms = terms_in_full().filter(politician=pledge.politician_id) if pledge.politician_id else Term.objects.none()
    texts = reason_texts(pledge, TEXTS_SHOWN)
    same_owner, other_owners = others_of_owner(pledge, 5), of_other_owners(pledge, 5)
    spoken, record = voices(pledge, rating_priors()), record_of(pledge, whole=whole_history)
    reports = latest(timezone.now(), REPORTS_SHOWN, pledge=pledge)
    return PledgePage(
        pledge=pledge,
        owner=pledge.owner,
        owner_term=terms.first(),
        history=_changes(revisions[: shown + 1])[:shown],
        earlier=max(0, len(revisions) - shown),
        texts=texts,
        same_owner=same_owner,
        other_owners=other_owners,
        voices=spoken,
        record=record,
        reports=reports,
        merges=merges_into(pledge),
        # created_at orders the lists and may be the day the source was published.
        registered_at=revisions[-1].recorded_at if revisions else pledge.created_at,
        changed_at=max(_times_of_change(pledge, [*same_owner, *other_owners], texts, spoken, record, reports)),
    )


def _times_of_change(
    pledge: Pledge, beside: list[Pledge], texts: list[ReasonText], spoken: Voices, record: Record, reports: Latest
) -> Iterator[datetime]:
    """When anything on the page changed."""
    yield from spoken.times_of_change()
    if record.changed_at:
        yield record.changed_at
    if reports.changed_at:
        yield reports.changed_at
    yield pledge.owner.changed_at
    yield from (shown.changed_at for shown in [pledge, *beside])
    yield from (text.decided_at for text in texts if text.decided_at)
    tally: Tally | None = getattr(pledge, "tally", None)
    if tally:
        yield tally.changed_at
    if run := current():
        yield run.finished_at


def _changes(revisions: list[PledgeRevision]) -> list[RevisionChange]:
    """Each revision beside the one before it; ``revisions`` are newest first."""
    return [
        RevisionChange(revision, changed_fields(older.content, revision.content, NAMES) if older else [])
        for revision, older in zip_longest(revisions, revisions[1:])
    ]
