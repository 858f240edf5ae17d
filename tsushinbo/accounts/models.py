"""Who is asking: registered people, and the counters that keep a flood out."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

NAMELESS = "名無し"


class User(AbstractUser):
    """A registered person. Staff enter the admin; everyone else needs no account to read or to cast a ballot.

    ``username`` is a random word for who signed up on the site, and is shown nowhere: they log in with their mail address.
    """

    # The record (記録) speaks of accounts; their page is for administrators alone.
    record_page: ClassVar[str] = ""

    display_name = models.CharField("表示名", max_length=30, blank=True)

    class Meta:
        verbose_name = "利用者"
        verbose_name_plural = "利用者"

    @property
    def public_name(self) -> str:
        """What others see beside what this person wrote."""
        return self.display_name or NAMELESS

    @property
    def staff_name(self) -> str:
        """What the desk and its record call this person: never the same for two, and the chosen name where there is one."""
        return f"{self.display_name}（{self.username}）" if self.display_name else self.username


class NetworkKey(models.Model):
    """The key of one day under which network prefixes are hashed. Yesterday's is deleted, so no hash can be undone later."""

    day = models.DateField(primary_key=True)
    key = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = "日替わりの鍵"
        verbose_name_plural = "日替わりの鍵"

    def __str__(self) -> str:
        return f"{self.day}"


class RateCount(models.Model):
    """How often one subject (a voter, a keyed hash of a network prefix) did a thing in one window of time.

    The key starts with the window, so that those that are over are found and thrown away together.
    """

    pk = models.CompositePrimaryKey("window", "subject")
    window = models.BigIntegerField(help_text="start of the window, Unix seconds")
    subject = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "回数"
        verbose_name_plural = "回数"

    def __str__(self) -> str:
        return f"{self.subject} {self.window}: {self.count}"
