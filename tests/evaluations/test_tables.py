"""The table 項目・得点/配点・偏差値・平均点・件数 of a pledge, and the sentence above it."""

import pytest
from django.test import Client

from tests import scored
from tests.cast import tally
from tests.evaluations.ballot_pages import HTMX, address, post
from tests.evaluations.counting import AT
from tests.pledges.factories import PledgeFactory
from tsushinbo.evaluations.models import AssessmentTally
from tsushinbo.evaluations.queries import public_box
from tsushinbo.evaluations.queries.scores import marks
from tsushinbo.pledges.models import Pledge
from tsushinbo.scoring.shares import Share

pytestmark = pytest.mark.django_db
SAYS = "人が支持し、"


def page(client: Client, pledge: Pledge) -> str:
    return " ".join(client.get(pledge.get_absolute_url()).content.decode().split())


@pytest.fixture
def judged() -> list[Pledge]:
    """Sixty judged pledges, and a run over them."""
    people = scored.judged_politicians(20)
    scored.score(*people)
    return [pledge for person in people for pledge in person.pledges.select_related("tally", "assessment_tally")]


def test_rows_are_total_and_the_three_aspects_as_the_run_places_them(client: Client, judged: list[Pledge]) -> None:
    box, known = public_box(judged[0]), marks(judged[0])
    assert box.table is not None
    assert known is not None
    assert [line.label for line in box.table.lines] == ["総合", "明確さ", "現実性", "誠実さ"]
    assert [line.mark for line in box.table.lines] == [
        known[name] for name in ("support", "clarity", "feasibility", "sincerity")
    ]
    shown = page(client, judged[0])
    for line in box.table.lines:
        mark = line.mark
        if mark.shown:
            low, high = mark.interval
            reach = f'<br><span class="meta">{low:.1f}〜<wbr>{high:.1f}</span>'
            assert f'<td class="r">{mark.points:.1f}/100</td> <td class="r">{mark.deviation:.1f}{reach}</td>' in shown
        assert f'<td class="r">{mark.mean:.1f}</td> <td class="r">{mark.n}件</td>' in shown
    assert "総合はすべての評価を数えます。「その他」だけの評価や理由のない評価も含む" in shown


def test_row_below_ten_says_how_many_are_missing(client: Client, judged: list[Pledge]) -> None:
    pledge = PledgeFactory()
    tally(pledge, 9, 3, clear=4, unclear=2)
    shown = page(client, pledge)
    assert shown.count('<td class="r" colspan="2">') == 3
    assert "あと4件で表示" in shown
    assert shown.count('<span class="meta">あと10件で表示</span>') == 2


def test_with_few_pledges_there_are_points_but_no_deviation(client: Client) -> None:
    people = scored.judged_politicians(3)
    scored.score(*people)
    shown = page(client, people[0].pledges.first())
    assert '/100</td> <td class="r">―</td>' in shown
    assert "偏差値は、評価が10件以上の公約が20件そろうと表示します（いま" in shown


def test_a_run_without_ballots_gives_no_mean(client: Client) -> None:
    pledge = PledgeFactory.create()
    scored.score(pledge.politician)
    tally(pledge, 1, 0)
    shown = page(client, pledge)
    assert shown.count('<td class="r">―</td>') == 4
    assert "50.0" not in shown


def test_before_the_first_run_it_says_when_there_will_be_one(client: Client) -> None:
    person = scored.judged_politicians(1)[0]
    assert "得点と偏差値は、最初の採点のあとに表示します。" in page(client, person.pledges.first())


def test_sentence_names_both_sides_and_the_progress(client: Client, judged: list[Pledge]) -> None:
    pledge = PledgeFactory()
    tally(pledge, 8, 3)
    AssessmentTally.objects.create(
        pledge=pledge, assessments=10, progress_sum=400, progress_squares=17000, achievement_sum=100, achievement_squares=1200, changed_at=AT,
    )  # fmt: skip
    read = Pledge.objects.select_related("tally", "assessment_tally").get(pk=pledge.pk)
    progress = public_box(read).progress
    assert progress is not None
    assert f"8人が支持し、3人が支持していません。進捗度は{progress.value:.0f}％です。" in page(client, pledge)
    assert f"<b>進捗度 {progress.value:.0f}%</b>" in page(client, pledge)


def test_sentence_does_not_claim_a_progress_of_a_few(client: Client, judged: list[Pledge]) -> None:
    pledge = PledgeFactory()
    tally(pledge, 1, 0)
    assert "1人が支持し、0人が支持していません。進捗度は、評価がまだ足りません（あと10件）。" in page(client, pledge)


def test_own_ballot_moves_the_table_in_the_same_answer(client: Client, judged: list[Pledge]) -> None:
    before = judged[0].tally.ballots
    answer = post(client, judged[0], "good", htmx=True).content.decode()
    assert f'<td class="r">{before + 1}件</td>' in answer
    told = Share(judged[0].tally.good + 1, before + 1)
    scale = public_box(judged[0]).table.run.ruler.mark("support", told.positive, told.n)
    assert f"{scale.points:.1f}/100" in answer


def test_who_has_not_judged_on_the_page_of_the_draw_sees_no_table(client: Client, judged: list[Pledge]) -> None:
    shown = client.get("/pledges/random/").content.decode()
    assert "得点/配点" not in shown
    assert SAYS not in shown
    there = {**HTMX, "HX-Current-URL": "http://testserver/pledges/random/"}
    assert "得点/配点" not in client.get(address(judged[0]), headers=there).content.decode()
