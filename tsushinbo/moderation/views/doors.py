"""Who comes in, with a second factor: moderators and administrators, and editors to the texts that they may decide."""

import re
from collections.abc import Callable
from typing import Concatenate

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tsushinbo.accounts.access import for_roles, member_of
from tsushinbo.accounts.origins import own_forms_only
from tsushinbo.accounts.queries import holds_role
from tsushinbo.accounts.roles import Role
from tsushinbo.moderation.answers import SeeOther

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]
DESK_CRUMB = "モデレーターの机"
# An address of the desk, with what it is narrowed to.
OF_DESK = re.compile(r"/moderation/(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)?/)*(?:\?[\w=&.%+-]*)?", re.ASCII)


def for_moderators[**P](view: View[P]) -> View[P]:
    """Open a view to the desk's people. Its forms carry no token: who sent them is judged by the browser's own headers, as everywhere."""
    return own_forms_only(for_roles(Role.MODERATOR, Role.ADMINISTRATOR)(view))


def for_deciders[**P](view: View[P]) -> View[P]:
    """Open a view to editors too. Which kinds of texts each may decide is a matter of permissions (queries.texts.may_decide)."""
    return own_forms_only(for_roles(Role.EDITOR, Role.MODERATOR, Role.ADMINISTRATOR)(view))


def moderates(request: HttpRequest) -> bool:
    """Whether who asks has more to do here than an editor."""
    return holds_role(member_of(request), Role.MODERATOR, Role.ADMINISTRATOR)


def for_administrators[**P](view: View[P]) -> View[P]:
    """Open a view to administrators."""
    return own_forms_only(for_roles(Role.ADMINISTRATOR)(view))


def crumbs(*here: str) -> list[tuple[str, str | None]]:
    """The way from the desk to a page of it."""
    return [(DESK_CRUMB, reverse("moderation:desk")), *((word, None) for word in here)]


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """303 to the page of the desk that the form came from."""
    asked = request.POST.get("next", "")
    return SeeOther(asked if OF_DESK.fullmatch(asked) else otherwise)
