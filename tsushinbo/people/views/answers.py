"""What the pages of this room share."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tsushinbo.errors import RuleBroken
from tsushinbo.moderation import answers
from tsushinbo.moderation.answers import Refusal
from tsushinbo.moderation.services import Banned

BUSY = "いまは保存できませんでした。少し待ってから、もう一度お送りください。"


def status_of(refusal: RuleBroken | Refusal) -> int:
    """The status of a page that says why nothing was recorded."""
    if isinstance(refusal, Refusal):
        return refusal.status
    return HTTPStatus.FORBIDDEN if isinstance(refusal, Banned) else HTTPStatus.CONFLICT


def private(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    status: int = HTTPStatus.OK,
    refusal: RuleBroken | Refusal | None = None,
) -> HttpResponse:
    """A page that nobody keeps; it says when to try again."""
    response = render(request, template, {"section": "politicians", **context}, status=status)
    return answers.private(response, refusal)
