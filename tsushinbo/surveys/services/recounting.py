"""Proving the counts of surveys, and counting them anew."""

from collections import Counter

from django.db import transaction
from django.db.models import Count as CountOf

from tsushinbo.surveys.models import Answer, Count, FreeAnswer, Response, Survey

type Counts = Counter[tuple[int, int, int]]


def mismatches() -> int:
    """How many counts, and numbers of responses, differ from a recount. Four queries."""
    counted, kept = _counted(), _kept()
    wrong = sum(counted[key] != kept[key] for key in counted.keys() | kept.keys())
    return wrong + len(_miscounted_surveys())


def recount() -> None:
    """Count everything anew."""
    with transaction.atomic():
        surveys = list(Survey.objects.select_for_update().order_by("pk"))
        counted = _counted()
        Count.objects.all().delete()
        Count.objects.bulk_create(
            Count(question_id=question, number=number, place=place, count=count)
            for (question, number, place), count in sorted(counted.items())
        )
        wrong = _miscounted_surveys()
        for survey in surveys:
            if survey.pk in wrong:
                Survey.objects.filter(pk=survey.pk).update(responses=wrong[survey.pk])


def _counted() -> Counts:
    chosen = Answer.objects.order_by().values_list("question", "number", "place").annotate(n=CountOf("*"))
    found: Counts = Counter({(question, number, place): n for question, number, place, n in chosen})
    people = Answer.objects.order_by().values_list("question").annotate(n=CountOf("voter", distinct=True))
    texts = FreeAnswer.objects.order_by().values_list("question").annotate(n=CountOf("*"))
    found.update({(question, 0, 0): n for question, n in (*people, *texts)})
    return found


def _kept() -> Counts:
    rows = Count.objects.exclude(count=0).values_list("question", "number", "place", "count")
    return Counter({(question, number, place): n for question, number, place, n in rows})


def _miscounted_surveys() -> dict[int, int]:
    """Surveys whose number of responses is wrong, with the true one."""
    counted = Counter(dict(Response.objects.order_by().values_list("survey").annotate(n=CountOf("*"))))
    return {pk: counted[pk] for pk, kept in Survey.objects.values_list("pk", "responses") if kept != counted[pk]}
