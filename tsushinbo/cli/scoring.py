"""``tsushinbo score``: the proof of the tallies, the run of the scores, and the whole computation of one owner on paper."""

from collections.abc import Iterator
from typing import Any

from tsushinbo import addresses
from tsushinbo.cli.output import fail, say
from tsushinbo.comments.queries import miscounted_reports
from tsushinbo.comments.services import recount
from tsushinbo.evaluations.queries import RECOUNTED, scores
from tsushinbo.people.models import Party, Politician
from tsushinbo.people.queries import listed
from tsushinbo.pledges.models import Pledge
from tsushinbo.rankings.models import Population
from tsushinbo.rankings.queries import standing_of
from tsushinbo.rankings.services import Outcome, score
from tsushinbo.surveys import services as surveys

WORDS = {
    "support": "支持",
    "clarity": "明確さ",
    "feasibility": "現実性",
    "sincerity": "誠実さ",
    "progress": "進捗度",
    "achievement": "達成度",
}


def make_run(*, rebuild: bool, force: bool) -> int:
    """Prove the tallies, make a run, say what was done, and return the exit status."""
    if rebuild and (miscounted := miscounted_reports()):
        recount()
        say(f"Counted anew: the comments of {miscounted:,} reports.")
    if rebuild and (wrong_counts := surveys.mismatches()):
        surveys.recount()
        say(f"Counted anew: the answers to surveys, of which {wrong_counts:,} counts were wrong.")
    outcome = score(rebuild=rebuild, force=force)
    if outcome.busy:
        return fail("another process is making a run at this moment; nothing was done")
    for of in RECOUNTED:
        if anew := outcome.rebuilt.get(of.name):
            say(f"Counted anew: the {of.name} of {anew:,} {of.key}s.")
        if wrong := outcome.wrong[of.name]:
            say(f"{len(wrong):,} tallies differ from a recount of their {of.name}.")
        else:
            say(f"Every tally equals a recount of its {of.name}.")
    if outcome.mistaken:
        if rebuild:
            return fail("some tallies still differ after they were counted anew; run it again and tell the developers")
        return fail("no run was made; run `tsushinbo score --rebuild` to count them anew")
    for line in _told(outcome):
        say(line)
    return 0


def _told(outcome: Outcome) -> Iterator[str]:
    """What the run did."""
    if outcome.same is not None:
        yield f"Nothing has changed since run {outcome.same.number}, which stays the current one."
    run = outcome.run or outcome.same
    assert run is not None  # noqa: S101 - one of the two is there when no tally is wrong
    yield f"run {run.number}, method {run.method_version}, as of {run.as_of:%Y-%m-%d %H:%M:%S} UTC"
    yield "  " + ", ".join(
        f"{count:,} {name.replace('_', ' ')}"
        for name, count in run.counts.items()
        if not name.startswith(("positive_", "of_"))
    )
    agreed = run.consensus
    yield (
        f"  consensus {'open' if agreed['open'] else 'closed'}: {agreed['voters']:,} voters with a median of {agreed['median_ballots']:g} ballots,"
        f" {agreed['shown']:,} pledges shown, {agreed['bridging']:,} bridging"
    )
    yield f"  inputs  {run.inputs_digest}"
    yield f"  outputs {run.outputs_digest}"
    if outcome.run is not None:
        yield f"  {outcome.rows:,} rows in {run.seconds:.1f} s; the longest transaction took {1000 * outcome.longest:.0f} ms"
    yield "  " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in outcome.phases.items())


def explain(wanted: str) -> int:
    """Print how the scores of ``politician:ID`` or ``party:ID`` come about, and return the exit status."""
    owner = _find(wanted)
    if isinstance(owner, str):
        return fail(owner)
    computed = scores.explanation(owner)
    if computed is None:
        return fail("there is no run of the scores by this method yet; make one with `tsushinbo score`")
    for line in written(owner, computed):
        say(line)
    return 0


def _find(wanted: str) -> Politician | Party | str:
    """The owner meant, or what is wrong with the words."""
    kind, _, given = wanted.partition(":")
    if kind not in {"politician", "party"} or not given:
        return f"{wanted!r} is not understood; give politician:ID or party:ID, with the ID of the page's address"
    try:
        pk = addresses.decode(given) if len(given) == addresses.LENGTH else int(given)
    except ValueError:
        return f"{given!r} is not an ID; it is the {addresses.LENGTH} signs at the end of the page's address, or the number"
    rows = listed().filter(pk=pk) if kind == "politician" else Party.objects.filter(pk=pk)
    found: Politician | Party | None = rows.first()
    return found or f"there is no {kind} {given!r}"


def written(owner: Politician | Party, computed: dict[str, Any]) -> Iterator[str]:
    """The computation as lines: every number of it, in the order in which one follows from the other."""
    yield f"{owner.name} ({addresses.encode(owner.pk)}), compared as {computed['kind']}"
    yield f"run {computed['run']}, method {computed['version']}, ruler as of {computed['as_of']}, tallies of now"
    yield (
        f"{computed['pledges']:,} pledges, {computed['judged_pledges']:,} judged: {computed['ballots']:,} ballots,"
        f" {computed['assessments']:,} assessments"
    )
    ids = {row["pledge"] for dimension in computed["dimensions"] for row in dimension["pledges"]}
    titles = dict(Pledge.objects.filter(pk__in=ids).values_list("pk", "title"))
    for dimension in computed["dimensions"]:
        yield ""
        yield from _dimension(dimension, titles)
    yield ""
    yield from _total(computed)
    yield from _populations(owner, computed)


def _dimension(one: dict[str, Any], titles: dict[int, str]) -> Iterator[str]:
    prior = one["prior"]
    yield f"{WORDS[one['name']]} ({one['name']}), weight {one['weight']:.2f}"
    if "concentration" in prior:
        law = f"m = {prior['mean']:.6f}, s = α + β = {prior['concentration']:.4f}"
    else:
        law = f"κ = {prior['kappa']:.4f}, σ² = {prior['within']:.4f}"
    yield (
        f"  prior: μ = {prior['centre']:.6f}, {law}, τ² = {prior['between']:.4f}, var(μ) = {prior['centre_variance']:.6f},"
        f" from {prior['pledges']:,} pledges; ρ = {one['resemblance']:.6f}"
    )
    counted = "positive" if one["name"] in list(WORDS)[:4] else "sum"
    for row in one["pledges"]:
        raw = "" if row["raw"] is None else f", plain {row['raw']:.2f}"
        yield (
            f"  {addresses.encode(row['pledge'])} {titles.get(row['pledge'], '')[:30]}: {counted} {row[counted]:,} of n {row['n']:,}{raw}"
            f" → x = {row['value']:.6f}, variance {row['variance']:.4f}, r = {row['reliability']:.6f}, w = {row['weight']:.6f}"
        )
    sums = one["sums"]
    if not one["pledges"]:
        yield "  nobody judged a pledge in this: the mean of all stands in"
    else:
        yield (
            f"  Σw = {sums['weight']:.6f}, Σwx = {sums['weighted_value']:.6f}, Σwr = {sums['weighted_reliability']:.6f},"
            f" Σw² = {sums['weight_squared']:.6f}; c = {one['stretch']:.6f}; hidden {one['hidden']:.6f}, chance {one['chance']:.6f}"
        )
    missing = "" if one["shown"] else f" (not shown: {one['missing']} missing)"
    yield f"  value {one['value']:.6f}, error {one['error']:.6f}, 95% {_interval(one['interval'])}, n {one['n']:,}{missing}"


def _total(computed: dict[str, Any]) -> Iterator[str]:
    total, names = computed["total"], [WORDS[one["name"]] for one in computed["dimensions"]]
    terms = [
        f"{one['weight']:.2f}·{one['value']:.6f} {name}"
        for one, name in zip(computed["dimensions"], names, strict=True)
    ]
    yield f"T = {' + '.join(terms)}"
    yield f"  = {total['value']:.6f}, error {total['error']:.6f}, 95% {_interval(total['interval'])}"
    yield "  the errors of the dimensions go together by R:"
    for name, row in zip(names, computed["correlation"], strict=True):
        yield f"    {'  '.join(f'{number:.3f}' for number in row)}  {name}"
    if not computed["compared"]:
        yield (
            f"  not compared: {computed['missing_evaluations']} ballots or assessments and {computed['missing_pledges']} judged pledges"
            " are missing"
        )


def _populations(owner: Politician | Party, computed: dict[str, Any]) -> Iterator[str]:
    standings = standing_of(owner)
    for one in computed["populations"]:
        population = Population(one["name"])
        yield (
            f"{population.label} ({one['name']}): {one['members']:,} members, mean {one['mean']:.6f}, sd {one['sd']:.6f},"
            f" spread {one['spread']:.6f}, reliability {one['reliability']:.3f}"
        )
        if one["reason"]:
            yield f"  no 偏差値: {one['reason'].replace('_', ' ')} (at least {one['least']} members)"
        elif one["deviation"] is not None:
            yield (
                f"  偏差値 = 50 + 10·({computed['total']['value']:.6f} - {one['mean']:.6f})/{one['sd']:.6f} = {one['deviation']:.6f},"
                f" 95% {_interval(one['interval'])}"
            )
        if stands := standings.get(population):
            kept = "; the order is frozen while a sudden change is looked at" if stands.frozen else ""
            yield f"  place {stands.place:,} of {stands.members:,}, 95% {stands.place_low:,} to {stands.place_high:,}, as of the run{kept}"


def _interval(ends: list[float]) -> str:
    return f"{ends[0]:.2f} to {ends[1]:.2f}"
