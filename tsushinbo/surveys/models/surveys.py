"""A survey (アンケート), its questions (設問) and their options (選択肢), and what editors changed of them."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tsushinbo import addresses
from tsushinbo.addresses import new_id
from tsushinbo.people.models import Politician

TITLE_LENGTH = 80
TEXT_LENGTH = 2000
QUESTION_LENGTH = 200
OPTION_LENGTH = 80
LABEL_LENGTH = 20
MOST_QUESTIONS = 20
MOST_OPTIONS = 20
# More places than these nobody weighs against each other.
MOST_RANKED = 10
# Boxes and places of a whole form: what a browser sends has to stay below DATA_UPLOAD_MAX_NUMBER_FIELDS.
MOST_FIELDS = 200
SCALE = range(1, 6)


class Survey(models.Model):
    """Some questions that everybody may answer once between two moments.

    ``wording`` is the number of the questions as they are asked now; an answer names the one that was read. ``version`` counts what editors saved,
    so that none writes over another. ``responses`` is how many answered, moved with each of them.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "下書き"
        PUBLISHED = "published", "公開"

    class Results(models.TextChoices):
        ALWAYS = "always", "受付中から全員に見せる"
        AFTER_ANSWER = "after_answer", "回答した人と、締め切り後の全員に見せる"
        AT_CLOSE = "at_close", "締め切り後に全員に見せる"

    id = models.BigIntegerField(primary_key=True, default=new_id)
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    intro = models.TextField(max_length=TEXT_LENGTH, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    results = models.CharField(max_length=12, choices=Results, default=Results.AFTER_ANSWER)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    wording = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    responses = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-opens_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="draft")
                | (Q(opens_at__isnull=False, closes_at__gt=F("opens_at"), published_at__isnull=False) & ~Q(title="")),
                name="a_published_survey_has_a_title_and_opens_before_it_closes",
            ),
        )
        indexes = (models.Index(fields=("state", "closes_at"), name="survey_closing"),)
        verbose_name = "アンケート"
        verbose_name_plural = "アンケート"

    def __str__(self) -> str:
        return self.title or "（題名なし）"

    def get_absolute_url(self) -> str:
        """The page of the survey."""
        return addresses.page("surveys:survey", self.pk)

    def has_opened(self, at: datetime) -> bool:
        """Whether everybody may read it: published, and its time has come."""
        return self.state == self.State.PUBLISHED and self.opens_at is not None and self.opens_at <= at

    def has_closed(self, at: datetime) -> bool:
        """Whether it takes answers no longer."""
        return self.closes_at is not None and self.closes_at <= at

    def takes_answers(self, at: datetime) -> bool:
        """Whether it can be answered now."""
        return self.has_opened(at) and not self.has_closed(at)

    def shows_results(self, at: datetime, *, answered: bool = False) -> bool:
        """Whether results are for everybody, or (``answered``) for who answered."""
        if self.has_closed(at) or self.results == self.Results.ALWAYS:
            return True
        return answered and self.results == self.Results.AFTER_ANSWER


class Question(models.Model):
    """One question. ``most``: how many boxes or places may be filled in, 0 for all. ``low`` and ``high`` are the words at the ends of a scale."""

    class Kind(models.TextChoices):
        SINGLE = "single", "1つ選ぶ"
        MULTIPLE = "multiple", "いくつか選ぶ"
        RANKED = "ranked", "順位をつける"
        SCALE = "scale", "5段階で答える"
        TEXT = "text", "自由に書く"

    # Those whose options an editor writes.
    WITH_OPTIONS = (Kind.SINGLE, Kind.MULTIPLE, Kind.RANKED)

    id = models.BigIntegerField(primary_key=True, default=new_id)
    # No index of its own: that of the constraint starts with it.
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions", db_index=False)
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.CharField(max_length=QUESTION_LENGTH)
    required = models.BooleanField(default=False)
    most = models.PositiveSmallIntegerField(default=0)
    low = models.CharField(max_length=LABEL_LENGTH, blank=True)
    high = models.CharField(max_length=LABEL_LENGTH, blank=True)

    class Meta:
        ordering = ("survey", "number")
        constraints = (models.UniqueConstraint(fields=("survey", "number"), name="one_question_per_survey_and_number"),)
        verbose_name = "設問"
        verbose_name_plural = "設問"

    def __str__(self) -> str:
        return f"問{self.number} {self.text}"

    @property
    def field(self) -> str:
        """What its field is called in the form of an answer."""
        return f"q{self.number}"


class Option(models.Model):
    """What can be chosen; ``politician`` where it speaks of one who is on record here."""

    # No index of its own: that of the constraint starts with it.
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options", db_index=False)
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=OPTION_LENGTH)
    politician = models.ForeignKey(
        Politician, on_delete=models.PROTECT, null=True, blank=True, related_name="survey_options"
    )

    class Meta:
        ordering = ("question", "number")
        constraints = (
            models.UniqueConstraint(fields=("question", "number"), name="one_option_per_question_and_number"),
        )
        verbose_name = "選択肢"
        verbose_name_plural = "選択肢"

    def __str__(self) -> str:
        return self.text


class SurveyRevision(models.Model):
    """What stood in a survey from a moment on, since it was published. Rows are only ever added: the database refuses anything else."""

    id = models.BigAutoField(primary_key=True)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="revisions")
    content = models.JSONField(help_text="the survey with its questions and options")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ("survey", "pk")
        verbose_name = "アンケートの版"
        verbose_name_plural = "アンケートの版"

    def __str__(self) -> str:
        return f"{self.survey_id} {self.saved_at:%Y-%m-%d %H:%M}"
