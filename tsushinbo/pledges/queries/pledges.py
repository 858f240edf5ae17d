"""Reads of pledges."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tsushinbo.elections.models import Election
from tsushinbo.people.models import Office, Party, Politician, Term
from tsushinbo.pledges.models import Pledge, PledgeMerge, PledgeRevision, PolicyArea

LEVELS: dict[str, tuple[Office, ...]] = {
    Election.Level.NATIONAL: (Office.REPRESENTATIVES, Office.COUNCILLORS),
    Election.Level.PREFECTURAL: (Office.GOVERNOR, Office.PREFECTURAL_ASSEMBLY),
    Election.Level.MUNICIPAL: (Office.MAYOR, Office.MUNICIPAL_ASSEMBLY),
}


@dataclass(frozen=True)
class PledgeFilter:
    """What a list of pledges is narrowed to; None does not narrow.

    ``level`` is that of the election it was made for, or of the owner's offices where the election is not on record. ``prefecture``
    is where the owner serves or served, or where the election was held. ``party`` counts pledges of the party and of its members in office.
    """

    topic: str | None = None
    status: str | None = None
    owner: str | None = None
    level: str | None = None
    prefecture: str | None = None
    party: int | None = None
    election: int | None = None


def published() -> QuerySet[Pledge]:
    """Every pledge that visitors may see."""
    return Pledge.objects.filter(published=True)


def merged_into(pledge_id: int) -> int | None:
    """Into which pledge one was merged; None for one that stands, and for none at all."""
    return Pledge.objects.filter(pk=pledge_id).values_list("merged_into", flat=True).first()


def standing(pledges: QuerySet[Pledge], pledge_id: int) -> Pledge | None:
    """The public pledge with this id, or the one into which it was merged, read as ``pledges`` says. One query where it was not merged."""
    found = pledges.filter(pk=pledge_id).first()
    if found is None and (target := merged_into(pledge_id)):
        found = pledges.filter(pk=target).first()
    return found


def for_rows(pledges: QuerySet[Pledge]) -> QuerySet[Pledge]:
    """With what a row of a list writes beside the title: owner, topic and election."""
    return pledges.select_related("politician", "party", "policy_area", "election")


def narrowed(wanted: PledgeFilter) -> QuerySet[Pledge]:
    """The published pledges that fit ``wanted``, in no order yet."""
    pledges = published()
    if wanted.topic is not None:
        pledges = pledges.filter(policy_area=wanted.topic)
    if wanted.status is not None:
        pledges = pledges.filter(status=wanted.status)
    if wanted.election is not None:
        pledges = pledges.filter(election=wanted.election)
    if wanted.owner == "politician":
        pledges = pledges.filter(politician__isnull=False)
    elif wanted.owner == "party":
        pledges = pledges.filter(party__isnull=False)
    terms = Term.objects.filter(politician=OuterRef("politician"))
    if wanted.level is not None:
        serving = Exists(terms.filter(office__in=LEVELS[wanted.level]))
        pledges = pledges.filter(Q(election__level=wanted.level) | (Q(election__isnull=True) & serving))
    if wanted.prefecture is not None:
        held_there = Q(election__area=wanted.prefecture) | Q(election__area__prefecture=wanted.prefecture)
        pledges = pledges.filter(Exists(terms.filter(prefecture=wanted.prefecture)) | held_there)
    if wanted.party is not None:
        pledges = pledges.filter(Q(party=wanted.party) | Exists(terms.filter(running=True, party=wanted.party)))
    return pledges


def newest_first(pledges: QuerySet[Pledge]) -> QuerySet[Pledge]:
    """By the time of registration, the newest first."""
    return pledges.order_by("-created_at", "pk")


def by_title(pledges: QuerySet[Pledge]) -> QuerySet[Pledge]:
    """By title, as the database orders text."""
    return pledges.order_by("title", "pk")


def of_owner(owner: Politician | Party) -> QuerySet[Pledge]:
    """The published pledges of a politician or a party, the newest first."""
    kind = "politician" if isinstance(owner, Politician) else "party"
    return newest_first(published().filter(**{kind: owner}))


@dataclass(frozen=True)
class StatusCount:
    """How many pledges stand at one status, with the place of its piece in a bar of 100."""

    status: Pledge.Status
    pledges: int
    start_percent: float
    percent: float


def status_bar(counts: dict[str, int]) -> list[StatusCount]:
    """The statuses that occur, in their fixed order, as pieces of one bar."""
    total = sum(counts.values())
    pieces, start = [], 0.0
    for status in Pledge.Status:
        pledges = counts.get(status.value, 0)
        if pledges:
            share = pledges / total * 100
            pieces.append(StatusCount(status, pledges, round(start, 2), round(share, 2)))
            start += share
    return pieces


def statuses_of(owner: Politician | Party) -> list[StatusCount]:
    """The status counts of an owner's published pledges."""
    counts = of_owner(owner).order_by().values_list("status").annotate(pledges=Count("pk"))
    return status_bar(dict(counts))


def others_of_owner(pledge: Pledge, limit: int) -> list[Pledge]:
    """Some other pledges of the same owner, the newest first."""
    return list(of_owner(pledge.owner).exclude(pk=pledge.pk).select_related("policy_area")[:limit])


def of_other_owners(pledge: Pledge, limit: int) -> list[Pledge]:
    """Pledges of others in the same policy area, at most one an owner, the newest first.

    Looks at the newest 200 only, so that the work stays the same however many there are.
    """
    rows = newest_first(published().filter(policy_area=pledge.policy_area_id)).values_list(
        "pk", "politician_id", "party_id"
    )[:200]
    taken: dict[tuple[int | None, int | None], int] = {(pledge.politician_id, pledge.party_id): pledge.pk}
    for pk, politician, party in rows:
        taken.setdefault((politician, party), pk)
    chosen = [pk for pk in taken.values() if pk != pledge.pk][:limit]
    return list(newest_first(for_rows(published().filter(pk__in=chosen)))) if chosen else []


def revisions_of(pledge: Pledge) -> list[PledgeRevision]:
    """Every wording on record, the newest first."""
    return list(pledge.revisions.select_related("recorded_by").order_by("-number"))


def merges_into(pledge: Pledge) -> list[PledgeMerge]:
    """What became part of a pledge, the newest first."""
    return list(PledgeMerge.objects.filter(target=pledge).select_related("source").order_by("-merged_at", "pk"))


def policy_areas() -> QuerySet[PolicyArea]:
    """All policy areas in their fixed order."""
    return PolicyArea.objects.order_by("position")


def elections_with_pledges() -> QuerySet[Election]:
    """Elections that a published pledge was made for, the newest first."""
    return Election.objects.filter(Exists(published().filter(election=OuterRef("pk")))).order_by("-polling_on", "name")


def parties_with_pledges() -> QuerySet[Party]:
    """Parties that made a published pledge themselves or through a member in office."""
    own = Exists(published().filter(party=OuterRef("pk")))
    members = Term.objects.filter(party=OuterRef("pk"), running=True, politician__pledges__published=True)
    return Party.objects.filter(own | Exists(members)).order_by("name")


def owners_with_pledges(politicians: Iterable[int]) -> set[int]:
    """Which of these politicians have a published pledge."""
    return set(
        published().filter(politician__in=politicians).order_by().values_list("politician_id", flat=True).distinct()
    )
