"""A visitor's own ballots: those of this browser, and those of an account that asked to keep them together."""

from typing import Any

from django.db.models import QuerySet

from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.evaluations.models import Assessment, Ballot, JoinedVoter, ReasonText
from tsushinbo.evaluations.seals import account_key, unseal


def joined_voter(user: User) -> int | None:
    """The voter's number of an account; None where it never asked for one to be kept."""
    row = JoinedVoter.objects.filter(pk=account_key(user.pk)).first()
    return None if row is None else unseal(user.pk, row.sealed)


def own_ballots(voter: int | None) -> QuerySet[Ballot]:
    """The ballots of a voter, the last first, with what a row writes of the pledge."""
    if voter is None:
        return Ballot.objects.none()
    rows = Ballot.objects.filter(voter=voter).select_related("pledge__politician", "pledge__party")
    return rows.defer("pledge__text").order_by("-cast_at", "pledge")


def own_assessments(user: User) -> QuerySet[Assessment]:
    """What an account says of progress and achievement now, the last first."""
    rows = Assessment.objects.filter(author=user, current=True).select_related("pledge__politician", "pledge__party")
    return rows.defer("pledge__text").order_by("-made_at", "-pk")


def exported_ballots(user: User) -> list[dict[str, Any]]:
    """The ballots that an account asked to keep together, for its owner; those of its browsers alone are not the account's."""
    voter = joined_voter(user)
    if voter is None:
        return []
    texts = dict(ReasonText.objects.filter(voter=voter).values_list("pledge", "text"))
    rows = Ballot.objects.filter(voter=voter).order_by("cast_at", "pledge")
    return [
        {
            "pledge": addresses.encode(row.pledge_id),
            "choice": row.choice,
            "reasons": sorted(row.reasons),
            "reason_text": texts.get(row.pledge_id, ""),
            "cast_at": row.cast_at,
            "changed_at": row.changed_at,
        }
        for row in rows
    ]
