"""Who stands, or plans to, in elections whose polls are not closed: what surveys are held against before they are published, and each time they are read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from tsushinbo.elections.models import Candidacy, Contest
from tsushinbo.elections.queries import schedule_of
from tsushinbo.japanese.folding import fold
from tsushinbo.kept import Kept
from tsushinbo.people.models import PoliticianName
from tsushinbo.surveys.models import Option, Question, Survey
from tsushinbo.surveys.popularity import Asked, Choice, Finding, People, Standing, find

# A candidacy that was recorded holds a survey back everywhere after so many seconds, as long as caches hold a page.
SECONDS = 60.0
# Where nothing was added and no date moved, names are read anew after so long: 60,000 of them take two seconds.
ANEW = timedelta(minutes=10)
# Times of day and postponed polls are looked at in Python.
SINCE = timedelta(days=2)


def people_standing(at: datetime) -> People:
    """Everybody who stands at ``at``, by every name on record. Three queries."""
    contests = {row.pk: row for row in _coming(at).select_related("election__area")}
    if not contests:
        return People()
    until = {pk: schedule_of(contest).after_at for pk, contest in contests.items()}
    standing = [pk for pk, closes_at in until.items() if closes_at is None or at < closes_at]
    columns = (
        "contest", "name", "name_on_ballot", "kana", "politician", "politician__family_name", "politician__family_kana",
    )  # fmt: skip
    candidacies = Candidacy.objects.filter(contest__in=standing)
    recorded: dict[int, set[str]] = defaultdict(set)
    for politician, name in PoliticianName.objects.filter(
        politician__in=candidacies.order_by().values("politician")
    ).values_list("politician", "folded"):
        recorded[politician].add(name)
    rows = []
    for contest, name, on_ballot, kana, politician, family, family_kana in candidacies.order_by().values_list(*columns):
        election = contests[contest].election
        rows.append(
            Standing(
                name=name,
                names=frozenset(
                    filter(None, {*map(fold, (name, on_ballot, kana)), *recorded.get(politician or 0, ())})
                ),
                families=frozenset(filter(None, map(fold, (family or "", family_kana or "")))),
                politician_id=politician,
                election_id=election.pk,
                election=election.name,
                until=until[contest],
            )
        )
    return People.of(rows)


def _coming(at: datetime) -> QuerySet[Contest]:
    """Contests whose polls may not be closed yet, as far as their days say."""
    since = (timezone.localtime(at) - SINCE).date()
    coming = Q(election__upcoming=True) | Q(election__polling_on__gte=since.isoformat()) | Q(polling_on__gte=since)
    return Contest.objects.filter(coming)


@dataclass
class _Last:
    """Who stood when it was read last, and by what it is seen that somebody was added or a date moved. Two small queries."""

    people: People | None = None
    seen: object = None
    read_at: datetime | None = None

    def read(self) -> People:
        now = timezone.now()
        seen = self._look(now)
        if self.people is None or self.read_at is None or seen != self.seen or now - self.read_at >= ANEW:
            self.people, self.seen, self.read_at = people_standing(now), seen, now
        return self.people

    @staticmethod
    def _look(now: datetime) -> object:
        contests = _coming(now)
        dates = (Max("polling_on"), Max("polls_close_at"), Max("election__polling_on"), Max("election__window_ends_on"))
        standing = Candidacy.objects.filter(contest__in=contests)
        return (
            contests.order_by().aggregate(Count("pk"), Max("pk"), *dates),
            standing.order_by().aggregate(Count("pk"), Max("pk"), Max("politician__changed_at")),
        )


_last = _Last()
_kept = Kept(lambda: _last.read(), SECONDS)


def forget() -> None:
    """Read anew at the next call, for tests."""
    global _last
    _last = _Last()
    _kept.forget()


def kept_people() -> People:
    """The same, looked at once a minute by each process. Whose polls closed meanwhile is told by the clock of who asks."""
    return _kept.get()


def asked(questions: Iterable[Question], options: Mapping[int, Iterable[Option]]) -> list[Asked]:
    """The questions as they are held against who stands; options by the id of their question."""
    return [
        Asked(
            question.number,
            question.text,
            (
                *(Choice(option.text, option.politician_id) for option in options.get(question.pk, ())),
                *labels(question.low, question.high),
            ),
        )
        for question in questions
    ]


def labels(low: str, high: str) -> list[Choice]:
    """The words at the ends of a scale: a scale from one person to another pairs them as options do."""
    return [Choice(text) for text in (low, high) if text]


def finding(survey: Survey, questions: list[Asked], people: People, at: datetime) -> Finding | None:
    """Why a survey may not be shown at ``at``; None where it may."""
    return find((survey.title, survey.intro), questions, people, at)
