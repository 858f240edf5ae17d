"""What election mode asks of who writes and of who publishes: a contact in the campaign, nothing new on the day of polling."""

from collections.abc import Iterable
from datetime import datetime

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tsushinbo.accounts.models import User
from tsushinbo.errors import RuleBroken
from tsushinbo.moderation.contacts import is_contact
from tsushinbo.moderation.models.contacts import PosterContact
from tsushinbo.moderation.models.reviewable import InCampaign, Reviewable
from tsushinbo.moderation.queries.campaigns import CONTACT, FREEZE, Hold, held_by

CONTACT_WRONG = "連絡先を読み取れません。メールアドレスか、「https://」から始まる問い合わせフォーム・SNSアカウントのアドレスを入れてください。"
CONTACT_MISSING = (
    "連絡先が入力されていません。選挙運動の期間中に候補者について投稿する人は、連絡先を表示する義務があります。"
    "メールアドレスか、「https://」から始まる問い合わせフォーム・SNSアカウントのアドレスを入れてください。"
)


class PollingDay(RuleBroken):
    """On the day of polling nothing new about who stands becomes public until the polls close (公職選挙法 第129条). ``hold`` says until when."""

    def __init__(self, hold: Hold) -> None:
        self.hold = hold
        super().__init__(
            f"投票日のため、立候補している方についての新しい内容は、投票が終わる{shown(hold.until)}まで公開できません（公職選挙法第129条）。"
            "そのあとで、もう一度お試しください。非公開にすることは、いまもできます。"
        )


class WaitsForPolls(RuleBroken):
    """In a campaign a text about who stands is not made public without the contact that the law asks for."""

    def __init__(self, hold: Hold, *, can_have_one: bool) -> None:
        self.hold = hold
        why = "投稿者の連絡先が付いていないため" if can_have_one else "連絡先を付けられない種類の投稿のため"
        super().__init__(
            f"{why}、投票が終わる{shown(hold.until)}までは公開できません（公職選挙法第142条の3・第142条の5）。"
            "投稿は確認待ちのまま残ります。却下はできます。"
        )


class ContactRefused(RuleBroken):
    """A text about who stands came without a contact, or with one that reaches nobody. ``faults`` by field of the form."""

    def __init__(self, message: str) -> None:
        self.faults = {"contact": message}
        super().__init__(message)


def refuse_frozen(politicians: Iterable[int | None], at: datetime) -> None:
    """To be called by whoever makes something about these politicians public. Raises PollingDay."""
    hold = held_by(FREEZE, politicians, at)
    if hold is not None:
        raise PollingDay(hold)


def refuse_to_publish(item: Reviewable, at: datetime) -> None:
    """What stands against a text that would become public at ``at``. Raises PollingDay and WaitsForPolls."""
    if item.in_campaign == InCampaign.CONTACT:
        refuse_without_contact(item, item.concerns, at)
        return
    refuse_frozen(item.concerns, at)
    if item.in_campaign == InCampaign.WAITS and (hold := held_by(CONTACT, item.concerns, at)) is not None:
        raise WaitsForPolls(hold, can_have_one=False)


def refuse_without_contact(subject: models.Model, politicians: Iterable[int | None], at: datetime) -> None:
    """To be called by whoever makes a text about these politicians public that somebody else posted. Raises PollingDay and WaitsForPolls."""
    known = set(politicians)
    refuse_frozen(known, at)
    hold = held_by(CONTACT, known, at)
    if hold is not None and not PosterContact.objects.filter(**PosterContact.key_of(subject)).exists():
        raise WaitsForPolls(hold, can_have_one=True)


def ask_contact(politicians: Iterable[int | None], contact: str, at: datetime) -> str:
    """The contact to keep with a text about these politicians that comes at ``at``: "" where none is asked, whatever was sent.

    Raises ContactRefused where one is asked and ``contact`` is none.
    """
    if held_by(CONTACT, politicians, at) is None:
        return ""
    if not is_contact(contact):
        raise ContactRefused(CONTACT_WRONG if contact else CONTACT_MISSING)
    return contact


def keep_contact(subject: models.Model, contact: str, *, by: User | None, at: datetime) -> None:
    """Keep the contact that came with a text, in place of an earlier one; "" keeps what there is."""
    if contact:
        PosterContact.objects.update_or_create(
            **PosterContact.key_of(subject), defaults={"contact": contact, "given_by": by, "given_at": at}
        )


def hand_on_contact(source: models.Model, target: models.Model) -> None:
    """Keep the contact of a proposal with what its approval made."""
    found = PosterContact.objects.filter(**PosterContact.key_of(source)).select_related("given_by").first()
    if found is not None:
        keep_contact(target, found.contact, by=found.given_by, at=found.given_at)


def forget_contacts(user: User) -> None:
    """Throw away every contact that an account gave."""
    PosterContact.objects.filter(given_by=user).delete()


def forget_contacts_of_nothing() -> int:
    """Delete the contacts of texts that were taken back or deleted; return how many. The tables are few, and each is asked once."""
    gone = 0
    for kind in PosterContact.objects.order_by().values_list("kind", flat=True).distinct():
        rows = PosterContact.objects.filter(kind=kind)
        text = apps.get_model(kind)._base_manager.filter(pk=OuterRef("subject_id"))
        gone += rows.exclude(Exists(text)).delete()[0]
    return gone


def shown(moment: datetime) -> str:
    """A moment as people write it: 10月27日20時, with its minutes where it has any."""
    local = timezone.localtime(moment)
    return f"{local:%-m月%-d日%-H時}" + (f"{local:%-M分}" if local.minute else "")
