"""Which questionnaires there are: those that are public, those still open, and the editors' drafts."""

from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from tsushinbo.advice.models import Questionnaire
from tsushinbo.advice.queries.answers import takes_answers
from tsushinbo.elections.models import Election
from tsushinbo.elections.queries import advice_is_off


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


def of_election(election: Election | int) -> Questionnaire | None:
    """The published questionnaire of an election. One query."""
    return Questionnaire.objects.filter(election=election, published_at__isnull=False).first()


def is_off(questionnaire: Questionnaire, at: datetime) -> bool:
    """Whether election mode has it off. That of an assembly leaves out the members who stand, one by one."""
    return questionnaire.election is not None and advice_is_off(questionnaire.election, at)


def open_at(at: datetime) -> list[Questionnaire]:
    """Those whose election is still to come and not in its campaign, and those of assemblies, the newest first. One query."""
    coming = published().filter(Q(election=None) | Q(election__upcoming=True))
    return [row for row in coming if takes_answers(row, at) and not is_off(row, at)]


def stays_on() -> bool:
    """Whether the operator leaves it on in campaigns."""
    return bool(settings.ADVICE_IN_CAMPAIGN)
