"""Reads of what members propose: near-duplicates, own proposals and drafts, and who may write at once."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import holds_role
from tsushinbo.accounts.roles import Role
from tsushinbo.elections.models import Election
from tsushinbo.japanese.folding import fold
from tsushinbo.people.models import Party, Politician, PoliticianName
from tsushinbo.people.queries import in_given_order, listed, speaks_for
from tsushinbo.pledges.likeness import COMPARED, Known, Wording
from tsushinbo.pledges.models import Pledge, PledgeDraft, PledgeProposal, PledgeRevision
from tsushinbo.pledges.queries.pledges import for_rows, of_owner, published

# Administrators appoint editors, and may step in for one.
EDITORS = (Role.EDITOR, Role.ADMINISTRATOR)
DUPLICATES_SHOWN = 5
# The newest of an owner that a new wording is compared with; no party has more in one election.
COMPARED_PLEDGES = 5_000
OWNERS_SHOWN = 20
REVISIONS_SHOWN = 20
PENDING = PledgeProposal.State.PENDING


def may_write_at_once(user: User, owner: Politician | Party) -> bool:
    """Whether what an account writes of an owner's pledges is public at once: an editor's, and that of who speaks for the politician."""
    return holds_role(user, *EDITORS) or (isinstance(owner, Politician) and speaks_for(user, owner))


def owned_by(owner: Politician | Party) -> dict[str, Politician | Party]:
    """The column that names an owner, with it: for a filter, or for a new row."""
    return {"politician" if isinstance(owner, Politician) else "party": owner}


def known_wordings(owner: Politician | Party, *, but: Pledge | None = None) -> list[Wording]:
    """The owner's published pledges to compare a wording with, in one query."""
    rows = of_owner(owner).exclude(pk=but.pk) if but else of_owner(owner)
    return [
        Wording(key, title, text[:COMPARED])
        for key, title, text in rows.values_list("pk", "title", "text")[:COMPARED_PLEDGES]
    ]


def near_duplicates(owner: Politician | Party, title: str, text: str, *, but: Pledge | None = None) -> list[Pledge]:
    """The owner's published pledges that may be the same promise, the most alike first. Two queries, however many there are."""
    return near_duplicates_of_many(owner, [(title, text)], but=but)[0]


def near_duplicates_of_many(
    owner: Politician | Party, wordings: Sequence[tuple[str, str]], *, but: Pledge | None = None
) -> list[list[Pledge]]:
    """The same for several titles with their texts, in two queries as well."""
    known = Known(known_wordings(owner, but=but))
    found = [known.alike(title, text, most=DUPLICATES_SHOWN) for title, text in wordings]
    keys = {one.key for row in found for one in row}
    rows = for_rows(published()).in_bulk(keys) if keys else {}
    return [[rows[one.key] for one in row if one.key in rows] for row in found]


def owners_called(name: str) -> tuple[list[Politician], list[Party]]:
    """Politicians and parties with what was typed in their name, its reading or another spelling; those that begin so come first."""
    key = fold(name)
    if not key:
        return [], []
    names = PoliticianName.objects.order_by("folded", "politician")
    begins = names.filter(folded__startswith=key).values_list("politician", flat=True)[: OWNERS_SHOWN * 3]
    holds = names.filter(folded__contains=key).values_list("politician", flat=True)[: OWNERS_SHOWN * 3]
    ids = dict.fromkeys([*begins, *holds])
    known = set(listed().filter(pk__in=ids).values_list("pk", flat=True))
    people = in_given_order([pk for pk in ids if pk in known][:OWNERS_SHOWN])
    parties = [
        party
        for party in Party.objects.exclude(kind=Party.Kind.INDEPENDENT).order_by("name")
        if key in fold(party.name) or key in fold(party.short_name)
    ]
    return people, parties[:OWNERS_SHOWN]


def elections_of(owner: Politician | Party) -> QuerySet[Election]:
    """The elections an owner stood in or made a pledge for, the newest first. For a party those its candidates stood in."""
    which = "politician" if isinstance(owner, Politician) else "party"
    stood = Election.objects.filter(**{f"contests__candidacies__{which}": owner}).values("pk")
    promised = published().filter(**owned_by(owner), election__isnull=False).values("election")
    return Election.objects.filter(Q(pk__in=stood) | Q(pk__in=promised)).order_by("-polling_on", "name")


def newest_revision(pledge: Pledge) -> int:
    """The number of the newest wording, 0 where none was ever put on record."""
    return pledge.revisions.order_by("-number").values_list("number", flat=True).first() or 0


def versions_before(pledge: Pledge) -> list[PledgeRevision]:
    """The wordings that were replaced, the newest first: an editor may bring one back."""
    return list(pledge.revisions.select_related("recorded_by").order_by("-number")[1 : REVISIONS_SHOWN + 1])


def own_proposals(user: User) -> QuerySet[PledgeProposal]:
    """What an account proposed, the newest first."""
    rows = PledgeProposal.objects.filter(author=user).select_related("politician", "party", "pledge")
    return rows.order_by("-submitted_at", "pk")


def own_revisions(user: User) -> list[PledgeRevision]:
    """The wordings of public pledges that are by an account, the newest first."""
    rows = PledgeRevision.objects.filter(recorded_by=user, pledge__published=True).select_related("pledge")
    return list(rows.order_by("-recorded_at", "-pk")[:REVISIONS_SHOWN])


def waiting_change(user: User, pledge: Pledge) -> PledgeProposal | None:
    """The change of a pledge by an account that waits for approval."""
    return PledgeProposal.objects.filter(author=user, pledge=pledge, state=PENDING, base__isnull=False).first()


def own_drafts(user: User) -> QuerySet[PledgeDraft]:
    """The drafts of an account, the last touched first."""
    rows = PledgeDraft.objects.filter(author=user).select_related("politician", "party", "pledge")
    return rows.order_by("-saved_at", "pk")


def exported(user: User) -> dict[str, Any]:
    """Everything the site keeps of an account's pledges, changes and drafts, for its owner."""
    revisions = PledgeRevision.objects.filter(recorded_by=user).order_by("recorded_at", "pk")
    return {
        "proposals": [
            {
                "owner": str(row.owner),
                "pledge": addresses.encode(row.pledge_id) if row.pledge_id else "",
                "change": row.is_change,
                **row.content,
                "reason": row.reason,
                "state": row.state,
                "decision_reason": row.decision_reason,
                "decision_note": row.decision_note,
                "submitted_at": row.submitted_at,
                "decided_at": row.decided_at,
            }
            for row in own_proposals(user).order_by("submitted_at", "pk").iterator(chunk_size=200)
        ],
        "published": [
            {
                "pledge": addresses.encode(row.pledge_id),
                "number": row.number,
                **row.content,
                "reason": row.reason,
                "recorded_at": row.recorded_at,
            }
            for row in revisions.iterator(chunk_size=200)
        ],
        "drafts": [
            {"owner": str(row.owner), "fields": row.fields, "rows": row.rows, "saved_at": row.saved_at}
            for row in own_drafts(user).iterator(chunk_size=50)
        ],
    }
