"""Who is held by which rule, from when to when: with the clock at the edges, with contests that differ, and where elections overlap."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries, Settings

from tests.elections.factories import CandidacyFactory, ContestFactory, ElectionFactory, UpcomingElectionFactory
from tests.people.factories import AreaFactory, PoliticianFactory
from tsushinbo.elections.models import Candidacy, Contest, Election
from tsushinbo.elections.phases import TOKYO, Phase
from tsushinbo.elections.queries import (
    advice_is_off,
    campaigning,
    held_people,
    hold_of,
    holding,
    holds,
    mode,
    people_in,
    phase_of,
    running,
    schedule_of,
)
from tsushinbo.elections.rules import Rule, in_force
from tsushinbo.people.models import Area, Office, Politician, Tier

pytestmark = pytest.mark.django_db

# The election of the House of Representatives of 2026, with the rules in the order in which they come into force.
QUIET = datetime(2025, 12, 28, tzinfo=TOKYO)
ANNOUNCED = datetime(2026, 1, 27, tzinfo=TOKYO)
POLLING = datetime(2026, 2, 8, tzinfo=TOKYO)
CLOSED = datetime(2026, 2, 8, 20, tzinfo=TOKYO)
BEGINS = {
    Rule.PERSON_SCORES: QUIET,
    Rule.SUPPORT: ANNOUNCED,
    Rule.CONTACT: ANNOUNCED,
    Rule.MAIL: ANNOUNCED,
    Rule.PRINT: ANNOUNCED,
    Rule.ADVICE: ANNOUNCED,
    Rule.FREEZE: POLLING,
}
SECOND = timedelta(seconds=1)


def house(**fields: object) -> Election:
    """An election whose days are known."""
    days = {"announced_on": ANNOUNCED.date(), "polling_on": "2026-02-08", "precision": "day"}
    return UpcomingElectionFactory.create(**{"office": Office.REPRESENTATIVES, "level": "national", **days, **fields})


def stand(election: Election | None = None, politician: Politician | None = None, **contest: object) -> Candidacy:
    """Somebody stands, in a contest of their own."""
    within = ContestFactory.create(election=election or house(), **contest)
    return CandidacyFactory.create(contest=within, politician=politician or PoliticianFactory.create())


def person(candidacy: Candidacy) -> int:
    assert candidacy.politician_id is not None
    return candidacy.politician_id


def ids(rule: Rule, at: datetime) -> set[int]:
    """Whom ``held_people`` names."""
    found = held_people(rule, at)
    return set() if found is None else set(found.values_list("politician", flat=True))


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("zone", [TOKYO, UTC], ids=["Tokyo", "UTC"])
def test_each_rule_holds_from_its_first_second_until_polls_close(rule: Rule, zone: object) -> None:
    stands = person(stand())
    stranger = PoliticianFactory.create().pk
    begins = BEGINS[rule]
    for at, held in ((begins - SECOND, False), (begins, True), (CLOSED - SECOND, True), (CLOSED, False)):
        with time_machine.travel(at.astimezone(zone), tick=False):  # type: ignore[arg-type]
            mode.forget()
            found = holds([stands, stranger], at)
            assert (rule in found[stands].rules if stands in found else False) is held, at
            assert stranger not in found
            assert ids(rule, at) == ({stands} if held else set())


def test_a_hold_says_by_what_until_when_and_where_to_read_why() -> None:
    candidacy = stand()
    hold = hold_of(person(candidacy), POLLING)
    assert hold is not None
    election = candidacy.contest.election
    assert (hold.phase, hold.until, hold.election) == (Phase.POLLING_DAY, CLOSED, election)
    assert hold.mode_url == f"{election.get_absolute_url()}mode/"
    assert list(hold.said) == [rule.value for rule in Rule]
    assert hold.said["mail"].law == "公職選挙法 第142条の4"


def test_only_who_stands_is_held_and_nobody_before_or_long_after() -> None:
    candidacy = stand()
    CandidacyFactory.create(contest=candidacy.contest, politician=None, name="見本無名")
    for at in (QUIET - SECOND, CLOSED, CLOSED + timedelta(days=400), QUIET - timedelta(days=400)):
        assert holds([person(candidacy)], at) == {}
        assert running(at) == []
    assert ids(Rule.FREEZE, POLLING) == {person(candidacy)}


def test_polls_that_close_early_release_their_contest_alone() -> None:
    election = house()
    early, other = person(stand(election, polls_close_at=time(18))), person(stand(election))
    for at, held in ((POLLING.replace(hour=18) - SECOND, {early, other}), (POLLING.replace(hour=18), {other}), (CLOSED, set())):  # fmt: skip
        assert set(holds([early, other], at)) == ids(Rule.FREEZE, at) == held


def test_a_poll_that_is_put_off_holds_its_contest_until_its_own_day() -> None:
    election = house()
    put_off, other = person(stand(election, polling_on=date(2026, 2, 15))), person(stand(election))
    assert {pk: hold.phase for pk, hold in holds([put_off, other], POLLING).items()} == {
        put_off: Phase.CAMPAIGN,
        other: Phase.POLLING_DAY,
    }
    assert ids(Rule.FREEZE, POLLING) == {other}
    assert ids(Rule.MAIL, POLLING) == {put_off, other}
    week = timedelta(days=7)
    for at, held in ((CLOSED, {put_off}), (CLOSED + week - SECOND, {put_off}), (CLOSED + week, set())):
        assert set(holds([put_off, other], at)) == ids(Rule.MAIL, at) == held
    assert running(CLOSED + week - SECOND) == [election]


def test_a_poll_that_is_put_off_after_an_unrecorded_announcement_was_announced_with_the_others() -> None:
    election = house(announced_on=None)
    put_off = stand(election, polling_on=date(2026, 2, 15))
    assert phase_of(put_off.contest, ANNOUNCED - SECOND) is Phase.QUIET
    assert phase_of(put_off.contest, ANNOUNCED) is Phase.CAMPAIGN


def test_without_a_vote_nobody_is_held_once_nominations_are_closed() -> None:
    candidacy = stand(uncontested=True)
    assert person(candidacy) in holds([person(candidacy)], ANNOUNCED.replace(hour=17) - SECOND)
    assert holds([person(candidacy)], ANNOUNCED.replace(hour=17)) == {}


def test_of_overlapping_elections_the_strictest_names_the_phase_and_the_rules_add_up() -> None:
    twice = PoliticianFactory.create()
    near = stand(house(), twice).contest.election
    far = stand(house(announced_on=date(2026, 2, 19), polling_on="2026-03-08"), twice).contest.election
    hold = hold_of(twice.pk, ANNOUNCED)
    assert hold is not None
    assert (hold.election, hold.phase, hold.until) == (near, Phase.CAMPAIGN, CLOSED)
    # Polls of the first close: the second goes on holding what it held.
    later = hold_of(twice.pk, CLOSED)
    assert later is not None
    assert (later.election, later.phase, later.rules) == (far, Phase.QUIET, {Rule.PERSON_SCORES})
    assert ids(Rule.PERSON_SCORES, CLOSED) == {twice.pk}
    assert ids(Rule.SUPPORT, CLOSED) == set()


def test_rules_of_overlapping_elections_add_up_whatever_the_operator_says(settings: Settings, tmp_path: object) -> None:
    own = f"{tmp_path}/own.toml"
    with open(own, "w") as file:
        file.write('[rules.person_scores]\nphases = ["quiet"]\n')
    settings.ELECTION_RULES = own
    twice = PoliticianFactory.create()
    stand(house(), twice)
    stand(house(announced_on=date(2026, 2, 19), polling_on="2026-03-08"), twice)
    hold = hold_of(twice.pk, ANNOUNCED)
    assert hold is not None
    assert hold.phase is Phase.CAMPAIGN
    assert hold.rules == {Rule.PERSON_SCORES, *in_force().by_phase[Phase.CAMPAIGN]}


def test_who_stands_in_both_tiers_is_held_once_until_the_later_polls() -> None:
    election, both = house(), PoliticianFactory.create()
    stand(election, both, tier=Tier.SINGLE_SEAT, polling_on=date(2026, 2, 15))
    stand(election, both, tier=Tier.PROPORTIONAL)
    hold = hold_of(both.pk, CLOSED)
    assert hold is not None
    assert hold.until == CLOSED + timedelta(days=7)
    assert people_in([election.pk]) == {election.pk: 1}


def test_a_known_month_is_quiet_and_a_year_is_not() -> None:
    month = stand(house(announced_on=None, polling_on="2026-04", precision="month", office=Office.GOVERNOR))
    year = stand(house(announced_on=None, polling_on="2026", precision="year"))
    latest = stand(house(announced_on=None, polling_on="", precision="latest", window_ends_on=date(2026, 3, 1)))
    begins = datetime(2026, 4, 1, tzinfo=TOKYO) - timedelta(days=17 + 30)
    everybody = [person(one) for one in (month, year, latest)]
    assert holds(everybody, begins - SECOND) == {}
    assert {pk: hold.rules for pk, hold in holds(everybody, begins).items()} == {person(month): {Rule.PERSON_SCORES}}
    assert set(holds(everybody, datetime(2026, 4, 30, 19, 59, tzinfo=TOKYO))) == {person(month)}
    assert holds(everybody, datetime(2026, 4, 30, 20, tzinfo=TOKYO)) == {}


def test_a_window_is_quiet_until_its_day_is_known() -> None:
    election = house(
        announced_on=None, polling_on="", precision="window", window_starts_on=date(2026, 3, 1), window_ends_on=date(2026, 3, 31),
    )  # fmt: skip
    candidacy = stand(election)
    at = datetime(2026, 3, 20, tzinfo=TOKYO)
    assert phase_of(candidacy.contest, at) is Phase.QUIET
    election.announced_on, election.polling_on, election.precision = (
        date(2026, 3, 10),
        "2026-03-22",
        Election.Precision.DAY,
    )
    election.save()
    assert holds([person(candidacy)], at)[person(candidacy)].phase is Phase.CAMPAIGN


def test_an_election_announced_earlier_than_the_law_asks_is_found() -> None:
    stands = person(stand(house(announced_on=date(2026, 1, 27), polling_on="2026-06-28")))
    for at in (QUIET, ANNOUNCED, ANNOUNCED + timedelta(days=60), datetime(2026, 6, 28, 19, 59, tzinfo=TOKYO)):
        assert stands in holds([stands], at), at


def test_a_day_that_is_written_wrongly_takes_no_other_page_down() -> None:
    stand(house(polling_on="2026-02-30", announced_on=None))
    stand(house(polling_on="2026-13", precision="month", announced_on=None))
    sound = person(stand())
    assert set(holds([sound], POLLING)) == {sound}


@pytest.mark.parametrize(
    ("office", "kind", "days"),
    [
        (Office.REPRESENTATIVES, None, 12),
        (Office.COUNCILLORS, None, 17),
        (Office.GOVERNOR, Area.Kind.PREFECTURE, 17),
        (Office.PREFECTURAL_ASSEMBLY, Area.Kind.PREFECTURE, 9),
        (Office.MAYOR, Area.Kind.DESIGNATED_CITY, 14),
        (Office.MAYOR, Area.Kind.CITY, 7),
        (Office.MAYOR, Area.Kind.SPECIAL_WARD, 7),
        (Office.MAYOR, Area.Kind.TOWN, 5),
        (Office.MAYOR, Area.Kind.VILLAGE, 5),
        (Office.MAYOR, None, 14),
        (Office.MUNICIPAL_ASSEMBLY, Area.Kind.DESIGNATED_CITY, 9),
        (Office.MUNICIPAL_ASSEMBLY, Area.Kind.CITY, 7),
        (Office.MUNICIPAL_ASSEMBLY, Area.Kind.SPECIAL_WARD, 7),
        (Office.MUNICIPAL_ASSEMBLY, Area.Kind.VILLAGE, 5),
        (Office.MUNICIPAL_ASSEMBLY, None, 9),
    ],
)
def test_the_campaign_is_as_long_as_the_law_has_it_for_the_office(
    office: Office, kind: Area.Kind | None, days: int
) -> None:
    area = AreaFactory.create(kind=kind) if kind else None
    contest = stand(house(announced_on=None, office=office, area=area)).contest
    assert schedule_of(contest).campaign_at == POLLING - timedelta(days=days)


def test_every_office_has_a_length() -> None:
    for office in Office:
        assert schedule_of(stand(house(announced_on=None, office=office)).contest).campaign_at


def test_advice_is_off_in_a_campaign_unless_the_operator_turns_it_on(settings: Settings) -> None:
    election = stand().contest.election
    for at, off in ((ANNOUNCED - SECOND, False), (ANNOUNCED, True), (CLOSED - SECOND, True), (CLOSED, False)):
        assert advice_is_off(election, at) is off
    settings.ADVICE_IN_CAMPAIGN = True
    assert not advice_is_off(election, ANNOUNCED)


def test_advice_on_an_election_in_which_nobody_on_record_stands_is_off_too() -> None:
    election = house()
    ContestFactory.create(election=election)
    assert advice_is_off(election, ANNOUNCED)
    assert running(ANNOUNCED) == [election]
    assert holding(Rule.SUPPORT, ANNOUNCED) == []


def test_mails_leave_out_who_the_rules_name() -> None:
    stands = person(stand())
    assert campaigning(ANNOUNCED - SECOND) == frozenset()
    assert campaigning(ANNOUNCED) == {stands}
    assert campaigning(CLOSED) == frozenset()


def test_the_phase_of_an_election_is_the_strictest_of_its_contests() -> None:
    election = house()
    stand(election, polling_on=date(2026, 2, 15))
    assert phase_of(election, POLLING) is Phase.POLLING_DAY
    assert phase_of(election, CLOSED) is Phase.CAMPAIGN
    assert phase_of(ElectionFactory.create(), POLLING) is Phase.AFTER


def test_no_query_where_nobody_stands_and_one_where_somebody_does(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = [PoliticianFactory.create().pk for _ in range(30)]
    ContestFactory.create(election=house())
    with time_machine.travel(POLLING, tick=False):
        running(POLLING)
        with django_assert_num_queries(0):
            assert holds(people, POLLING) == {}
            assert held_people(Rule.FREEZE, POLLING) is None
    election = house()
    for number in range(20):
        stand(election, Politician.objects.get(pk=people[number]))
    mode.forget()
    with time_machine.travel(POLLING, tick=False):
        running(POLLING)
        with django_assert_num_queries(0):
            assert holds([], POLLING) == {}
        with django_assert_num_queries(1):
            assert len(holds(people, POLLING)) == 20
        with django_assert_num_queries(1):
            assert len(ids(Rule.FREEZE, POLLING)) == 20


@pytest.mark.parametrize(
    ("edge", "before", "after"),
    [
        (QUIET, set(), {Rule.PERSON_SCORES}),
        (ANNOUNCED, {Rule.PERSON_SCORES}, set(Rule) - {Rule.FREEZE}),
        (POLLING, set(Rule) - {Rule.FREEZE}, set(Rule)),
        (CLOSED, set(Rule), set()),
    ],
    ids=["quiet", "announcement", "polling day", "close"],
)
def test_what_is_kept_a_few_seconds_is_exact_at_every_edge(
    edge: datetime, before: set[Rule], after: set[Rule], monkeypatch: pytest.MonkeyPatch
) -> None:
    stands = person(stand())
    with time_machine.travel(edge - SECOND, tick=False) as clock:
        assert [set(hold.rules) for hold in holds([stands], edge - SECOND).values()] == ([before] if before else [])
        # What was read a second before is all there is.
        monkeypatch.delattr(mode, "_read")
        clock.shift(SECOND)
        assert [set(hold.rules) for hold in holds([stands], edge).values()] == ([after] if after else [])


def test_the_people_of_a_rule_are_those_whom_it_holds_whatever_the_days() -> None:
    """Both ways of asking, and a look at each contest by hand, agree on elections of every kind."""
    chance = Random(7)  # noqa: S311 - no secret
    around = POLLING.date()

    def day(spread: int = 40) -> date:
        return around + timedelta(days=chance.randint(-spread, spread))

    people = [PoliticianFactory.create().pk for _ in range(25)]
    for _ in range(40):
        precision = chance.choice(["day", "day", "month", "window", "unknown", "year"])
        known = day()
        written = {"day": known.isoformat(), "month": f"{known:%Y-%m}", "year": f"{known:%Y}"}.get(precision, "")
        election = house(
            polling_on=written,
            precision=precision,
            announced_on=chance.choice([None, known - timedelta(days=chance.randint(0, 60))]),
            window_starts_on=known if precision == "window" else None,
            window_ends_on=known + timedelta(days=20) if precision == "window" else None,
            office=chance.choice(list(Office)),
            upcoming=chance.random() < 0.9,
        )
        for _ in range(3):
            contest = ContestFactory.create(
                election=election,
                polling_on=chance.choice([None, None, day()]),
                announced_on=chance.choice([None, None, day()]),
                polls_close_at=chance.choice([None, time(16), time(18)]),
                uncontested=chance.random() < 0.1,
            )
            CandidacyFactory.create(contest=contest, politician_id=chance.choice(people))
    by_phase = in_force().by_phase
    contests = list(Contest.objects.select_related("election__area").prefetch_related("candidacies"))
    for _ in range(25):
        at = POLLING + timedelta(hours=chance.randint(-24 * 60, 24 * 60))
        by_hand: dict[int, set[Rule]] = {}
        for contest in contests:
            for candidacy in contest.candidacies.all():
                by_hand.setdefault(person(candidacy), set()).update(by_phase[phase_of(contest, at)])
        found = holds(people, at)
        assert {pk: set(hold.rules) for pk, hold in found.items()} == {
            pk: rules for pk, rules in by_hand.items() if rules
        }
        for rule in Rule:
            assert ids(rule, at) == {pk for pk, hold in found.items() if rule in hold.rules}
