"""What a claimant does: open a claim, prove it in one of three ways, take it back.

The claim is locked first, so that guesses of a code follow each other. A wrong guess is written before it is refused: it counts whatever
becomes of the answer.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from tsushinbo.accounts.models import User
from tsushinbo.accounts.services import count_use
from tsushinbo.claims.domains import fitting
from tsushinbo.claims.errors import AlreadyClaimed, ClaimMoved, ClaimRefused, CodeGone, TooManyCodes, WrongCode
from tsushinbo.claims.models import Checker, Claim, ClaimCode, Way
from tsushinbo.claims.queries import links_of, others_on
from tsushinbo.claims.services.granting import grant
from tsushinbo.claims.services.mailing import mail
from tsushinbo.claims.services.steps import lock, lock_politician, move, tell_claimant, tell_office
from tsushinbo.people.models import Delegate, Politician

CODE_DIGITS = 8
CODE_TRIES = 5
CODE_LIVES = timedelta(minutes=30)
# Of one account, and to one mailbox whoever asks: an office must not be flooded in our name.
CODES_A_DAY = 5
ONE_DAY = timedelta(days=1)
# What can be told apart on the telephone and on paper.
TOKEN_SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # noqa: S105 - the letters, not a secret
NOT_OFFICIAL = (
    "このアドレスでは確認できません。役所・議会・国会のドメイン（lg.jp、go.jpなど）か、この政治家の公式ページとして登録されている"
    "ドメインのアドレスを入れてください。フリーメールや、SNS・ブログのサービスのアドレスは使えません。"
)


def open_claim(
    *,
    politician: Politician,
    user: User,
    claimant: Claim.Claimant,
    position: str = "",
    statement: str = "",
    at: datetime,
) -> Claim:
    """Take the word of an account that it is the politician's; nothing follows from it until it is proved.

    position: in the office. statement: why, where another account speaks for the politician already. Raises AlreadyClaimed, ClaimRefused
    and accounts.services.TooMany.
    """
    with transaction.atomic():
        count_use({f"claim:{user.pk}": settings.RATE_CLAIMS_PER_ACCOUNT}, at=at)
        # Two requests of one account follow each other; the constraint is the last word.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        alive = Claim.objects.filter(user=user, politician=politician, state__in=Claim.ALIVE)
        speaks = Delegate.objects.filter(user=user, politician=politician, role=Delegate.Role.HOLDER)
        if alive.exists() or speaks.exists():
            raise AlreadyClaimed
        taken = Delegate.objects.filter(politician=politician).exclude(user=user).exists()
        if taken and not statement:
            raise ClaimRefused(
                {"statement": "すでに本人確認を受けたアカウントがあります。申請する事情を書いてください。"}
            )
        claim = Claim(
            politician=politician,
            user=user,
            claimant=claimant,
            position=position if claimant == Claim.Claimant.OFFICE else "",
            statement=statement if taken else "",
            token="".join(secrets.choice(TOKEN_SIGNS) for _ in range(8)),
            opened_at=at,
        )
        move(claim, Claim.State.OPEN, by=user, at=at)
        return claim


def send_code(*, claim: Claim, address: str, at: datetime) -> ClaimCode:
    """Mail a code to an address on an official domain; one that was mailed before for this claim fits no longer.

    Raises ClaimRefused where the address may prove nothing, ClaimMoved, TooManyCodes and accounts.services.TooMany.
    """
    with transaction.atomic():
        count_use({f"claim-code:{claim.user_id}": settings.RATE_CLAIMS_PER_ACCOUNT * 4}, at=at)
        claim = lock(claim)
        if not claim.is_open:
            raise ClaimMoved
        fit = fitting(address, links_of(claim.politician))
        if fit is None:
            raise ClaimRefused({"address": NOT_OFFICIAL})
        mailbox = _hash("address", fit.mailbox)
        lately = ClaimCode.objects.filter(sent_at__gt=at - ONE_DAY)
        if max(lately.filter(user=claim.user_id).count(), lately.filter(address_hash=mailbox).count()) >= CODES_A_DAY:
            raise TooManyCodes
        claim.codes.filter(tries_left__gt=0).update(tries_left=0)
        digits = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        code = ClaimCode.objects.create(
            claim=claim,
            user_id=claim.user_id,
            address_hash=mailbox,
            code_hash=_hash_of_code(claim, digits),
            domain=fit.domain,
            own=fit.own,
            tries_left=CODE_TRIES,
            sent_at=at,
            expires_at=at + CODE_LIVES,
        )
        # Moderators must see the address where the domain alone does not say whose it is.
        claim.way, claim.proof, claim.address = Way.CODE, fit.domain, "" if fit.own else fit.text
        move(claim, Claim.State.CODE_SENT, by=claim.user, at=at, words=fit.domain)
        context = {
            "code": f"{digits[:4]} {digits[4:]}",
            "politician": claim.politician,
            "minutes": CODE_LIVES.seconds // 60,
        }
        mail("code", to=fit.text, context=context, at=at)
        return code


def enter_code(*, claim: Claim, digits: str, at: datetime) -> Claim:
    """Prove the claim by the code that was mailed. It verifies at once where the domain is the politician's own and nobody else is there.

    Raises WrongCode, which uses up one of CODE_TRIES, CodeGone, ClaimMoved and accounts.services.TooMany.
    """
    with transaction.atomic():
        count_use({f"claim-code:{claim.user_id}": settings.RATE_CLAIMS_PER_ACCOUNT * 4}, at=at)
        claim = lock(claim)
        if claim.state != Claim.State.CODE_SENT:
            raise ClaimMoved
        code = claim.codes.filter(tries_left__gt=0, expires_at__gt=at).order_by("-sent_at", "-pk").first()
        if code is None:
            raise CodeGone
        code.tries_left -= 1
        fits = constant_time_compare(code.code_hash, _hash_of_code(claim, digits))
        if fits:
            code.tries_left = 0
        code.save(update_fields=["tries_left"])
        if fits:
            # Of two who prove it in one moment the second must see the first.
            lock_politician(claim.politician_id)
            claim.proved_at = at
            if code.own and not others_on(claim):
                grant(claim, checker=Checker.SITE, by=None, at=at)
            else:
                _ask_moderators(claim, at)
    if not fits:
        raise WrongCode(code.tries_left)
    return claim


def submit_page(*, claim: Claim, way: Way, url: str, at: datetime) -> Claim:
    """Ask moderators to look: at the page that shows the token (PAGE), or to call the number that a page shows (CALL).

    Raises ClaimMoved and accounts.services.TooMany.
    """
    if way not in {Way.PAGE, Way.CALL}:
        raise ValueError(way)
    with transaction.atomic():
        count_use({f"claim:{claim.user_id}": settings.RATE_CLAIMS_PER_ACCOUNT}, at=at)
        claim = lock(claim)
        if not claim.is_open:
            raise ClaimMoved
        claim.codes.update(tries_left=0)
        lock_politician(claim.politician_id)
        claim.way, claim.proof, claim.proved_at, claim.address = way, url, at, ""
        _ask_moderators(claim, at)
        return claim


def withdraw_claim(*, claim: Claim, at: datetime) -> None:
    """Take back a claim that nobody decided yet. Raises ClaimMoved."""
    with transaction.atomic():
        claim = lock(claim)
        if not claim.is_open and not claim.is_at_desk:
            raise ClaimMoved
        claim.codes.update(tries_left=0)
        move(claim, Claim.State.WITHDRAWN, by=claim.user, at=at)


def _ask_moderators(claim: Claim, at: datetime) -> None:
    claim.contested = others_on(claim)
    move(claim, Claim.State.DISPUTED if claim.contested else Claim.State.WAITING, by=claim.user, at=at)
    tell_claimant(claim, f"{claim.politician.name}さんの本人確認の申請を受け付けました", at=at)
    if claim.contested:
        title = f"{claim.politician.name}さんの本人確認に、別の申請がありました。運営が確認します"
        tell_office(claim.politician, title, spare=[claim.user_id], at=at)


def _hash(purpose: str, text: str) -> str:
    return salted_hmac(f"tsushinbo.claims.{purpose}", text, algorithm="sha256").hexdigest()


def _hash_of_code(claim: Claim, digits: str) -> str:
    return _hash("code", f"{claim.pk}:{digits}")
