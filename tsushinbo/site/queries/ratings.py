"""What is known of 進捗度 and 達成度 over all pledges, worked out every ten minutes."""

from django.utils import timezone

from tsushinbo.evaluations.queries import RatingPriors, fit_ratings
from tsushinbo.kept import Kept

SECONDS = 600

_kept = Kept(lambda: fit_ratings(at=timezone.now()), SECONDS)


def rating_priors() -> RatingPriors:
    """What a few assessments of one pledge are drawn to, at most ten minutes old."""
    return _kept.get()


def forget() -> None:
    """Work it out anew at the next call, for tests."""
    _kept.forget()
