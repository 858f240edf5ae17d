"""What the answers to ballots and assessments have in common."""

from django.http import HttpResponseRedirect

from tsushinbo.accounts.services import TooMany

BUSY_RETRY_SECONDS = 5
BUSY = "いまは混み合っていて、評価を記録できませんでした。少し待ってから、もう一度お送りください。入力した内容は残っています。"


class SeeOther(HttpResponseRedirect):
    """303: look there, by GET."""

    status_code = 303


def later(refusal: TooMany) -> str:
    """Say when it may be tried again."""
    return f"{refusal.message}約{-(-refusal.retry_after // 60)}分たってから、もう一度お送りください。入力した内容は残っています。"
