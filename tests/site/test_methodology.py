"""採点方法: the formulas, the figures of the current run, the worked example."""

import re
from dataclasses import fields

import pytest
from django.test import Client
from django.utils import timezone

from tests import scored
from tests.cast import tally
from tests.pledges.factories import PledgeFactory
from tests.site.asking import html, queries
from tsushinbo.evaluations.models import HoldCase, HoldDecision, ScoreRun
from tsushinbo.evaluations.queries import scores as evaluated
from tsushinbo.evaluations.queries.runs import current
from tsushinbo.people.models import Politician
from tsushinbo.scoring.method import METHOD, ScoreParameters
from tsushinbo.site.queries.methodology import PARAMETERS, example_politician, invented

pytestmark = pytest.mark.django_db
PAGE = "/methodology/"


@pytest.fixture
def people() -> list[Politician]:
    found = scored.judged_politicians(23)
    scored.score(*found)
    return found


def test_every_parameter_of_the_scores_is_explained(client: Client) -> None:
    assert [*PARAMETERS] == [field.name for field in fields(ScoreParameters) if field.name != "populations"]
    page = html(client, PAGE)
    for name, words in PARAMETERS.items():
        assert f'{words}<br><code class="meta">{name}</code>' in page


def test_without_any_data_the_example_says_that_its_numbers_are_invented(client: Client) -> None:
    page = html(client, PAGE)
    assert "計算例の数字です。" in page
    assert "実際の評価がまだない" in page
    assert "採点はまだ行われていません。" in page
    assert "58.88" in page


def test_invented_example_is_right() -> None:
    example = invented()
    assert example.first.value == pytest.approx(100 * (7 + 3.01) / 17)
    assert example.total == pytest.approx(sum(part.value * part.weight for part in example.parts))
    assert example.deviation == pytest.approx(50 + 10 * (example.total - example.scale_mean) / example.scale_sd)
    assert sum(part.weight for part in example.parts) == pytest.approx(1)


def test_example_is_who_stands_in_the_middle(people: list[Politician]) -> None:
    order = sorted(people, key=lambda person: -evaluated.explanation(person)["total"]["value"])
    assert example_politician(current(), timezone.now()) == order[11]


def test_example_states_the_numbers_of_the_explanation(client: Client, people: list[Politician]) -> None:
    person = example_politician(current(), timezone.now())
    page, told = html(client, PAGE), evaluated.explanation(person)
    assert "計算例の数字です。" not in page
    support = told["dimensions"][0]
    for row in support["pledges"]:
        assert f"{row['positive']} ÷ {row['n']}" in page
        assert f"{row['value']:.2f}" in page
    for one, term in zip(told["dimensions"], told["total"]["terms"], strict=True):
        assert (
            f'<td class="r">{one["value"]:.2f}</td><td class="r">{one["weight"]:.2f}</td><td class="r">{term:.2f}</td>'
            in page
        )
    assert f"<b>{told['total']['value']:.2f}</b>" in page
    assert f"<b>{told['populations'][-1]['deviation']:.1f}</b>" in page
    assert f'href="{person.get_absolute_url()}score.json"' in page


def test_without_a_scale_the_most_judged_is_the_example(client: Client) -> None:
    little, much = scored.judged_politicians(2)
    tally(PledgeFactory(politician=much), 300, 100)
    scored.score(little, much)
    assert example_politician(current(), timezone.now()) == much
    assert "比べる相手がまだ足りないため、偏差値はまだありません。" in html(client, PAGE)


def test_judged_before_the_first_run_there_is_no_live_example_yet(client: Client) -> None:
    scored.judged_politicians(2)
    assert "計算例の数字です。" in html(client, PAGE)


def test_scales_and_histograms_of_every_population_are_there(client: Client, people: list[Politician]) -> None:
    page, run = html(client, PAGE), current()
    scale = run.ruler.populations["diet"]
    row = f'国会議員</th><td class="r">23人</td><td class="r">{scale.mean:.2f}</td><td class="r">{scale.sd:.2f}</td>'
    assert row in page
    assert '知事・市区町村長</th><td class="r">0人</td><td class="r">―</td><td class="r">―</td>' in page
    assert re.findall(r'<title id="ht-(\w+)">', page) == ["all", "diet"]


def test_last_runs_are_listed_with_digests_and_counts(client: Client, people: list[Politician]) -> None:
    scored.score(*people[:21])
    page = html(client, PAGE)
    for run in ScoreRun.objects.all():
        assert f"第{run.number}回" in page
        assert run.inputs_digest[:16] in page
        assert run.outputs_digest[:16] in page
        assert f"{run.counts['ballots']:,}件" in page
    assert page.count("（いま）") == 1


def test_minimums_and_version_are_those_of_the_method(client: Client) -> None:
    page = html(client, PAGE)
    least = METHOD.scores
    assert f"評価が{least.least_evaluations}件以上、評価された公約が{least.least_pledges}件以上" in page
    assert f"必要な人数</b>：{least.least_members}人" in page
    assert f"<b>{METHOD.version}</b>" in page
    assert "T = 0.20 × 支持 + 0.10 × 明確さ + 0.10 × 現実性 + 0.10 × 誠実さ + 0.20 × 進捗度 + 0.30 × 達成度" in page


def test_what_is_held_and_decided_is_counted_even_where_it_is_nothing(client: Client) -> None:
    page = html(client, PAGE)
    assert '<th scope="row">確認中の評価</th><td class="r">0件</td>' in page
    for reason in HoldDecision.Reason:
        assert reason.label in page
    for sign in HoldCase.Sign:
        assert sign.label in page


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (
            {"open": False, "median_ballots": 3.0, "stability": None},
            "まだ示していません。</b>1人あたりの件数の中央値は3件です。",
        ),
        (
            {"open": True, "median_ballots": 12.5, "stability": 0.8, "shown": 40, "bridging": 7},
            "示しています。</b>40件の公約を調べ、7件が立場をこえて支持されています。1人あたりの件数の中央値は12.5件です。2つに分けた結果の近さは0.80（必要な値は0.6以上）です。",
        ),
    ],
)
def test_says_whether_agreement_across_camps_may_be_shown(
    client: Client, people: list[Politician], state: dict[str, object], says: str
) -> None:
    ScoreRun.objects.update(consensus=state)
    scored.forget()
    assert says in html(client, PAGE)


@pytest.mark.parametrize("anchor", ["holds", "consensus", "limits", "runs", "example", "parameters", "total"])
def test_can_be_linked_to_in_parts(client: Client, anchor: str) -> None:
    assert f'id="{anchor}"' in html(client, PAGE)


def test_takes_the_same_queries_for_few_and_many(client: Client, people: list[Politician]) -> None:
    few = queries(client, PAGE)
    for person in people[:5]:
        tally(PledgeFactory(politician=person), 20, 20)
    scored.score(*people)
    assert queries(client, PAGE) == few <= 22
