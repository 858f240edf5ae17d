"""What is held and what was decided: for the public in counts, for the moderators with the facts, and for nobody with a voter."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone

from tsushinbo.accounts.models import User
from tsushinbo.evaluations.models import Alert, Ballot, Choice, HeldBallot, HoldCase, HoldDecision, Standing
from tsushinbo.moderation.queries import Elsewhere
from tsushinbo.people.models import Delegate
from tsushinbo.pledges.models import Pledge
from tsushinbo.scoring.method import METHOD

STANDING_OF_CASE = {
    HoldCase.State.OPEN: Standing.HELD,
    HoldCase.State.RELEASED: Standing.COUNTED,
    HoldCase.State.EXCLUDED: Standing.EXCLUDED,
}


@dataclass(frozen=True)
class PublicCounts:
    """How many ballots are held and excluded now, and how many were let go; each reason with its label, those without ballots too."""

    held: int
    excluded: int
    excluded_by_reason: list[tuple[str, int]]
    released_by_reason: list[tuple[str, int]]
    lived_on: int
    open_cases: int
    decisions: int


@dataclass(frozen=True)
class OnPledge:
    """The ballots of a case on one pledge."""

    pledge: Pledge
    good: int
    bad: int


@dataclass(frozen=True)
class Window:
    """The ballots that an owner got in the time of an alert. ``not_counted`` are held or excluded."""

    good: int
    bad: int
    voters: int
    not_counted: int


@dataclass(frozen=True)
class Facts:
    """What a moderator decides by: counts, and no voters. ``only_here``: voters without any ballot outside of the case."""

    pledges: list[OnPledge]
    days: list[tuple[Any, int]]
    ballots: int
    voters: int
    only_here: int
    newcomers: int
    withdrawn: int


def ballot_of_hold() -> QuerySet[Ballot]:
    """The ballot of the outer HeldBallot, where it was not withdrawn."""
    return Ballot.objects.filter(pledge=OuterRef("pledge"), voter=OuterRef("voter"))


def public_counts() -> PublicCounts:
    """Count for the page on the method. Two small tables and the index of what is held, not the ballots."""
    there = HeldBallot.objects.filter(Exists(ballot_of_hold()))
    last = HoldDecision.objects.filter(case=OuterRef("case")).order_by("-decided_at", "-pk").values("reason")[:1]
    excluded = there.filter(ended_at=None, case__state=HoldCase.State.EXCLUDED)
    released = HeldBallot.objects.filter(ending=HeldBallot.Ending.RELEASED)
    counts = [
        dict(rows.values_list(Subquery(last)).annotate(number=Count("pk")).order_by()) for rows in (excluded, released)
    ]
    by_reason = [
        [(HoldDecision.Reason(reason).label, count.get(reason, 0)) for reason in HoldDecision.REASONS[verdict]]
        for verdict, count in zip((HoldDecision.Verdict.EXCLUDE, HoldDecision.Verdict.RELEASE), counts, strict=True)
    ]
    return PublicCounts(
        held=there.filter(ended_at=None, case__state=HoldCase.State.OPEN).count(),
        excluded=sum(counts[0].values()),
        excluded_by_reason=by_reason[0],
        released_by_reason=by_reason[1],
        lived_on=HeldBallot.objects.filter(ending=HeldBallot.Ending.LIVED_ON).count(),
        open_cases=HoldCase.objects.filter(state=HoldCase.State.OPEN).count(),
        decisions=HoldDecision.objects.count(),
    )


def reason_of_exclusion(ballot: Ballot) -> str:
    """The label of the reason for which a ballot is excluded, for its voter."""
    holds = HeldBallot.objects.filter(pledge=ballot.pledge_id, voter=ballot.voter, ended_at=None)
    decisions = HoldDecision.objects.filter(case__in=holds.values("case"), verdict=HoldDecision.Verdict.EXCLUDE)
    last = decisions.order_by("-decided_at", "-pk").first()
    return last.get_reason_display() if last else ""


def frozen_politicians(at: datetime) -> set[int]:
    """The ids of politicians whose place in the rankings is frozen at this time."""
    return set(_freezing(at).exclude(politician=None).values_list("politician", flat=True))


def frozen_parties(at: datetime) -> set[int]:
    """The same of parties."""
    return set(_freezing(at).exclude(party=None).values_list("party", flat=True))


def _freezing(at: datetime) -> QuerySet[Alert]:
    """Alerts that nobody has looked at, for some days after they were raised."""
    days = timedelta(days=METHOD.attacks.frozen_days)
    return Alert.objects.filter(seen_at=None, found_at__gt=at - days, found_at__lte=at).order_by()


def standing_mismatches() -> Iterator[tuple[int, list[int]]]:
    """The pledges with voters whose ballots have another standing than their holds say.

    One whose case is being decided in this moment may be among them; to settle it again does no harm.
    """
    says = Case(
        *(When(case__state=state, then=Value(standing.value)) for state, standing in STANDING_OF_CASE.items()),
        output_field=IntegerField(),
    )
    held = HeldBallot.objects.filter(ended_at=None).annotate(
        says=says, stands=Subquery(ballot_of_hold().values("standing"))
    )
    wrong = held.filter(~Q(stands=says), stands__isnull=False)
    hold = HeldBallot.objects.filter(pledge=OuterRef("pledge"), voter=OuterRef("voter"), ended_at=None)
    loose = Ballot.objects.filter(~Q(standing=Standing.COUNTED), ~Exists(hold))
    pairs = {*wrong.values_list("pledge", "voter").order_by(), *loose.values_list("pledge", "voter").order_by()}
    for pledge, some in groupby(sorted(pairs), key=lambda pair: pair[0]):
        yield pledge, [voter for _, voter in some]


def unfinished_cases() -> QuerySet[HoldCase]:
    """Decided cases with ballots that the decision has not reached."""
    mine = HeldBallot.objects.filter(case=OuterRef("pk"))
    released = Q(state=HoldCase.State.RELEASED) & Exists(mine.filter(ended_at=None))
    return HoldCase.objects.filter(released | Q(state=HoldCase.State.EXCLUDED) & Exists(to_hold_again(mine)))


def to_hold_again(holds: QuerySet[HeldBallot]) -> QuerySet[HeldBallot]:
    """Of holds that were let go by a decision, those whose ballot no other case holds by now."""
    other = HeldBallot.objects.filter(pledge=OuterRef("pledge"), voter=OuterRef("voter"), ended_at=None)
    return holds.filter(~Exists(other), ending=HeldBallot.Ending.RELEASED)


def may_decide(user: User, case: HoldCase) -> bool:
    """Whether a person speaks for none of the politicians concerned."""
    concerned = HeldBallot.objects.filter(case=case, pledge__politician=OuterRef("politician"))
    return not Delegate.objects.filter(Exists(concerned), user=user).exists()


def facts_of(case: HoldCase) -> Facts:
    """Gather what a moderator decides by. A case has a few pledges; of its voters only counts are read."""
    holds = HeldBallot.objects.filter(~Q(ending=HeldBallot.Ending.LIVED_ON), case=case)
    there = holds.filter(Exists(ballot_of_hold()))
    choices = there.annotate(choice=Subquery(ballot_of_hold().values("choice")))
    counts: dict[int, Counter[str]] = {}
    for pledge, choice, number in choices.values_list("pledge", "choice").annotate(number=Count("pk")).order_by():
        counts.setdefault(pledge, Counter())[choice] = number
    pledges = Pledge.objects.filter(pk__in=counts).select_related("politician", "party").order_by("politician", "party")
    day = TruncDate(Subquery(ballot_of_hold().values("changed_at")), tzinfo=timezone.get_default_timezone())
    days = there.annotate(day=day).values_list("day").annotate(number=Count("pk")).order_by("day")
    own = holds.filter(voter=OuterRef("voter"), pledge=OuterRef("pledge"))
    elsewhere = Ballot.objects.filter(~Exists(own), voter=OuterRef("voter"))
    voters = there.order_by().values("voter").distinct()
    ever = Ballot.objects.filter(voter=OuterRef("voter")).order_by().values("voter").annotate(first=Min("cast_at"))
    young = timedelta(days=METHOD.attacks.newcomer_age_days)
    return Facts(
        pledges=[OnPledge(one, counts[one.pk][Choice.GOOD], counts[one.pk][Choice.BAD]) for one in pledges],
        days=list(days),
        ballots=there.count(),
        voters=voters.count(),
        only_here=there.filter(~Exists(elsewhere)).order_by().values("voter").distinct().count(),
        newcomers=voters.filter(Exists(ever.filter(first__gte=case.begins_at - young))).count(),
        withdrawn=holds.count() - there.count(),
    )


def facts_of_alert(alert: Alert) -> Window:
    """Count the ballots that were cast or changed last in an alert's time, whatever their choice."""
    pledges = Pledge.objects.filter(politician=alert.politician_id, party=alert.party_id).order_by()
    ballots = Ballot.objects.filter(pledge__in=pledges, changed_at__gte=alert.begins_at, changed_at__lt=alert.ends_at)
    counts = ballots.aggregate(
        good=Count("voter", filter=Q(choice=Choice.GOOD)),
        bad=Count("voter", filter=Q(choice=Choice.BAD)),
        voters=Count("voter", distinct=True),
        not_counted=Count("voter", filter=~Q(standing=Standing.COUNTED)),
    )
    return Window(**counts)


def cases_waiting(*, user: User, at: datetime) -> Elsewhere | None:
    """What the desk of moderators says of cases that nobody has decided (settings.MODERATION_QUEUES)."""
    if not user.has_perm("evaluations.view_holdcase"):
        return None
    found = HoldCase.objects.filter(state=HoldCase.State.OPEN).aggregate(count=Count("pk"), oldest=Min("found_at"))
    url = f"{reverse('admin:evaluations_holdcase_changelist')}?state__exact={HoldCase.State.OPEN}"
    return Elsewhere("確認中の評価のまとまり", url, found["count"], found["oldest"])


def alerts_waiting(*, user: User, at: datetime) -> Elsewhere | None:
    """The same of sudden changes that nobody has looked at."""
    if not user.has_perm("evaluations.view_alert"):
        return None
    found = Alert.objects.filter(seen_at=None).aggregate(count=Count("pk"), oldest=Min("found_at"))
    return Elsewhere("評価の急な変化", reverse("admin:evaluations_alert_changelist"), found["count"], found["oldest"])
