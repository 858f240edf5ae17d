"""What report cards and pages of parties say of scores."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import scored
from tests.cast import Cast, tally
from tests.evaluations.counting import cast as cast_ballot
from tests.people.factories import PoliticianFactory, TermFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory
from tests.site.asking import html, queries
from tsushinbo.evaluations.models import AssessmentTally, ScoreRun, Tally
from tsushinbo.evaluations.queries import scores as evaluated
from tsushinbo.people.models import Office, Politician
from tsushinbo.rankings.services import score
from tsushinbo.scoring.method import METHOD
from tsushinbo.site.queries.scores import scores_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> list[Politician]:
    """Twenty-two members of the House of Representatives who are compared, and a run over them."""
    found = scored.judged_politicians(22)
    scored.score(*found)
    return found


def card(client: Client, person: Politician) -> str:
    return html(client, person.get_absolute_url())


# The six values


def test_table_has_six_rows_each_with_value_interval_and_count(client: Client, people: list[Politician]) -> None:
    page = card(client, people[0])
    for grade in scores_of(people[0]).grades:
        assert grade.shown
        assert f"{grade.name}<small>{grade.what}</small>" in page
        assert f'{grade.value:.0f}<span class="unit">%</span>' in page
        assert f"範囲 {grade.low:.0f}〜{grade.high:.0f}%" in page
        assert f"評価 {grade.n}件" in page
        assert f"全体の平均 {grade.mean:.0f}%" in page
    assert page.count('<tr role="row"><th role="rowheader"') == 6


def test_ratings_are_the_means_that_the_total_is_made_of(people: list[Politician]) -> None:
    told = evaluated.explanation(people[0])
    assert told is not None
    for grade, one in zip(scores_of(people[0]).grades[4:], told["dimensions"][4:], strict=True):
        assert (grade.dimension, grade.n, grade.value) == (one["name"], one["n"], one["value"])
        assert [grade.low, grade.high] == one["interval"]
        assert grade.mean == one["prior"]["centre"]


def test_shares_are_what_was_counted(people: list[Politician]) -> None:
    counted = Tally.objects.filter(pledge__politician=people[0])
    good, n = sum(row.good for row in counted), sum(row.ballots for row in counted)
    support = scores_of(people[0]).grades[0]
    assert (support.n, support.value) == (n, 100 * good / n)


def test_rating_below_ten_shows_how_many_are_missing(client: Client, people: list[Politician]) -> None:
    AssessmentTally.objects.filter(pledge__politician=people[0]).delete()
    pledge = people[0].pledges.first()
    AssessmentTally.objects.create(
        pledge=pledge, assessments=7, progress_sum=350, progress_squares=20000, achievement_sum=70, achievement_squares=900, changed_at=scored.AT,
    )  # fmt: skip
    page = card(client, people[0])
    assert page.count("（あと3件）") == 2
    assert "評価 7件" in page


def test_before_the_first_run_ratings_wait_and_shares_do_not(client: Client) -> None:
    person = scored.judged_politicians(1)[0]
    page = card(client, person)
    assert page.count("次の採点で") == 2
    assert scores_of(person).grades[0].shown
    assert "最初の採点がまだ行われていません" in page


def test_held_and_excluded_ballots_are_named(client: Client, people: list[Politician]) -> None:
    assert "確認中の評価" not in card(client, people[0])
    Tally.objects.filter(pledge__politician=people[0]).update(held=4, excluded=1)
    page = card(client, people[0])
    assert "確認中の評価 12件" in page
    assert "除外した評価 3件" in page
    assert '<a class="no-print nb" href="/methodology/#holds">' in page


# 偏差値


def test_card_states_everything_that_belongs_to_a_deviation_score(client: Client, people: list[Politician]) -> None:
    page, told = card(client, people[3]), evaluated.explanation(people[3])
    assert told is not None
    own = next(place for place in told["populations"] if place["name"] == "diet")
    assert f"<b>{own['deviation']:.1f}</b>" in page
    assert f"範囲 {own['interval'][0]:.1f}〜{own['interval'][1]:.1f}" in page
    assert f"{told['total']['value']:.2f}" in page
    assert f"{own['mean']:.2f}" in page
    assert f"{own['sd']:.2f}" in page
    assert "国会議員のうち、評価30件以上の22人の中での位置" in page
    assert "政治家全体" in page
    assert f"第{ScoreRun.objects.get().number}回の採点（2026年11月24日 12時00分）" in page
    assert f"方法 {METHOD.version}" in page
    assert 'href="/methodology/"' in page
    assert f'href="{people[3].get_absolute_url()}score.json"' in page


def test_place_and_its_range_lead_to_the_ranking(client: Client, people: list[Politician]) -> None:
    page = card(client, people[3])
    place = scores_of(people[3]).main.standing
    assert f'<a href="{place.get_absolute_url()}">{place.place}位</a>' in page
    assert f"範囲 {place.place_low}〜{place.place_high}位" in page
    assert place.place_low <= place.place <= place.place_high


def test_histogram_has_a_text_and_a_table_and_marks_the_own_bin(client: Client, people: list[Politician]) -> None:
    page = card(client, people[3])
    assert '<svg class="hist" role="img" aria-labelledby="ht-diet hd-diet">' in page
    assert '<title id="ht-diet">国会議員の偏差値の分布図</title>' in page
    assert "22人の偏差値を5点きざみで数えた柱状図。" in page
    assert page.count("の区間）</td>") == 1
    assert page.count('class="f-ink s-rule"') == 1


def test_ballot_between_two_runs_moves_the_score_at_once_and_withdrawing_restores_it(people: list[Politician]) -> None:
    before = scores_of(people[0])
    tallied = Tally.objects.filter(pledge__politician=people[0]).first()
    Tally.objects.filter(pk=tallied.pk).update(good=tallied.good + 5)
    after = scores_of(people[0])
    assert after.value > before.value
    assert after.main.deviation > before.main.deviation
    assert after.main.scale == before.main.scale
    Tally.objects.filter(pk=tallied.pk).update(good=tallied.good)
    again = scores_of(people[0])
    assert (again.value, again.ends, again.main) == (before.value, before.ends, before.main)


@pytest.mark.parametrize("office", [Office.REPRESENTATIVES, Office.MUNICIPAL_ASSEMBLY])
def test_totals_on_the_card_are_those_of_the_explanation(office: Office) -> None:
    people = scored.judged_politicians(22, office=office)
    scored.score(*people)
    for person in people[:5]:
        shown, told = scores_of(person), evaluated.explanation(person)
        assert told is not None
        assert (shown.value, list(shown.ends)) == (told["total"]["value"], told["total"]["interval"])
        assert [grade.n for grade in shown.grades] == [one["n"] for one in told["dimensions"]]
        assert [(place.population, place.deviation) for place in shown.places] == [
            (place["name"], place["deviation"]) for place in told["populations"]
        ]
        for place, one in zip(shown.places, told["populations"], strict=True):
            assert [place.low, place.high] == pytest.approx(one["interval"] or [0, 0])


def test_names_the_closest_population_that_has_a_scale(client: Client) -> None:
    """Five mayors are too few; among everybody they are placed."""
    members, mayors = scored.judged_politicians(20), scored.judged_politicians(5, office=Office.MAYOR, seed=2)
    scored.score(*members, *mayors)
    page = card(client, mayors[0])
    assert scores_of(mayors[0]).main.population == "all"
    assert "政治家全体のうち、評価30件以上の25人の中での位置" in page
    assert "「知事・市区町村長」で比べられるのは5人です。20人そろうと、偏差値を計算します。" in page


def test_is_compared_by_the_office_that_the_record_names_first(people: list[Politician]) -> None:
    TermFactory(politician=people[0], office=Office.GOVERNOR, starts_on="2025-04")
    terms = list(people[0].terms.all())
    assert [place.population for place in scores_of(people[0], terms).places] == ["all", "executive"]
    assert scores_of(people[0], terms).places == scores_of(people[0]).places


def test_says_why_there_is_no_score_with_few_members(client: Client) -> None:
    people = scored.judged_politicians(3)
    scored.score(*people)
    page = card(client, people[0])
    assert "偏差値はまだありません。" in page
    assert "「政治家全体」で比べられるのは3人です。20人そろうと、偏差値を計算します。" in page
    assert f"得点は{scores_of(people[0]).value:.2f}点" in page
    assert 'class="hist"' not in page


def test_says_why_there_is_no_score_when_all_are_alike(client: Client, people: list[Politician]) -> None:
    run = ScoreRun.objects.get()
    for scale in run.ruler["populations"].values():
        scale["sd"] = 0.0
    run.save()
    scored.forget()
    assert "「政治家全体」の得点がすべて同じため、偏差値を計算できません。" in card(client, people[0])


def test_says_how_many_evaluations_and_pledges_are_missing(client: Client, people: list[Politician]) -> None:
    person = PoliticianFactory()
    TermFactory(politician=person)
    tally(PledgeFactory(politician=person), 12, 5)
    page = card(client, person)
    assert "あと評価13件と公約1件への評価が必要です。" in page
    assert "評価が30件以上、評価された公約が2件以上" in page


def test_says_when_only_another_pledge_is_missing(client: Client, people: list[Politician]) -> None:
    person = PoliticianFactory()
    tally(PledgeFactory(politician=person), 40, 5)
    assert "あと公約1件への評価が必要です。" in card(client, person)


def test_card_without_any_evaluation_has_no_section_of_scores(client: Client, people: list[Politician]) -> None:
    person = PledgeFactory().politician
    assert 'id="deviation"' not in card(client, person)


def test_scored_card_takes_the_same_queries_for_few_and_many_pledges(client: Client, people: list[Politician]) -> None:
    for _ in range(120):
        tally(PledgeFactory(politician=people[1], policy_area=people[1].pledges.first().policy_area), 20, 10)
    counts = [queries(client, person.get_absolute_url()) for person in people[:2]]
    # Two of them are what a process asks once in some seconds: the run and its rankings.
    assert counts[0] == counts[1] <= 14
    for person in people[:2]:
        with CaptureQueriesContext(connection) as taken:
            client.get(person.get_absolute_url())
        assert len(taken) <= 11


def test_a_run_over_real_ballots_is_on_the_card(client: Client) -> None:
    person = PoliticianFactory()
    pledges = [PledgeFactory(politician=person) for _ in range(2)]
    for voter in range(16):
        for pledge in pledges:
            cast_ballot(pledge, voter, "good" if voter % 4 else "bad", "clear")
    made = score().run
    assert made is not None
    scored.forget()
    told = evaluated.explanation(person)
    assert told is not None
    assert told["run"] == made.number
    page = card(client, person)
    assert f"得点は{told['total']['value']:.2f}点" in page
    assert "「政治家全体」で比べられるのは1人です。" in page
    assert f"第{made.number}回" in html(client, "/methodology/")
    assert made.inputs_digest[:16] in html(client, "/methodology/")


# Parties


def test_party_has_the_same_block_among_parties(client: Client, cast: Cast) -> None:
    parties = scored.judged_parties(21)
    scored.score(*parties)
    page = html(client, parties[0].get_absolute_url())
    place = scores_of(parties[0]).main
    assert page.count('<tr role="row"><th role="rowheader"') == 6
    assert "政党のうち、評価30件以上の21党の中での位置" in page
    assert f"<b>{place.deviation:.1f}</b>" in page
    assert f'<a href="/rankings/deviation/?office=party">{place.standing.place}位</a>' in page
    assert f'href="{parties[0].get_absolute_url()}score.json"' in page
    assert 'class="grades"' not in html(client, cast.party.get_absolute_url())


def test_few_parties_are_counted_as_parties(client: Client) -> None:
    parties = scored.judged_parties(2)
    scored.score(*parties)
    page = html(client, parties[0].get_absolute_url())
    assert "「政党」で比べられるのは2党です。20党そろうと、偏差値を計算します。" in page


def test_party_takes_the_same_queries_for_few_and_many_pledges(client: Client) -> None:
    parties = scored.judged_parties(21)
    scored.score(*parties)
    few = queries(client, parties[0].get_absolute_url())
    for _ in range(30):
        tally(PartyPledgeFactory(party=parties[0], policy_area=parties[0].pledges.first().policy_area), 20, 10)
    assert queries(client, parties[0].get_absolute_url()) == few
