"""The least valid row of each table of comments."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from tests.activities.factories import ReportFactory
from tsushinbo.comments import models

SAID_AT = datetime(2026, 11, 23, 1, 33, 16, tzinfo=UTC)


class CommentFactory(DjangoModelFactory[models.Comment]):
    """A comment that everybody may read, by nobody in particular; ``PendingFactory`` makes one that waits."""

    class Meta:
        model = models.Comment

    report = factory.SubFactory(ReportFactory)
    writer = factory.Sequence(lambda n: n + 1)
    nickname = "キッシー"
    body = factory.Sequence(lambda n: f"点検の結果を地図でも見たいです（{n}）。")
    state = models.Comment.State.APPROVED
    made_at = SAID_AT
    submitted_at = factory.SelfAttribute("made_at")


class PendingFactory(CommentFactory):
    state = models.Comment.State.PENDING
