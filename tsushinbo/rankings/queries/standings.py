"""Where one politician or party stands."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from tsushinbo.people.models import Party, Politician
from tsushinbo.rankings.models import Kind, Population, RankingRow
from tsushinbo.rankings.queries.known import known
from tsushinbo.rankings.queries.pages import SIZE


@dataclass(frozen=True)
class Standing:
    """The place of an owner by 偏差値 among one population of so many ``members``, and the 95% range of places.

    ``frozen``: the order was kept as it was while a sudden change is looked at.
    """

    population: Population
    position: int
    place: int
    place_low: int
    place_high: int
    members: int
    frozen: bool

    def get_absolute_url(self) -> str:
        """The page of the ranking on which the owner stands."""
        asked: dict[str, str | int] = {} if self.population == Population.ALL else {"office": self.population.value}
        page = (self.position - 1) // SIZE + 1
        if page > 1:
            asked["page"] = page
        address = reverse("rankings:ranking", args=[Kind.DEVIATION])
        return f"{address}?{urlencode(asked)}" if asked else address


def standing_of(owner: Politician | Party) -> dict[Population, Standing]:
    """The places by 偏差値 in the current run, by population in their published order. Empty for who is not compared. One query."""
    seen = known()
    if seen is None:
        return {}
    rankings = {one.pk: one for population in Population if (one := seen.find(Kind.DEVIATION, population)) is not None}
    subject = "party" if isinstance(owner, Party) else "politician"
    rows = RankingRow.objects.filter(**{subject: owner}, ranking__in=list(rankings))
    standings = {}
    for pk, position, place, low, high, frozen in rows.values_list(
        "ranking", "position", "place", "place_low", "place_high", "frozen"
    ):
        one = rankings[pk]
        standings[one.population] = Standing(one.population, position, place, low, high, one.members, frozen)
    return {population: standings[population] for population in Population if population in standings}
