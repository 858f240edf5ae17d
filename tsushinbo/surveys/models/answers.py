"""What was answered (回答): keyed by a voter's random number, as ballots are, and counted as it comes."""

from typing import Any

from django.db import models
from django.http import HttpRequest

from tsushinbo.accounts import voters
from tsushinbo.moderation.models import Reviewable
from tsushinbo.moderation.models.reviewable import Around
from tsushinbo.surveys.models.surveys import Question, Survey

FREE_LENGTH = 400


class Response(models.Model):
    """That a voter answered a survey. ``voter`` is the random number of ballots; nothing here points at a person, an address or an account."""

    pk = models.CompositePrimaryKey("survey", "voter")
    # No index of its own: the primary key starts with it.
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+", db_index=False)
    voter = models.BigIntegerField(db_index=True)
    answered_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "回答"
        verbose_name_plural = "回答"

    def __str__(self) -> str:
        return f"{self.survey_id} {self.answered_at:%Y-%m-%d}"

    @property
    def mark(self) -> str:
        """What the form to change it carries: another one after each change."""
        return self.changed_at.isoformat()


class Answer(models.Model):
    """One option, or one point of the scale, that a voter chose. ``place`` is its place where options are ranked, else 0."""

    pk = models.CompositePrimaryKey("question", "voter", "number")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+", db_index=False)
    voter = models.BigIntegerField()
    number = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "選んだもの"
        verbose_name_plural = "選んだもの"

    def __str__(self) -> str:
        return f"{self.question_id} {self.number}"


class Count(models.Model):
    """How many chose an option, or put it in a place. ``number`` 0: how many answered the question at all. Moved with each answer, exact."""

    pk = models.CompositePrimaryKey("question", "number", "place")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "アンケートの集計"
        verbose_name_plural = "アンケートの集計"

    def __str__(self) -> str:
        return f"{self.question_id} {self.number}: {self.count}"


class FreeAnswer(Reviewable):
    """What a voter wrote, unseen by others until approved."""

    # No index of its own: that of the constraint starts with it.
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="free_answers", db_index=False)
    voter = models.BigIntegerField(db_index=True)
    text = models.CharField(max_length=FREE_LENGTH)

    class Meta(Reviewable.Meta):
        constraints = (models.UniqueConstraint(fields=("question", "voter"), name="one_text_per_question_and_voter"),)
        indexes = (
            models.Index(fields=("state", "submitted_at"), name="free_answer_queue"),
            models.Index(fields=("question", "state", "submitted_at"), name="free_answer_shown"),
        )
        verbose_name = "アンケートの自由記述"
        verbose_name_plural = "アンケートの自由記述"

    # The voter's number would join what one person answered: it leads to nobody, and counts nothing.
    writer_column = ""

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def words(self) -> str:
        """The text as it was written."""
        return self.text

    @property
    def about(self) -> str:
        """The page of the survey."""
        return self.question.survey.get_absolute_url()

    @classmethod
    def for_desk(cls) -> models.QuerySet[Any]:
        """With the question and its survey."""
        return cls._default_manager.select_related("question__survey")

    @property
    def around(self) -> list[Around]:
        """The question that was answered."""
        return [Around(f"アンケート「{self.question.survey}」", str(self.question), self.about)]

    def may_appeal(self, request: HttpRequest) -> bool:
        """Whether this browser sent the answer."""
        return voters.known(request) == self.voter
