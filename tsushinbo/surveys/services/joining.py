"""Answers of browsers whose ballots an account asked to keep together: they are one voter from then on."""

from datetime import datetime

from django.db import transaction

from tsushinbo.surveys.models import Answer, FreeAnswer, Response, Survey
from tsushinbo.surveys.queries.surveys import own_answers, shown
from tsushinbo.surveys.said import keys
from tsushinbo.surveys.services.answering import move_counts


@transaction.atomic
def join_answers(*, voter: int, own: int, at: datetime) -> None:
    """Give the answers of ``voter`` to ``own`` (settings.VOTERS_JOINED). Of two on one survey the older is taken away while it is open; of one
    that closed both stay as they were counted, for its results were read.
    """
    surveys = Response.objects.filter(voter=voter).order_by("survey").values_list("survey", flat=True)
    for survey in Survey.objects.select_for_update().filter(pk__in=list(surveys)).order_by("pk"):
        both = {row.voter: row for row in Response.objects.filter(survey=survey, voter__in=(voter, own))}
        if own in both:
            if survey.has_closed(at):
                continue
            older = min(both.values(), key=lambda row: (row.changed_at, row.voter == own))
            _take_away(survey, older.voter)
            if older.voter == voter:
                continue
        for kept in (Answer, FreeAnswer):
            kept._default_manager.filter(question__survey=survey, voter=voter).update(voter=own)
        Response.objects.filter(survey=survey, voter=voter).update(voter=own)


def _take_away(survey: Survey, voter: int) -> None:
    questions = shown(survey).questions
    said = own_answers(questions, voter)
    counted = {
        key for question in questions if question.number in said for key in keys(question.pk, said[question.number])
    }
    for kept in (Answer, FreeAnswer):
        kept._default_manager.filter(question__survey=survey, voter=voter).delete()
    Response.objects.filter(survey=survey, voter=voter).delete()
    move_counts(counted, ())
    survey.responses -= 1
    survey.save(update_fields=["responses"])
