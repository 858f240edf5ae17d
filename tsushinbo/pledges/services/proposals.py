"""Writes of pledges by people: proposing, writing at once, approving, and bringing back an earlier wording.

A change locks its pledge first, so that all changes of one pledge follow each other, and each adds a revision credited to who wrote it.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import holds_role
from tsushinbo.accounts.services import count_use
from tsushinbo.elections.models import Election
from tsushinbo.moderation.models import Deed
from tsushinbo.moderation.services import ask_contact, hand_on_contact, keep_contact, refuse_banned, refuse_frozen
from tsushinbo.moderation.services.log import record
from tsushinbo.notices.services import retract
from tsushinbo.people.models import Party, Politician
from tsushinbo.pledges.contents import Content, joined
from tsushinbo.pledges.errors import (
    HideByReverting,
    MayNotWrite,
    NoSuchVersion,
    NotAnEditor,
    NothingChanged,
    NotTheAuthor,
    PledgeGone,
    PledgeMoved,
    ProposalRefused,
)
from tsushinbo.pledges.models import NAMES, Pledge, PledgeDraft, PledgeProposal, PledgeRevision, PolicyArea
from tsushinbo.pledges.queries.contributions import EDITORS, PENDING, may_write_at_once, newest_revision, owned_by
from tsushinbo.pledges.services.drafts import lock_draft
from tsushinbo.pledges.services.news import tell_registered, tell_revised
from tsushinbo.pledges.services.pledges import wording

FIRST = "登録"


def propose_pledge(
    *,
    owner: Politician | Party,
    author: User,
    content: Content,
    contact: str = "",
    draft: PledgeDraft | None = None,
    at: datetime,
) -> PledgeProposal:
    """Lay a new pledge before the moderators, in place of ``draft``. Until one of them approves it, it is in no list.

    contact: how the author can be reached; asked while the politician stands in a campaign. Raises ProposalRefused with a message for each field,
    DraftGone, moderation's Banned and ContactRefused, and accounts.services.TooMany.
    """
    with transaction.atomic():
        _admit(author, at)
        _take(author, draft)
        _refuse_doubles(owner, author, content, at)
        contact = ask_contact([person_of(owner)], contact, at)
        proposal = PledgeProposal.objects.create(
            author=author, **owned_by(owner), content=content.kept, state=PENDING, submitted_at=at
        )
        keep_contact(proposal, contact, by=author, at=at)
        return proposal


def register_pledge(
    *,
    owner: Politician | Party,
    author: User,
    content: Content,
    contact: str = "",
    draft: PledgeDraft | None = None,
    at: datetime,
) -> Pledge:
    """Register a pledge at once: an editor, or who speaks for the politician. Raises as ``propose_pledge``, MayNotWrite, and moderation's PollingDay."""
    with transaction.atomic():
        _admit(author, at)
        if not may_write_at_once(author, owner):
            raise MayNotWrite
        refuse_frozen([person_of(owner)], at)
        _take(author, draft)
        _refuse_doubles(owner, author, content, at)
        contact = ask_contact([person_of(owner)], contact, at)
        pledge = create_pledge(owner, content, author=author, at=at)
        sign(pledge, contact, by=author, at=at)
        return pledge


def propose_change(
    *,
    pledge: Pledge,
    author: User,
    content: Content,
    reason: str,
    seen: int,
    contact: str = "",
    draft: PledgeDraft | None = None,
    at: datetime,
) -> PledgeProposal:
    """Lay another wording of a pledge before the moderators; one by the same author that waits is replaced.

    seen: the number of the revision that the author had before the eyes; what others changed since is joined where it is elsewhere. Raises
    ProposalRefused, NothingChanged, PledgeMoved, PledgeGone, DraftGone, moderation's Banned and accounts.services.TooMany.
    """
    with transaction.atomic():
        _admit(author, at)
        own = PledgeProposal.objects.filter(author=author, pledge=pledge.pk, state=PENDING).select_for_update()
        # In the order of an approval: the proposal, then its pledge. What is decided meanwhile is left as it was decided.
        list(own.values_list("pk"))
        pledge = lock_pledge(pledge.pk)
        _take(author, draft)
        content = _brought_up(pledge, content, seen, at)
        contact = ask_contact([pledge.politician_id], contact, at)
        proposal = own.first()
        if proposal is None:
            proposal = PledgeProposal(author=author, pledge=pledge, politician=pledge.politician, party=pledge.party)
        proposal.content, proposal.before = content.kept, Content.of(pledge).kept
        proposal.base, proposal.reason, proposal.submitted_at = newest_revision(pledge), reason, at
        proposal.save()
        keep_contact(proposal, contact, by=author, at=at)
        return proposal


def change_pledge(
    *,
    pledge: Pledge,
    author: User,
    content: Content,
    reason: str,
    seen: int,
    contact: str = "",
    draft: PledgeDraft | None = None,
    at: datetime,
) -> Pledge:
    """Give a pledge another wording at once: an editor, or who speaks for the politician.

    Raises as ``propose_change``, MayNotWrite, and moderation's PollingDay.
    """
    with transaction.atomic():
        _admit(author, at)
        pledge = lock_pledge(pledge.pk)
        if not may_write_at_once(author, pledge.owner):
            raise MayNotWrite
        refuse_frozen([pledge.politician_id], at)
        _take(author, draft)
        content = _brought_up(pledge, content, seen, at)
        contact = ask_contact([pledge.politician_id], contact, at)
        revise(pledge, content, author=author, reason=reason, at=at)
        sign(pledge, contact, by=author, at=at)
        return pledge


def revert_pledge(*, pledge: Pledge, number: int, by: User, reason: str, seen: int, at: datetime) -> Pledge:
    """Bring back the wording number ``number``, as a new revision: nothing of what was between goes. For editors.

    seen: as in ``propose_change``. Raises NotAnEditor, NoSuchVersion, PledgeMoved, PledgeGone, and moderation's PollingDay.
    """
    with transaction.atomic():
        if not holds_role(by, *EDITORS):
            raise NotAnEditor
        pledge = lock_pledge(pledge.pk)
        refuse_frozen([pledge.politician_id], at)
        if newest_revision(pledge) != seen:
            raise PledgeMoved(["内容"])
        earlier = pledge.revisions.filter(number=number).first()
        if earlier is None:
            raise NoSuchVersion
        content = content_of(earlier, pledge)
        if content == Content.of(pledge):
            raise NoSuchVersion
        revise(pledge, content, author=by, reason=reason, at=at)
        record(actor=by, deed=Deed.REVERTED, subject=pledge, at=at, note=f"第{number}版へ。{reason}")
        return pledge


def withdraw_proposal(*, proposal: PledgeProposal, author: User) -> None:
    """Take an own proposal back that nobody decided yet. Raises NotTheAuthor."""
    gone, _ = PledgeProposal.objects.filter(pk=proposal.pk, author=author, state=PENDING).delete()
    if not gone:
        raise NotTheAuthor


def carry_out(*, item: PledgeProposal, by: User, at: datetime) -> None:
    """Make the pledge or the revision that was approved; called in the transaction of the approval.

    Raises PledgeMoved where others changed the same fields since it was written, and PledgeGone: then it is not approved and nothing is lost.
    """
    content = Content.read(item.content)
    if item.before is None:
        if item.pledge_id is None:
            pledge = create_pledge(item.owner, content, author=item.author, at=at)
            PledgeProposal.objects.filter(pk=item.pk).update(pledge=pledge)
            item.pledge = pledge
            hand_on_contact(item, pledge.revisions.order_by("-number")[0])
        return
    assert item.pledge_id is not None  # noqa: S101 - the database's own constraint
    pledge = lock_pledge(item.pledge_id)
    content, conflicts = joined(Content.read(item.before), content, Content.of(pledge))
    if conflicts:
        raise PledgeMoved([NAMES[name] for name in conflicts])
    revise(pledge, content, author=item.author, reason=item.reason, at=at)
    hand_on_contact(item, pledge.revisions.order_by("-number")[0])


def change_sight(*, item: PledgeProposal, by: User, at: datetime) -> None:
    """Take the pledge that a proposal made from the public, with what was told of it, or show it again. Raises HideByReverting for a change."""
    if item.is_change:
        raise HideByReverting
    assert item.pledge_id is not None  # noqa: S101 - its approval made the pledge
    visible = item.state == PledgeProposal.State.APPROVED
    rows = Pledge.objects.filter(pk=item.pledge_id, merged_into=None)
    rows.update(published=visible, changed_at=at)
    if not visible and item.pledge is not None:
        retract(url=item.pledge.get_absolute_url())


def create_pledge(
    owner: Politician | Party, content: Content, *, author: User, at: datetime, told: bool = True
) -> Pledge:
    """Write a new pledge with its first revision. told: whether followers hear of it by itself."""
    pledge = Pledge(**owned_by(owner), created_at=at, changed_at=at)
    content.write_to(pledge)
    pledge.save(force_insert=True)
    _record(pledge, number=1, author=author, reason=FIRST, at=at)
    if told:
        tell_registered(pledge, by=author.pk, at=at)
    return pledge


def revise(pledge: Pledge, content: Content, *, author: User, reason: str, at: datetime) -> None:
    """Write another wording of a locked pledge with its revision. An equal one changes nothing."""
    newest = pledge.revisions.order_by("-number").first()
    if newest is None:
        # Registered before wordings were kept: what stood there must stay readable.
        newest = _record(pledge, number=1, author=None, reason=FIRST, at=pledge.created_at)
    content.write_to(pledge)
    if wording(pledge) == newest.content:
        return
    pledge.changed_at = at
    pledge.save()
    _record(pledge, number=newest.number + 1, author=author, reason=reason, at=at)
    tell_revised(pledge, reason=reason, by=author.pk, at=at)


def sign(pledge: Pledge, contact: str, *, by: User, at: datetime) -> None:
    """Keep the contact of who wrote the newest wording of a pledge with that wording."""
    if contact:
        keep_contact(pledge.revisions.order_by("-number")[0], contact, by=by, at=at)


def person_of(owner: Politician | Party) -> int | None:
    """The politician whose pledges they are; None for those of a party."""
    return owner.pk if isinstance(owner, Politician) else None


def content_of(revision: PledgeRevision, pledge: Pledge) -> Content:
    """The content of an earlier wording, whose topic and election it tells by name only. What it does not tell stays as it is."""
    said = revision.content
    now = Content.of(pledge)
    values = now.kept | {name: value for name, value in said.items() if name in now.kept}
    topic = PolicyArea.objects.filter(name=values["policy_area"]).first()
    if topic is None:
        values |= {"topic": now.topic, "policy_area": now.policy_area}
    else:
        values["topic"] = topic.pk
    if values["election_name"] != now.election_name:
        elections = list(Election.objects.filter(name=values["election_name"])[:2]) if values["election_name"] else []
        values["election"] = addresses.encode(elections[0].pk) if len(elections) == 1 else ""
    return Content.read(values)


def lock_pledge(pledge_id: int) -> Pledge:
    """Return the public pledge, which nobody else changes until the end of the transaction; ballots on it do not wait. Raises PledgeGone."""
    rows = Pledge.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "politician", "party", "policy_area", "election"
    )
    pledge = rows.filter(pk=pledge_id, published=True).first()
    if pledge is None:
        raise PledgeGone
    return pledge


def _brought_up(pledge: Pledge, content: Content, seen: int, at: datetime) -> Content:
    """The content on what stands now: where others changed something else since the writer read it, both stay."""
    faults = faults_of(content, at)
    if faults:
        raise ProposalRefused(faults)
    now, newest = Content.of(pledge), newest_revision(pledge)
    if seen != newest:
        read = pledge.revisions.filter(number=seen).first()
        if read is None:
            raise PledgeMoved(["内容"])
        content, conflicts = joined(content_of(read, pledge), content, now)
        if conflicts:
            raise PledgeMoved([NAMES[name] for name in conflicts])
    if content == now:
        raise NothingChanged
    return content


def faults_of(content: Content, at: datetime) -> dict[str, str]:
    """What the rules have against a content, by field of the form."""
    today = timezone.localdate(at).isoformat()
    if content.source_on and content.source_on > today[: len(content.source_on)]:
        return {"source_on": "日付が未来になっています。出典が公表された日付を入れてください。"}
    return {}


def _refuse_doubles(owner: Politician | Party, author: User, content: Content, at: datetime) -> None:
    faults = faults_of(content, at)
    waiting = PledgeProposal.objects.filter(author=author, **owned_by(owner), state=PENDING, base=None)
    said = (content.title, content.text)
    if any((row["title"], row["text"]) == said for row in waiting.values_list("content", flat=True)):
        faults["title"] = "同じ題名と本文の公約を、すでに送っています。「自分の公約の提案」でお確かめください。"
    elif Pledge.objects.filter(**owned_by(owner), published=True, title=content.title, text=content.text).exists():
        faults["title"] = "同じ題名と本文の公約が、すでに登録されています。"
    if faults:
        raise ProposalRefused(faults)


def _record(pledge: Pledge, *, number: int, author: User | None, reason: str, at: datetime) -> PledgeRevision:
    return PledgeRevision.objects.create(
        pledge=pledge, number=number, content=wording(pledge), recorded_at=at, recorded_by=author, reason=reason
    )


def _admit(author: User, at: datetime) -> None:
    refuse_banned(account=author, at=at)
    count_use({f"proposal:{author.pk}": settings.RATE_PROPOSALS_PER_ACCOUNT}, at=at)


def _take(author: User, draft: PledgeDraft | None) -> None:
    """Use a draft up. Raises DraftGone where another window did."""
    if draft is not None:
        lock_draft(author, draft.pk).delete()
