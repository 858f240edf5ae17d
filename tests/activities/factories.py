"""The least valid row of each table of activity reports, and pictures as visitors send them."""

import io
from datetime import UTC, date, datetime
from functools import cache

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory
from PIL import Image

from tests.accounts.factories import UserFactory
from tests.people.factories import PoliticianFactory
from tsushinbo.activities import models

POSTED_AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class ReportFactory(DjangoModelFactory[models.ActivityReport]):
    """A public report by the politician's office; ``MemberReportFactory`` makes a citizen's, which waits."""

    class Meta:
        model = models.ActivityReport

    politician = factory.SubFactory(PoliticianFactory)
    author = factory.SubFactory(UserFactory)
    by_owner = True
    title = factory.Sequence(lambda n: f"通学路の安全点検{n}に参加しました")
    happened_on = date(2026, 11, 19)
    body = "## 点検の結果\n\n41か所を確かめました。"
    points = factory.LazyFunction(lambda: ["41か所を点検した"])
    state = models.ActivityReport.State.APPROVED
    submitted_at = POSTED_AT
    created_at = factory.SelfAttribute("submitted_at")
    changed_at = factory.SelfAttribute("submitted_at")
    publish_at = factory.SelfAttribute("submitted_at")


class MemberReportFactory(ReportFactory):
    by_owner = False
    state = models.ActivityReport.State.PENDING
    source_title = "市議会だより"
    source_url = "https://www.example.com/tayori/"


class DraftFactory(DjangoModelFactory[models.Draft]):
    class Meta:
        model = models.Draft

    author = factory.SubFactory(UserFactory)
    politician = factory.SubFactory(PoliticianFactory)
    fields = factory.LazyFunction(lambda: {"title": "書きかけの題名", "body": "書きかけの本文"})
    saved_at = POSTED_AT


def image_bytes(kind: str = "JPEG", size: tuple[int, int] = (1000, 500), **options: object) -> bytes:
    """A picture of one colour as a file."""
    target = io.BytesIO()
    Image.new("RGB", size, "#336699").save(target, kind, **options)
    return target.getvalue()


@cache
def noise_bytes(side: int) -> bytes:
    """A picture that nothing makes smaller; the same each time."""
    target = io.BytesIO()
    Image.effect_noise((side, side), 80).convert("RGB").save(target, "JPEG", quality=95)
    return target.getvalue()


def upload(data: bytes | None = None, name: str = "photo.jpg") -> SimpleUploadedFile:
    """A file as a form sends it."""
    return SimpleUploadedFile(name, image_bytes() if data is None else data, content_type="image/jpeg")
