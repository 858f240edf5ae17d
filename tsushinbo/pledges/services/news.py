"""Telling followers of what is new about a pledge, in the transaction that makes it so."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from tsushinbo.notices.models import Event, Follow, Kind, Subject
from tsushinbo.notices.services import tell_followers
from tsushinbo.people.following import audience, audiences
from tsushinbo.people.models import Party, Politician
from tsushinbo.pledges.models import Pledge, PledgeRevision, StatusChange


def tell_registered(pledge: Pledge, *, by: int | None, at: datetime) -> None:
    """A new pledge: to who follows its owner."""
    _tell(pledge, Kind.PLEDGE, f"{pledge.owner}の公約「{pledge.title}」が登録されました", "", by, at)


def tell_added(owner: Politician | Party, count: int, *, by: int | None = None, at: datetime) -> None:
    """Several new pledges of a list or a table: one piece of news, whatever their number. Again at the same ``at``, it tells the number anew."""
    person = owner.pk if isinstance(owner, Politician) else None
    _tell_added(owner, count, audience(politician=person, party=None if person else owner.pk), by, at)


def _tell_added(
    owner: Politician | Party, count: int, followed: Collection[tuple[Subject, int]], by: int | None, at: datetime
) -> None:
    person = owner.pk if isinstance(owner, Politician) else None
    url, title = owner.get_absolute_url(), f"{owner}の公約が{count:,}件加わりました"
    told = Event.objects.filter(kind=Kind.PLEDGE, url=url, told_at=at)
    for subject, number in followed:
        if not told.filter(subject=subject, subject_id=number).update(title=title):
            tell_followers(
                subject=subject,
                subject_id=number,
                kind=Kind.PLEDGE,
                title=title,
                url=url,
                at=at,
                spare=by,
                about=person,
            )


def tell_imported(owners: Collection[tuple[int | None, int | None]], *, at: datetime) -> None:
    """Tell of all pledges that an import at ``at`` brought to owners (politician, party), of those whose news anybody follows."""
    kinds = (Subject.POLITICIAN, Subject.PARTY, Subject.AREA)
    followed = (
        set(Follow.objects.filter(subject__in=kinds).values_list("subject", "subject_id").distinct())
        if owners
        else set()
    )
    if not followed:
        return
    first = PledgeRevision.objects.filter(number=1, recorded_at=at, recorded_by=None)
    for (politician, party), subjects in audiences(owners).items():
        if followed.isdisjoint(subjects):
            continue
        owner = Politician.objects.get(pk=politician) if politician else Party.objects.get(pk=cast(int, party))
        count = first.filter(pledge__politician=politician, pledge__party=party).count()
        _tell_added(owner, count, subjects, None, at)


def tell_revised(pledge: Pledge, *, reason: str, by: int | None, at: datetime) -> None:
    """Another wording: to who follows the pledge or its owner."""
    _tell(pledge, Kind.REVISION, f"公約「{pledge.title}」の内容が変わりました", reason, by, at)


def tell_status(change: StatusChange) -> None:
    """How it stands now: to who follows the pledge or its owner."""
    pledge, status = change.pledge, Pledge.Status(change.status_after).label
    title = f"公約「{pledge.title}」の実施状況が「{status}」になりました"
    _tell(pledge, Kind.STATUS, title, change.reason, change.changed_by_id, change.changed_at)


def _tell(pledge: Pledge, kind: Kind, title: str, text: str, by: int | None, at: datetime) -> None:
    if not pledge.published:
        return
    url = pledge.get_absolute_url()
    followed = [(Subject.PLEDGE, pledge.pk), *audience(politician=pledge.politician_id, party=pledge.party_id)]
    for subject, number in followed:
        tell_followers(
            subject=subject,
            subject_id=number,
            kind=kind,
            title=title,
            url=url,
            text=text,
            at=at,
            spare=by,
            about=pledge.politician_id,
        )
