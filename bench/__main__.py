"""``make bench``: every figure of the site's speed, each beside what it is compared with."""

import subprocess
import sys

PARTS = {
    "pages": "an uncached report card beside a bare hello view of the same server",
    "rankings": "pages of rankings at the scale of the country, deep and narrowed, beside the same hello view",
    "ballots": "ballots beside raw durable inserts into the same database",
    "imports": "imported rows beside raw executemany of the same rows",
    "counts": "a count of 60,000 candidacies from an election office's file beside raw executemany of the same rows",
    "scores": "a whole batch of scores beside one read of the same ballots by DuckDB",
    "country": "a run of the scores, detection and pages at the scale of the country",
    "calibration": "what intervals and ranges hold of a planted truth",
    "consensus": "agreement across camps: what is recovered of a planted truth, beside plain sweeps over the same ballots",
    "attacks": "planted attacks and honest crowds: what is held, and the places lost, beside the figures asked for",
    "desk": "the moderators' desk with 10,000 texts that wait beside 100",
    "notices": "a report that 10,000 accounts are told of, each by mail, beside one that 10 are",
    "work": "how long a browser computes for proof of work, as on a computer and as on a cheap phone",
    "search": "the search at 1,000,000 pledges and 100,000 people beside its engine's raw query and a look through all texts",
    "judged": "the order of what a hundred judged queries find on the bundled data",
    "election-night": "pages of results at 200,000 candidates: uncached beside a hello of the same server, through nginx as a cache beside its static files",
    "draws": "the random draw at 10,000 and at 1,000,000 pledges",
}


def main() -> int:
    """Run each part in a process of its own, so that none inherits the caches of another."""
    # Options go to the part: ``python -m bench search --postgresql --pledges 20000``.
    options = [one for one in sys.argv[1:] if one.startswith("--") or one.isdecimal()]
    chosen = [one for one in sys.argv[1:] if one not in options] or list(PARTS)
    if options and len(chosen) > 1:
        print("options are for one part alone", file=sys.stderr)
        return 2
    if unknown := [part for part in chosen if part not in PARTS]:
        print(f"unknown: {', '.join(unknown)}; there are: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    worst = 0
    for part in chosen:
        print(f"== {part}: {PARTS[part]}", flush=True)
        worst = max(
            worst,
            subprocess.run([sys.executable, "-m", f"bench.{part.replace('-', '_')}", *options], check=False).returncode,
        )
    return worst


if __name__ == "__main__":
    sys.exit(main())
