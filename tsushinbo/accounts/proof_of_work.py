"""Proof of work (計算による確認): a browser computes for a moment before it may send something, so that sending very many costs something.

Nobody is asked anything and nothing is told to a third party. A challenge is a signed text with its purpose, its bits and the time until which it is good;
nothing is stored for it. A browser looks for ``PARTS`` numbers, so that luck evens out: each, derived with the challenge by PBKDF2, must give a key that begins
with ``bits`` - 2 zeros in binary. 2 to the power of ``bits`` derivations are to be expected in all. PBKDF2 is what browsers have built in, at the speed of other programs.
A solution is good once: what was spent is counted among the uses (RateCount), and thrown away with them.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import connection

from tsushinbo.accounts.services import COUNT_ONE_MORE
from tsushinbo.errors import RuleBroken

# What templates and views call the field with the answer, and the one that says that the browser gives none.
ANSWER_FIELD = "work"
WITHOUT_FIELD = "without_work"
# What they cost a computer and a cheap phone was measured (decision 0017, `python -m bench work`); above MOST_BITS people would be shut out.
LEAST_BITS = 4
MOST_BITS = 11
PARTS = 4
# Enough that a derivation takes a browser longer than asking for it does, few enough that to check four of them takes the server two milliseconds.
ROUNDS = 2000
LIVES = timedelta(minutes=10)
# The bits of the parts together: 2 to the power of them is PARTS.
_BITS_OF_PARTS = PARTS.bit_length() - 1
_KEY_BITS = 64
_LONGEST_NUMBER = 12


class WorkNeeded(RuleBroken):
    """What was sent takes work first. ``bits``: how much to ask for with the form that goes back."""

    def __init__(self, bits: int) -> None:
        self.bits = bits
        super().__init__()


class WorkAsked(WorkNeeded):
    """A browser that can compute has not done so yet: nothing is wrong."""

    message = "短い時間に評価や投稿が集中しています。端末で確認の計算をしてから受け付けます。"


class WorkRefused(WorkNeeded):
    """An answer to a challenge that does not do. What was sent is to be asked for again, with a new challenge."""

    message = "計算による確認ができませんでした。もう一度お送りください。"


class WorkForged(WorkRefused):
    """It is no challenge of ours, or one for something else."""


class WorkTooOld(WorkRefused):
    """The challenge is over."""

    message = "計算による確認の期限が過ぎました。もう一度お送りください。"


class WorkTooLittle(WorkRefused):
    """The numbers are wrong, or of a challenge with fewer bits than are asked for now."""


class WorkSpent(WorkRefused):
    """The same answer came before."""

    message = "この計算の結果は、すでに使われています。もう一度お送りください。"


@dataclass(frozen=True)
class Challenge:
    """What a browser has to solve, as the template accounts/_work.html gives it to the script."""

    token: str
    bits: int
    parts: int
    rounds: int

    @property
    def part_bits(self) -> int:
        """Zeros that the key of each part begins with."""
        return self.bits - _BITS_OF_PARTS


def asked(bits: int) -> int:
    """How many bits to ask for where the site would ask for so many: at least LEAST_BITS, at most MOST_BITS, and 0 where nothing is asked."""
    if bits <= 0 or not settings.PROOF_OF_WORK:
        return 0
    return min(max(bits, LEAST_BITS), MOST_BITS)


def challenge(purpose: str, bits: int, at: datetime) -> Challenge:
    """Make a challenge for this purpose. It is good for LIVES, and only for this purpose."""
    bits = min(max(bits, LEAST_BITS), MOST_BITS)
    until = int((at + LIVES).timestamp())
    return Challenge(_signer(purpose).sign(f"{bits}.{until}.{secrets.token_urlsafe(12)}"), bits, PARTS, ROUNDS)


def answer_in(sent: Mapping[str, str], *, scripted: bool) -> str | None:
    """The answer that came with a form; "" from a browser with script, which can be given a challenge, None from one without or whose user would not wait."""
    if WITHOUT_FIELD in sent:
        return None
    return sent.get(ANSWER_FIELD) or ("" if scripted else None)


def is_done(purpose: str, answer: str | None, bits: int, at: datetime) -> bool:
    """Whether the work was done that ``bits`` asks for; False for what came without (None), of which the room says what becomes of it.

    To be called inside the transaction of the deed, as ``check``. Raises WorkAsked where there is no answer yet (""), else as ``check`` does.
    """
    if not bits:
        return True
    if answer is None:
        return False
    if not answer:
        raise WorkAsked(bits)
    check(purpose, answer, bits, at)
    return True


def check(purpose: str, answer: str, bits: int, at: datetime) -> None:
    """Accept an answer (the challenge's token and its numbers, with commas between) once; nothing is asked where ``bits`` is 0.

    To be called inside the transaction of the deed: where the deed fails, the answer is not spent. Raises WorkForged, WorkTooOld, WorkTooLittle, WorkSpent.
    """
    bits = asked(bits)
    if not bits:
        return
    token, *numbers = answer.split(",")
    try:
        said_bits, said_until, _ = _signer(purpose).unsign(token).split(".")
    except BadSignature:
        raise WorkForged(bits) from None
    until = int(said_until)
    if at.timestamp() > until:
        raise WorkTooOld(bits)
    if int(said_bits) < bits or len(numbers) != PARTS:
        raise WorkTooLittle(bits)
    zeros = int(said_bits) - _BITS_OF_PARTS
    if not all(_is_solved(token, part, number, zeros) for part, number in enumerate(numbers)):
        raise WorkTooLittle(bits)
    if not _spend(token, until):
        raise WorkSpent(bits)


def solve(made: Challenge) -> str:
    """Solve a challenge as the script does, for tests and for programs that may send something."""
    numbers = []
    for part in range(made.parts):
        number = 0
        while not _is_solved(made.token, part, str(number), made.part_bits):
            number += 1
        numbers.append(str(number))
    return ",".join([made.token, *numbers])


def _signer(purpose: str) -> Signer:
    return Signer(salt=f"tsushinbo.work.{purpose}")


def _is_solved(token: str, part: int, number: str, zeros: int) -> bool:
    if not (number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER):
        return False
    key = hashlib.pbkdf2_hmac("sha256", token.encode(), f"{part}:{number}".encode(), ROUNDS, _KEY_BITS // 8)
    return int.from_bytes(key) >> (_KEY_BITS - zeros) == 0


def _spend(token: str, until: int) -> bool:
    """Count the use; say whether it was the first. The row is thrown away when the window in which the challenge ends is over."""
    subject = f"work:{hashlib.blake2b(token.encode(), digest_size=16).hexdigest()}"
    window = until - until % settings.RATE_WINDOW_SECONDS
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ONE_MORE.format(rows="(%s, %s, 1)"), [window, subject])
        count: int = cursor.fetchone()[1]
    return count == 1
