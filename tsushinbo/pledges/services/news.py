"""Telling followers of what is new about a pledge, in the transaction that makes it so."""

from datetime import datetime

from tsushinbo.notices.models import Kind, Subject
from tsushinbo.notices.services import tell_followers
from tsushinbo.people.following import audience
from tsushinbo.pledges.models import Pledge, StatusChange


def tell_registered(pledge: Pledge, *, by: int | None, at: datetime) -> None:
    """A new pledge: to who follows its owner."""
    _tell(pledge, Kind.PLEDGE, f"{pledge.owner}の公約「{pledge.title}」が登録されました", "", by, at)


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
        tell_followers(subject=subject, subject_id=number, kind=kind, title=title, url=url, text=text, at=at, spare=by)
