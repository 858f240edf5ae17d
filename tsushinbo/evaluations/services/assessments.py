"""Writes of assessments (進捗度・達成度) and their tallies.

A share of the pledge is locked first, so that it is not merged meanwhile; then its tally, so that all deeds on one pledge follow each other:
what is current, what it replaces and the sums are always of one moment. Unlike ballots these come from registered people, a few a minute on the busiest pledge. The counters of use come before it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from tsushinbo.accounts.models import User
from tsushinbo.accounts.services import count_use
from tsushinbo.evaluations.errors import NotTheOwner, OwnPledge
from tsushinbo.evaluations.models import Assessment, AssessmentLink, AssessmentTally
from tsushinbo.evaluations.queries.recount import ASSESSMENTS, counts_of
from tsushinbo.moderation.services import ask_contact, hand_on_contact, keep_contact, refuse_banned, refuse_frozen
from tsushinbo.people.models import Delegate
from tsushinbo.people.queries import speaks_for
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.services import standing_pledge


class Link(NamedTuple):
    """A page that shows what is said."""

    title: str
    url: str


class Words(NamedTuple):
    """What others may read once it is approved."""

    comment: str
    links: tuple[Link, ...]


def assess_pledge(
    *,
    pledge: Pledge,
    author: User,
    progress: int,
    achievement: int,
    comment: str = "",
    links: Sequence[Link] = (),
    contact: str = "",
    at: datetime,
) -> Assessment:
    """Record what a registered person thinks of a pledge in place of what they thought before, and move the tally with it.

    progress, achievement: 0 to 100. comment, links (up to LINKS): seen by others after approval; the same words keep the decision made on them.
    contact: how the author can be reached; asked for new words while the politician stands in a campaign. An assessment equal to the current one
    changes nothing. Raises OwnPledge where the author speaks for the pledge's politician, moderation's Banned and ContactRefused where there are
    words, and accounts.services.TooMany.
    """
    words = Words(comment, tuple(links))
    with transaction.atomic():
        _count_use(author, at)
        pledge = _standing(pledge)
        if speaks_for(author, pledge.politician_id):
            raise OwnPledge
        new = Assessment(pledge=pledge, author=author, progress=progress, achievement=achievement)
        return _keep(new, words, contact, instead_of=_of_citizen(author), at=at)


def self_assess(
    *,
    pledge: Pledge,
    author: User,
    progress: int,
    achievement: int,
    comment: str = "",
    links: Sequence[Link] = (),
    contact: str = "",
    at: datetime,
) -> Assessment:
    """Record how the politician sees the own pledge (本人の自己評価), in place of what any delegate said before. It is never counted.

    What the author said as a citizen before becoming a delegate ends with it. Its numbers are public at once: not on the day of polling. Raises
    NotTheOwner unless the author speaks for the pledge's politician, moderation's PollingDay, and as ``assess_pledge``.
    """
    words = Words(comment, tuple(links))
    with transaction.atomic():
        _count_use(author, at)
        pledge = _standing(pledge)
        if not speaks_for(author, pledge.politician_id):
            raise NotTheOwner
        refuse_frozen([pledge.politician_id], at)
        _end_all(pledge, _of_citizen(author), at)
        new = Assessment(pledge=pledge, author=author, progress=progress, achievement=achievement, by_owner=True)
        return _keep(new, words, contact, instead_of=Q(by_owner=True), at=at)


def withdraw_assessment(*, pledge: Pledge, author: User, at: datetime) -> bool:
    """Let an account's assessment of a pledge end; a delegate's withdraws the self-assessment, whoever wrote it. Return whether there was one.

    It stays as history and counts no longer. Raises accounts.services.TooMany.
    """
    with transaction.atomic():
        _count_use(author, at)
        pledge = _standing(pledge)
        own = _of_citizen(author)
        if speaks_for(author, pledge.politician_id):
            own |= Q(by_owner=True)
        return _end_all(pledge, own, at)


def end_assessments_of_delegates(*, at: datetime) -> int:
    """Let those assessments end that were made by somebody who speaks for the pledge's politician by now; return how many.

    Who becomes a delegate may have judged before, as a citizen.
    """
    by_delegate = Q(by_owner=False, pledge__politician__delegates__user=F("author"))
    # Said twice, so that the few delegates are where the database begins and not the many assessments.
    by_delegate &= Q(author__in=Delegate.objects.values("user"))
    ended = 0
    for assessment in list(Assessment.objects.filter(by_delegate, current=True).select_related("pledge")):
        with transaction.atomic():
            ended += _end_all(assessment.pledge, Q(pk=assessment.pk), at)
    return ended


def _count_use(author: User, at: datetime) -> None:
    count_use({f"account:{author.pk}": settings.RATE_ASSESSMENTS_PER_ACCOUNT}, at=at)


def _standing(pledge: Pledge) -> Pledge:
    """The pledge, or the one into which it was merged since it was read; it is merged no more until the end of the transaction."""
    pk = standing_pledge(pledge.pk)
    return pledge if pk == pledge.pk else Pledge.objects.get(pk=pk)


def _of_citizen(author: User) -> Q:
    return Q(author=author, by_owner=False)


def _keep(new: Assessment, words: Words, contact: str, *, instead_of: Q, at: datetime) -> Assessment:
    tally = _lock_tally(new.pledge, at)
    earlier = Assessment.objects.filter(instead_of, pledge=new.pledge, current=True).first()
    same_words = False
    if earlier is not None:
        same_words = words == _words_of(earlier)
        if same_words and (earlier.progress, earlier.achievement) == (new.progress, new.achievement):
            return earlier
    if words != Words("", ()) and not same_words:
        refuse_banned(account=new.author, at=at)
        contact = ask_contact([new.pledge.politician_id], contact, at)
    else:
        contact = ""
    if earlier is not None:
        _end(earlier, at)
    new.comment, new.worded, new.made_at = words.comment, words != Words("", ()), at
    _wait_for_approval(new, earlier if same_words else None)
    new.save(force_insert=True)
    keep_contact(new, contact, by=new.author, at=at)
    if same_words and earlier is not None:
        hand_on_contact(earlier, new)
    AssessmentLink.objects.bulk_create(
        AssessmentLink(assessment=new, number=number, title=link.title, url=link.url)
        for number, link in enumerate(words.links, 1)
    )
    _save(tally.replace(earlier, new), at)
    return new


def _wait_for_approval(new: Assessment, as_before: Assessment | None) -> None:
    """Let new words wait for a person; the same words as before keep their place in the queue or the decision made on them."""
    new.submitted_at = new.made_at
    if not new.worded:
        new.state = Assessment.State.APPROVED
    elif as_before is not None:
        for column in ("state", "submitted_at", "decided_at", "decided_by_id", "decision_reason", "decision_note"):
            setattr(new, column, getattr(as_before, column))


def _words_of(assessment: Assessment) -> Words:
    links = assessment.links.order_by("number").values_list("title", "url") if assessment.worded else ()
    return Words(assessment.comment, tuple(Link(*link) for link in links))


def _end_all(pledge: Pledge, which: Q, at: datetime) -> bool:
    """Let the current assessments of a pledge end that are meant."""
    if not Assessment.objects.filter(which, pledge=pledge, current=True).exists():
        return False
    tally = _lock_tally(pledge, at)
    ended = list(Assessment.objects.filter(which, pledge=pledge, current=True))
    for assessment in ended:
        _end(assessment, at)
        tally.replace(assessment, None)
    if ended:
        _save(tally, at)
    return bool(ended)


def _end(assessment: Assessment, at: datetime) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(current=False, ended_at=at)


def _lock_tally(pledge: Pledge, at: datetime) -> AssessmentTally:
    """Return the tally, which nobody else changes until the end of the transaction; one that is missing is counted anew."""
    tally, made = AssessmentTally.objects.select_for_update().get_or_create(pledge=pledge, defaults={"changed_at": at})
    if made and (counts := counts_of([pledge.pk], ASSESSMENTS).get(pledge.pk)):
        for column, count in counts.items():
            setattr(tally, column, count)
        tally.save()
    return tally


def _save(tally: AssessmentTally, at: datetime) -> None:
    tally.changed_at = at
    tally.save()
