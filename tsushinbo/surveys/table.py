"""The results as one table for a spreadsheet: a row for each number, and in its last columns where it comes from, under which licence and as of when."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from tsushinbo.scoring.shares import MINIMUM, Share
from tsushinbo.spreadsheets import safe_cell
from tsushinbo.surveys.models import Question, Survey
from tsushinbo.surveys.queries import QuestionResult

LICENCE = "CC BY 4.0 https://creativecommons.org/licenses/by/4.0/deed.ja"
HEADS = (
    "設問の番号", "設問", "答え方", "選択肢", "何の数か", "件数", "回答数", "割合(%)", "95%の範囲の下限(%)", "95%の範囲の上限(%)", "平均", "平均の下限", "平均の上限",
)  # fmt: skip

# Each row says it, so that none is without it when rows are taken out.
SOURCE_HEADS = ("題名", "出典", "ライセンス", "集計の日時", "締め切り", "回答した人", "注意")
NOTE = "進んで回答した人の集計で、無作為に選んだ人の調査ではありません。"

type Row = list[str]


def table(survey: Survey, results: list[QuestionResult], *, address: str, at: datetime) -> Iterator[Row]:
    """The rows, the first with the names of the columns, all of one length. Every text is safe against being worked out as a formula; fewer answers
    than the minimum have counts and no shares."""
    yield [*HEADS, *SOURCE_HEADS]
    source = _source(survey, address, at)
    for line in (line for result in results for line in _lines(result)):
        empty = [""] * (len(HEADS) - len(line))
        yield [safe_cell(cell) for cell in (*line, *empty, *source)]


def _source(survey: Survey, address: str, at: datetime) -> Row:
    now, closes_at = timezone.localtime(at), timezone.localtime(survey.closes_at)
    return [
        survey.title,
        f"先生の通信簿 {address}",
        LICENCE,
        f"{now:%Y-%m-%d %H:%M} (Asia/Tokyo)",
        f"{closes_at:%Y-%m-%d %H:%M} (Asia/Tokyo){'' if survey.has_closed(at) else ' 受付中'}",
        str(survey.responses),
        NOTE,
    ]


def _lines(result: QuestionResult) -> Iterator[Row]:
    question = result.question
    names = [str(question.number), question.text, question.get_kind_display()]
    if question.kind == Question.Kind.TEXT:
        yield [*names, "", "書いた人", str(result.n), str(result.n)]
        yield [*names, "", "公開している文", str(result.public_texts), str(result.n)]
        return
    for row in result.rows:
        what = "1位にした人" if question.kind == Question.Kind.RANKED else "選んだ人"
        yield [*names, row.name, what, str(row.share.positive), str(result.n), *_share(row.share)]
        if question.kind == Question.Kind.RANKED:
            mean = f"{row.mean_place:.2f}" if row.mean_place is not None and row.placed >= MINIMUM else ""
            yield [*names, row.name, "順位をつけた人", str(row.placed), str(result.n), "", "", "", mean]
    if result.mean is not None and result.mean.shown:
        one = result.mean
        yield [
            *names,
            "",
            "平均",
            "",
            str(result.n),
            "",
            "",
            "",
            *(f"{value:.2f}" for value in (one.mean, one.low, one.high)),
        ]


def _share(share: Share) -> Row:
    return [f"{value:.1f}" for value in (share.percent, share.low, share.high)] if share.shown else ["", "", ""]
