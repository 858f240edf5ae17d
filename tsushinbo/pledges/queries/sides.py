"""Reads for a manifesto: what parties and candidates promised for an election, side by side."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from tsushinbo.elections.models import Candidacy, Election
from tsushinbo.people.models import Party, Politician
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries.pledges import published

# What one pledge shows beside others: its owner, topic, standing and source.
SHOWN = (
    "politician__name", "party__name", "title", "policy_area__name", "deadline", "status", "overdue", "withdrawn", "source_title", "source_publisher",
    "source_url", "source_on",
)  # fmt: skip


@dataclass(frozen=True)
class Owners:
    """Whose pledges are meant, by the ids of parties or of politicians."""

    parties: Collection[int] = ()
    politicians: Collection[int] = ()

    @property
    def condition(self) -> Q:
        """Pledges of theirs."""
        return Q(party__in=self.parties) if self.parties else Q(politician__in=self.politicians)


def made_for(election: Election, topic: str | None = None) -> QuerySet[Pledge]:
    """The published pledges for an election, of one policy area or of all, in no order yet."""
    pledges = published().filter(election=election).order_by()
    return pledges.filter(policy_area=topic) if topic else pledges


def parties_pledging(election: Election) -> list[tuple[Party, int]]:
    """The parties with pledges of their own for ``election`` and how many, by name. Two queries."""
    counts = dict(made_for(election).filter(party__isnull=False).values_list("party").annotate(n=Count("pk")))
    return [(party, counts[party.pk]) for party in Party.objects.filter(pk__in=counts).order_by("name")]


def politicians_pledging(
    election: Election, politicians: Collection[int] | None, limit: int
) -> list[tuple[Politician, int]]:
    """The politicians with pledges for ``election`` (of some, or of all) and how many, in 五十音 order, at most ``limit``. Two queries."""
    pledges = made_for(election).filter(politician__isnull=False)
    if politicians is not None:
        pledges = pledges.filter(politician__in=politicians)
    counts = dict(
        pledges.values_list("politician").annotate(n=Count("pk")).order_by("politician__kana", "politician")[:limit]
    )
    found = Politician.objects.in_bulk(list(counts))
    return [(found[pk], n) for pk, n in counts.items()]


def statuses_for(election: Election, owners: Owners) -> dict[int, dict[str, int]]:
    """How the pledges of each owner for ``election`` stand: counts by status. One query."""
    column = "party" if owners.parties else "politician"
    rows = made_for(election).filter(owners.condition).values_list(column, "status").annotate(n=Count("pk"))
    counts: dict[int, dict[str, int]] = {}
    for owner, status, n in rows:
        counts.setdefault(owner, {})[status] = n
    return counts


def _numbered(pledges: QuerySet[Pledge], part: Sequence[F], limit: int) -> list[Pledge]:
    """The first ``limit`` of each part, in the order of the source, with ``in_all``: how many the part has. One query."""
    numbered = pledges.annotate(
        place=Window(RowNumber(), partition_by=part, order_by=[F("key").asc(nulls_last=True), F("pk").asc()]),
        in_all=Window(Count("pk"), partition_by=part),
    )
    rows = numbered.filter(place__lte=limit).select_related("policy_area", "party", "politician").only(*SHOWN)
    return list(rows.order_by("policy_area__position", "place", "pk"))


def pledges_for(election: Election, owners: Owners, topic: str | None, limit: int) -> list[Pledge]:
    """The pledges of these owners for ``election``, at most ``limit`` of each owner in each policy area, with ``in_all`` beside them. One query."""
    column = "party" if owners.parties else "politician"
    return _numbered(made_for(election, topic).filter(owners.condition), [F(column), F("policy_area")], limit)


def pledges_of_candidates(election: Election, parties: Collection[int], topic: str, limit: int) -> list[Pledge]:
    """The pledges of who stood for these parties in ``election``, in one policy area, at most ``limit`` a party, with ``stood_for``. One query."""
    stood = Candidacy.objects.filter(politician=OuterRef("politician"), contest__election=election, party__isnull=False)
    pledges = made_for(election, topic).filter(politician__isnull=False)
    pledges = pledges.annotate(stood_for=Subquery(stood.order_by("pk").values("party")[:1]))
    return _numbered(pledges.filter(stood_for__in=list(parties)), [F("stood_for")], limit)


def elections_pledged_for(owner: Politician | Party) -> list[tuple[Election, int]]:
    """The elections on record that an owner made published pledges for and how many, the newest first. Two queries, one where there are none."""
    kind = "politician" if isinstance(owner, Politician) else "party"
    pledges = published().filter(**{kind: owner}, election__isnull=False).order_by()
    counts = dict(pledges.values_list("election").annotate(n=Count("pk")))
    found = Election.objects.filter(pk__in=counts).order_by("-polling_on", "name") if counts else ()
    return [(election, counts[election.pk]) for election in found]
