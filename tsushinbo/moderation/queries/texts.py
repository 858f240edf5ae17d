"""Every kind of text that is looked at, and single ones of them. The kinds are found in Django's registry: a room adds one by extending Reviewable."""

from functools import cache

from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from tsushinbo.accounts.models import User
from tsushinbo.moderation.models import Deed, LogEntry, Reviewable

AGAINST = {Reviewable.State.REJECTED: Deed.REJECT, Reviewable.State.HIDDEN: Deed.HIDE}


@cache
def kinds() -> tuple[type[Reviewable], ...]:
    """Every model that extends Reviewable, in the order of their names."""
    found = [model for model in apps.get_models() if issubclass(model, Reviewable)]
    return tuple(sorted(found, key=lambda model: model._meta.label_lower))


def kind_named(name: str) -> type[Reviewable] | None:
    """The model of that name (``comments.comment``), if it is one of the kinds."""
    return next((kind for kind in kinds() if kind._meta.label_lower == name), None)


def may_decide(user: User | AnonymousUser, kind: type[Reviewable]) -> bool:
    """Whether a person may decide on this kind of text. Whoever may change it in the admin may, though nobody rewrites it."""
    return user.has_perm(f"{kind._meta.app_label}.change_{kind._meta.model_name}")


def kinds_for(user: User | AnonymousUser) -> list[type[Reviewable]]:
    """The kinds on which a person may decide."""
    return [kind for kind in kinds() if may_decide(user, kind)]


def find_text(name: str, number: int) -> Reviewable | None:
    """One text of a kind with all that the desk reads of it; None for what is gone or never was."""
    kind = kind_named(name)
    return kind.for_desk().filter(pk=number).first() if kind is not None else None


def last_decision(item: Reviewable) -> LogEntry | None:
    """The entry of the decision by which a text is not shown; None where nothing was decided against it, or before there was a record."""
    deed = AGAINST.get(Reviewable.State(item.state))
    if deed is None:
        return None
    entries = LogEntry.objects.filter(kind=item.kind, subject_id=item.pk, deed__in=AGAINST.values())
    entry = entries.order_by("-at", "-pk").first()
    return entry if entry is not None and entry.deed == deed and entry.at == item.decided_at else None


def history(item: Reviewable) -> list[LogEntry]:
    """What was done about a text, the newest first."""
    entries = LogEntry.objects.filter(kind=item.kind, subject_id=item.pk)
    return list(entries.select_related("actor").order_by("-at", "-pk")[:50])
