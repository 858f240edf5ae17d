"""What is said in numbers of who stands in an election: nothing, on any address, from a month before the announcement until the polls close.

Every public address is asked, those that are added later too. In the phase before and after, each figure must be on some page: else the test would
look for something that nobody shows.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.http import urlencode

from tests import scored
from tests.authorization import PUBLIC
from tests.doors import doors, example
from tests.elections.factories import CandidacyFactory, ContestFactory, UpcomingElectionFactory
from tests.evaluations.ballot_pages import HTMX
from tests.pledges.factories import PledgeFactory
from tests.world import World, make_world
from tsushinbo.elections.queries import mode
from tsushinbo.elections.rules import Rule
from tsushinbo.evaluations.models import AssessmentTally, Tally
from tsushinbo.evaluations.queries import public_box
from tsushinbo.evaluations.queries.scores import marks
from tsushinbo.pledges.models import Pledge, PledgeMerge
from tsushinbo.rankings.models import Kind
from tsushinbo.search.services import catch_up
from tsushinbo.site.queries.scores import scores_of

pytestmark = pytest.mark.django_db

MADE_AT = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
ANNOUNCED, POLLING = date(2026, 12, 13), date(2026, 12, 20)
PERSON, SUPPORT = Rule.PERSON_SCORES, Rule.SUPPORT
# The edges of the phases in Japan, and what is held back there.
EDGES = [
    ("2026-11-12T23:59:59", set()),
    ("2026-11-13T00:00:00", {PERSON}),
    ("2026-12-12T23:59:59", {PERSON}),
    ("2026-12-13T00:00:00", {PERSON, SUPPORT}),
    ("2026-12-19T23:59:59", {PERSON, SUPPORT}),
    ("2026-12-20T00:00:00", {PERSON, SUPPORT}),
    ("2026-12-20T19:59:59", {PERSON, SUPPORT}),
    ("2026-12-20T20:00:00", set()),
]
NUMBER = 4_111_777


@dataclass(frozen=True)
class Figure:
    """Something that a page may say: what hides it, how it is written, and on which pages nobody else's number can be meant."""

    rule: Rule
    pattern: str
    own: bool = False


@dataclass(frozen=True)
class Held:
    """The world with a politician who stands, and who was judged by more people than anybody else."""

    world: World
    pledges: list[Pledge]
    figures: list[Figure]

    @property
    def person(self) -> str:
        """The report card."""
        return self.world.politician.get_absolute_url()

    def addresses(self) -> Iterator[str]:
        """Every public address, and those with a query that puts people or pledges in an order."""
        yield from (example(door, self.world) for door in doors() if door.name in PUBLIC)
        for pledge in self.pledges:
            yield pledge.get_absolute_url()
            yield from (reverse(f"evaluations:{name}", args=[pledge.pk]) for name in ("ballot", "assessments"))
            yield f"{reverse('search:search')}?{urlencode({'q': pledge.title})}"
        yield reverse("pledges:merged", args=[PledgeMerge.objects.get().source_id])
        yield from (f"{reverse('site:politicians')}?order={order}" for order in ("kana", "new", "pledges", "ballots"))
        yield from (f"{reverse('site:pledges')}?order={order}" for order in ("new", "title", "ballots"))
        for kind in Kind:
            yield reverse("rankings:ranking", args=[kind])
            yield f"{reverse('rankings:ranking', args=[kind])}?office=diet"

    def is_own(self, address: str) -> bool:
        """Whether it speaks of the politician alone."""
        return address.startswith((self.person, *(pledge.get_absolute_url() for pledge in self.pledges)))


def judge(pledge: Pledge, number: int) -> None:
    """Let so many judge a pledge that nothing else on the site is a number like theirs."""
    said = {"clear": number // 7, "unclear": number // 11, "feasible": number // 13, "infeasible": number // 17}
    said |= {"sincere": number // 19, "insincere": number // 23, "other": number // 29}
    Tally.objects.create(
        pledge=pledge,
        good=number,
        bad=number // 3,
        held=number // 31,
        excluded=number // 37,
        changed_at=MADE_AT,
        **said,
    )
    sums = {
        f"{name}_{what}": number * by
        for name in ("progress", "achievement")
        for what, by in (("sum", 63), ("squares", 4200))
    }
    AssessmentTally.objects.create(pledge=pledge, assessments=number, changed_at=MADE_AT, **sums)


def written(number: int) -> str:
    """A whole number as pages and as attributes and JSON have it."""
    return rf"(?<![A-Za-z0-9,.])(?:{number:,}|{number})(?![\d,.])"


@pytest.fixture
def held() -> Held:
    with time_machine.travel(MADE_AT, tick=False):
        world = make_world()
        pledges = [world.pledge, PledgeFactory(politician=world.politician, title="図書館を夜も開けます")]
        for pledge, number in zip(pledges, (NUMBER, NUMBER + 6_006), strict=True):
            judge(pledge, number)
        merged = PledgeFactory(politician=world.politician, published=False, merged_into=world.pledge)
        PledgeMerge.objects.create(
            source=merged, target=world.pledge, reason="同じ公約", merged_by=world.writer, merged_at=MADE_AT, ballots_moved=NUMBER // 41, ballots_dropped=NUMBER // 43
        )  # fmt: skip
        election = UpcomingElectionFactory(
            name="見本区長選挙", polling_on=POLLING.isoformat(), precision="day", announced_on=ANNOUNCED
        )
        CandidacyFactory(contest=ContestFactory(election=election), politician=world.politician)
        people = scored.judged_politicians()
        scored.score(*people, world.politician)
        catch_up()
        figures = list(figures_of(world, [Pledge.objects.get(pk=pledge.pk) for pledge in pledges]))
    return Held(world, pledges, figures)


def figures_of(world: World, pledges: list[Pledge]) -> Iterator[Figure]:
    """Every number that pages have of the politician and of the pledges."""
    scores = scores_of(world.politician)
    assert scores.main is not None
    assert scores.main.standing is not None
    assert scores.main.deviation is not None
    yield Figure(PERSON, written(scores.evaluations))
    yield Figure(PERSON, rf"偏差値[^0-9]{{0,40}}{scores.main.deviation:.1f}", own=True)
    yield Figure(PERSON, rf'"deviation": {scores.main.deviation!r}', own=True)
    yield Figure(PERSON, rf"得点（100点満点）[^0-9]*{scores.value:.2f}", own=True)
    yield Figure(PERSON, rf"順位[^0-9]*/rankings/deviation/[^0-9]*{scores.main.standing.place}位", own=True)
    yield Figure(PERSON, r'class="trk-p"|class="hist"', own=True)
    for grade in scores.grades:
        yield Figure(PERSON, written(grade.n))
    for pledge in pledges:
        box, known = public_box(pledge), marks(pledge)
        assert known is not None
        for number in (
            box.tally.good,
            box.tally.bad,
            box.tally.ballots,
            box.rows[0].share.n,
            box.tally.held,
            box.tally.other,
        ):
            yield Figure(SUPPORT, written(number))
        yield Figure(SUPPORT, written(pledge.assessment_tally.assessments))
        yield Figure(SUPPORT, rf"{known['support'].points:.1f}/100", own=True)
    yield Figure(SUPPORT, rf"GOOD {box.total.good_percent}%", own=True)
    yield Figure(SUPPORT, written(NUMBER // 41))
    yield Figure(SUPPORT, written(NUMBER // 43))


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code < 500, address
    return " ".join(response.content.decode().split())


def at(moment: str) -> time_machine.travel:
    mode.forget()
    return time_machine.travel(f"{moment}+09:00", tick=False)


@pytest.mark.parametrize(("moment", "rules"), EDGES)
def test_nothing_is_said_in_numbers_of_who_stands(client: Client, held: Held, moment: str, rules: set[Rule]) -> None:
    said: dict[Figure, list[str]] = {figure: [] for figure in held.figures}
    with at(moment):
        for address in held.addresses():
            page = read(client, address)
            for figure, where in said.items():
                # A person's page has the small figures of pledges only where it has its own.
                if (not figure.own or held.is_own(address)) and re.search(figure.pattern, page):
                    where.append(address)
    of_person_alone = {figure for figure in held.figures if figure.pattern.startswith("class=")}
    for figure, where in said.items():
        if figure in of_person_alone:
            where[:] = [address for address in where if address.startswith(held.person)]
        if figure.rule in rules:
            assert not where, figure
        else:
            assert where, figure


@pytest.mark.parametrize(("moment", "rules"), EDGES)
def test_nobody_who_stands_has_a_place(client: Client, held: Held, moment: str, rules: set[Rule]) -> None:
    kinds = (Kind.DEVIATION, Kind.BALLOTS, Kind.PLEDGES)
    with at(moment):
        pages = [read(client, reverse("rankings:ranking", args=[kind])) for kind in kinds]
        orders = [read(client, f"{reverse('site:politicians')}?order={order}") for order in ("ballots", "pledges")]
    for page in pages:
        assert (f'href="{held.person}"' in page) is (PERSON not in rules)
        assert ("選挙のため、立候補している人" in page) is (PERSON in rules)
    for page in orders:
        people = re.findall(r'<li class="item"><a href="(/politicians/[^"]+)"', page)
        assert (people[-1] == held.person) is (PERSON in rules)
    assert (re.findall(r'<li class="item"><a href="(/politicians/[^"]+)"', orders[0])[0] == held.person) is (
        PERSON not in rules
    )


@pytest.mark.parametrize(("moment", "rules"), EDGES)
def test_search_finds_what_figures_are_held_back_of(client: Client, held: Held, moment: str, rules: set[Rule]) -> None:
    with at(moment):
        page = read(client, f"{reverse('search:search')}?{urlencode({'q': held.pledges[1].title})}")
    assert f'href="{held.pledges[1].get_absolute_url()}"' in page
    assert ("評価は非表示" in page) is (SUPPORT in rules)


@pytest.mark.parametrize(("moment", "rules"), EDGES)
def test_pledges_of_who_stands_have_no_place_either(client: Client, held: Held, moment: str, rules: set[Rule]) -> None:
    with at(moment):
        page = read(client, f"{reverse('site:pledges')}?order=ballots")
    for pledge in held.pledges:
        assert (f'href="{pledge.get_absolute_url()}"' in page) is (SUPPORT not in rules)
    assert ("この並び順に入れていません" in page) is (SUPPORT in rules)


@pytest.mark.parametrize(("moment", "rules"), EDGES)
def test_notice_says_what_is_hidden_until_when_and_why(
    client: Client, held: Held, moment: str, rules: set[Rule]
) -> None:
    with at(moment):
        card, pledge = read(client, held.person), read(client, held.pledges[0].get_absolute_url())
        ranking = read(client, reverse("rankings:ranking", args=["deviation"]))
    for page, rule in ((card, PERSON), (pledge, SUPPORT), (ranking, PERSON)):
        assert ("/mode/" in page) is (rule in rules)
    for page, rule in ((card, PERSON), (pledge, SUPPORT)):
        assert ("公職選挙法 第138条の3" in page) is (rule in rules)
        assert bool(re.search(r"2026年12月20日[^<]*</time>まで。", page)) is (rule in rules)


def test_computation_says_why_it_says_nothing(client: Client, held: Held) -> None:
    with at("2026-11-13T00:00:00"):
        told = client.get(reverse("site:politician-score", args=[held.world.politician.pk])).json()
    assert set(told) == {"owner", "held_back"}
    assert told["held_back"]["until"] == "2026-12-20T20:00:00+09:00"
    assert told["held_back"]["rules"][0]["rule"] == "person_scores"


@pytest.mark.parametrize("htmx", [False, True])
def test_ballot_is_taken_and_counted_and_its_answer_says_nothing_of_others(
    client: Client, held: Held, htmx: bool
) -> None:
    pledge, before = held.pledges[0], Tally.objects.get(pk=held.pledges[0].pk)
    address = reverse("evaluations:ballot", args=[pledge.pk])
    with at("2026-12-20T12:00:00"):
        answer = client.post(
            address, {"choice": "good"}, headers={"Sec-Fetch-Site": "same-origin", **(HTMX if htmx else {})}
        )
        pages = [client.get(address, headers=headers).content.decode() for headers in ({}, HTMX)]
    assert answer.status_code == (200 if htmx else 303)
    assert Tally.objects.get(pk=pledge.pk).good == before.good + 1
    for page in [*pages, answer.content.decode()] if htmx else pages:
        assert "あなたの評価" in page
        assert "いつもどおり受け付けて数えています" in page
        assert "data-good" not in page
        for figure in held.figures:
            if figure.rule == SUPPORT and not figure.own:
                assert not re.search(figure.pattern, page), figure


def test_page_of_a_held_pledge_states_no_time_at_which_somebody_judged_it(client: Client, held: Held) -> None:
    with at("2026-12-12T23:59:59"):
        before = client.get(held.pledges[0].get_absolute_url())
    with at("2026-12-13T00:00:00"):
        response = client.get(held.pledges[0].get_absolute_url())
        again = client.get(
            held.pledges[0].get_absolute_url(), headers={"If-Modified-Since": before.headers["Last-Modified"]}
        )
    assert "Last-Modified" not in response.headers
    assert again.status_code == 200


def test_example_of_the_method_is_of_nobody_who_stands(client: Client, held: Held) -> None:
    with at("2026-12-13T00:00:00"):
        page = read(client, reverse("site:methodology"))
    assert held.person not in page


def test_office_shows_what_everybody_sees(client: Client, held: Held) -> None:
    for moment, shown in (("2026-12-12T23:59:59", True), ("2026-12-20T20:00:00", False)):
        with at(moment):
            client.force_login(held.world.office)
            page = read(client, reverse("office:politician", args=[held.world.politician.pk]))
        assert ("人の順位（ランキング）と偏差値を表示しません" in page) is shown
        assert ('class="grades"' in page) is not shown


def test_parties_and_others_are_as_they_were(client: Client, held: Held) -> None:
    with at("2026-12-13T00:00:00"):
        for address in (held.world.party.get_absolute_url(), held.world.rival.get_absolute_url()):
            assert "選挙のため" not in read(client, address)


PAGES: dict[str, tuple[Callable[[Held], str], int]] = {
    "card": (lambda held: held.person, 1),
    "own pledges": (lambda held: reverse("site:politician-pledges", args=[held.world.politician.pk]), 1),
    "computation": (lambda held: reverse("site:politician-score", args=[held.world.politician.pk]), 1),
    "pledge": (lambda held: held.pledges[0].get_absolute_url(), 1),
    "ballot": (lambda held: reverse("evaluations:ballot", args=[held.pledges[1].pk]), 1),
    "pledges": (lambda held: reverse("site:pledges"), 1),
    "pledges by ballots": (lambda held: f"{reverse('site:pledges')}?order=ballots", 1),
    "politicians": (lambda held: reverse("site:politicians"), 1),
    "politicians by ballots": (lambda held: f"{reverse('site:politicians')}?order=ballots", 1),
    "ranking": (lambda held: reverse("rankings:ranking", args=["deviation"]), 1),
    "without a place": (lambda held: reverse("rankings:unranked", args=["deviation"]), 1),
    "methodology": (lambda held: reverse("site:methodology"), 1),
    "search": (lambda held: f"{reverse('search:search')}?{urlencode({'q': held.pledges[1].title})}", 1),
}


@pytest.mark.parametrize("name", PAGES)
def test_near_an_election_a_page_takes_one_query_more_at_most(client: Client, held: Held, name: str) -> None:
    (address, more), taken = PAGES[name], []
    for moment in ("2026-11-01T12:00:00", "2026-11-13T00:00:00", "2026-12-13T00:00:00"):
        with at(moment):
            read(client, address(held))
            counts = []
            # What a process keeps for some seconds may be read anew in one of them.
            for _ in range(3):
                with CaptureQueriesContext(connection) as queries:
                    read(client, address(held))
                counts.append(len(queries))
        taken.append(min(counts))
    assert max(taken[1:]) <= taken[0] + more, taken
