"""Who follows what (フォロー), and what each is told (お知らせ): in the bell, and by mail as each chose."""

from django.conf import settings
from django.db import models
from django.db.models import Q

TITLE_LENGTH = 120
URL_LENGTH = 300
TEXT_LENGTH = 400
ABOUT = "a politician whose news this is: not mailed while they stand in a running campaign"


class Subject(models.TextChoices):
    """What can be followed. The name of a row of these comes from the room that holds it (settings.FOLLOWED)."""

    POLITICIAN = "politician", "政治家"
    PLEDGE = "pledge", "公約"
    REPORT = "report", "活動報告"
    PARTY = "party", "政党"
    AREA = "area", "地域"


class Kind(models.TextChoices):
    """What a notice is about."""

    DECISION = "decision", "投稿の確認結果"
    COMMENT = "comment", "新しいコメント"
    REPLY = "reply", "反論・回答"
    REPORT = "report", "新しい活動報告"
    PLEDGE = "pledge", "新しい公約"
    REVISION = "revision", "公約の変更"
    STATUS = "status", "実施状況の変更"
    CLAIM = "claim", "本人確認"
    APPEAL = "appeal", "異議申立て"
    DESK = "desk", "運営への警告"


class Pace(models.TextChoices):
    """How often notices are mailed."""

    INSTANT = "instant", "すぐに"
    DAILY = "daily", "1日1回（朝7時）"
    WEEKLY = "weekly", "週1回（月曜の朝7時）"
    OFF = "off", "送らない"


class Follow(models.Model):
    """A person wants to be told what is new about something. ``subject_id``: its key as a number (of an area: its code)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows", db_index=False)
    subject = models.CharField(max_length=10, choices=Subject)
    subject_id = models.BigIntegerField()
    followed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "subject", "subject_id"), name="one_follow_per_user_and_subject"),
        )
        # The fan-out walks the followers of one subject by their number.
        indexes = (models.Index(fields=("subject", "subject_id", "user"), name="follow_of_subject"),)
        verbose_name = "フォロー"
        verbose_name_plural = "フォロー"

    def __str__(self) -> str:
        return f"{self.user_id} {self.subject} {self.subject_id}"


class Event(models.Model):
    """Something that followers are yet to be told, written with the deed itself; the worker makes notices of it and deletes it.

    ``told_to``: up to which account that is done. ``told_at`` may lie ahead: a report that is to be published later.
    """

    subject = models.CharField(max_length=10, choices=Subject)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=TITLE_LENGTH)
    url = models.CharField(max_length=URL_LENGTH)
    text = models.CharField(max_length=TEXT_LENGTH, blank=True)
    told_at = models.DateTimeField(db_index=True)
    spare = models.BigIntegerField(null=True, blank=True, help_text="an account that is not told: it did the deed")
    about = models.BigIntegerField(null=True, blank=True, help_text=ABOUT)
    told_to = models.BigIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=("url",), name="event_of_page"),)
        verbose_name = "配る前のお知らせ"
        verbose_name_plural = "配る前のお知らせ"

    def __str__(self) -> str:
        return self.title


class Notice(models.Model):
    """What one person is told. ``mail_at``: when it is to be mailed; none where it was, or is not to be.

    ``token`` is equal for what is the same news: who follows a pledge and its politician is told once.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=TITLE_LENGTH)
    url = models.CharField(max_length=URL_LENGTH)
    text = models.CharField(max_length=TEXT_LENGTH, blank=True)
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mail_at = models.DateTimeField(null=True, blank=True)
    token = models.BigIntegerField()
    about = models.BigIntegerField(null=True, blank=True, help_text=ABOUT)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "token"), name="a_person_is_told_once"),)
        indexes = (
            models.Index(fields=("user", "-told_at"), name="notice_of_user"),
            models.Index(fields=("user",), condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=("mail_at", "user"), condition=Q(mail_at__isnull=False), name="notice_to_mail"),
            models.Index(fields=("url",), name="notice_of_page"),
            models.Index(fields=("told_at",), name="notice_by_age"),
        )
        verbose_name = "お知らせ"
        verbose_name_plural = "お知らせ"

    def __str__(self) -> str:
        return self.title


class MailChoice(models.Model):
    """How a person wants notices mailed. Without a row: daily, every kind."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="mail_choice"
    )
    pace = models.CharField(max_length=8, choices=Pace, default=Pace.DAILY)
    kinds_off = models.JSONField(default=list, blank=True, help_text="kinds of notices that are not mailed")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "メールの選択"
        verbose_name_plural = "メールの選択"

    def __str__(self) -> str:
        return f"{self.user_id} {self.pace}"
