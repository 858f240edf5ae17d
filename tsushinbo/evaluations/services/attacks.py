"""Looking for attacks (評価の確認): what shows signs of one is held in sight of all, and a window that stands out alerts.

Reading and detection hold no lock; what is found is written some ballots at a time, and what a voter or a moderator did meanwhile stands.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched, groupby
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from numpy.typing import NDArray

from tsushinbo.evaluations.models import Alert, Ballot, BallotNetwork, Choice, HeldBallot, HoldCase, Standing
from tsushinbo.evaluations.queries.attacks import NO_CASE, Seen, ballots_to_look_at
from tsushinbo.evaluations.services.holds import BATCH, held_in, hold_some, mend_standings
from tsushinbo.evaluations.services.standings import settle
from tsushinbo.people.models import Party, Politician
from tsushinbo.scoring.attacks.policy import Findings, Sign, detect
from tsushinbo.scoring.method import METHOD

type Integers = NDArray[np.integer]
type Target = dict[str, Any]

SIGNS = {Sign.CO_TARGET: HoldCase.Sign.CO_TARGET, Sign.CO_VOTING: HoldCase.Sign.CO_VOTING}
# What keys without a history are held for: they may live it down.
OF_FRESH = (HoldCase.Sign.FRESH, HoldCase.Sign.NO_WORK)
# A window that ended longer ago is no news to anybody.
ALERT_DAYS = timedelta(days=METHOD.attacks.level_days)
FORGET_AT_ONCE = 1000


@dataclass
class Looked:
    """What a look did: ballots held, cases made, ballots let go whose keys lived on, alerts raised, networks forgotten, standings mended."""

    held: int = 0
    cases: int = 0
    lived_on: int = 0
    alerts: int = 0
    forgotten: int = 0
    mended: int = 0

    def __str__(self) -> str:
        told = [f"{number} {name}" for name, number in vars(self).items() if number]
        return ", ".join(told) or "nothing new"


@dataclass(frozen=True, eq=False)
class _Suspicion:
    """Ballots (row numbers) that show one sign, and what was found about them."""

    sign: HoldCase.Sign
    targets: list[Target]
    rows: Integers
    strength: float
    expected: float
    others: int | None


def look_for_attacks(*, at: datetime) -> Looked:
    """Hold what shows signs of an attack, let go what lived on, and raise alerts. Another look at the same ballots changes nothing."""
    looked = Looked(forgotten=forget_networks(at=at), mended=mend_standings(at=at), lived_on=_let_live_on(at))
    seen = ballots_to_look_at(at)
    found = detect(seen.ballots, cleared=seen.cleared)
    names = _names(seen, found)
    for suspicion in _suspicions(seen, found, names):
        new = suspicion.rows[(seen.case[suspicion.rows] == NO_CASE) & ~seen.cleared[suspicion.rows]]
        if not len(new):
            continue
        case = _open_case(seen, suspicion)
        looked.cases += case is None
        case, held = _hold(case, suspicion, seen, new, at)
        looked.held += held
        looked.cases -= case is None
    looked.alerts = _alert(seen, found, at)
    return looked


def forget_networks(*, at: datetime) -> int:
    """Delete the networks of all days but today and yesterday (Asia/Tokyo), some at a time; return how many there were."""
    over = BallotNetwork.objects.filter(day__lt=timezone.localdate(at) - timedelta(days=1))
    gone = 0
    while True:
        with transaction.atomic():
            following = over.order_by("day", "pledge", "voter").values_list("day", "pledge", "voter")
            end = following[FORGET_AT_ONCE : FORGET_AT_ONCE + 1].first()
            gone += (over if end is None else over.filter(pk__lt=end)).delete()[0]
        if end is None:
            return gone


# Cases


def _suspicions(seen: Seen, found: Findings, names: dict[tuple[int, bool], str]) -> Iterator[_Suspicion]:
    """What was found, strongest sign first: a ballot is held for the first that it shows."""
    for campaign, sign, rows in zip(found.campaigns, found.campaign_signs, found.campaign_rows, strict=True):
        nodes = campaign.pattern.politicians
        pledges = np.flatnonzero(campaign.pattern.wanted >= 0)
        wanted, owner = campaign.pattern.wanted[pledges], seen.ballots.politician_of[pledges]
        targets = [_target(seen, int(node), set(wanted[owner == node].tolist()), names) for node in nodes]
        yield _Suspicion(SIGNS[sign], targets, rows, campaign.strength, campaign.expected, campaign.others)
    for crowding in found.crowdings:
        targets = [_target(seen, crowding.politician, {int(crowding.choice)}, names)]
        signs = found.signs[crowding.rows]
        old = (signs & Sign.NETWORK) > 0
        fresh = ((signs & Sign.FRESH) > 0) & ~old
        for held_for, some in ((HoldCase.Sign.NETWORK, old), (HoldCase.Sign.FRESH, fresh)):
            yield _Suspicion(held_for, targets, crowding.rows[some], crowding.strength, crowding.expected, None)


def _target(seen: Seen, node: int, choices: set[int], names: dict[tuple[int, bool], str]) -> Target:
    pk, is_party = owner = seen.owners[node]
    choice = "both" if len(choices) > 1 else Choice.GOOD.value if choices == {1} else Choice.BAD.value
    return {"kind": "party" if is_party else "politician", "id": pk, "name": names[owner], "choice": choice}


def _names(seen: Seen, found: Findings) -> dict[tuple[int, bool], str]:
    """The names of all who are a target."""
    nodes = {int(node) for campaign in found.campaigns for node in campaign.pattern.politicians}
    nodes |= {crowding.politician for crowding in found.crowdings}
    owners = [seen.owners[node] for node in nodes]
    names: dict[tuple[int, bool], str] = {}
    for is_party, model in ((False, Politician), (True, Party)):
        ids = [pk for pk, party in owners if party == is_party]
        rows: Iterable[tuple[int, str]] = model._default_manager.filter(pk__in=ids).values_list("pk", "name")
        names |= {(pk, is_party): name for pk, name in rows}
    return names


def _open_case(seen: Seen, suspicion: _Suspicion) -> HoldCase | None:
    """The open case of the same sign that these ballots belong to: the one that holds most of them, else one with the same targets."""
    candidates = HoldCase.objects.filter(sign=suspicion.sign, state=HoldCase.State.OPEN)
    holding, count = np.unique(seen.case[suspicion.rows], return_counts=True)
    for pk in holding[np.lexsort((holding, -count))].tolist():
        if pk != NO_CASE and (case := candidates.filter(pk=pk).first()):
            return case
    wanted = _aims(suspicion.targets)
    begin, end = _span(seen, suspicion.rows)
    apart = timedelta(days=METHOD.attacks.concert_days)
    near = candidates.filter(begins_at__lte=end + apart, ends_at__gte=begin - apart).order_by("found_at", "pk")
    return next((case for case in near if _aims(case.details["targets"]) == wanted), None)


def _aims(targets: list[Target]) -> set[tuple[str, int, str]]:
    return {(target["kind"], target["id"], target["choice"]) for target in targets}


def _span(seen: Seen, rows: Integers) -> tuple[datetime, datetime]:
    at = seen.ballots.at[rows]
    return _time(int(at.min())), _time(int(at.max()))


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _hold(
    case: HoldCase | None, suspicion: _Suspicion, seen: Seen, rows: Integers, at: datetime
) -> tuple[HoldCase | None, int]:
    """Hold ballots that are in no case yet; return the case and how many there were, no case where none was left to hold."""
    made = case is None
    if case is None:
        begin, end = _span(seen, suspicion.rows)
        case = HoldCase(sign=suspicion.sign, begins_at=begin, ends_at=end, found_at=at)
    before = 0 if made else held_in(case)["ballots"]
    case.strength, case.expected, case.changed_at = suspicion.strength, suspicion.expected, at
    held = 0
    for some in _by_pledge(seen, rows):
        case.details = {"targets": suspicion.targets, "others": suspicion.others, "ballots": before + held}
        voters = seen.voters[seen.ballots.voter[some]].tolist()
        with transaction.atomic():
            if not case._state.adding and not _is_open(case):
                # Decided meanwhile. What is left becomes a case of its own, at the next look.
                break
            new = hold_some(case, int(seen.pledges[seen.ballots.pledge[some[0]]]), voters, at)
        seen.case[some[np.isin(voters, new)]] = case.pk
        held += len(new)
    if made and not held:
        HoldCase.objects.filter(pk=case.pk).delete()
        return None, 0
    with transaction.atomic():
        if _is_open(case):
            HoldCase.objects.filter(pk=case.pk).update(details={**case.details, **held_in(case)})
    return case, held


def _by_pledge(seen: Seen, rows: Integers) -> Iterator[Integers]:
    """Part rows by pledge, some at a time, in the order in which ballots are locked."""
    voter, pledge = seen.ballots.voter[rows], seen.ballots.pledge[rows]
    order = np.lexsort((voter, pledge))
    for of_pledge in np.split(rows[order], np.flatnonzero(np.diff(pledge[order])) + 1):
        for start in range(0, len(of_pledge), BATCH):
            yield of_pledge[start : start + BATCH]


def _is_open(case: HoldCase) -> bool:
    """Whether nobody has decided, and lock the case until the end of the transaction."""
    open_one = HoldCase.objects.select_for_update().filter(pk=case.pk, state=HoldCase.State.OPEN)
    return open_one.first() is not None


# Keys without a history


def _let_live_on(at: datetime) -> int:
    """Let go of fresh keys that went on like any other for some days: ballots without a sign, on more than one owner. Return how many ballots."""
    of_fresh = HeldBallot.objects.filter(
        case__sign__in=OF_FRESH, case__state=HoldCase.State.OPEN, ended_at=None
    ).order_by()
    gone = 0
    for some in batched(list(of_fresh.values_list("voter", flat=True).distinct()), BATCH):
        if living := _living(some):
            pairs = of_fresh.filter(voter__in=living).order_by("pledge", "voter").values_list("pledge", "voter")
            for pledge, group in groupby(list(pairs), key=lambda pair: pair[0]):
                gone += _let_go(pledge, [voter for _, voter in group], at)
    if gone:
        _close_empty(at)
    return gone


def _living(voters: Iterable[int]) -> list[int]:
    """Which of these voters have lived on."""
    method = METHOD.attacks
    first: dict[int, datetime] = {}
    later: dict[int, list[Any]] = {}
    ballots = Ballot.objects.filter(voter__in=voters).order_by("voter", "cast_at")
    fields = ("voter", "cast_at", "standing", "pledge__politician", "pledge__party")
    for voter, cast_at, standing, politician, party in ballots.values_list(*fields):
        since = first.setdefault(voter, cast_at)
        if standing == Standing.COUNTED and cast_at >= since + timedelta(days=method.fresh_days):
            later.setdefault(voter, []).append((politician, party))
    return [voter for voter, owners in later.items() if len(owners) >= method.fresh_ballots and len(set(owners)) >= 2]


def _let_go(pledge: int, voters: list[int], at: datetime) -> int:
    fresh = {"sign__in": OF_FRESH, "state": HoldCase.State.OPEN}
    with transaction.atomic():
        holds = HeldBallot.objects.filter(pledge=pledge, voter__in=voters, ended_at=None)
        cases = HoldCase.objects.filter(pk__in=holds.values("case"), **fresh).select_for_update().order_by("pk")
        locked = list(cases.values_list("pk", flat=True))
        gone = holds.filter(case__in=locked).update(ended_at=at, ending=HeldBallot.Ending.LIVED_ON)
        settle(pledge, voters, at=at)
        for case in HoldCase.objects.filter(pk__in=locked):
            details = {**case.details, **held_in(case)}
            HoldCase.objects.filter(pk=case.pk).update(details=details, changed_at=at)
    return gone


def _close_empty(at: datetime) -> None:
    """Close the cases of which everything was let go: there is nothing left to decide."""
    held = HeldBallot.objects.filter(case=OuterRef("pk"), ended_at=None)
    lived = HeldBallot.objects.filter(case=OuterRef("pk"), ending=HeldBallot.Ending.LIVED_ON)
    empty = HoldCase.objects.filter(~Exists(held), Exists(lived), state=HoldCase.State.OPEN)
    empty.update(state=HoldCase.State.RELEASED, decided_at=at, changed_at=at)


# Alerts


def _alert(seen: Seen, found: Findings, at: datetime) -> int:
    """Raise an alert for each window that stands out and did not end long ago; one that continues another prolongs it. Return how many are new."""
    new = 0
    for kind, windows in found.alerts.items():
        for place in np.flatnonzero(windows.end > (at - ALERT_DAYS).timestamp()).tolist():
            pk, is_party = seen.owners[int(windows.node[place]) // 2]
            choice = Choice.GOOD if windows.node[place] % 2 else Choice.BAD
            new += _alert_of(
                Alert(
                    **{"party_id" if is_party else "politician_id": pk},
                    kind=Alert.Kind(kind),
                    choice=choice,
                    begins_at=_time(int(windows.start[place])),
                    ends_at=_time(int(windows.end[place])),
                    strength=float(windows.strength[place]),
                    found_at=at,
                )
            )
    return new


def _alert_of(alert: Alert) -> bool:
    """Keep an alert, unless one of the same kind overlaps it: that one lasts as long, if nobody has looked at it."""
    same = Alert.objects.filter(
        politician=alert.politician_id, party=alert.party_id, kind=alert.kind, choice=alert.choice
    )
    with transaction.atomic():
        overlapping = same.filter(begins_at__lt=alert.ends_at, ends_at__gt=alert.begins_at)
        known = overlapping.select_for_update().order_by("-ends_at").first()
        if known is None:
            return len(Alert.objects.bulk_create([alert], ignore_conflicts=True)) > 0
        ends_at, strength = max(known.ends_at, alert.ends_at), max(known.strength, alert.strength)
        if known.seen_at is None and (ends_at, strength) != (known.ends_at, known.strength):
            Alert.objects.filter(pk=known.pk).update(ends_at=ends_at, strength=strength)
    return False
