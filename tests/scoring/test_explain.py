"""The explanation of one owner: everything again, with plain numbers and nothing from the package but the formulas of the documents."""

import json
from dataclasses import replace
from math import fsum, sqrt
from statistics import NormalDist

import numpy as np
import pytest

from tests.scoring.planted import Planted, plant
from tsushinbo.scoring.batch import Run, run
from tsushinbo.scoring.explain import explain
from tsushinbo.scoring.method import KINDS, METHOD

pytestmark = pytest.mark.any_database

QUICK = replace(METHOD, scores=replace(METHOD.scores, draws=100))
Z = NormalDist().inv_cdf(0.975)


@pytest.fixture(scope="module")
def scored() -> tuple[Planted, Run]:
    planted = plant(11, 40)
    return planted, run(planted.tallies, planted.owners, QUICK)


def explained(scored: tuple[Planted, Run], owner: int) -> dict:
    planted, result = scored
    return explain(result.ruler, planted.tallies.of(planted.owner == owner), KINDS[planted.owners.kind[owner]], QUICK)


@pytest.mark.parametrize("owner", [0, 7, 25])
def test_a_reader_with_pencil_and_paper_gets_every_number(scored: tuple[Planted, Run], owner: int) -> None:
    told = json.loads(json.dumps(explained(scored, owner)))
    values, errors = [], []
    for one in told["dimensions"]:
        prior, rho = one["prior"], one["resemblance"]
        share = "concentration" in prior
        if share:
            m, s = prior["mean"], prior["concentration"]
            centre, between = 100 * m, 10_000 * m * (1 - m) / (s + 1)
        else:
            m, s = prior["mean"], prior["kappa"]
            centre, between = m, prior["within"] / s
        assert (centre, between) == pytest.approx((prior["centre"], prior["between"]))
        weights, reliabilities, xs, chances = [], [], [], []
        for pledge in one["pledges"]:
            n = pledge["n"]
            r = n / (n + s)
            if share:
                x = (pledge["positive"] + m * s) / (n + s)
                chance = r**2 * 10_000 * x * (1 - x) * (n + s) / (n + s + 1) / n
                doubt = (
                    prior["mean_variance"] + ((x - m) ** 2 + r * between / 10_000) * prior["log_concentration_variance"]
                )
                variance = 10_000 * (x * (1 - x) / (n + s + 1) + (1 - r) ** 2 * doubt)
                x *= 100
                raw = 100 * pledge["positive"] / n
            else:
                x = (pledge["sum"] + s * m) / (n + s)
                chance = r**2 * prior["within"] / n
                known = prior["between_variance"] / between**2 + prior["within_variance"] / prior["within"] ** 2
                doubt = prior["mean_variance"] + ((x - m) ** 2 + between * r) * known
                variance = prior["widening"] * (between * (1 - r) + (1 - r) ** 2 * doubt)
                raw = pledge["sum"] / n
            w = n / (n + 10)
            assert (r, x, variance, chance, w) == pytest.approx(
                tuple(pledge[name] for name in ("reliability", "value", "variance", "chance", "weight"))
            )
            assert pledge["raw"] == (pytest.approx(raw) if n >= 10 else None)
            weights.append(w)
            reliabilities.append(r)
            xs.append(x)
            chances.append(chance)
        if weights:
            total = fsum(weights)
            pledges = told["pledges"]
            big_m = total**2 / fsum(w * w for w in weights)
            big_r = fsum(w * r for w, r in zip(weights, reliabilities, strict=True)) / total
            c = (1 + rho * (big_m - 1)) / (1 + rho * big_r * (big_m - 1))
            mean = fsum(w * x for w, x in zip(weights, xs, strict=True)) / total
            value = centre + c * (mean - centre)
            squares = fsum((w * r) ** 2 for w, r in zip(weights, reliabilities, strict=True)) / total**2
            hidden = between * (
                rho * (1 - c * big_r) ** 2 + (1 - rho) * (1 / pledges - 2 * c * big_r / pledges + c * c * squares)
            )
            hidden += (1 - c * big_r) ** 2 * prior["centre_variance"]
            chance = c * c * fsum(w * w * x for w, x in zip(weights, chances, strict=True)) / total**2
            assert (c, hidden, chance) == pytest.approx((one["stretch"], one["hidden"], one["chance"]))
        else:
            value, hidden, chance = centre, between * (rho + (1 - rho) / told["pledges"]) + prior["centre_variance"], 0
        error = sqrt(prior["widening"] * (hidden + chance))
        assert (one["value"], one["error"]) == pytest.approx((value, error), abs=2e-6)
        assert one["interval"] == pytest.approx([max(0, value - Z * error), min(100, value + Z * error)], abs=1e-5)
        assert one["n"] == sum(pledge["n"] for pledge in one["pledges"])
        values.append(one["weight"] * one["value"])
        errors.append(one["weight"] * one["error"])
    total = told["total"]
    assert total["value"] == pytest.approx(fsum(values), abs=2e-6)
    q = told["correlation"]
    variance = fsum(q[i][j] * errors[i] * errors[j] for i in range(6) for j in range(6))
    assert total["error"] == pytest.approx(sqrt(variance), abs=2e-6)
    for scale in told["populations"]:
        if told["compared"] and not scale["reason"]:
            assert scale["deviation"] == pytest.approx(50 + 10 * (total["value"] - scale["mean"]) / scale["sd"])
            low, high = (
                50 + 10 * (total["value"] + sign * Z * total["error"] - scale["mean"]) / scale["sd"] for sign in (-1, 1)
            )
            assert scale["interval"] == pytest.approx([low, high])


def test_the_numbers_are_those_of_the_run(scored: tuple[Planted, Run]) -> None:
    _, result = scored
    population = next(one for one in result.populations if one.name == "executive")
    for owner in range(0, 40, 3):
        told = explained(scored, owner)
        assert told["total"]["value"] == result.totals.value[owner]
        assert told["evaluations"] == result.totals.evaluations[owner]
        at = np.flatnonzero(population.members == owner)
        assert told["compared"] is bool(at.size)
        if at.size:
            assert told["populations"][1]["name"] == "executive"
            assert told["populations"][1]["deviation"] == pytest.approx(population.deviation[at[0]])


def test_too_few_evaluations_say_how_many_are_missing(scored: tuple[Planted, Run]) -> None:
    planted, result = scored
    one = planted.tallies.of(np.array([0]))
    few = replace(
        one,
        n=np.minimum(one.n, 4),
        positive=np.minimum(one.positive, 2),
        **dict.fromkeys(("ratings", "total", "squares"), one.ratings * 0),
    )
    told = explain(result.ruler, few, "mayor", QUICK)
    assert (told["compared"], told["missing_evaluations"], told["missing_pledges"]) == (False, 26, 1)
    assert all(scale["deviation"] is None for scale in told["populations"])
    assert told["dimensions"][0]["missing"] == 6
    assert told["dimensions"][0]["shown"] is False


def test_no_pledges_at_all(scored: tuple[Planted, Run]) -> None:
    planted, result = scored
    told = explain(result.ruler, planted.tallies.of(np.zeros(planted.tallies.pledge.size, bool)), "party", QUICK)
    assert told["pledges"] == told["evaluations"] == 0
    assert [scale["name"] for scale in told["populations"]] == ["party"]
    assert told["total"]["value"] == pytest.approx(
        sum(one["weight"] * one["prior"]["centre"] for one in told["dimensions"]), abs=1e-5
    )
