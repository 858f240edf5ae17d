"""Writes of pictures: their files first, their row last."""

from datetime import datetime
from typing import IO

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from tsushinbo.accounts.services import count_use
from tsushinbo.activities import images
from tsushinbo.activities.errors import DraftGone, PictureRefused
from tsushinbo.activities.models import Draft, Picture
from tsushinbo.activities.models.drafts import PICTURES


def add_picture(*, draft: Draft, file: IO[bytes], size: int, alt: str, at: datetime) -> Picture:
    """Keep a picture for a draft under the next number. ``size``: of the file in bytes; ``alt``: what it shows.

    The files are made before the transaction, so that nobody waits for them; without a row they are no picture, and go again. Raises
    PictureRefused, DraftGone, accounts.services.TooMany, and OSError where the disk takes no more.
    """
    with transaction.atomic():
        count_use({f"picture:{draft.author_id}": settings.RATE_PICTURES_PER_ACCOUNT}, at=at)
    if _beside(draft).count() >= PICTURES:
        raise PictureRefused(f"写真は{PICTURES}枚まで加えられます。")
    stored = images.store(file, size)
    try:
        with transaction.atomic():
            locked = Draft.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()
            if locked is None:
                raise DraftGone
            number = (_beside(locked).aggregate(last=Max("number"))["last"] or 0) + 1
            return Picture.objects.create(
                draft=locked,
                number=number,
                alt=alt,
                name=stored.name,
                width=stored.width,
                height=stored.height,
                widths=stored.widths,
                added_at=at,
            )
    except BaseException:
        images.discard(stored.name)
        raise


def remove_picture(*, draft: Draft, number: int) -> bool:
    """Take a picture out of a draft; return whether there was one. What a report shows stays with the report."""
    gone, _ = draft.pictures.filter(number=number).delete()
    return bool(gone)


def forget_abandoned_pictures() -> int:
    """Delete the files that no row speaks of, left by a crash or a draft that is gone; return of how many pictures."""
    names = images.abandoned()
    gone = 0
    for start in range(0, len(names), 500):
        some = names[start : start + 500]
        known = set(Picture.objects.filter(name__in=some).values_list("name", flat=True))
        for name in some:
            if name not in known:
                images.discard(name)
                gone += 1
    return gone


def _beside(draft: Draft) -> QuerySet[Picture]:
    """The pictures of a draft and of the report it changes: their numbers differ."""
    beside = Q(draft=draft)
    if draft.report_id:
        beside |= Q(report=draft.report_id)
    return Picture.objects.filter(beside)
