"""What machines ask for."""

import logging

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from tsushinbo.mail.queries import queue_state

logger = logging.getLogger(__name__)


@csrf_exempt
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Liveness: the process answers. It asks no database: a slow disk is no reason to restart the process."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


@csrf_exempt
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Readiness: 503 while the database is away. How the worker does is told and changes no status: pages can be served without it."""
    now = timezone.now()
    try:
        queue = queue_state(now)
    except (DatabaseError, InterfaceError):
        logger.exception("the database does not answer")
        lines, status = ["database away"], 503
    else:
        worker = "late" if queue.is_late(now) else "ok"
        lines = ["database ok", f"worker {worker}", f"mail waiting {queue.waiting} failing {queue.faulty}"]
        status = 200
    text = "".join(f"{line}\n" for line in lines)
    return HttpResponse(
        text, status=status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
    )
