"""The rows of a ranking as HTML. Written here and not in a template: they stand 25 times on a page, and a template takes ten times as long."""

from functools import cache
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tsushinbo.pledges.models import Pledge
from tsushinbo.rankings.queries import PartyNamed, Person, Row
from tsushinbo.rankings.words import About, places

FROZEN = '<span class="meta"><a class="tag" href="#frozen">順位据え置き</a></span>'
# A count is exact: place, name, count.
EXACT = """<tr role="row"><td role="cell" class="no">{}<span class="unit">位</span></td>
<th role="rowheader" scope="row" class="nm">{}</th>
<td role="cell" class="dv">{}<span class="unit">{}</span></td></tr>
"""
# A value has its range of places, its interval as a figure and in words, and what it rests on.
RANGED = """<tr role="row"><td role="cell" class="no">{place}<span class="unit">位</span></td>
<td role="cell" class="rr"><span class="lbl meta">順位の範囲 </span>{places}</td>
<th role="rowheader" scope="row" class="nm">{name}</th>
<td role="cell" class="tk"><svg class="trk" aria-hidden="true"><line class="l-rule" x1="0" x2="100%" y1="10" y2="10"/>{middle}<rect class="trk-r" x="{start}%" width="{width}%" y="3" height="14" rx="2"/><circle class="trk-p" cx="{dot}%" cy="10" r="3.5"/></svg><span class="meta"><span class="lbl">{label}の範囲 </span>{interval}</span></td>
<td role="cell" class="dv">{value}{unit}</td>
<td role="cell" class="nn"><span class="lbl meta">評価 </span>{n}件</td></tr>
"""
MIDDLE = '<line class="l-rule" x1="{0}%" x2="{0}%" y1="1" y2="19" stroke-dasharray="2 2"/>'


def written(rows: list[Row], about: About) -> SafeString:
    """Write the rows of a page. Whatever somebody typed goes through ``escape`` in ``_name``; all else is made here."""
    axis = about.axis
    if axis is None:
        return SafeString("".join(
            EXACT.format(f"{row.place:,}", _name(row), f"{row.value:,.0f}", about.unit) for row in rows
        ))  # fmt: skip
    middle = MIDDLE.format(axis.at(axis.middle)) if axis.middle is not None else ""
    unit = f'<span class="unit">{about.unit}</span>' if about.unit else ""
    text = []
    for row in rows:
        low, high = row.value if row.low is None else row.low, row.value if row.high is None else row.high
        start, end = axis.at(low), axis.at(high)
        text.append(
            RANGED.format(
                place=f"{row.place:,}",
                places=places(row.place_low, row.place_high),
                name=_name(row),
                middle=middle,
                start=start,
                width=round(end - start, 2),
                dot=axis.at(row.value),
                label=about.value,
                interval=f"{low:.1f}〜{high:.1f}{about.unit}",
                value=f"{row.value:.1f}",
                unit=unit,
                n=f"{row.n:,}",
            )
        )
    return SafeString("".join(text))


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
