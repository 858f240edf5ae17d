"""score.json: the computation behind each score."""

import json

import pytest
from django.test import Client

from tests import scored
from tests.people.factories import PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tests.site.asking import queries
from tsushinbo import addresses
from tsushinbo.people.models import Politician
from tsushinbo.site.queries.scores import scores_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> list[Politician]:
    found = scored.judged_politicians(22)
    scored.score(*found)
    return found


def address(person: Politician) -> str:
    return f"{person.get_absolute_url()}score.json"


def test_may_be_held_by_any_cache_and_is_revalidated(client: Client, people: list[Politician]) -> None:
    first = client.get(address(people[0]))
    assert first.headers["Content-Type"] == "application/json"
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert first.headers["Vary"] == "Accept-Encoding"
    assert not first.cookies
    again = client.get(address(people[0]), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_keys_and_numbers_are_the_same_each_time(client: Client, people: list[Politician]) -> None:
    first = client.get(address(people[0])).content
    scored.forget()
    assert client.get(address(people[0])).content == first
    assert list(json.loads(first)) == [
        "owner",
        "run",
        "evaluations",
        "held",
        "excluded",
        "grades",
        "places",
        "explanation",
    ]


def test_says_what_the_card_says(client: Client, people: list[Politician]) -> None:
    told, shown = client.get(address(people[0])).json(), scores_of(people[0])
    assert told["owner"]["page"] == people[0].get_absolute_url()
    assert told["evaluations"] == shown.evaluations
    assert [(row["label"], row["percent"]) for row in told["grades"]] == [(row.name, row.value) for row in shown.grades]
    assert [(row["population"], row["deviation"]) for row in told["places"]] == [
        (row.population, row.deviation) for row in shown.places
    ]
    assert told["explanation"]["total"]["value"] == shown.value
    assert told["places"][1]["place"] == shown.places[1].standing.place


def test_anybody_can_follow_it_from_the_counts_to_the_deviation_score(client: Client, people: list[Politician]) -> None:
    """With nothing but the JSON and ordinary arithmetic."""
    told = client.get(address(people[0])).json()
    total = 0.0
    for one in told["explanation"]["dimensions"]:
        prior, weights, weighted = one["prior"], 0.0, 0.0
        for row in one["pledges"]:
            if "positive" in row:
                strength = prior["concentration"]
                value = 100 * (row["positive"] + prior["mean"] * strength) / (row["n"] + strength)
            else:
                value = (row["sum"] + prior["kappa"] * prior["mean"]) / (row["n"] + prior["kappa"])
            weight = row["n"] / (row["n"] + 10)
            weights, weighted = weights + weight, weighted + weight * value
        value = prior["centre"] + one["stretch"] * (weighted / weights - prior["centre"])
        assert value == pytest.approx(one["value"], abs=1e-5)
        total += one["weight"] * value
    place = told["places"][-1]
    assert 50 + 10 * (total - place["mean"]) / place["sd"] == pytest.approx(place["deviation"], abs=1e-4)


def test_pledges_go_by_their_addresses(client: Client, people: list[Politician]) -> None:
    told = client.get(address(people[0])).json()
    named = {row["pledge"] for row in told["explanation"]["dimensions"][0]["pledges"]}
    assert named == {addresses.encode(pledge.pk) for pledge in people[0].pledges.all()}


def test_below_the_minimum_there_is_no_value(client: Client, people: list[Politician]) -> None:
    person = PledgeFactory().politician
    told = client.get(address(person)).json()
    assert {row["percent"] for row in told["grades"]} == {None}
    assert {row["missing"] for row in told["grades"]} == {10}
    assert told["places"] == []
    assert told["explanation"]["missing_evaluations"] == 30


def test_before_the_first_run_it_says_that_there_is_none(client: Client) -> None:
    told = client.get(address(PledgeFactory().politician)).json()
    assert (told["run"], told["explanation"]) == (None, None)


def test_person_without_pledges_has_one_too(client: Client, people: list[Politician]) -> None:
    told = client.get(address(PoliticianFactory())).json()
    assert told["explanation"]["pledges"] == 0


def test_merged_person_leads_to_the_one_that_stays(client: Client, people: list[Politician]) -> None:
    gone = PoliticianFactory(merged_into=people[0])
    answer = client.get(address(gone))
    assert (answer.status_code, answer.headers["Location"]) == (301, address(people[0]))


def test_nobody_has_none(client: Client) -> None:
    assert client.get(f"/politicians/{addresses.encode(1)}/score.json").status_code == 404
    assert client.get(f"/parties/{addresses.encode(1)}/score.json").status_code == 404


def test_takes_no_other_method(client: Client, people: list[Politician]) -> None:
    assert client.post(address(people[0])).status_code == 405


def test_party_has_one(client: Client) -> None:
    parties = scored.judged_parties(21)
    scored.score(*parties)
    told = client.get(f"{parties[0].get_absolute_url()}score.json").json()
    assert told["owner"]["kind"] == "party"
    assert [row["population"] for row in told["places"]] == ["party"]


def test_takes_the_same_queries_for_few_and_many_pledges(client: Client, people: list[Politician]) -> None:
    few = queries(client, address(people[0]))
    for _ in range(40):
        PledgeFactory(politician=people[0], policy_area=people[0].pledges.first().policy_area)
    assert queries(client, address(people[0])) == few
