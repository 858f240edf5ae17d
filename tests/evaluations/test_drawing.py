"""Drawing a pledge to judge: owners first, each with the same chance."""

from collections import Counter

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.elections.factories import ElectionFactory
from tests.evaluations.counting import AT, cast
from tests.people.factories import PartyFactory, PoliticianFactory, PrefectureFactory, TermFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory, PolicyAreaFactory
from tsushinbo.elections.queries import running
from tsushinbo.evaluations.models import Tally
from tsushinbo.evaluations.queries import DrawFilter, draw_pledge, drawing
from tsushinbo.people.models import Office
from tsushinbo.pledges.models import Pledge

pytestmark = pytest.mark.django_db


def drawn(times: int = 60, **narrowed: object) -> list[Pledge]:
    """Draw with ``times`` different seeds; a draw without result is left out."""
    draws = (draw_pledge(seed=seed, **narrowed) for seed in range(times))  # type: ignore[arg-type]
    return [pledge for pledge in draws if pledge is not None]


def test_without_pledges_nothing_is_drawn() -> None:
    assert draw_pledge() is None


def test_the_same_seed_draws_the_same_pledge() -> None:
    PledgeFactory.create_batch(5)
    assert len({pledge.pk for pledge in drawn()}) > 1
    assert [draw_pledge(seed=7) for _ in range(5)] == [draw_pledge(seed=7)] * 5


def test_unpublished_pledges_are_never_drawn() -> None:
    PledgeFactory.create_batch(3, published=False)
    shown = PledgeFactory.create()
    assert set(drawn(20)) == {shown}


def test_many_pledges_give_an_owner_no_more_room() -> None:
    loud, quiet, party = PoliticianFactory.create(), PoliticianFactory.create(), PartyFactory.create()
    PledgeFactory.create_batch(60, politician=loud)
    PledgeFactory.create(politician=quiet)
    PartyPledgeFactory.create_batch(9, party=party)
    draws = 300
    owners = Counter(pledge.owner for pledge in drawn(draws))
    # Each of the three in a third of the draws; five standard deviations of a fair draw to either side.
    spread = 5 * (draws * (1 / 3) * (2 / 3)) ** 0.5
    assert set(owners) == {loud, quiet, party}
    assert all(abs(count - draws / 3) < spread for count in owners.values())


def test_owners_beyond_the_listed_stretch_are_drawn_as_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "OWNERS", 8)
    # Evenly spread ids, as the ids of the site are on average.
    step = drawing.IDS // 32
    for number in range(32):
        PledgeFactory.create(politician=PoliticianFactory.create(pk=number * step + 1))
    party = PartyFactory.create()
    PartyPledgeFactory.create_batch(3, party=party)
    draws = 330
    owners = Counter(pledge.owner for pledge in drawn(draws))
    expected = draws / 33
    assert len(owners) == 33
    # The one party beside the eight politicians of a stretch stands for itself alone, each of them for four.
    assert owners[party] < expected + 5 * expected**0.5
    assert sum((count - expected) ** 2 / expected for count in owners.values()) < 32 + 5 * (2 * 32) ** 0.5


def test_what_the_voter_judged_is_not_drawn_again() -> None:
    pledges = PledgeFactory.create_batch(4)
    for judged in pledges[:3]:
        cast(judged, 1)
    cast(pledges[3], 2)
    assert set(drawn(20, voter=1)) == {pledges[3]}
    cast(pledges[3], 1)
    assert drawn(5, voter=1) == []
    assert len(set(drawn(20, voter=2))) == 3


def test_what_was_passed_over_is_not_drawn() -> None:
    pledges = PledgeFactory.create_batch(3)
    assert set(drawn(20, skipped=[pledges[0].pk, pledges[1].pk])) == {pledges[2]}
    assert drawn(3, skipped=[pledge.pk for pledge in pledges]) == []


def test_the_last_pledge_is_found_behind_many_owners_who_are_through() -> None:
    pledges = PledgeFactory.create_batch(30)
    for judged in pledges[:-1]:
        cast(judged, 1, at=AT)
    assert set(drawn(10, voter=1)) == {pledges[-1]}


def test_the_least_judged_of_an_owner_comes_first() -> None:
    owner = PoliticianFactory.create()
    pledges = PledgeFactory.create_batch(5, politician=owner)
    for voter, pledge in enumerate(pledges[1:], 1):
        cast(pledge, voter)
    assert set(drawn(20)) == {pledges[0]}
    cast(pledges[0], 9)
    assert set(drawn(60)) == set(pledges)


def test_of_many_pledges_only_some_are_compared_so_that_all_have_a_chance() -> None:
    owner = PoliticianFactory.create()
    pledges = PledgeFactory.create_batch(40, politician=owner)
    Tally.objects.bulk_create(Tally(pledge=pledge, good=1, changed_at=AT) for pledge in pledges[1:])
    assert len(set(drawn(100))) > 10


def test_of_very_many_pledges_only_some_are_listed_and_all_have_a_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "PLEDGES_LISTED", 16)
    owner = PoliticianFactory.create()
    pledges = [PledgeFactory.create(pk=1 + number * (drawing.IDS // 48), politician=owner) for number in range(48)]
    assert set(drawn(400)) == set(pledges)


def test_no_pledge_is_drawn_three_times_as_often_as_its_share() -> None:
    """Each owner has an equal share, and each of the owner's pledges an equal one of it: 12 draws at least are expected of each."""
    share: dict[int, float] = {}
    for number in (1, 3, 10):
        own = PledgeFactory.create_batch(number, politician=PoliticianFactory.create())
        own += PartyPledgeFactory.create_batch(number, party=PartyFactory.create())
        share |= {pledge.pk: 1 / (6 * number) for pledge in own}
    draws = 12 * 6 * 10
    times = Counter(pledge.pk for pledge in drawn(draws))
    assert set(times) == set(share)
    # A share of 12 makes 36 draws by chance once in 10 million.
    assert all(times[pk] <= 3 * draws * part for pk, part in share.items())
    assert (
        sum((times[pk] - draws * part) ** 2 / (draws * part) for pk, part in share.items()) < 27 + 5 * (2 * 27) ** 0.5
    )


def test_however_unevenly_ids_are_spread_pledges_of_one_owner_are_drawn_as_often() -> None:
    owner = PoliticianFactory.create()
    # All ids but one in a thousandth of the range: listed from a random id on, the first of them would come nearly always.
    pledges = [PledgeFactory.create(pk=1 + number, politician=owner) for number in range(29)]
    pledges.append(PledgeFactory.create(pk=drawing.IDS // 2, politician=owner))
    times = Counter(pledge.pk for pledge in drawn(400))
    assert all(times[pledge.pk] <= 3 * 400 / 30 for pledge in pledges)


def test_the_fewer_ballots_a_pledge_has_the_more_often_it_is_drawn() -> None:
    owner = PoliticianFactory.create()
    pledges = PledgeFactory.create_batch(24, politician=owner)
    Tally.objects.bulk_create(Tally(pledge=pledge, good=n, changed_at=AT) for n, pledge in enumerate(pledges))
    times = Counter(pledge.pk for pledge in drawn(400))
    # Of eight compared, the one with the fewest ballots: never one of the seven with the most.
    by_third = [sum(times[pledge.pk] for pledge in pledges[start : start + 8]) for start in (0, 8, 16)]
    assert by_third[0] > 0.9 * 400 > by_third[1] > by_third[2]
    assert not any(times[pledge.pk] for pledge in pledges[17:])


def test_what_is_drawn_and_judged_again_and_again_is_judged_evenly() -> None:
    owner = PoliticianFactory.create()
    pledges = PledgeFactory.create_batch(12, politician=owner)
    for voter in range(1, 61):
        pledge = draw_pledge(seed=voter, voter=voter)
        assert pledge is not None
        cast(pledge, voter)
    counts = [Tally.objects.get(pk=pledge.pk).good for pledge in pledges]
    assert max(counts) - min(counts) <= 3


def test_a_topic_narrows() -> None:
    topic = PolicyAreaFactory.create()
    wanted = {
        PledgeFactory.create(policy_area=topic),
        PartyPledgeFactory.create(policy_area=topic),
    }
    PledgeFactory.create_batch(5)
    assert set(drawn(40, wanted=DrawFilter(topic=topic.pk))) == wanted


def test_an_office_narrows_to_who_serves_and_to_what_parties_promised_for_it() -> None:
    governor = TermFactory.create(office=Office.GOVERNOR).politician
    former = TermFactory.create(office=Office.GOVERNOR, running=False).politician
    member = TermFactory.create(office=Office.REPRESENTATIVES).politician
    wanted = {PledgeFactory.create(politician=governor), PledgeFactory.create(politician=former)}
    PledgeFactory.create(politician=member)
    for_the_house = PartyPledgeFactory.create(election=ElectionFactory.create(office=Office.REPRESENTATIVES))
    PartyPledgeFactory.create()
    assert set(drawn(40, wanted=DrawFilter(office=Office.GOVERNOR))) == wanted
    assert for_the_house in drawn(40, wanted=DrawFilter(office=Office.REPRESENTATIVES))
    assert drawn(5, wanted=DrawFilter(office=Office.MAYOR)) == []


def test_a_prefecture_narrows_together_with_the_others() -> None:
    here, there = PrefectureFactory.create(), PrefectureFactory.create()
    topic = PolicyAreaFactory.create()
    both = TermFactory.create(office=Office.MAYOR, prefecture=here).politician
    TermFactory.create(politician=both, office=Office.GOVERNOR, prefecture=there)
    hit = PledgeFactory.create(politician=both, policy_area=topic)
    PledgeFactory.create(politician=both)
    local = PartyPledgeFactory.create(
        election=ElectionFactory.create(office=Office.MAYOR, area=here), policy_area=topic
    )
    wanted = DrawFilter(topic=topic.pk, area=here.pk, office=Office.MAYOR)
    assert set(drawn(30, wanted=wanted)) == {hit, local}
    # A mayor here and a governor there is no governor here.
    assert drawn(5, wanted=DrawFilter(area=here.pk, office=Office.GOVERNOR)) == []


@pytest.mark.parametrize("owners", [3, 40])
def test_a_draw_costs_the_same_however_much_there_is(
    owners: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for politician in PoliticianFactory.create_batch(owners):
        PledgeFactory.create_batch(3, politician=politician)
    PartyPledgeFactory.create()
    # Two listings of owners of each kind, two of the chosen one's pledges, the pledge.
    # What a process asks once in some seconds.
    running(timezone.now())
    with django_assert_max_num_queries(7):
        assert draw_pledge(seed=1, voter=1) is not None
