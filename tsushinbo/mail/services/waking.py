"""Sending at once what somebody waits for: a thread of the process that took it in, so that the answer waits for no mail server.

At most one a process. It ends when nothing urgent is due. Whatever becomes of it, the row stays and the worker's rounds see it.
"""

import logging
import threading

from django.db import connection
from django.utils import timezone

from tsushinbo.mail.services.delivery import deliver_due

logger = logging.getLogger(__name__)
_lock = threading.Lock()
_running = False
_again = False


def wake() -> None:
    """See to it that what is urgent is sent now."""
    global _running, _again
    with _lock:
        if _running:
            _again = True
            return
        _running = True
    threading.Thread(target=_send, name="mail", daemon=True).start()


def _send() -> None:
    global _running, _again
    while True:
        try:
            deliver_due(at=timezone.now(), urgent_only=True)
        except Exception:
            # An outermost door: the worker's next round tries again.
            logger.exception("mail could not be sent at once; the worker goes on with it")
        finally:
            connection.close()
        with _lock:
            if not _again:
                _running = False
                return
            _again = False
