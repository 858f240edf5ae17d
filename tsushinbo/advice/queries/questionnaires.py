"""Which questionnaires there are: those that are public, those still open, and the editors' drafts."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db.models import Count, QuerySet

from tsushinbo.advice.models import Questionnaire
from tsushinbo.advice.queries.answers import takes_answers
from tsushinbo.elections.models import Election
from tsushinbo.elections.queries import advice_is_off
from tsushinbo.kept import Kept

# Pages of elections and the first page ask for what is published at most this often in each process.
SECONDS = 10


def published() -> QuerySet[Questionnaire]:
    """Those that everybody may read, the newest first."""
    return (
        Questionnaire.objects.filter(published_at__isnull=False)
        .select_related("election", "area")
        .order_by("-published_at", "pk")
    )


def listed() -> QuerySet[Questionnaire]:
    """The same with the number of statements."""
    return published().annotate(asks=Count("statements"))


def at_desk() -> QuerySet[Questionnaire]:
    """All of them with the number of statements, drafts first."""
    return (
        Questionnaire.objects.select_related("election", "area", "made_by")
        .annotate(asks=Count("statements"))
        .order_by("published_at", "-made_at", "pk")
    )


def _read() -> Mapping[int | None, list[Questionnaire]]:
    by_election: dict[int | None, list[Questionnaire]] = {}
    for row in published().defer("introduction"):
        by_election.setdefault(row.election_id, []).append(row)
    return by_election


_kept = Kept(_read, SECONDS)
forget = _kept.forget


def of_election(election: Election) -> Questionnaire | None:
    """The published questionnaire of an election. No query most of the time."""
    return next(iter(_kept.get().get(election.pk, [])), None)


def is_off(questionnaire: Questionnaire, at: datetime) -> bool:
    """Whether election mode has it off. That of an assembly leaves out the members who stand, one by one."""
    return questionnaire.election is not None and advice_is_off(questionnaire.election, at)


def open_at(at: datetime) -> list[Questionnaire]:
    """Those whose election is still to come and not in its campaign, and those of assemblies, the newest first. No query most of the time."""
    rows = [row for rows in _kept.get().values() for row in rows]
    rows.sort(key=lambda row: (row.published_at, row.pk), reverse=True)
    return [row for row in rows if takes_answers(row, at) and not is_off(row, at)]


def stays_on() -> bool:
    """Whether the operator leaves it on in campaigns."""
    return bool(settings.ADVICE_IN_CAMPAIGN)
