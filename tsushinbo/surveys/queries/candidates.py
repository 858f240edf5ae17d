"""Who stands, or plans to, in elections whose polls are not closed: what surveys are held against before they are published, and each time they are read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Q
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
# Times of day and postponed polls are looked at in Python.
SINCE = timedelta(days=2)


def people_standing(at: datetime) -> People:
    """Everybody who stands at ``at``, by every name on record. Three queries."""
    since = (timezone.localtime(at) - SINCE).date()
    coming = Q(election__upcoming=True) | Q(election__polling_on__gte=since.isoformat()) | Q(polling_on__gte=since)
    contests = {row.pk: row for row in Contest.objects.filter(coming).select_related("election__area")}
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


_kept = Kept(lambda: people_standing(timezone.now()), SECONDS)


def forget() -> None:
    """Read anew at the next call, for tests."""
    _kept.forget()


def kept_people() -> People:
    """The same, read at most once a minute by each process. Whose polls closed meanwhile is told by the clock of who asks."""
    return _kept.get()


def asked(questions: Iterable[Question], options: Mapping[int, Iterable[Option]]) -> list[Asked]:
    """The questions as they are held against who stands; options by the id of their question."""
    return [
        Asked(
            question.number,
            question.text,
            tuple(Choice(option.text, option.politician_id) for option in options.get(question.pk, ())),
        )
        for question in questions
    ]


def finding(survey: Survey, questions: list[Asked], people: People, at: datetime) -> Finding | None:
    """Why a survey may not be shown at ``at``; None where it may."""
    return find((survey.title, survey.intro), questions, people, at)
