"""Whether rankings have the rows that they say they have."""

from django.db.models import Count, Max

from tsushinbo.evaluations.models import ScoreRun
from tsushinbo.rankings.models import Ranking, RankingRow


def incomplete(run: ScoreRun) -> list[Ranking]:
    """The rankings of a run whose rows are not 1, 2, 3 … up to the number of members."""
    found = RankingRow.objects.filter(ranking__run=run).order_by().values_list("ranking")
    rows = {pk: (count, last) for pk, count, last in found.annotate(rows=Count("position"), last=Max("position"))}
    # Positions are never there twice: as many as the last are all of them. A row is gone where its politician or pledge was deleted.
    return [one for one in Ranking.objects.filter(run=run) if rows.get(one.pk, (0, 0)) != (one.members, one.members)]
