"""What is known of 進捗度 and 達成度 over all pledges: what the current run measured; before the first one, worked out every ten minutes."""

from django.utils import timezone

from tsushinbo.evaluations.queries import RatingPriors, fit_ratings
from tsushinbo.evaluations.queries.runs import current
from tsushinbo.kept import Kept

SECONDS = 600

_kept = Kept(lambda: fit_ratings(at=timezone.now()), SECONDS)


def rating_priors() -> RatingPriors:
    """What a few assessments of one pledge are drawn to."""
    run = current()
    return RatingPriors.of(run) if run else _kept.get()


def forget() -> None:
    """Work it out anew at the next call, for tests."""
    _kept.forget()
