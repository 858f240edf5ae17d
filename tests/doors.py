"""Every address of the site, as its URLconf names it, and an example of each that leads to a row of tests.world."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.world import World
from tsushinbo import addresses


@dataclass(frozen=True)
class Door:
    """One pattern of the URLconf. ``name`` with its namespaces, ``route`` whole; what has no name is called by its route."""

    name: str
    route: str

    @property
    def of_admin(self) -> bool:
        """Whether it is one of the admin's."""
        return self.route.startswith("admin/")


def _walk(patterns: list[URLPattern | URLResolver], before: str = "", spaces: str = "") -> Iterator[Door]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, route, f"{spaces}{one.namespace}:" if one.namespace else spaces)
        else:
            yield Door(f"{spaces}{one.name}" if one.name else route, route)


def doors() -> list[Door]:
    """Every one of them. What another of the same route shadows is asked all the same: by its address."""
    return list(_walk(get_resolver().url_patterns))


def plain(name: str, *args: object) -> Callable[[World], str]:
    """An address that depends on nothing."""
    return lambda _: reverse(name, args=args)


def _about(name: str, owner: str = "politician") -> Callable[[World], str]:
    return lambda w: f"{reverse(name)}?{owner}={addresses.encode(getattr(w, owner).pk)}"


def _of(name: str, row: str) -> Callable[[World], str]:
    return lambda w: reverse(name, args=[getattr(w, row).pk])


def _text(name: str) -> Callable[[World], str]:
    return lambda w: reverse(name, args=[w.refused.kind, w.refused.pk])


# What an address with a variable part leads to. One without needs no line here.
EXAMPLES: dict[str, Callable[[World], str]] = {
    "notices:follow": lambda w: reverse("notices:follow", args=["politician", w.politician.pk]),
    "notices:stop": lambda w: reverse("notices:stop", args=[w.stop_ticket]),
    "claims:claim": _of("claims:claim", "rival"),
    "claims:invitation": lambda w: reverse("claims:invitation", args=[w.invitation_token]),
    "claims:decide": _of("claims:decide", "claim"),
    "people:withdraw": _of("people:withdraw", "person"),
    "people:corrections": _of("people:corrections", "politician"),
    "office:politician": _of("office:politician", "politician"),
    "office:team": _of("office:team", "politician"),
    "replies:reply": lambda w: reverse("replies:reply", args=["comment", w.comment.pk]),
    "advice:match": _of("advice:match", "questionnaire"),
    "advice:result": _of("advice:result", "questionnaire"),
    "advice:history": _of("advice:history", "questionnaire"),
    "advice:answer": lambda w: reverse("advice:answer", args=[w.questionnaire.pk, w.politician.pk]),
    "advice:edit": _of("advice:edit", "unpublished"),
    "advice:statement": lambda w: reverse("advice:statement", args=[w.unpublished.pk, 1]),
    "advice:people": _of("advice:people", "questionnaire"),
    "advice:copy": lambda w: reverse("advice:copy", args=[w.questionnaire.pk, w.politician.pk]),
    "moderation:text": _text("moderation:text"),
    "moderation:decide": _text("moderation:decide"),
    "moderation:ban": _text("moderation:ban"),
    "moderation:appeal": _text("moderation:appeal"),
    "moderation:answer": _of("moderation:answer", "appeal"),
    "moderation:lift-ban": _of("moderation:lift-ban", "ban"),
    "moderation:takedown-desk": _of("moderation:takedown-desk", "takedown"),
    "moderation:takedown-answer": _of("moderation:takedown-answer", "takedown"),
    "moderation:takedown-state": lambda w: w.takedown.get_absolute_url(),
    "evaluations:ballot": _of("evaluations:ballot", "pledge"),
    "evaluations:assessments": _of("evaluations:assessments", "pledge"),
    "evaluations:assess": _of("evaluations:assess", "pledge"),
    "evaluations:withdraw-assessment": _of("evaluations:withdraw-assessment", "pledge"),
    "evaluations:merge": _of("evaluations:merge", "pledge"),
    "evaluations:reaction": _of("evaluations:reaction", "report"),
    "pledges:new": _about("pledges:new"),
    "pledges:withdraw": _of("pledges:withdraw", "proposal"),
    "pledges:import": _about("pledges:import"),
    "pledges:import-preview": _of("pledges:import-preview", "pledge_list"),
    "pledges:edit": _of("pledges:edit", "pledge"),
    "pledges:revert": _of("pledges:revert", "pledge"),
    "pledges:merged": _of("pledges:merged", "pledge"),
    "pledges:propose-evidence": _of("pledges:propose-evidence", "pledge"),
    "pledges:undo-status": _of("pledges:undo-status", "pledge"),
    "pledges:proposal": _of("pledges:proposal", "evidence"),
    "pledges:confirm-evidence": _of("pledges:confirm-evidence", "evidence"),
    "pledges:reject-evidence": _of("pledges:reject-evidence", "evidence"),
    "activities:new": _about("activities:new"),
    "activities:picture": lambda w: reverse("activities:picture", args=[w.picture.name, 480, "jpg"]),
    "activities:report": _of("activities:report", "report"),
    "activities:edit": _of("activities:edit", "waiting"),
    "activities:politician-reports": _of("activities:politician-reports", "politician"),
    "comments:comments": _of("comments:comments", "report"),
    "comments:comment": _of("comments:comment", "own_comment"),
    "comments:withdraw": _of("comments:withdraw", "own_comment"),
    "books:propose": _about("books:propose"),
    "books:book": lambda w: reverse("books:book", args=[w.chosen_book.isbn]),
    "surveys:survey": _of("surveys:survey", "survey"),
    "surveys:answer": _of("surveys:answer", "survey"),
    "surveys:csv": _of("surveys:csv", "survey"),
    "surveys:texts": lambda w: reverse("surveys:texts", args=[w.survey.pk, 2]),
    "surveys:embed": _of("surveys:embed", "survey"),
    "surveys:edit": _of("surveys:edit", "survey_draft"),
    "rankings:ranking": plain("rankings:ranking", "deviation"),
    "rankings:unranked": plain("rankings:unranked", "deviation"),
    "opendata:politician-feed": _of("opendata:politician-feed", "politician"),
    "opendata:area-feed": lambda w: reverse("opendata:area-feed", args=[w.area.pk]),
    "opendata:search-feed": lambda _: f"{reverse('opendata:search-feed')}?q=公約",
    "site:politician": _of("site:politician", "politician"),
    "site:politician-pledges": _of("site:politician-pledges", "politician"),
    "site:politician-score": _of("site:politician-score", "politician"),
    "site:party": _of("site:party", "party"),
    "site:party-score": _of("site:party-score", "party"),
    "site:constituency": lambda w: w.contest.constituency.get_absolute_url(),
    "site:election": lambda w: w.contest.election.get_absolute_url(),
    "site:election-mode": lambda w: f"{w.contest.election.get_absolute_url()}mode/",
    "site:manifesto": lambda w: reverse("site:manifesto", args=[w.contest.election_id]),
    "site:contest": lambda w: w.contest.get_absolute_url(),
    # A file is its uploader's alone; to everybody else it is one that is gone.
    "importers:count-file": plain("importers:count-file", 1),
    "importers:count": lambda w: reverse("importers:count", args=[w.contest.election_id, w.contest.pk]),
    "site:area": lambda w: reverse("site:area", args=[w.area.pk]),
    "site:pledge": _of("site:pledge", "pledge"),
    "account_confirm_email": plain("account_confirm_email", "no-such-key"),
    "account_reset_password_from_key": plain("account_reset_password_from_key", "1", "no-such-key"),
    "mfa_remove_webauthn": lambda w: reverse("mfa_remove_webauthn", args=[w.passkey.pk]),
    "mfa_edit_webauthn": lambda w: reverse("mfa_edit_webauthn", args=[w.passkey.pk]),
    "openid_connect_login": plain("openid_connect_login", "oidc"),
    "openid_connect_callback": plain("openid_connect_callback", "oidc"),
    "admin:view_on_site": plain("admin:view_on_site", 1, 1),
    "admin:app_list": plain("admin:app_list", "comments"),
    "admin/(?P<url>.*)$": lambda _: "/admin/nothing/",
}


def example(door: Door, world: World) -> str:
    """An address behind ``door``. KeyError: a new address with a variable part has no line in EXAMPLES."""
    if door.name in EXAMPLES:
        return EXAMPLES[door.name](world)
    if door.of_admin and "<path:object_id>" in door.route:
        table = "/".join(door.route.split("/")[1:3])
        return f"/{door.route.replace('<path:object_id>', str(world.admin_row(table)))}"
    if "<" in door.route or "(?P" in door.route:
        raise KeyError(f"{door.name}: tests/doors.py has no example of {door.route}")
    return f"/{door.route}"
