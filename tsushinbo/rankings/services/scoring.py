"""One run of the scores (採点): read, work out, write unseen, and show the whole at once."""

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tsushinbo.evaluations.models import ScoreRun
from tsushinbo.evaluations.queries.columns import Integers, one_moment
from tsushinbo.evaluations.queries.held_back import StandsOut, stands_out
from tsushinbo.evaluations.queries.holds import frozen_parties, frozen_politicians
from tsushinbo.evaluations.queries.inputs import Inputs, read_inputs
from tsushinbo.evaluations.queries.recount import RECOUNTED
from tsushinbo.evaluations.services.recounting import recount
from tsushinbo.evaluations.services.runs import alone, begin_run, left_behind, make_current, thin_runs
from tsushinbo.rankings.models import Ranking, RankingRow
from tsushinbo.rankings.queries.facets import Facets, read_facets
from tsushinbo.rankings.queries.reports import read_reports
from tsushinbo.rankings.services.standing import FROZEN_KINDS, digest_of, rankings_of
from tsushinbo.rankings.services.writing import Pen, erase, write_consensus, write_rankings
from tsushinbo.scoring import batch
from tsushinbo.scoring.betabinomial import SharePrior
from tsushinbo.scoring.consensus import Consensus, consensus, stability_of_used, typical_ballots
from tsushinbo.scoring.freezing import Earlier
from tsushinbo.scoring.method import METHOD
from tsushinbo.scoring.shares import Z
from tsushinbo.scoring.tallies import Owners, owner_key

# Changed with what a run writes for the same input, so that the next run writes it anew.
FORM = 2


@dataclass
class Outcome:
    """What became of a run. ``run`` is the new one; None: another process is at it, tallies are wrong, or nothing has changed (``same``).

    wrong: for each kind of rows the pledges whose tally differs from a recount. phases: seconds of each step. longest: seconds of the
    longest transaction that wrote.
    """

    run: ScoreRun | None = None
    same: ScoreRun | None = None
    busy: bool = False
    wrong: dict[str, list[int]] = field(default_factory=dict)
    rebuilt: dict[str, int] = field(default_factory=dict)
    phases: dict[str, float] = field(default_factory=dict)
    rows: int = 0
    longest: float = 0.0

    @property
    def mistaken(self) -> bool:
        """Whether some tally is not what a recount gives."""
        return any(self.wrong.values())

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Time a step."""
        began = time.perf_counter()
        yield
        self.phases[name] = self.phases.get(name, 0.0) + time.perf_counter() - began


def score(*, rebuild: bool = False, force: bool = False) -> Outcome:
    """Make a run over everything and let it be the current one, unless nothing has changed since the last; ``force`` makes one even then.

    Tallies are proved first. Where some are wrong there is no run; with ``rebuild`` those are counted anew. Voters wait for none of it: reading
    takes no lock, and writing is in small transactions. A crash leaves the earlier run current, and what was written is cleared by the next.
    """
    outcome = Outcome()
    with alone() as mine:
        if not mine:
            outcome.busy = True
            return outcome
        began = time.perf_counter()
        with outcome.phase("clearing"):
            clear_old_rows(at=timezone.now(), outcome=outcome)
        with outcome.phase("reading"):
            read = _read(outcome)
        if outcome.mistaken and rebuild:
            with outcome.phase("counting anew"):
                for of in RECOUNTED:
                    recount(outcome.wrong[of.name], of)
                    outcome.rebuilt[of.name] = len(outcome.wrong[of.name])
            with outcome.phase("reading"):
                read = _read(outcome)
        if not outcome.mistaken:
            _run(read, outcome, began, force=force)
    return outcome


def clear_old_rows(*, at: datetime, outcome: Outcome | None = None) -> None:
    """Delete the rankings that nobody needs any more, what interrupted runs left, and runs that are old. Only for who is ``alone``."""
    pen = Pen()
    # Most have none left: they went with an earlier run.
    with_rows = Exists(Ranking.objects.filter(run=OuterRef("pk")))
    for run in left_behind(at).filter(Q(finished_at=None) | with_rows):
        erase(run, pen)
    thin_runs(at=at)
    if outcome is not None:
        outcome.longest = max(outcome.longest, pen.longest)


@dataclass(frozen=True)
class _Read:
    """Everything that a run computes from, of one moment: opinions, what rows are narrowed by, how many reports each owner has, and what is
    kept of before, by kind and population; ``apart``: who stands in an election."""

    inputs: Inputs
    facets: Facets
    reports: Integers
    earlier: dict[tuple[str, str], Earlier]
    apart: StandsOut

    def left_out(self) -> batch.LeftOut:
        """Who has no place because they stand in an election, as the scores take them."""
        tallies = self.inputs.tallies
        people, supported = (_keys(ids) for ids in (self.apart.people, self.apart.supported))
        return batch.LeftOut(people, np.sort(tallies.pledge[np.isin(tallies.owner_key, supported)]))


def _keys(politicians: Sequence[int]) -> Integers:
    return owner_key(np.array(politicians, dtype=np.int64), np.zeros(len(politicians), dtype=bool))


def _read(outcome: Outcome) -> _Read:
    with one_moment():
        inputs = read_inputs()
        owners, at = inputs.owners, inputs.as_of
        facets, reports = read_facets(owners, inputs.tallies), read_reports(owners, at)
        read = _Read(inputs, facets, reports, _read_earlier(owners, at), stands_out(at))
    outcome.wrong = inputs.wrong
    return read


def _read_earlier(owners: Owners, at: datetime) -> dict[tuple[str, str], Earlier]:
    """What owners whose order is frozen have in the current run, by kind and population; subjects are positions among the owners."""
    people, parties = frozen_politicians(at), frozen_parties(at)
    current = ScoreRun.objects.filter(current=True, method_version=METHOD.version).first()
    if current is None or not (people or parties):
        return {}
    columns = ("ranking__kind", "ranking__population", "value", "low", "high", "n")
    rows = RankingRow.objects.filter(ranking__run=current, ranking__kind__in=FROZEN_KINDS)
    found: dict[tuple[str, str], list[tuple[int, float, float, int]]] = {}
    for name, ids in (("politician", people), ("party", parties)):
        keys = owner_key(np.array(sorted(ids), dtype=np.int64), np.full(len(ids), name == "party"))
        known = dict(zip(keys.tolist(), sorted(ids), strict=True))
        listed = np.isin(keys, owners.key)
        position = {
            known[key]: at for key, at in zip(keys[listed].tolist(), owners.find(keys[listed]).tolist(), strict=True)
        }
        wanted = rows.filter(**{f"{name}__in": list(position)}).values_list(name, *columns)
        for pk, kind, population, value, low, high, n in wanted:
            # One end may have been cut off at 0 or 100.
            error = max(value - low, high - value) / Z
            found.setdefault((kind, population), []).append((position[pk], value, error, n))
    return {key: _earlier(sorted(values)) for key, values in found.items()}


def _earlier(rows: list[tuple[int, float, float, int]]) -> Earlier:
    subject, value, error, n = zip(*rows, strict=True)
    return Earlier(np.array(subject), np.array(value), np.array(error), np.array(n))


def _run(read: _Read, outcome: Outcome, began: float, *, force: bool) -> None:
    inputs = read.inputs
    with outcome.phase("scores"):
        left_out = read.left_out()
        result = batch.run(inputs.tallies, inputs.owners, METHOD, left_out=left_out)
        inputs_digest = _digest_of(read, result)
    current = ScoreRun.objects.filter(current=True).first()
    if not force and current is not None and current.inputs_digest == inputs_digest:
        outcome.same = current
        return
    with outcome.phase("consensus"):
        agreed, summary = _agreement(inputs, result)
    with outcome.phase("rankings"):
        made = list(rankings_of(result, inputs.tallies.ordered(), agreed, read.earlier, read.reports))
        outputs_digest = digest_of(result.fingerprint(), made, agreed)
    pen = Pen()
    with outcome.phase("writing"):
        run = begin_run(
            result,
            inputs,
            inputs_digest=inputs_digest,
            outputs_digest=outputs_digest,
            counts={
                **result.counts,
                "held": inputs.held,
                "excluded": inputs.excluded,
                "voters": inputs.opinions.voters,
                "left_out": int(np.count_nonzero(~result.ranked)),
                "left_out_pledges": int(np.count_nonzero(~result.ranked_pledges)),
            },
            consensus=summary,
            left_out=read.apart.mark,
        )
        write_rankings(run, result, made, read.facets, pen)
        if agreed is not None:
            write_consensus(run, inputs.tallies, agreed, pen)
        make_current(run, at=timezone.now(), seconds=round(time.perf_counter() - began, 3))
    outcome.run, outcome.rows, outcome.longest = run, pen.rows, max(outcome.longest, pen.longest)


def _digest_of(read: _Read, result: batch.Run) -> str:
    """The SHA-256 of everything that the run hangs on: counts, method, who said what, what rows are narrowed by, and what is kept of before."""
    inputs = read.inputs
    before = {
        " ".join(key): [one.subject.tolist(), one.value.tolist(), one.error.tolist(), one.n.tolist()]
        for key, one in sorted(read.earlier.items())
    }
    said = [result.digest, inputs.opinions.digest(), read.facets.digest(), read.reports.tolist()]
    parts = [FORM, *said, before, inputs.held, inputs.excluded]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _agreement(inputs: Inputs, result: batch.Run) -> tuple[Consensus | None, dict[str, Any]]:
    """「立場をこえた支持」, and in plain numbers whether it may be shown. All is fitted only where the gate of the site is open."""
    said, gate = inputs.opinions, METHOD.consensus
    voters, pledges = said.voters, inputs.tallies.pledge.size
    used, median = typical_ballots(said.voter, voters=said.voters)
    stable = stability_of_used(said.voter, said.pledge, said.choice, voters=voters, pledges=pledges)
    found = None
    if median >= gate.median_ballots and stable >= gate.stable:
        prior = result.ruler.priors["support"]
        assert isinstance(prior, SharePrior)  # noqa: S101 - 支持 is a share
        found = consensus(
            said.voter,
            said.pledge,
            said.choice,
            voters=voters,
            pledges=pledges,
            prior=(prior.alpha, prior.beta),
            stable=stable,
        )
    return found, {
        "open": found is not None,
        "voters": int(used.sum()),
        "median_ballots": median,
        "stability": stable if median >= gate.median_ballots else None,
        "shown": int(found.shown.sum()) if found is not None else 0,
        "bridging": int(found.bridging.sum()) if found is not None else 0,
    }
