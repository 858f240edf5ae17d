"""Writes of what members propose about people, and what comes of an approval."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from tsushinbo import addresses
from tsushinbo.accounts.models import User
from tsushinbo.accounts.services import count_use
from tsushinbo.addresses import derived_id
from tsushinbo.japanese.folding import fold
from tsushinbo.moderation.services import refuse_banned
from tsushinbo.people.errors import (
    AlreadyProposed,
    CorrectAgain,
    NamesakesUnseen,
    NothingCorrected,
    NotTheAuthor,
    PersonGone,
    PersonInUse,
    PersonMoved,
)
from tsushinbo.people.facts import LINK, TERM, of_term, split
from tsushinbo.people.missing import Change, Missing
from tsushinbo.people.models import Area, Constituency, FactCorrection, OfficialLink, PersonProposal, Politician, Term
from tsushinbo.people.queries.proposals import facts_of, near_names, waiting_corrections
from tsushinbo.people.services.corrections import drop_needless, record_correction
from tsushinbo.people.services.politicians import PersonFact, keep_people, restate_person
from tsushinbo.people.services.terms import TermRow, keep_terms, restate_terms, said_of

PENDING, Wish = PersonProposal.State.PENDING, PersonProposal.Wish
SCHEME = "proposal"
OFFICIAL_SITE = "公式サイト"
SOURCE = "編集者が確かめた出典"


def propose_missing(*, author: User, missing: Missing, source_url: str, reason: str, at: datetime) -> PersonProposal:
    """Lay a politician who is missing before the editors. Raises AlreadyProposed, moderation's Banned and accounts.services.TooMany."""
    with transaction.atomic():
        _admit(author, at)
        waiting = PersonProposal.objects.filter(author=author, state=PENDING, wish=Wish.MISSING)
        if any(
            (fold(said["name"]), said["office"]) == (fold(missing.name), missing.office)
            for said in waiting.values_list("content", flat=True)
        ):
            raise AlreadyProposed
        return PersonProposal.objects.create(
            wish=Wish.MISSING,
            author=author,
            content=missing.kept,
            source_url=source_url,
            reason=reason,
            submitted_at=at,
        )


def propose_correction(
    *, politician: Politician, author: User, changes: Sequence[Change], source_url: str, reason: str, at: datetime
) -> PersonProposal:
    """Lay a correction before the editors, in place of one by the same member that waits.

    Raises NothingCorrected, PersonGone, PersonMoved, moderation's Banned and accounts.services.TooMany.
    """
    with transaction.atomic():
        _admit(author, at)
        # Before the politician, as an approval does; what is decided at this moment is waited for, and then waits no more.
        proposal = waiting_corrections(author, politician).select_for_update(of=("self",)).first()
        politician = _lock(politician.pk)
        if not changes:
            raise NothingCorrected
        _current(politician, changes)
        if proposal is None:
            proposal = PersonProposal(wish=Wish.CORRECTION, author=author, politician=politician)
        proposal.content = {"changes": [change.kept for change in changes]}
        proposal.source_url, proposal.reason, proposal.submitted_at = source_url, reason, at
        proposal.save()
        return proposal


def withdraw_proposal(*, proposal: PersonProposal, author: User) -> None:
    """Take an own proposal back that nobody decided yet. Raises NotTheAuthor."""
    with transaction.atomic():
        waiting = PersonProposal.objects.filter(pk=proposal.pk, author=author, state=PENDING)
        # Corrections point at proposals, so Django reads the rows before it deletes them: nobody may decide in between.
        if not waiting.select_for_update(of=("self",)).exists():
            raise NotTheAuthor
        waiting.delete()


def forget_unpublished(user: User) -> None:
    """Throw away what an account that is being closed proposed and nobody decided."""
    PersonProposal.objects.filter(author=user, state=PENDING).delete()


def carry_out(*, item: PersonProposal, by: User, at: datetime) -> None:
    """Make the politician, or change the facts, that were approved; called in the transaction of the approval.

    Raises NamesakesUnseen, PersonMoved and PersonGone: then it is not approved and nothing is lost.
    """
    if item.is_correction:
        _correct(item, at)
    else:
        _make(item, at)


def change_sight(*, item: PersonProposal, by: User, at: datetime) -> None:
    """Take a politician that a proposal made from the record while nothing is tied to it, or make it again under the same id.

    Raises CorrectAgain for a correction and PersonInUse.
    """
    if item.is_correction:
        raise CorrectAgain
    if item.state == PersonProposal.State.APPROVED:
        _make(item, at)
    elif item.politician_id is not None:
        politician_id = item.politician_id
        PersonProposal.objects.filter(pk=item.pk).update(politician=None)
        item.politician = None
        _unmake(item, politician_id)


def source_key(item: PersonProposal) -> str:
    """What the record calls the row that a proposal is: outside id of the person, and key of the term."""
    return f"{SCHEME}:{addresses.encode(item.pk)}"


def _make(item: PersonProposal, at: datetime) -> None:
    said, key = Missing.read(item.content), source_key(item)
    _one_at_a_time(said)
    seen = {one["id"] for one in said.others}
    unseen = [one for one in near_names(said.name, said.kana) if addresses.encode(one.pk) not in seen]
    if unseen:
        raise NamesakesUnseen([f"{one.spaced_name}・{words_of(one)}" for one in unseen])
    politician_id = derived_id("politician", key)
    name, kana = split(said.name), split(said.kana)
    person = PersonFact(
        politician_id, leading=True, scheme=SCHEME, value=key, name=name.whole, family_name=name.parts[0], given_name=name.parts[1],
        kana=kana.whole, family_kana=kana.parts[0], given_kana=kana.parts[1],
        link_title=OFFICIAL_SITE if said.link_url else "", link_url=said.link_url,
    )  # fmt: skip
    keep_people([person], at=at)
    term = TermRow(
        key=key, politician_id=politician_id, office=said.office, running=True, area_id=said.area or None,
        prefecture_id=said.prefecture or None, constituency_id=int(said.constituency) if said.constituency else None, tier=said.tier,
        party_id=int(said.party) if said.party else None, group_id=None, role="", backing="", times_elected=None,
        starts_on=said.starts_on, ends_on="", source_title=SOURCE, source_url=item.source_url, dataset_id=None,
        as_of=timezone.localdate(item.submitted_at).isoformat(),
    )  # fmt: skip
    keep_terms([term], at=at)
    PersonProposal.objects.filter(pk=item.pk).update(politician=politician_id)
    item.politician = Politician.objects.get(pk=politician_id)


def _one_at_a_time(said: Missing) -> None:
    """Let approvals for one place follow each other, so that the second sees whom the first made."""
    if said.constituency:
        list(Constituency.objects.select_for_update(no_key=True, of=("self",)).filter(pk=said.constituency))
    else:
        list(Area.objects.select_for_update(no_key=True, of=("self",)).filter(pk=said.area))


def words_of(politician: Politician) -> str:
    """A person's office in a few words, of one that was read with ``known_terms``."""
    terms: list[Term] = getattr(politician, "known_terms", [])
    return terms[0].office_name if terms else "在任の記録なし"


def _correct(item: PersonProposal, at: datetime) -> None:
    assert item.politician_id is not None  # noqa: S101 - the database's own constraint
    politician = _lock(item.politician_id)
    changes = [Change(**change) for change in item.changes]
    terms: set[str] = set()
    current = _current(politician, changes)
    for change in current:
        replaced = change.before
        if change.fact.startswith(LINK):
            _correct_link(politician, change)
        elif change.fact.startswith(TERM):
            key, column = of_term(change.fact)
            row = TermRow._make(Term.objects.values_list(*TermRow._fields).get(key=key))
            replaced = said_of(row, column)
            terms.add(key)
        if change.fact != LINK:
            record_correction(
                politician_id=politician.pk,
                fact=change.fact,
                value=change.after,
                replaced=replaced,
                proposal=item,
                at=at,
            )
    restate_person(politician.pk, at=at)
    restate_terms(terms, at=at)
    drop_needless(politician.pk, [change.fact for change in current])
    Politician.objects.filter(pk=politician.pk).update(changed_at=at)


def _correct_link(politician: Politician, change: Change) -> None:
    links = OfficialLink.objects.filter(politician=politician)
    old = links.filter(url=change.before).first() if change.before else None
    title = old.title if old else OFFICIAL_SITE
    if old is not None:
        old.delete()
    # What came in place of another link before is what imports bring that other link to.
    if change.before:
        FactCorrection.objects.filter(politician=politician, value=change.before, fact__startswith=LINK).update(
            value=change.after
        )
    if change.after:
        links.get_or_create(politician=politician, url=change.after, defaults={"title": title})


def _current(politician: Politician, changes: Sequence[Change]) -> list[Change]:
    """Those of the changes that are still to be made. Raises PersonMoved where a fact is neither as it was read nor as it shall be."""
    now = {fact.key: fact.value for fact in facts_of(politician)}
    moved = [change.label for change in changes if now.get(change.fact) not in {change.before, change.after}]
    if moved:
        raise PersonMoved(moved)
    return [change for change in changes if now[change.fact] != change.after]


def _lock(politician_id: int) -> Politician:
    """The politician, whom nobody else corrects or merges until the end of the transaction. Raises PersonGone."""
    politician = Politician.objects.select_for_update(no_key=True).filter(pk=politician_id, merged_into=None).first()
    if politician is None:
        raise PersonGone
    return politician


def _unmake(item: PersonProposal, politician_id: int) -> None:
    politician = Politician.objects.select_for_update().filter(pk=politician_id, merged_into=None).first()
    if politician is None:
        raise PersonInUse
    key = source_key(item)
    own = {"names", "links"}
    politician.identifiers.filter(scheme=SCHEME, value=key).delete()
    politician.terms.filter(key=key).delete()
    for relation in Politician._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or relation.name in own:
            continue
        if relation.related_model._default_manager.filter(**{relation.field.name: politician}).exists():
            raise PersonInUse
    politician.delete()


def _admit(author: User, at: datetime) -> None:
    refuse_banned(account=author, at=at)
    count_use({f"proposal:{author.pk}": settings.RATE_PROPOSALS_PER_ACCOUNT}, at=at)
