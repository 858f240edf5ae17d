"""``tsushinbo election-mode``: which elections hold something back at a moment, of how many people, and until when."""

from datetime import date, datetime, time

from django.utils import timezone

from tsushinbo import addresses
from tsushinbo.cli.output import fail, say
from tsushinbo.elections.models import Election
from tsushinbo.elections.phases import EARLIEST, LATEST, TOKYO, Schedule, Span
from tsushinbo.elections.queries import apart_of, held_people, people_in, running, schedule_of_election, unlinked_in
from tsushinbo.elections.rules import Rule, in_force
from tsushinbo.japanese.dates import written_date

WEEKDAYS = "月火水木金土日"


def show(*, at: str | None, election: str | None) -> int:
    """Say it of all that run, or of one election in whatever phase it is."""
    try:
        moment = _moment(at) if at else timezone.now()
    except (ValueError, OverflowError):
        return fail(
            f"--at {at!r} は使えません。{EARLIEST} から {LATEST} までの日付か、2026-12-13T19:59 のような時刻（日本時間）を書いてください。"
        )
    if election is None:
        elections = running(moment)
    else:
        try:
            elections = [Election.objects.select_related("area").get(pk=addresses.decode(election))]
        except (ValueError, Election.DoesNotExist):
            return fail(
                f"--election {election!r} という選挙はありません。ページのアドレスにある10文字を書いてください。"
            )
    say(f"{_words(moment)}（日本時間）の選挙期間中の表示")
    numbers = [one.pk for one in elections]
    people, unlinked = people_in(numbers), unlinked_in(numbers)
    for one in elections:
        _say(one, moment, people.get(one.pk, 0), unlinked.get(one.pk, 0))
    if election is None:
        _say_held(moment)
    return 0


def _moment(text: str) -> datetime:
    """A day, which is its beginning, or a moment; without an offset in Japanese time. Raises ValueError or OverflowError for anything else."""
    try:
        moment = datetime.combine(date.fromisoformat(text), time(), TOKYO)
    except ValueError:
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=TOKYO)).astimezone(TOKYO)
    if not EARLIEST <= moment.date() <= LATEST:
        raise ValueError(text)
    return moment


def _say_held(at: datetime) -> None:
    """How many people each rule holds, each once however many elections they stand in."""
    say("")
    counts = {rule: people.distinct().count() for rule in Rule if (people := held_people(rule, at)) is not None}
    for rule, number in counts.items():
        if number:
            say(f"{rule.label}: {number:,}人（{in_force().rules[rule].law}）")
    if not any(counts.values()):
        say("だれについても、控えているものはありません。")


def _say(election: Election, at: datetime, people: int, unlinked: int) -> None:
    say(f"\n{election}  {election.get_absolute_url()}mode/  立候補している人（予定を含む）{people:,}人")
    if unlinked:
        say(f"  注意: 政治家の記録と結びついていない立候補が{unlinked:,}件あり、そのきまりは効きません。")
    contests, others = apart_of(election)
    grouped: dict[Schedule, list[str]] = {}
    for contest, schedule in contests:
        grouped.setdefault(schedule, []).append(contest.name)
    if others or not grouped:
        _say_schedule(schedule_of_election(election), at)
    for schedule, names in grouped.items():
        say(f"  日程のちがう選挙区: {'、'.join(names)}")
        _say_schedule(schedule, at)


def _say_schedule(schedule: Schedule, at: datetime) -> None:
    book = in_force()
    if len(schedule.spans) == 1:
        say("    投票日が分からないため、いつから控えるかは決まっていません。")
    for span in schedule.spans:
        now = span.holds(at)
        say(f"  {'→' if now else '  '}{span.phase.label}: {_length(span)}")
        held = [rule.label for rule in Rule if rule in book.by_phase[span.phase]]
        if now and held:
            say(f"      きまり: {'、'.join(held)}")
    if schedule.reckoned:
        say("    記録のない日は、公職選挙法の定める日数から数えました。")


def _length(span: Span) -> str:
    since = f"{_words(span.begins_at)}から" if span.begins_at else ""
    until = f"{_words(span.ends_at)}まで" if span.ends_at else ""
    return f"{since}{until}" or "いつも"


def _words(moment: datetime) -> str:
    local = moment.astimezone(TOKYO)
    day = local.date()
    return f"{written_date(day.isoformat())}（{WEEKDAYS[day.weekday()]}）{local.hour}時{local.minute:02}分"
