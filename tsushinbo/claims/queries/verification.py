"""The stamp 本人確認済み: how, when and by whom it was verified that an account is the politician's."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from tsushinbo.claims.models import Checker, Claim, Way
from tsushinbo.people.models import Delegate, Politician


@dataclass(frozen=True)
class Verification:
    """Since when an account of the politician is verified, how, and by whom in the word of their role."""

    way: Way
    verified_at: datetime
    checker: Checker

    @property
    def how(self) -> str:
        """The way in words."""
        return str(self.way.label)

    @property
    def by(self) -> str:
        """The role in words."""
        return str(self.checker.label)

    def covers(self, moment: datetime) -> bool:
        """Whether what was written at ``moment`` was written under it."""
        return self.verified_at <= moment


def verification_of(politician: Politician | int) -> Verification | None:
    """The oldest verification of a politician that holds; None where nobody is verified. One query."""
    claims = Claim.objects.filter(
        user=OuterRef("user"), politician=OuterRef("politician"), state=Claim.State.VERIFIED
    ).order_by()
    rows = Delegate.objects.filter(politician=politician, role=Delegate.Role.HOLDER).order_by("since", "pk")
    row = rows.values_list("since", Subquery(claims.values("way")[:1]), Subquery(claims.values("checker")[:1])).first()
    if row is None:
        return None
    since, way, checker = row
    # Without a claim it was recorded in the admin, by who may do everything there.
    return Verification(Way(way or Way.STAFF), since, Checker(checker or Checker.ADMINISTRATOR))
