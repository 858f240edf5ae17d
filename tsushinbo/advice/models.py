"""Questionnaires (政策マッチング): statements made by editors, and what politicians answer to them.

What a visitor answers is stored nowhere.
"""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tsushinbo import addresses
from tsushinbo.addresses import new_id
from tsushinbo.elections.models import Election
from tsushinbo.moderation.models import Reviewable
from tsushinbo.moderation.models.reviewable import Around
from tsushinbo.people.models import Area, Office, Politician, office_name
from tsushinbo.pledges.models import PolicyArea

TITLE_LENGTH = 80
INTRODUCTION_LENGTH = 600
STATEMENT_LENGTH = 120
BACKGROUND_LENGTH = 600
REASON_LENGTH = 400
SOURCE_TITLE_LENGTH = 120
URL_LENGTH = 500


class Stance(models.TextChoices):
    """What is answered to a statement: five places on a scale, or nothing."""

    AGREE = "agree", "賛成"
    RATHER_AGREE = "rather_agree", "どちらかといえば賛成"
    NEITHER = "neither", "どちらともいえない"
    RATHER_DISAGREE = "rather_disagree", "どちらかといえば反対"
    DISAGREE = "disagree", "反対"
    DECLINED = "declined", "答えない"


# From 賛成 to 反対, as a page shows them; scoring.agreement counts the places from the other end.
SCALE = (Stance.AGREE, Stance.RATHER_AGREE, Stance.NEITHER, Stance.RATHER_DISAGREE, Stance.DISAGREE)
PLACES = {stance: len(SCALE) - 1 - index for index, stance in enumerate(SCALE)}


class Questionnaire(models.Model):
    """Statements that everybody who stands in an election, or sits in an assembly, is asked about.

    A draft is seen by editors alone. Nothing of it changes once a politician answered (``frozen_at``): all answer the same words.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id)
    election = models.OneToOneField(
        Election, on_delete=models.PROTECT, null=True, blank=True, related_name="questionnaire"
    )
    office = models.CharField(max_length=20, choices=Office, blank=True, help_text="of an assembly")
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="empty for the Diet"
    )
    title = models.CharField(max_length=TITLE_LENGTH)
    introduction = models.TextField(max_length=INTRODUCTION_LENGTH, help_text="who chose the statements, and how")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True, help_text="when the first politician answered")

    class Meta:
        ordering = ("-made_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(election__isnull=False, office="", area__isnull=True)
                | Q(election__isnull=True) & ~Q(office=""),
                name="a_questionnaire_is_of_an_election_or_an_assembly",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True, frozen_at__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="somebody_published_what_is_answered",
            ),
        )
        indexes = (models.Index(fields=("published_at",), name="questionnaire_published"),)
        verbose_name = "政策マッチングの質問票"
        verbose_name_plural = "政策マッチングの質問票"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where visitors answer it."""
        return addresses.page("advice:match", self.pk)

    @property
    def subject(self) -> str:
        """The election or the assembly, in words."""
        if self.election is not None:
            return self.election.name
        return office_name(Office(self.office), self.area.name if self.area else "", "")

    @property
    def asked(self) -> str:
        """What those who are asked are called."""
        return "候補者" if self.election_id else "議員"


class Statement(models.Model):
    """One statement to agree or disagree with, and what one has to know about it, told so that no side gains."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="statements", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    topic = models.ForeignKey(PolicyArea, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=STATEMENT_LENGTH)
    background = models.TextField(max_length=BACKGROUND_LENGTH, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("questionnaire", "position")
        constraints = (
            models.UniqueConstraint(fields=("questionnaire", "position"), name="one_statement_per_position"),
            models.CheckConstraint(condition=~Q(text=""), name="a_statement_says_something"),
        )
        verbose_name = "政策マッチングの設問"
        verbose_name_plural = "政策マッチングの設問"

    def __str__(self) -> str:
        return f"{self.position}. {self.text}"


class StatementRevision(models.Model):
    """A wording of a statement that was public until ``replaced_at``, before anybody had answered. Rows are only ever added."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="revisions", db_index=False)
    number = models.PositiveSmallIntegerField()
    topic = models.ForeignKey(PolicyArea, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=STATEMENT_LENGTH)
    background = models.TextField(max_length=BACKGROUND_LENGTH, blank=True)
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("statement", "number")
        constraints = (
            models.UniqueConstraint(fields=("statement", "number"), name="one_wording_per_number_of_a_statement"),
        )
        verbose_name = "政策マッチングの設問の変更履歴"
        verbose_name_plural = "政策マッチングの設問の変更履歴"

    def __str__(self) -> str:
        return f"{self.statement_id} #{self.number}"


class Answer(Reviewable):
    """What a politician answers to a statement. The stance is public at once; the reason too, and it is looked at after.

    ``by_owner``: an account that speaks for the politician gave it. Otherwise an editor copied it from where it was published: ``source_url``,
    ``source_title`` and ``source_on``. A reason that moderators hid is left out, the stance stays.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="answers", db_index=False)
    politician = models.ForeignKey(Politician, on_delete=models.PROTECT, related_name="advice_answers")
    stance = models.CharField(max_length=15, choices=Stance)
    reason = models.TextField(max_length=REASON_LENGTH, blank=True)
    by_owner = models.BooleanField()
    source_title = models.CharField(max_length=SOURCE_TITLE_LENGTH, blank=True)
    source_url = models.URLField(max_length=URL_LENGTH, blank=True)
    source_on = models.DateField(null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta(Reviewable.Meta):
        constraints = (
            models.UniqueConstraint(fields=("statement", "politician"), name="one_answer_per_statement_and_politician"),
            models.CheckConstraint(
                condition=Q(by_owner=True, source_title="", source_url="", source_on__isnull=True)
                | Q(by_owner=False, source_on__isnull=False) & ~Q(source_title="") & ~Q(source_url=""),
                name="an_answer_of_others_names_its_source",
            ),
        )
        indexes = (models.Index(fields=("state", "submitted_at"), name="advice_answer_queue"),)
        verbose_name = "政策マッチングの回答"
        verbose_name_plural = "政策マッチングの回答"

    def __str__(self) -> str:
        return f"{self.politician}: {self.get_stance_display()}"

    def get_absolute_url(self) -> str:
        """The page on which it stands."""
        return self.about

    @classmethod
    def for_desk(cls) -> models.QuerySet["Answer"]:
        """With all that the desk reads of a row."""
        return cls._default_manager.select_related("author", "politician", "statement__questionnaire")

    @classmethod
    def unseen(cls) -> models.QuerySet["Answer"]:
        """Reasons that were published at once, and not looked at since."""
        return cls._default_manager.filter(state=cls.State.APPROVED, decided_at=None).exclude(reason="")

    @property
    def place(self) -> int | None:
        """Where it lies on the scale (scoring.agreement); None for 答えない."""
        return PLACES.get(Stance(self.stance))

    @property
    def is_changed(self) -> bool:
        """Whether it was another one before."""
        return self.changed_at != self.made_at

    @property
    def shown_reason(self) -> str:
        """The reason as everybody may read it."""
        return self.reason if self.state == self.State.APPROVED else ""

    @property
    def words(self) -> str:
        """Its reason, after the stance."""
        return f"{self.get_stance_display()}：{self.reason}"

    @property
    def about(self) -> str:
        """The page on which it stands."""
        return f"{self.statement.questionnaire.get_absolute_url()}#s{self.statement.position}"

    @property
    def around(self) -> list[Around]:
        """The statement that it answers."""
        return [Around("設問", self.statement.text, self.about)]


class AnswerRevision(models.Model):
    """An answer that was public until ``replaced_at``; everybody may read it. Rows are only ever added.

    ``reason`` is empty where moderators had hidden it.
    """

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="revisions", db_index=False)
    number = models.PositiveSmallIntegerField()
    stance = models.CharField(max_length=15, choices=Stance)
    reason = models.TextField(max_length=REASON_LENGTH, blank=True)
    by_owner = models.BooleanField()
    source_title = models.CharField(max_length=SOURCE_TITLE_LENGTH, blank=True)
    source_url = models.URLField(max_length=URL_LENGTH, blank=True)
    source_on = models.DateField(null=True, blank=True)
    given_at = models.DateTimeField()
    replaced_at = models.DateTimeField()

    # What an answer and its revision have in common.
    COPIED: ClassVar[tuple[str, ...]] = ("stance", "by_owner", "source_title", "source_url", "source_on")

    class Meta:
        ordering = ("answer", "number")
        constraints = (
            models.UniqueConstraint(fields=("answer", "number"), name="one_revision_per_number_of_an_advice_answer"),
        )
        verbose_name = "政策マッチングの回答の変更履歴"
        verbose_name_plural = "政策マッチングの回答の変更履歴"

    def __str__(self) -> str:
        return f"{self.answer_id} #{self.number}"

    @classmethod
    def of(cls, answer: Answer, number: int, at: datetime) -> "AnswerRevision":
        """The revision that keeps an answer as it stands, unsaved."""
        copied: dict[str, Any] = {name: getattr(answer, name) for name in cls.COPIED}
        return cls(
            answer=answer,
            number=number,
            reason=answer.shown_reason,
            given_at=answer.changed_at,
            replaced_at=at,
            **copied,
        )
