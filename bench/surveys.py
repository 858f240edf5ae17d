"""What answers to a survey cost: one answer among none and among 100,000, results read from counts beside a count of the answers by their index,
a cross-table, and holding a survey against 60,000 people who stand. Run: ``python -m bench.surveys``, with DATABASE_URL on PostgreSQL.
"""

import argparse
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.imports import _folder, _set_up

ANSWERS, PEOPLE, ROUNDS, BLOCK = 100_000, 60_000, 200, 5_000
NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
FAMILIES, GIVEN = ["佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺"], ["太郎", "花子", "一郎", "良子", "健", "明美"]


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=ANSWERS)
    parser.add_argument("--people", type=int, default=PEOPLE)
    options = parser.parse_args()
    with _folder() as folder:
        _set_up(folder)
        draw = random.Random(1)  # noqa: S311 - a bench is repeated
        _answers(options.answers, draw)
        _people(options.people, draw)


def _answers(many: int, draw: random.Random) -> None:
    from django.conf import settings
    from django.db import connection, transaction
    from django.db.models import Count as CountOf

    from tsushinbo.accounts.models import User
    from tsushinbo.surveys import services
    from tsushinbo.surveys.models import Answer, Question, Response
    from tsushinbo.surveys.queries import results_of, shown
    from tsushinbo.surveys.queries.crossing import cross, forget
    from tsushinbo.surveys.said import Said
    from tsushinbo.surveys.services import OptionDraft, QuestionDraft, SurveyDraft

    settings.RATE_BALLOTS_PER_NETWORK = 10**8
    four = tuple(OptionDraft(f"案{letter}") for letter in "甲乙丙丁")
    kinds = ("single", "multiple", "ranked", "scale", "single")
    asked = tuple(QuestionDraft(kind, "大切なことは", () if kind == "scale" else four, required=True) for kind in kinds)
    draft = SurveyDraft("調べ", closes_at=NOW + timedelta(days=1), questions=asked)
    survey = services.save_survey(survey=None, draft=draft, by=User.objects.create(username="e"), publish=True, at=NOW)
    questions = list(Question.objects.filter(survey=survey).order_by("number"))

    def sheet() -> dict[int, Any]:
        order = draw.sample(range(1, 5), 4)
        chosen = ([order[0]], order[:2], [], [draw.randint(1, 5)], [order[1]])
        said = {number: Said(frozenset((one, 0) for one in found)) for number, found in enumerate(chosen, 1)}
        return {**said, 3: Said(frozenset((one, place) for place, one in enumerate(order, 1)))}

    def take(first: int) -> str:
        times = []
        for voter in range(first, first + ROUNDS):
            said, begun = sheet(), time.perf_counter()
            services.answer_survey(
                survey=survey, voter=voter, said=said, wording=survey.wording, network=f"network:{voter % 50}", at=NOW
            )
            times.append(time.perf_counter() - begun)
        times.sort()
        return f"{1000 * times[ROUNDS // 2]:.1f} ms, p95 {1000 * times[ROUNDS * 95 // 100]:.1f} ms"

    print(f"{connection.vendor}: an answer to 5 questions among none: {take(1)}")
    with transaction.atomic():
        for start in range(10_000, 10_000 + many, BLOCK):
            voters = {voter: sheet() for voter in range(start, start + BLOCK)}
            times = {"answered_at": NOW, "changed_at": NOW}
            Response.objects.bulk_create(Response(survey=survey, voter=voter, **times) for voter in voters)
            Answer.objects.bulk_create(
                [
                    Answer(question=questions[number - 1], voter=voter, number=option, place=place)
                    for voter, said in voters.items()
                    for number, one in said.items()
                    for option, place in one.chosen
                ],
                batch_size=2000,
            )
    services.recount()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    one = shown(survey)
    print(f"the same among {many:,}, {Answer.objects.count():,} rows: {take(5_000_000)}")
    print(f"results from counts: {_best(lambda: results_of(one))}")
    by_index = Answer.objects.filter(question__in=questions).order_by().values_list("question", "number", "place")
    print(f"counted by the index instead: {_best(lambda: list(by_index.annotate(n=CountOf('*'))))}")
    print(f"a cross-table: {_best(lambda: (forget(), cross(one, questions[0], questions[3])))}")
    print(f"the doctor's recount: {_best(services.mismatches)}, {services.mismatches()} wrong")


def _people(many: int, draw: random.Random) -> None:
    from tsushinbo.elections.models import Candidacy, Contest, Election
    from tsushinbo.people.models import Politician, PoliticianName
    from tsushinbo.surveys.popularity import Asked, Choice, find
    from tsushinbo.surveys.queries import candidates

    election = Election.objects.create(
        key="e", name="選挙", level="national", office="representatives", polling_on="2026-12-13", upcoming=True
    )
    contests = [Contest(election=election, tier="single_seat", name=f"第{number}区") for number in range(many // 5)]
    Contest.objects.bulk_create(contests)
    people = [
        Politician(name=f"{draw.choice(FAMILIES)}{draw.choice(GIVEN)}{number}", family_name=draw.choice(FAMILIES))
        for number in range(many)
    ]
    Politician.objects.bulk_create(people, batch_size=2000)
    PoliticianName.objects.bulk_create(
        [
            PoliticianName(politician=one, kind=kind, text=one.name, folded=one.name)
            for one in people
            for kind in ("common", "ballot", "kana")
        ],
        batch_size=2000,
    )
    Candidacy.objects.bulk_create(
        [
            Candidacy(contest=contests[number % len(contests)], key=f"k{number}", politician=one, name=one.name)
            for number, one in enumerate(people)
        ],
        batch_size=2000,
    )
    print(f"{many:,} people who stand, by every name: {_best(lambda: candidates.people_standing(NOW), 3)}")
    print(f"whether anything changed among them: {_best(lambda: candidates._Last._look(NOW))}")
    standing = candidates.people_standing(NOW)
    options = tuple(Choice(f"{number}番目の考え方について述べたもの") for number in range(20))
    asked = [Asked(number, "大切なことは", options) for number in range(1, 21)]
    print(f"a survey of 400 options held against them: {_best(lambda: find(('', ''), asked, standing, NOW))}")


def _best(work: Callable[[], object], times: int = 5) -> str:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return f"{1000 * min(taken):.1f} ms"


if __name__ == "__main__":
    main()
