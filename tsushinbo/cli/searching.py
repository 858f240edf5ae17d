"""``tsushinbo search``: how the index of the search stands, and to make it anew."""

from django.utils import timezone

from tsushinbo.cli.output import say
from tsushinbo.search import services, state


def show() -> int:
    """Say what there is and what waits."""
    for kind, documents in state.counts().items():
        say(f"{kind.value}: {documents:,} documents")
    now = timezone.now()
    waiting = state.waiting(now)
    since = f", the oldest since {(now - waiting.since).total_seconds():,.0f} s" if waiting.since else ""
    say(f"{waiting.changes:,} changes wait to be looked at{since}")
    return 0


def rebuild() -> int:
    """Make documents and index anew while the site serves, and say how far it is."""
    services.catch_up()
    services.rebuild(say)
    services.catch_up()
    say("The search is made anew.")
    return 0
