"""How dates, counts and shares are written in Japanese."""

from datetime import date, datetime
from decimal import Decimal
from math import floor

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from tsushinbo import addresses
from tsushinbo.elections.models import Candidacy, Contest, Election
from tsushinbo.elections.queries import Run
from tsushinbo.evaluations.models import Tally
from tsushinbo.japanese.dates import written_date
from tsushinbo.moderation.text import is_web_address
from tsushinbo.people import words
from tsushinbo.people.models import Area, Politician, Term
from tsushinbo.pledges.models import Pledge
from tsushinbo.scoring.shares import Share
from tsushinbo.site.queries import comparing

register = template.Library()

WEEKDAYS = "月火水木金土日"


@register.filter
def jdate(value: date | datetime | str | None) -> str:
    """2026-02-08 becomes 2026年2月8日; a shorter ISO date stays as short (2027-04: 2027年4月); nothing becomes ""."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return written_date(str(value))


@register.filter
def jdate_weekday(value: date | datetime) -> str:
    """2025-04-08 becomes 2025年4月8日（火）."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return f"{jdate(value)}（{WEEKDAYS[value.weekday()]}）"


@register.filter
def time_tag(value: date | datetime | str | None) -> SafeString | str:
    """A date as ``<time datetime>`` with its Japanese form inside; nothing becomes ""."""
    if not value:
        return ""
    machine = timezone.localtime(value).isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)
    return format_html('<time datetime="{}">{}</time>', machine, jdate(value))


@register.filter
def clock(value: datetime) -> str:
    """An instant to the minute, in Japanese time: 2026年11月24日 6時05分."""
    local = timezone.localtime(value)
    return f"{jdate(local)} {local.hour}時{local.minute:02}分"


@register.filter
def count(value: int) -> str:
    """12345 becomes 12,345."""
    return f"{value:,}"


@register.filter
def fixed(value: float, decimals: int = 0) -> str:
    """A number with so many decimals, halves up: 62.5 becomes 63. A tenth of what ``floatformat`` costs; cards write a hundred of them."""
    unit = 10**decimals
    return f"{floor(value * unit + 0.5) / unit:.{decimals}f}"


@register.filter
def percent(share: float, decimals: int = 0) -> str:
    """A share between 0 and 1 as a percentage: 0.694 becomes 69, with one decimal 69.4."""
    return f"{share * 100:.{decimals}f}"


@register.filter
def support(pledge: Pledge) -> Share:
    """The share of GOOD among a pledge's ballots; the tally should have been read with the pledge."""
    tally: Tally | None = getattr(pledge, "tally", None)
    return Share(tally.good, tally.ballots) if tally else Share(0, 0)


@register.filter
def votes(value: Decimal | None) -> str:
    """1234.000 becomes 1,234票 and 1234.560 becomes 1,234.56票: 案分票 may have a fraction."""
    if value is None:
        return ""
    text = f"{value:,f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}票"


# The picture of each status (product rules, section 2); its name is also the class of the chip.
STATUS_ICONS = {
    "unrated": "todo",
    "proposed": "talk",
    "started": "doing",
    "stalled": "hold",
    "partly": "part",
    "kept": "done",
    "broken": "drop",
    "untestable": "ask",
}


@register.filter
def status_icon(status: str) -> str:
    """The picture that stands for a status."""
    return STATUS_ICONS[status]


@register.filter
def polling_words(election: Election) -> str:
    """When polling is, as exactly as it is known and no more: 2027年4月, 2026年11月4日〜12月3日の間, 遅くとも2030年2月7日, 未定."""
    start, end = election.window_starts_on, election.window_ends_on
    if start and end:
        return f"{jdate(start)}〜{jdate(end)}の間"
    if end:
        return f"遅くとも{jdate(end)}"
    return jdate(election.polling_on) or "未定"


@register.filter
def days_left(election: Election) -> int | None:
    """Days from today until polling, where the very day is known and not over; else None."""
    if election.precision != Election.Precision.DAY or len(election.polling_on) != len("2026-12-13"):
        return None
    days = (date.fromisoformat(election.polling_on) - timezone.localdate()).days
    return days if days >= 0 else None


@register.filter
def basis_words(election: Election) -> str:
    """How the date of a coming election was worked out: what the bundled tables say in their own words, in Japanese; anything else as it stands."""
    if not election.basis.startswith("term_expiry"):
        return election.basis
    return f"任期満了の日から計算{'（解散があれば早まります）' if 'dissolution' in election.basis else ''}"


@register.filter
def ruby(person: Politician) -> SafeString | str:
    """The name with its furigana: over family and given name each where both readings are known, else over the whole.

    A whole name of more than ten characters has its reading beside it: browsers do not break a line inside one ruby.
    """
    if person.family_name and person.given_name and person.family_kana and person.given_kana:
        family, given = _ruby(person.family_name, person.family_kana), _ruby(person.given_name, person.given_kana)
        return format_html("{} {}", family, given)
    return _ruby(person.spaced_name, person.kana)


def _ruby(name: str, kana: str) -> SafeString:
    if not kana or kana == name:
        return format_html("{}", name)
    if len(name) > 10:
        return format_html('{} <span class="kana">（{}）</span>', name, kana)
    return format_html("<ruby>{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>", name, kana)


@register.filter
def seat_words(seat: Term | Contest | None) -> str:
    """Where a seat is filled: 東京都第1区, 比例代表 東京ブロック; "" when nothing is known beyond the office."""
    if seat is None:
        return ""
    name = seat.name if isinstance(seat, Contest) else (seat.constituency.name if seat.constituency else "")
    return words.seat_words(name, seat.tier)


@register.filter
def in_office(term: Term) -> bool:
    """Whether a term runs as far as its source can tell: one whose last day has passed since is nobody's claim any more."""
    return words.in_office(running=term.running, ends_on=term.ends_on, today=timezone.localdate().isoformat())


@register.filter
def introduced(term: Term | None) -> str:
    """A person's office as the record allows it to be said: 品川区長, 元品川区長; "" for no term."""
    if term is None:
        return ""
    today = timezone.localdate().isoformat()
    return words.introduction(
        term.office_name, running=term.running, ends_on=term.ends_on, as_of=term.as_of, today=today
    )


@register.filter
def place(term: Term | None) -> Area | None:
    """The area a term is served in, as closely as it is known."""
    return (term.area or term.prefecture) if term else None


@register.filter
def result_words(run: Run) -> str:
    """当選, 比例復活で当選, 落選, or "" where the result is not on record."""
    if run.from_list:
        return "比例復活で当選"
    return {True: "当選", False: "落選", None: ""}[run.elected]


@register.filter
def web_address(url: str) -> str:
    """The address when it leads to the web, else "": a javascript: or data: address never becomes a link."""
    return url if is_web_address(url) else ""


@register.simple_tag
def outside(url: str, words: str, rel: str = "noopener") -> SafeString:
    """``words`` as a link to another site, or plain where the address is none."""
    if not web_address(url):
        return format_html("{}", words)
    return format_html('<a href="{}" rel="{}">{}</a>', url, rel, words)


@register.filter
def address(number: int) -> str:
    """The ten characters of an id."""
    return addresses.encode(number)


@register.filter
def candidate_address(row: Candidacy) -> str:
    """What a candidate who is no politician on record is compared by."""
    return comparing.candidate_address(row)


@register.simple_tag(takes_context=True)
def query(context: template.Context, without: str = "", **changes: object) -> str:
    """The query string of this page with some values replaced, for links of filters and pages; None and ``without`` remove."""
    request = context["request"]
    # Not QueryDict.copy(), which copies deeply.
    params: dict[str, list[str]] = dict(request.GET.lists())
    for name, value in {without: None, **changes}.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = [str(value)]
    text = urlencode(params, doseq=True)
    return f"?{text}" if text else request.path


@register.simple_tag(takes_context=True)
def query_before(context: template.Context, name: str) -> str:
    """The query string of this page up to a last value ``name``, which is to be written behind it: ?office=mayor&page=."""
    others = query(context, without=name)
    return f"{others}&{name}=" if others.startswith("?") else f"?{name}="
