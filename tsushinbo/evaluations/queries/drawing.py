"""Drawing a pledge to judge (ランダム評価): first an owner, each with the same chance, then one of the owner's pledges.

So many pledges give an owner no more room. The work stays small however many pledges and owners there are: ids are spread evenly over
their range (see tsushinbo/addresses.py), so owners are listed from a random id on, each found by one leap in an index. Up to OWNERS owners
of a kind the chances are exactly equal; of more, the listed stretch differs in length by about one part in the root of OWNERS.
"""

import random
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from operator import itemgetter

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from tsushinbo.addresses import BITS
from tsushinbo.elections.models import Election
from tsushinbo.elections.queries import hold_of
from tsushinbo.elections.rules import Rule
from tsushinbo.evaluations.models import Ballot
from tsushinbo.evaluations.queries.held_back import by_rule
from tsushinbo.people.models import Party, Politician, Term
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.queries import for_rows, published

IDS = 1 << BITS
OWNERS = 512
# Owners that are simply tried; if this voter has judged everything of theirs, the rest is asked who has something left.
OWNERS_TRIED = 4
# The least judged of so many is taken, drawn among so many listed ones: all that an owner has, but for a few parties.
PLEDGES_COMPARED, PLEDGES_LISTED = 8, 128
# One leap to the next owner at a time: the plain DISTINCT of SQL would read every pledge of every owner.
OWNERS_FROM = """
    WITH RECURSIVE owner (id, number) AS (
        SELECT id, 1 FROM (SELECT {owner} AS id FROM pledges_pledge WHERE {fits} AND {owner} >= %(start)s ORDER BY {owner} LIMIT 1) AS first
        UNION ALL
        SELECT (SELECT {owner} FROM pledges_pledge WHERE {fits} AND {owner} > owner.id ORDER BY {owner} LIMIT 1), number + 1
        FROM owner WHERE owner.id IS NOT NULL AND number < %(most)s
    )
    SELECT id FROM owner WHERE id IS NOT NULL AND id < %(end)s
"""


@dataclass(frozen=True)
class DrawFilter:
    """What a draw is narrowed to; None does not narrow.

    ``area`` (a prefecture) and ``office`` are where and as what a politician serves or served, or what a party made the pledge for.
    """

    topic: str | None = None
    area: str | None = None
    office: str | None = None


NO_FILTER = DrawFilter()


@dataclass(frozen=True, eq=False)
class Owners:
    """Some owners of one kind; ``number`` is how many there are of it, exactly or as the listed stretch tells.

    ``left`` are the pledges that may be drawn of them.
    """

    kind: type[Politician | Party]
    ids: list[int]
    number: float
    left: QuerySet[Pledge]

    @property
    def field(self) -> str:
        """The field of Pledge that names them."""
        return "politician" if self.kind is Politician else "party"

    def with_something_left(self, ids: Collection[int]) -> set[int]:
        """Which of these still have a pledge to draw."""
        some = Exists(self.left.filter(**{self.field: OuterRef("pk")}))
        return set(self.kind._default_manager.filter(some, pk__in=ids).values_list("pk", flat=True))


def draw_pledge(
    *, seed: int | None = None, voter: int | None = None, wanted: DrawFilter = NO_FILTER, skipped: Collection[int] = ()
) -> Pledge | None:
    """Return a published pledge that ``voter`` has not judged and that is not ``skipped``, or None when none is left.

    The same ``seed`` draws the same pledge as long as nothing changes.
    """
    chance = random.Random(seed)  # noqa: S311 - a draw, not a secret
    left = _left(voter, wanted, skipped)
    start = chance.getrandbits(BITS)
    order = _in_random_order([_politicians(left, wanted, start), _parties(left, wanted, start)], chance)
    for owners, owner in order[:OWNERS_TRIED]:
        if chosen := _least_judged(owners, owner, chance):
            return for_rows(published()).get(pk=chosen)
    order = order[OWNERS_TRIED:]
    remaining = {owners: owners.with_something_left([pk for of, pk in order if of is owners]) for owners, _ in order}
    for owners, owner in order:
        if owner in remaining[owners] and (chosen := _least_judged(owners, owner, chance)):
            return for_rows(published()).get(pk=chosen)
    return None


def _left(voter: int | None, wanted: DrawFilter, skipped: Collection[int]) -> QuerySet[Pledge]:
    """The pledges that may still be drawn, whoever they are of."""
    left = _of_topic(published().order_by(), wanted)
    if voter is not None:
        left = left.filter(~Exists(Ballot.objects.filter(pledge=OuterRef("pk"), voter=voter)))
    return left.exclude(pk__in=skipped) if skipped else left


def _of_topic(pledges: QuerySet[Pledge], wanted: DrawFilter) -> QuerySet[Pledge]:
    return pledges if wanted.topic is None else pledges.filter(policy_area=wanted.topic)


def _politicians(left: QuerySet[Pledge], wanted: DrawFilter, start: int) -> Owners:
    if wanted.area is None and wanted.office is None:
        return _owners(Politician, left, start, lambda low, high, most: _leap("politician_id", wanted, low, high, most))
    asked = {"prefecture": wanted.area, "office": wanted.office}
    promised = _of_topic(published().order_by(), wanted).filter(politician=OuterRef("politician"))
    terms = Term.objects.filter(Exists(promised), **{name: value for name, value in asked.items() if value is not None})
    ids = terms.order_by("politician").values_list("politician", flat=True).distinct()
    return _owners(
        Politician,
        left,
        start,
        lambda low, high, most: list(ids.filter(politician__gte=low, politician__lt=high)[:most]),
    )


def _parties(left: QuerySet[Pledge], wanted: DrawFilter, start: int) -> Owners:
    if wanted.area is None and wanted.office is None:
        return _owners(Party, left, start, lambda low, high, most: _leap("party_id", wanted, low, high, most))
    made_for = Q()
    if wanted.office is not None:
        made_for &= Q(office=wanted.office)
    if wanted.area is not None:
        made_for &= Q(area=wanted.area) | Q(area__prefecture=wanted.area)
    elections = Election.objects.filter(made_for)
    # From the elections, as many as a country has, to the pledges: a party may have any number of them.
    promised = _of_topic(published().order_by(), wanted).filter(election=OuterRef("pk"), party=OuterRef(OuterRef("pk")))
    ids = list(
        Party.objects.filter(Exists(elections.filter(Exists(promised)))).order_by("pk").values_list("pk", flat=True)
    )
    return Owners(Party, ids, len(ids), left.filter(election__in=elections))


def _owners(
    kind: type[Politician | Party],
    left: QuerySet[Pledge],
    start: int,
    ids_between: Callable[[int, int, int], list[int]],
) -> Owners:
    """List the first OWNERS owners from ``start`` on, going round at the end of the ids."""
    ids = ids_between(start, IDS, OWNERS)
    if len(ids) < OWNERS:
        ids += ids_between(0, start, OWNERS - len(ids))
    number = float(len(ids)) if len(ids) < OWNERS else OWNERS * IDS / ((ids[-1] - start) % IDS + 1)
    return Owners(kind, ids, number, left)


def _leap(owner: str, wanted: DrawFilter, low: int, high: int, most: int) -> list[int]:
    """Return the first ``most`` ids from ``low`` up to ``high`` in the column ``owner`` of the published pledges."""
    fits = "published = TRUE" if wanted.topic is None else "policy_area_id = %(topic)s AND published = TRUE"
    values: dict[str, int | str] = {"start": low, "end": high, "most": most}
    if wanted.topic is not None:
        values["topic"] = wanted.topic
    with connection.cursor() as cursor:
        cursor.execute(OWNERS_FROM.format(owner=owner, fits=fits), values)
        return [row[0] for row in cursor.fetchall()]


def _in_random_order(groups: Iterable[Owners], chance: random.Random) -> list[tuple[Owners, int]]:
    """Shuffle the owners of all groups together; one of a group that was listed in part only stands for as many as it hides."""
    places = [
        (chance.expovariate(owners.number / len(owners.ids)), owners, owner)
        for owners in groups
        for owner in owners.ids
    ]
    return [(owners, owner) for _, owners, owner in sorted(places, key=itemgetter(0))]


def _least_judged(owners: Owners, owner: int, chance: random.Random) -> int | None:
    """Return the least judged of some pledges of one owner, or any of them while the owner stands in an election; None when none is left.

    All of an owner's pledges have the same chance to be among them; of more than PLEDGES_LISTED, those listed from a random id on.
    """
    ballots = Coalesce(F("tally__good") + F("tally__bad"), Value(0))
    rows = owners.left.filter(**{owners.field: owner}).order_by("pk").values_list("pk", ballots)
    start = chance.getrandbits(BITS)
    listed = list(rows.filter(pk__gte=start)[:PLEDGES_LISTED])
    if len(listed) < PLEDGES_LISTED:
        listed += rows.filter(pk__lt=start)[: PLEDGES_LISTED - len(listed)]
    if not listed:
        return None
    some = chance.sample(listed, min(PLEDGES_COMPARED, len(listed)))
    if owners.kind is Politician and by_rule(Rule.SUPPORT, hold_of(owner, timezone.now())):
        # Who draws often enough would see which of them few have judged.
        some = [(pk, 0) for pk, _ in some]
    fewest = min(count for _, count in some)
    chosen: int = chance.choice([pk for pk, count in some if count == fewest])
    return chosen
