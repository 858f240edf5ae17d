"""What members propose (提案): a new pledge, or another wording of one; and what they are still writing (下書き)."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from tsushinbo import addresses
from tsushinbo.addresses import new_id
from tsushinbo.drafts import KeptFields
from tsushinbo.moderation.models import InCampaign, Reviewable
from tsushinbo.people.models import Party, Politician
from tsushinbo.pledges.models.pledges import Pledge, Slot

CHANGE_REASON_LENGTH = 200


class PledgeProposal(Reviewable):
    """A pledge that somebody wants to register, or another wording of ``pledge``. Approval makes the pledge or its revision.

    ``content`` holds every field of the form by name (tsushinbo.pledges.contents), its topic and election by key and in words. Of a change, ``before`` holds the same of the wording it
    was written on, revision ``base``. ``pledge`` of a new one is empty until approval makes it.
    """

    in_campaign = InCampaign.CONTACT
    effect = "tsushinbo.pledges.services.proposals.carry_out"
    effect_of_sight = "tsushinbo.pledges.services.proposals.change_sight"

    id = models.BigIntegerField(primary_key=True, default=new_id)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="pledge_proposals")
    politician = models.ForeignKey(
        Politician, on_delete=models.PROTECT, null=True, blank=True, related_name="pledge_proposals"
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="pledge_proposals")
    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals")
    content = models.JSONField(help_text="every field of the form, by name")
    before = models.JSONField(null=True, blank=True, help_text="the same of the wording that it changes")
    base = models.PositiveIntegerField(null=True, blank=True, help_text="the number of the revision that it changes")
    reason = models.CharField(max_length=CHANGE_REASON_LENGTH, blank=True, help_text="why the wording changes")

    class Meta(Reviewable.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(politician__isnull=False, party__isnull=True)
                | Q(politician__isnull=True, party__isnull=False),
                name="a_proposed_pledge_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(base__isnull=True, before__isnull=True)
                | (Q(base__isnull=False, before__isnull=False, pledge__isnull=False) & ~Q(reason="")),
                name="a_proposed_change_says_of_what_and_why",
            ),
            models.UniqueConstraint(
                fields=("pledge", "author"),
                condition=Q(state="pending"),
                name="one_waiting_change_per_pledge_and_author",
            ),
        )
        indexes = (
            models.Index(fields=("state", "submitted_at"), name="pledge_proposal_queue"),
            models.Index(fields=("author", "-submitted_at"), name="pledge_proposal_of_author"),
        )
        verbose_name = "公約の提案"
        verbose_name_plural = "公約の提案"

    def __str__(self) -> str:
        return str(self.content.get("title", ""))

    @classmethod
    def for_desk(cls) -> models.QuerySet[Self]:
        """Rows with all that the desk reads of them."""
        return super().for_desk().select_related("politician", "party", "pledge")

    @property
    def owner(self) -> Politician | Party:
        """Who promised it."""
        owner = self.politician or self.party
        assert owner is not None  # noqa: S101 - the database's own constraint
        return owner

    @property
    def is_change(self) -> bool:
        """Whether it changes a pledge that exists, rather than registering one."""
        return self.base is not None

    @property
    def words(self) -> str:
        """Everything that it would make public; of a change, of which pledge, what it changes with what stood there, and why."""
        if self.before is None:
            return f"{self.owner}の公約の登録\n" + "\n".join(
                f"{name}：{text}" for name, text in self._named(self.content)
            )
        old = dict(self._named(self.before))
        lines = [
            f"{name}：{text or '（なし）'}\n　変更前：{old.get(name) or '（なし）'}"
            for name, text in self._named(self.content, empty=True)
            if text != old.get(name, "")
        ]
        which = f"{self.owner}の公約「{self.before.get('title', '')}」の変更"
        return "\n".join([which, f"変更の理由：{self.reason}", *lines])

    def _named(self, content: dict[str, Any], *, empty: bool = False) -> list[tuple[str, str]]:
        return [(name, text) for name, text in named(content) if text or empty]

    @property
    def about(self) -> str:
        """The page of the pledge, or of who is said to have promised it."""
        return self.pledge.get_absolute_url() if self.pledge else self.owner.get_absolute_url()


# The fields of a pledge in the order and the words a reader knows them by, as a revision keeps them.
NAMES = {
    "title": "題名",
    "text": "本文",
    "quoted": "引用",
    "policy_area": "政策分野",
    "election_name": "選挙",
    **{slot.value: str(slot.label) for slot in Slot},
    "source_title": "出典の題名",
    "source_publisher": "出典の発行元",
    "source_url": "出典のアドレス",
    "source_on": "出典の日付",
}


def named(content: dict[str, Any]) -> list[tuple[str, str]]:
    """The fields of a content under their Japanese names, as a reader reads them."""
    values = {**content, "quoted": "はい" if content.get("quoted") else "いいえ"}
    return [(name, str(values.get(key, ""))) for key, name in NAMES.items()]


class PledgeDraft(KeptFields):
    """The fields of the form as they were typed, kept for their writer alone: of a new pledge, of a change to ``pledge``, or of a list of pledges.

    A list (``rows``) is a manifesto that is being read in, each row with the fields of one pledge.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pledge_drafts")
    politician = models.ForeignKey(
        Politician, on_delete=models.CASCADE, null=True, blank=True, related_name="pledge_drafts"
    )
    party = models.ForeignKey(Party, on_delete=models.CASCADE, null=True, blank=True, related_name="pledge_drafts")
    pledge = models.ForeignKey(
        Pledge, on_delete=models.CASCADE, null=True, blank=True, related_name="drafts", db_index=False
    )
    rows = models.JSONField(null=True, blank=True, help_text="the pledges of a list, each by field")

    class Meta(KeptFields.Meta):
        constraints = (
            models.UniqueConstraint(fields=("pledge", "author"), name="one_draft_per_pledge_and_writer"),
            models.CheckConstraint(
                condition=Q(politician__isnull=False, party__isnull=True)
                | Q(politician__isnull=True, party__isnull=False),
                name="a_pledge_draft_has_one_owner",
            ),
        )
        verbose_name = "公約の下書き"
        verbose_name_plural = "公約の下書き"

    def get_absolute_url(self) -> str:
        """Where its writer goes on."""
        if self.rows is not None:
            return reverse("pledges:import-preview", args=[self.pk])
        if self.pledge_id:
            return reverse("pledges:edit", args=[self.pledge_id])
        whose = "politician" if self.politician_id else "party"
        return f"{reverse('pledges:new')}?{whose}={addresses.encode(self.owner.pk)}&draft={addresses.encode(self.pk)}"

    @property
    def owner(self) -> Politician | Party:
        """Whose pledge is written down."""
        owner = self.politician or self.party
        assert owner is not None  # noqa: S101 - the database's own constraint
        return owner

    @property
    def title(self) -> str:
        """The title typed so far."""
        if self.rows is not None:
            return f"まとめて登録（{len(self.rows)}件）"
        return super().title
