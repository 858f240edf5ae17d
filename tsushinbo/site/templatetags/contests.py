"""The rows of contests: written here, because a page of results has a hundred of them and a template takes longer over them than everything else."""

from collections.abc import Sequence

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from tsushinbo.elections.models import Candidacy
from tsushinbo.elections.queries import ContestRow
from tsushinbo.site.templatetags.words import time_tag

register = template.Library()


@register.simple_tag
def contest_rows(rows: Sequence[ContestRow], *, decided: bool, dated: bool = False) -> SafeString:
    """The rows of a table of contests; ``decided`` opens the column of who was elected, with ``dated`` each is called by its election."""
    return SafeString("\n".join(_row(row, decided=decided, dated=dated) for row in rows))


def _row(row: ContestRow, *, decided: bool, dated: bool) -> str:
    contest = row.contest
    called = contest.election.name if dated else contest.name
    held = f'<br><span class="meta">{time_tag(contest.election.polling_on)}</span>' if dated else ""
    counting = f'<br><span class="meta">開票中：{escape(row.counting)}</span>' if row.counting else ""
    result = f"<td>{_result(row)}</td>" if decided else ""
    return (
        f'<tr><th scope="row"><a href="{contest.get_absolute_url()}">{escape(called)}</a>{held}{counting}</th>'
        f'<td class="r">{row.candidates:,}人</td>{result}</tr>'
    )


def _result(row: ContestRow) -> str:
    if row.named:
        return "<br>".join(_winner(one) for one in row.named)
    if not row.decided:
        return '<span class="meta">投票の終了前</span>'
    if row.elected:
        return f"{len(row.elected)}人"
    if row.nobody:
        return "当選人なし"
    return '<span class="meta">開票中</span>' if row.counting else "―"


def _winner(one: Candidacy) -> str:
    name, party = escape(one.name), f'<span class="meta">（{escape(one.party.name)}）</span>' if one.party else ""
    return f'<a href="{one.politician.get_absolute_url()}">{name}</a>{party}' if one.politician else f"{name}{party}"
