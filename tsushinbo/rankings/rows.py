"""The rows of a ranking as HTML. Written here and not in a template: they stand 25 times on a page, and a template takes ten times as long."""

from functools import cache, partial
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tsushinbo.pledges.models import Pledge
from tsushinbo.rankings.queries import Discussed, PartyNamed, Person, Row
from tsushinbo.rankings.words import About, Axis, places

FROZEN = '<span class="meta"><a class="tag" href="#frozen">順位据え置き</a></span>'


def written(rows: list[Row], about: About) -> SafeString:
    """Write the rows of a page. Whatever somebody typed goes through ``escape`` in ``_name``; all else is made here."""
    axis = about.axis
    return SafeString("".join(map(partial(_ranged, about, axis) if axis else partial(_exact, about), rows)))


def listed(people: list[tuple[Person, int]]) -> SafeString:
    """Write people without a place, each with the count of their evaluations."""
    return SafeString(
        "".join(
            f'<tr><th scope="row"><a href="{one.address}">{escape(one.name)}</a></th><td>{escape(one.known_as)}</td>'
            f'<td class="r">{count:,}件</td></tr>\n'
            for one, count in people
        )
    )


def discussed(reports: list[Discussed], about: About) -> SafeString:
    """Write reports with the number of their comments."""
    return SafeString("".join(map(partial(_discussed, about), reports)))


def _discussed(about: About, row: Discussed) -> str:
    report = row.report
    tied = f"<span>公約「{escape(report.pledge)}」</span>" if report.pledge else ""
    return f"""<tr role="row"><td role="cell" class="no">{row.place:,}<span class="unit">位</span></td>
<th role="rowheader" scope="row" class="nm"><a href="{report.address}">{escape(report.title)}</a><span class="meta dots"><span>{escape(report.politician)}</span><time datetime="{report.happened_on}">{report.happened_on}</time>{tied}</span></th>
<td role="cell" class="dv">{report.comments:,}<span class="unit">{about.unit}</span></td></tr>
"""


def _exact(about: About, row: Row) -> str:
    """A count is exact: place, name, count."""
    return f"""<tr role="row"><td role="cell" class="no">{row.place:,}<span class="unit">位</span></td>
<th role="rowheader" scope="row" class="nm">{_name(row)}</th>
<td role="cell" class="dv">{row.value:,.0f}<span class="unit">{about.unit}</span></td></tr>
"""


def _ranged(about: About, axis: Axis, row: Row) -> str:
    """A value has its range of places, its interval as a figure and in words, and what it rests on."""
    low, high = row.value if row.low is None else row.low, row.value if row.high is None else row.high
    start, unit = axis.at(low), f'<span class="unit">{about.unit}</span>' if about.unit else ""
    return f"""<tr role="row"><td role="cell" class="no">{row.place:,}<span class="unit">位</span></td>
<td role="cell" class="rr"><span class="lbl meta">順位の範囲 </span>{places(row.place_low, row.place_high)}</td>
<th role="rowheader" scope="row" class="nm">{_name(row)}</th>
<td role="cell" class="tk"><svg class="trk" aria-hidden="true">{_line(axis)}<rect class="trk-r" x="{start}%" width="{axis.at(high) - start:.2f}%" y="3" height="14" rx="2"/><circle class="trk-p" cx="{axis.at(row.value)}%" cy="10" r="3.5"/></svg><span class="meta"><span class="lbl">{about.value}の範囲 </span>{low:.1f}〜{high:.1f}{about.unit}</span></td>
<td role="cell" class="dv">{row.value:.1f}{unit}</td>
<td role="cell" class="nn"><span class="lbl meta">評価 </span>{row.n:,}件</td></tr>
"""


@cache
def _line(axis: Axis) -> str:
    """The line of the figure, and the dotted one across it."""
    line = '<line class="l-rule" x1="0" x2="100%" y1="10" y2="10"/>'
    if axis.middle is None:
        return line
    at = axis.at(axis.middle)
    return f'{line}<line class="l-rule" x1="{at}%" x2="{at}%" y1="1" y2="19" stroke-dasharray="2 2"/>'


def _name(row: Row) -> str:
    """Of whom or what a row speaks, with what tells them from others."""
    subject = row.subject
    frozen = FROZEN if row.frozen else ""
    name = escape(subject.name)
    if isinstance(subject, Person):
        return f'<a href="{subject.address}">{name}</a><span class="meta">{escape(subject.known_as)}</span>{frozen}'
    if isinstance(subject, PartyNamed):
        return f'<a href="{subject.address}">{name}</a>{frozen}'
    title = f'<a href="{subject.address}">{name}</a>' if subject.published else name
    status = _status(subject.status, subject.overdue, subject.withdrawn)
    topic, owner = escape(subject.topic), escape(subject.owner)
    if subject.bridging:
        status += '<span class="tag">立場をこえた支持</span>'
    return f'{title}<span class="meta dots">{status}<span class="tag">{topic}</span><span>{owner}</span></span>{frozen}'


@cache
def _status(status: str, overdue: bool, withdrawn: bool) -> str:
    """The chip of a status and the flags beside it."""
    chip = render_to_string("site/_chip.html", {"status": status, "label": Pledge.Status(status).label})
    flags = [word for word, said in (("期限超過", overdue), ("撤回を表明", withdrawn)) if said]
    return chip.strip() + "".join(f"<span>{flag}</span>" for flag in flags)
