"""How who posts about a candidate can be reached (連絡先): shown beside the text while the campaign runs."""

from typing import Any

from django.conf import settings
from django.db import models

KIND_LENGTH = 60
CONTACT_LENGTH = 200


class PosterContact(models.Model):
    """An e-mail address, or the address of a form or an SNS account, that was given with one text about somebody who stands.

    公職選挙法 第142条の3第3項 and 第142条の5第1項 ask for it of who writes about a candidate from the announcement to the day of polling; it is asked at no
    other time. Everybody reads it until the polls close; after that it stays with the text, unseen, and goes when the text or its account goes.
    ``kind`` and ``subject_id``: the text, ``comments.comment`` and its key; a table of its own, as few texts ever have one.
    """

    kind = models.CharField(max_length=KIND_LENGTH)
    subject_id = models.BigIntegerField()
    contact = models.CharField(max_length=CONTACT_LENGTH)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    given_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "subject_id"), name="one_contact_per_text"),)
        verbose_name = "投稿者の連絡先"
        verbose_name_plural = "投稿者の連絡先"

    def __str__(self) -> str:
        return self.contact

    @staticmethod
    def key_of(subject: models.Model) -> dict[str, Any]:
        """The columns that name a text."""
        return {"kind": subject._meta.label_lower, "subject_id": subject.pk}
