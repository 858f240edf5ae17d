"""Who else writes in a politician's name: invited by the holder of a verified account, each with a login of their own."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from tsushinbo.accounts.models import User
from tsushinbo.accounts.services import count_use
from tsushinbo.claims.domains import read_address
from tsushinbo.claims.errors import (
    AlreadyClaimed,
    ClaimRefused,
    InvitationGone,
    InvitedElsewhere,
    NotTheHolder,
    TeamFull,
)
from tsushinbo.claims.models import Invitation
from tsushinbo.claims.queries.claims import verified_claim
from tsushinbo.claims.queries.teams import TEAM_LIMIT, holds, open_invitations, token_of
from tsushinbo.claims.services.deciding import dissolve_team
from tsushinbo.claims.services.mailing import mail
from tsushinbo.claims.services.steps import lock_politician, tell_office
from tsushinbo.notices.models import Kind
from tsushinbo.notices.services import tell
from tsushinbo.people.models import Delegate, Politician
from tsushinbo.people.services import AlreadyADelegate, record_delegate, remove_delegate

INVITATION_LIVES = timedelta(days=7)


def invite(*, politician: Politician, by: User, address: str, link: str, at: datetime) -> Invitation:
    """Mail an invitation to the team. link: the address of its page with ``TOKEN`` where the token belongs.

    Raises NotTheHolder, TeamFull, ClaimRefused with a message for the field, and accounts.services.TooMany.
    """
    parts = read_address(address)
    with transaction.atomic():
        count_use({f"invite:{by.pk}": settings.RATE_CLAIMS_PER_ACCOUNT * 2}, at=at)
        _lock(politician, by)
        if parts is None:
            raise ClaimRefused(
                {"address": "メールアドレスの形になっていません。「名前@example.jp」の形で入力してください。"}
            )
        mailbox = "@".join(parts).lower()
        waiting = open_invitations(politician, at)
        if waiting.filter(address=mailbox).exists():
            raise ClaimRefused({"address": "このアドレスには、すでに招待を送っています。"})
        if Delegate.objects.filter(politician=politician).count() + waiting.count() >= TEAM_LIMIT:
            raise TeamFull
        # One that is over but was not swept away yet would stand in the way.
        Invitation.objects.filter(
            politician=politician, address=mailbox, accepted_at=None, withdrawn_at=None, expires_at__lte=at
        ).delete()
        invitation = Invitation.objects.create(
            politician=politician, address=mailbox, invited_by=by, invited_at=at, expires_at=at + INVITATION_LIVES
        )
        context = {
            "politician": politician,
            "link": link.replace("TOKEN", token_of(invitation)),
            "days": INVITATION_LIVES.days,
        }
        mail("invitation", to=mailbox, context=context, at=at)
        return invitation


def withdraw_invitation(*, invitation: Invitation, by: User, at: datetime) -> None:
    """Make the link of an invitation worthless. Raises NotTheHolder and InvitationGone."""
    with transaction.atomic():
        _lock(invitation.politician, by)
        waiting = open_invitations(invitation.politician, at).filter(pk=invitation.pk)
        if not waiting.update(withdrawn_at=at, address=""):
            raise InvitationGone


def accept(*, invitation: Invitation, user: User, at: datetime) -> Delegate:
    """Join the team, as the account that confirmed the invited address. Works once.

    Raises InvitationGone, also where who invited holds the office no longer, InvitedElsewhere and AlreadyClaimed.
    """
    with transaction.atomic():
        locked = Invitation.objects.select_for_update(of=("self",)).select_related("politician", "invited_by")
        found = locked.filter(pk=invitation.pk).first()
        if found is None or not found.is_open(at) or not holds(found.invited_by, found.politician):
            raise InvitationGone
        if not EmailAddress.objects.filter(user=user, email__iexact=found.address, verified=True).exists():
            raise InvitedElsewhere
        try:
            delegate = record_delegate(
                user=user,
                politician=found.politician,
                recorded_by=found.invited_by,
                role=Delegate.Role.TEAM,
                at=at,
            )
        except AlreadyADelegate as known:
            raise AlreadyClaimed from known
        found.accepted_at, found.accepted_by, found.address = at, user, ""
        found.save()
        title = f"{user.public_name}さんが{found.politician.name}さんのメンバーになりました"
        tell_office(found.politician, title, spare=[user.pk], at=at)
        return delegate


def remove_member(*, delegate: Delegate, by: User, at: datetime) -> None:
    """Let a member of the team write in the politician's name no longer; what was written stays. Raises NotTheHolder.

    The holder of a verified account is removed by moderators alone, or gives it up.
    """
    with transaction.atomic():
        _lock(delegate.politician, by)
        if delegate.role != Delegate.Role.TEAM:
            raise NotTheHolder("代表のアカウントは、ここでは外せません。")
        title = f"{delegate.politician.name}さんのメンバーから外れました"
        url = delegate.politician.get_absolute_url()
        remove_delegate(delegate, by=by, at=at)
        tell(users=[delegate.user_id], kind=Kind.CLAIM, title=title, url=url, at=at)


def leave(*, delegate: Delegate, at: datetime) -> None:
    """Give up writing in the politician's name: a member of the team, or a holder whom staff recorded without a claim.

    Where no holder is left, nobody of the team writes either. Raises NotTheHolder for one whose claim was verified: who ends the verification.
    """
    with transaction.atomic():
        user, politician = delegate.user, delegate.politician
        if verified_claim(user, politician) is not None:
            raise NotTheHolder("代表のアカウントは、本人確認のページから返上してください。")
        title = (
            f"{user.public_name}さんが{'代表' if delegate.role == Delegate.Role.HOLDER else 'メンバー'}から外れました"
        )
        remove_delegate(delegate, by=user, at=at)
        tell_office(politician, title, at=at)
        dissolve_team(politician.pk, by=user, at=at)


def _lock(politician: Politician, by: User) -> None:
    """Let the changes of one team follow each other, and refuse who does not hold it."""
    lock_politician(politician.pk)
    rows = Delegate.objects.select_for_update(of=("self",)).filter(politician=politician, user=by)
    if not rows.filter(role=Delegate.Role.HOLDER).exists():
        raise NotTheHolder
