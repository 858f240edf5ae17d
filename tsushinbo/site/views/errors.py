"""Refusals and faults, each a page that says what happened and what to do next."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def _page(request: HttpRequest, status: int, title: str, what: str, then: str) -> HttpResponse:
    response = render(
        request, "site/error.html", {"status": status, "title": title, "what": what, "then": then}, status=status
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself is broken."""
    return _page(
        request,
        400,
        "読み取れないアドレスです",
        "アドレスか送られた内容が長すぎるか、読み取れない文字が含まれています。",
        "アドレスを確かめるか、名前や言葉で検索してください。",
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not allowed, or a form that came from another site."""
    return _page(
        request,
        403,
        "この操作はできません",
        "ほかのサイトから送られた内容か、許可されていない操作のため、受け付けませんでした。",
        "このサイトの画面を開き直して、もう一度お試しください。担当者の画面は、担当のアカウントだけで開けます。",
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of Django's own check: a form without its token. The same page as any other refusal, whatever the reason."""
    return forbidden(request)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing at this address."""
    return _page(
        request,
        404,
        "ページが見つかりません",
        "このアドレスのページはありません。移動したか、アドレスが間違っている可能性があります。",
        "名前や言葉で検索するか、一覧からお探しください。",
    )


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    """405: the address is right, the way of asking is not."""
    return _page(
        request,
        405,
        "この送り方には対応していません",
        "このアドレスは、ほかの方法で開く必要があります。",
        "トップページから、目的の画面をお開きください。",
    )


def too_many(request: HttpRequest, *, message: str, retry_after: int) -> HttpResponse:
    """429: too often; ``retry_after`` in seconds."""
    minutes = -(-retry_after // 60)
    response = _page(
        request,
        429,
        "回数が多すぎます",
        message,
        f"約{minutes}分たってから、もう一度お試しください。入力した内容は記録されていません。",
    )
    response.headers["Retry-After"] = str(retry_after)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500, our fault; or 503, when the database is away or busy for too long and the same may work in a moment.

    Rendered without the request, as whatever failed may fail again. Django calls it while the exception is being handled.
    """
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        response = _plain(
            503,
            "いまは表示できません",
            "データの置き場所につながらないか、混み合っています。",
            "少し待ってから、もう一度お試しください。",
        )
        response.headers["Retry-After"] = "10"
        return response
    return _plain(
        500,
        "サイトの不具合で表示できません",
        "サイトの側で問題が起きました。受け付け済みの評価や投稿は失われていません。",
        "少し待ってから、もう一度お試しください。",
    )


def _plain(status: int, title: str, what: str, then: str) -> HttpResponse:
    context = {"status": status, "title": title, "what": what, "then": then, "version": settings.VERSION}
    return HttpResponse(
        render_to_string("site/error.html", context), status=status, headers={"Cache-Control": "no-store"}
    )
