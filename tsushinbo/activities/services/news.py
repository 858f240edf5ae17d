"""Telling followers of a report, in the transaction that publishes it; not before the moment of its publication."""

from datetime import datetime

from tsushinbo.accounts.models import User
from tsushinbo.activities.models import ActivityReport
from tsushinbo.notices.models import Kind, Subject
from tsushinbo.notices.services import retract, tell_followers
from tsushinbo.people.following import audience


def tell_published(*, item: ActivityReport, by: User, at: datetime) -> None:
    """Tell who follows the politician, or the pledge it is tied to. One whose earlier wording was public is no news.

    An approval calls it by its name (ActivityReport.effect). What was told for a later moment, which has changed since, is taken back first.
    """
    if item.revisions.exists():
        return
    url = item.get_absolute_url()
    retract(url=url)
    followed = audience(politician=item.politician_id, party=None)
    if item.pledge_id is not None:
        followed.append((Subject.PLEDGE, item.pledge_id))
    title = f"{item.politician.name}さんの活動報告「{item.title}」"
    for subject, number in followed:
        tell_followers(
            subject=subject,
            subject_id=number,
            kind=Kind.REPORT,
            title=title,
            url=url,
            at=item.publish_at,
            spare=item.author_id,
            about=item.politician_id,
        )
