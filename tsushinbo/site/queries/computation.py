"""The computation behind the scores of one politician or party, as the JSON that anybody may check (score.json)."""

from datetime import datetime
from typing import Any

from tsushinbo import addresses
from tsushinbo.elections.queries import Hold, hold_of
from tsushinbo.evaluations.queries.scores import explained, kind_of
from tsushinbo.people.models import Party, Politician
from tsushinbo.site.queries.scores import Grade, Place, scores_of


def computation(owner: Politician | Party, at: datetime) -> dict[str, Any]:
    """Everything that the page of ``owner`` says in numbers, and every step to it. Keys keep their order; nothing in it is the time of asking.

    ``explanation`` is that of tsushinbo.scoring.explain, with the addresses of pledges in place of their numbers. Without a run it is None.
    Of who stands in an election it says what is held back and until when, and no number.
    """
    scores = scores_of(owner, hold=hold_of(owner.pk, at) if isinstance(owner, Politician) else None)
    if scores.hold is not None:
        return {"owner": _owner(owner), "held_back": _held_back(scores.hold)}
    run = scores.run
    explanation = None
    if run is not None:
        explanation = explained(run, scores.tallies, kind_of(owner))
        for dimension in explanation["dimensions"]:
            for row in dimension["pledges"]:
                row["pledge"] = addresses.encode(row["pledge"])
    return {
        "owner": _owner(owner),
        "run": {
            "number": run.number,
            "method_version": run.method_version,
            "as_of": run.as_of.isoformat(),
            "finished_at": run.finished_at.isoformat(),
            "counts": run.counts,
            "inputs_digest": run.inputs_digest,
            "outputs_digest": run.outputs_digest,
        }
        if run
        else None,
        "evaluations": scores.evaluations,
        "held": scores.judged.held,
        "excluded": scores.judged.excluded,
        "grades": [_grade(grade) for grade in scores.grades],
        "places": [_place(place) for place in scores.places],
        "explanation": explanation,
    }


def _owner(owner: Politician | Party) -> dict[str, Any]:
    return {
        "kind": "party" if isinstance(owner, Party) else "politician",
        "id": addresses.encode(owner.pk),
        "name": owner.name,
        "page": owner.get_absolute_url(),
    }


def _held_back(hold: Hold) -> dict[str, Any]:
    """Why nothing is told, until when, and by which law."""
    return {
        "phase": hold.phase.value,
        "election": {"name": hold.election.name, "page": hold.election.get_absolute_url()},
        "until": hold.until.isoformat(),
        "rules": [
            {"rule": code, "words": one.words, "law": one.law, "url": one.url} for code, one in hold.said.items()
        ],
        "page": hold.mode_url,
    }


def _grade(grade: Grade) -> dict[str, Any]:
    """A row of the grade table; no value below the minimum."""
    return {
        "dimension": grade.dimension,
        "label": grade.name,
        "n": grade.n,
        "percent": grade.value if grade.shown else None,
        "interval": [grade.low, grade.high] if grade.shown else None,
        "site_mean": grade.mean,
        "missing": grade.missing,
    }


def _place(place: Place) -> dict[str, Any]:
    """偏差値 in one population, and the place that the run gave."""
    standing = place.standing
    return {
        "population": place.population.value,
        "label": place.population.label,
        "members": place.scale.members,
        "mean": place.scale.mean,
        "sd": place.scale.sd,
        "deviation": place.deviation,
        "interval": [place.low, place.high] if place.deviation is not None else None,
        "place": standing.place if standing else None,
        "place_range": [standing.place_low, standing.place_high] if standing else None,
        "frozen": standing.frozen if standing else False,
    }
