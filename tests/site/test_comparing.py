"""くらべる: up to four people side by side."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.test import Client

from tests import scored
from tests.activities.factories import ReportFactory
from tests.cast import Cast
from tests.elections.factories import CandidacyFactory, ContestFactory, ElectionFactory, UpcomingElectionFactory
from tests.people.factories import PartyFactory, PoliticianFactory, TermFactory
from tests.pledges.factories import PledgeFactory
from tests.search.factories import indexed
from tests.site.asking import html, queries
from tsushinbo.addresses import encode, new_id
from tsushinbo.elections.models import Contest
from tsushinbo.elections.queries import mode
from tsushinbo.people.models import Politician
from tsushinbo.site.queries.comparing import Comparison, compare, read_picks
from tsushinbo.site.queries.scores import scores_of

pytestmark = pytest.mark.django_db
PATH = "/elections/compare/"
AT = datetime.fromisoformat("2026-12-01T12:00:00+09:00")


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


def of(*people: Politician | None) -> str:
    return "&".join(f"p={encode(person.pk)}" for person in people if person)


def page(client: Client, *people: Politician) -> str:
    return html(client, f"{PATH}?{of(*people)}")


def compared(*people: Politician, at: datetime = AT) -> Comparison:
    return compare(read_picks([encode(person.pk) for person in people], []), at)


def named(*kana: str) -> list[Politician]:
    return [PoliticianFactory(family_name="見本", given_name=one, given_kana=one, kana=f"みほん{one}") for one in kana]


def standing(people: list[Politician], polling_on: str = "2026-12-20") -> Contest:
    """A contest to come in which they stand, the last of them with the first number."""
    election = UpcomingElectionFactory(name="見本市長選挙", polling_on=polling_on, precision="day")
    contest = ContestFactory(election=election, name="見本市")
    for number, person in enumerate(people):
        CandidacyFactory(contest=contest, politician=person, number=len(people) - number, key=f"k-{number}")
    mode.forget()
    return contest


# Who stands where


def test_people_stand_in_kana_order_however_they_were_asked_for(client: Client) -> None:
    one, two, three = named("あ", "い", "う")
    silent = PoliticianFactory(name="見本某", given_name="某", kana="")
    told = page(client, silent, three, one, two)
    assert "五十音順" in told
    head = told[told.index("<thead") : told.index("</thead>")]
    assert [head.index(f">{person.spaced_name}<") for person in (one, two, three, silent)] == sorted(
        head.index(f">{person.spaced_name}<") for person in (one, two, three, silent)
    )


def test_candidates_of_one_contest_stand_in_its_official_order(now: time_machine.Traveller) -> None:
    people = named("あ", "い", "う")
    contest = standing(people)
    data = compared(*people)
    assert data.contest == contest
    assert [column.person for column in data.columns] == people[::-1]
    # Somebody who does not stand in it: no order but that of the names is fair to all.
    other = named("え")[0]
    assert [column.person for column in compared(*people, other).columns] == [*people, other]


def test_everybody_gets_the_same_rows(client: Client, cast: Cast) -> None:
    told = page(client, cast.member, cast.mayor, cast.stranger)
    body = told[told.index("<tbody") : told.index("</tbody>")]
    rows = body.split('<tr role="row">')[1:]
    assert len(rows) == 5 + 6 + 2
    assert all(row.count('<td role="cell">') == 3 for row in rows)


def test_four_are_compared_and_the_rest_is_said(client: Client) -> None:
    people = named("あ", "い", "う", "え", "お")
    told = page(client, *people)
    assert "くらべられるのは4人までです" in told
    assert people[3].spaced_name in told
    assert people[4].spaced_name not in told
    assert "加えるには、先に1人を外してください" in told
    assert "名前でさがして加える" not in told


def test_who_is_asked_for_twice_stands_once() -> None:
    person = named("あ")[0]
    assert len(compare(read_picks([encode(person.pk)] * 5, []), AT).columns) == 1


@pytest.mark.parametrize("query", ["p=x", "p=0000000000", "p=", "c=x", "c=0000000000-k-0", "c=-"])
def test_what_leads_to_nobody_is_left_out_and_said(client: Client, query: str) -> None:
    person = named("あ")[0]
    told = html(client, f"{PATH}?{of(person)}&{query}")
    assert person.spaced_name in told
    assert "見つからない人を除きました" in told
    assert "くらべる人がまだいません" in html(client, f"{PATH}?{query}")


def test_who_was_merged_is_the_one_they_are(client: Client) -> None:
    kept, gone = named("あ", "い")
    gone.merged_into = kept
    gone.save()
    data = compared(gone, kept)
    assert [column.person for column in data.columns] == [kept]


def test_a_candidate_who_is_none_on_record_is_compared_by_the_candidacy(client: Client) -> None:
    contest = ContestFactory()
    row = CandidacyFactory(
        contest=contest,
        politician=None,
        name="見本新人",
        kana="みほんしんじん",
        status="new",
        party=PartyFactory(name="見本新党"),
    )
    known = CandidacyFactory(contest=contest, politician=named("あ")[0])
    told = html(client, f"{PATH}?{of(known.politician)}&c={encode(contest.pk)}-{row.key}")
    assert "見本新人" in told
    assert "見本新党" in told
    assert "新人" in told
    assert "公約の記録なし" in told
    # As a politician on record, the address of the candidacy alone opens nothing.
    assert "見つからない人を除きました" in html(client, f"{PATH}?c={encode(contest.pk)}-{known.key}")


# What is said


def test_the_values_are_those_of_the_report_card_with_interval_and_count(client: Client) -> None:
    people = scored.judged_politicians(22)
    scored.score(*people)
    told = page(client, people[0], people[1])
    for person in people[:2]:
        scores = scores_of(person)
        for grade in scores.grades:
            assert grade.shown
            assert (
                f'<b>{grade.value:.0f}%</b> <span class="meta"><span class="nb">範囲 {grade.low:.0f}〜{grade.high:.0f}%</span> <span class="nb">評価 {grade.n}件</span>'
                in told
            )
        assert scores.main
        assert scores.main.deviation is not None
        assert f"<b>{scores.main.deviation:.1f}</b>" in told
        assert f"範囲 {scores.main.low:.1f}〜{scores.main.high:.1f}" in told
    # A place would say who is better.
    assert "位<" not in told


def test_too_few_evaluations_are_said_in_place_of_a_value(client: Client, cast: Cast) -> None:
    told = page(client, cast.mayor, cast.stranger)
    assert "評価がまだ足りません" in told or "評価なし" in told
    assert "%</b>" not in told


def test_statuses_reports_terms_and_elections_are_counted(client: Client) -> None:
    person = named("あ")[0]
    TermFactory(politician=person, starts_on="2021-04", running=False)
    for status in ("kept", "kept", "broken"):
        PledgeFactory(politician=person, status=status)
    ReportFactory(politician=person)
    won = ContestFactory(election=ElectionFactory(name="見本第一回選挙"))
    CandidacyFactory(contest=won, politician=person, elected=True)
    told = page(client, person)
    for words in (
        "公約3件",
        "実現</span> 2件",
        "不履行</span> 1件",
        "1回・当選 1回",
        "見本第一回選挙（当選）",
        "2021年4月",
    ):
        assert words in told
    assert ">1件</a>" in told


def test_no_result_is_told_before_the_polls_close(client: Client, now: time_machine.Traveller) -> None:
    people = named("あ", "い")
    contest = standing(people, "2026-12-13")
    contest.candidacies.update(elected=True)
    for at, shown in (("2026-12-13T19:59:59+09:00", False), ("2026-12-13T20:00:00+09:00", True)):
        now.move_to(datetime.fromisoformat(at), tick=False)
        mode.forget()
        told = page(client, *people)
        assert ("1回・当選 1回" in told) is shown
        assert ("見本市長選挙（当選）" in told) is shown


def test_an_election_to_come_or_without_a_result_is_not_counted_as_lost(
    client: Client, now: time_machine.Traveller
) -> None:
    person, other = named("あ", "い")
    for name, elected in (("見本第一回選挙", True), ("見本第二回選挙", False), ("見本第三回選挙", None)):
        won = ContestFactory(election=ElectionFactory(name=name))
        CandidacyFactory(contest=won, politician=person, elected=elected)
    standing([person, other])
    told = page(client, person)
    assert "2回・当選 1回" in told
    assert "見本市長選挙（投票前）" in told
    assert "見本第三回選挙</p>" in told
    alone = page(client, other)
    assert "結果の記録なし<p" in alone
    assert "回・当選" not in alone
    now.move_to(datetime.fromisoformat("2026-12-20T20:00:00+09:00"), tick=False)
    mode.forget()
    assert "投票前" not in page(client, person)


def test_the_party_is_the_one_filed_in_the_contest_and_another_on_record_is_said_as_that(
    client: Client, now: time_machine.Traveller
) -> None:
    one, other, third = named("あ", "い", "う")
    contest = standing([one, other])
    old, filed = PartyFactory(name="見本旧党"), PartyFactory(name="見本新党")
    for person in (one, other, third):
        TermFactory(politician=person, party=old)
    contest.candidacies.filter(politician=one).update(party=filed)
    contest.candidacies.filter(politician=other).update(party=old)
    told = page(client, one, other)
    assert "この選挙での届け出" in told
    assert '見本新党<p class="meta">任期の記録では 見本旧党</p>' in told
    assert told.count("任期の記録では") == 1
    # Not all stand in one contest: what is known of each.
    assert "見本新党" not in page(client, one, third)


def test_a_term_that_is_over_without_a_known_end_says_so(client: Client) -> None:
    gone, serving = named("あ", "い")
    TermFactory(politician=gone, starts_on="2024-10-27", running=False)
    TermFactory(politician=serving, starts_on="2024-10-27")
    assert "終了日は不明" in page(client, gone)
    assert "終了日は不明" not in page(client, serving)


# While an election runs


@pytest.mark.parametrize(
    ("at", "hidden", "unprinted"),
    [
        ("2026-11-01T00:00:00+09:00", False, False),
        ("2026-12-05T12:00:00+09:00", True, False),
        ("2026-12-19T12:00:00+09:00", True, True),
        ("2026-12-20T19:59:59+09:00", True, True),
        ("2026-12-20T20:00:00+09:00", False, False),
    ],
)
def test_numbers_are_held_back_and_nothing_printed_of_who_stands(
    client: Client, now: time_machine.Traveller, at: str, hidden: bool, unprinted: bool
) -> None:
    people = scored.judged_politicians(22)
    scored.score(*people)
    standing(people[:1])
    now.move_to(datetime.fromisoformat(at), tick=False)
    mode.forget()
    told = page(client, people[0], people[1])
    assert ("投票が終わるまで表示しません" in told) is hidden
    assert ("選挙のため、投票が終わるまで表示を控えています" in told) is hidden
    # The other one does not stand: the values stay.
    assert told.count("%</b>") == (6 if hidden else 12)
    assert ("印刷できません" in told) is unprinted
    assert ("site/paper.css" in told) is unprinted
    assert ("印刷するとA4一枚にまとまります" in told) is not unprinted


def test_a_candidate_who_is_none_on_record_is_not_printed_either(client: Client, now: time_machine.Traveller) -> None:
    contest = standing([])
    row = CandidacyFactory(contest=contest, politician=None, name="見本新人")
    now.move_to(datetime.fromisoformat("2026-12-19T12:00:00+09:00"), tick=False)
    mode.forget()
    assert "印刷できません" in html(client, f"{PATH}?c={encode(contest.pk)}-{row.key}")


@pytest.mark.parametrize("at", ["2026-12-05T12:00:00+09:00", "2026-12-19T12:00:00+09:00"])
def test_of_everybody_who_stands_the_same_is_said_in_place_of_figures(
    client: Client, now: time_machine.Traveller, at: str
) -> None:
    known = named("あ")[0]
    contest = standing([known])
    row = CandidacyFactory(contest=contest, politician=None, name="見本新人")
    now.move_to(datetime.fromisoformat(at), tick=False)
    mode.forget()
    address = f"{PATH}?{of(known)}&c={encode(contest.pk)}-{row.key}"
    told = html(client, address)
    assert told.count('<span class="meta">投票が終わるまで表示しません</span>') == 2 * 7
    assert "評価なし" not in told
    for name in ("支持", "達成度", "偏差値"):
        assert name in told[told.index("この表では、") : told.index("評価の数も")]
    now.move_to(datetime.fromisoformat("2026-12-20T20:00:00+09:00"), tick=False)
    mode.forget()
    assert "投票が終わるまで表示しません" not in html(client, address)


# Adding and taking away


def test_somebody_is_added_by_name_and_taken_away_again(client: Client) -> None:
    one, other = named("あ", "い")
    indexed()
    told = html(client, f"{PATH}?{of(one)}&name=見本")
    assert f'href="?{of(one).replace("&", "&amp;")}&amp;p={encode(other.pk)}"' in told
    assert f"{one.spaced_name}を加える" not in told
    both = page(client, one, other)
    assert f'<a href="?{of(other)}">{one.spaced_name}を外す</a>' in both
    assert "「zzz」にあたる人は見つかりませんでした" in html(client, f"{PATH}?{of(one)}&name=zzz")


def test_the_page_of_a_contest_offers_its_candidates(client: Client) -> None:
    contest = ContestFactory()
    known, new = CandidacyFactory(contest=contest), CandidacyFactory(contest=contest, politician=None)
    told = html(client, contest.get_absolute_url())
    assert f'name="p" value="{encode(known.politician_id)}"' in told
    assert f'name="c" value="{encode(contest.pk)}-{new.key}"' in told
    assert f'<form id="compare" action="{PATH}">' in told
    # The form sent with nobody chosen leads back.
    assert f'name="of" value="{encode(contest.pk)}"' in told
    nobody = html(client, f"{PATH}?of={encode(contest.pk)}")
    assert f'href="{contest.get_absolute_url()}"' in nobody
    for broken in ("", "x", "0000000000"):
        assert "くらべる人がまだいません" in html(client, f"{PATH}?of={broken}")


# What it costs


def test_page_takes_the_same_queries_for_one_and_for_four(client: Client) -> None:
    people = scored.judged_politicians(22)
    scored.score(*people)
    for person in people[:4]:
        CandidacyFactory(politician=person)
        ReportFactory(politician=person)
    alone = queries(client, f"{PATH}?{of(people[0])}")
    assert queries(client, f"{PATH}?{of(*people[:4])}") == alone


def test_any_cache_may_hold_it(client: Client) -> None:
    answer = client.get(f"{PATH}?{of(*named('あ', 'い'))}")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert not answer.cookies


def test_an_address_of_nobody_costs_no_more_than_any(client: Client) -> None:
    many = "&".join(f"p={encode(new_id())}" for _ in range(200))
    assert queries(client, f"{PATH}?{many}") <= queries(client, f"{PATH}?{of(named('あ')[0])}")
