"""Who is asked: the candidates of an election or the members of an assembly, in an order that says nothing about them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import holds_role
from tsushinbo.accounts.roles import Role
from tsushinbo.advice.models import Questionnaire
from tsushinbo.elections.models import Candidacy, Contest
from tsushinbo.people.models import Delegate, Office, Politician, Term

EDITORS = (Role.EDITOR, Role.ADMINISTRATOR)
# Which offices sit together.
ASSEMBLIES = (
    Office.REPRESENTATIVES, Office.COUNCILLORS, Office.PREFECTURAL_ASSEMBLY, Office.MUNICIPAL_ASSEMBLY,
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Who is asked, as a page names them. ``politician_id`` is None for a candidate without a page here, who cannot answer."""

    name: str
    kana: str
    party: str
    url: str
    politician_id: int | None
    number: int | None


@dataclass(frozen=True)
class Asked:
    """Those who are asked, in neutral order: that of the official record where it is known of all, else 五十音."""

    people: list[Person]
    official: bool

    @property
    def order(self) -> str:
        """The order, in words."""
        return "届出の順" if self.official else "五十音順"


def contests_of(questionnaire: Questionnaire) -> list[Contest]:
    """The contests of its election that anybody stands in; none for an assembly. One query."""
    if questionnaire.election_id is None:
        return []
    contests = Contest.objects.filter(election=questionnaire.election_id).annotate(candidates=Count("candidacies"))
    return list(
        contests.filter(candidates__gt=0)
        .select_related("constituency")
        .order_by("tier", "constituency__prefecture", "constituency__number", "name")
    )


def asked_in(questionnaire: Questionnaire, contest: Contest | None) -> Asked:
    """Those who are asked: of an election those of ``contest``, none without it. One query."""
    if questionnaire.election_id is None:
        return _in_order([_member(term) for term in members(questionnaire).select_related("politician", "party")])
    if contest is None:
        return Asked([], official=False)
    return _in_order(
        [_candidate(row) for row in Candidacy.objects.filter(contest=contest).select_related("politician", "party")]
    )


def members(questionnaire: Questionnaire) -> QuerySet[Term]:
    """The running terms of an assembly."""
    sitting = Term.objects.filter(running=True, office=questionnaire.office, politician__merged_into=None).order_by()
    if questionnaire.office == Office.PREFECTURAL_ASSEMBLY:
        return sitting.filter(prefecture=questionnaire.area_id)
    return sitting.filter(area=questionnaire.area_id) if questionnaire.area_id else sitting


def _in_order(people: Sequence[Person]) -> Asked:
    if people and all(person.number is not None for person in people):
        return Asked(sorted(people, key=lambda person: (person.number or 0, person.name)), official=True)
    # Who has no reading on record comes last, by name.
    by_reading = sorted(people, key=lambda person: (not person.kana, person.kana, person.name))
    return Asked(list(dict.fromkeys(by_reading)), official=False)


def _candidate(row: Candidacy) -> Person:
    known = row.politician
    return Person(
        name=row.name,
        kana=row.kana or (known.kana if known else ""),
        party=row.party.name if row.party else "",
        url=known.get_absolute_url() if known else "",
        politician_id=row.politician_id,
        number=row.number,
    )


def _member(term: Term) -> Person:
    known = term.politician
    return Person(
        known.spaced_name, known.kana, term.party.name if term.party else "", known.get_absolute_url(), known.pk, None
    )


def is_asked(questionnaire: Questionnaire, politician: Politician | int) -> bool:
    """Whether a politician stands in the election, or sits in the assembly."""
    if questionnaire.election_id is None:
        return members(questionnaire).filter(politician=politician).exists()
    return Candidacy.objects.filter(contest__election=questionnaire.election_id, politician=politician).exists()


def is_own_side(questionnaire: Questionnaire, user: User) -> bool:
    """Whether an account speaks for anybody who is asked. One query."""
    mine = Delegate.objects.filter(user=user)
    if questionnaire.election_id is None:
        return mine.filter(politician__in=members(questionnaire).values("politician")).exists()
    standing = Candidacy.objects.filter(contest__election=questionnaire.election_id, politician__isnull=False)
    return mine.filter(politician__in=standing.order_by().values("politician")).exists()


def is_editor(user: User) -> bool:
    """Whether an account makes questionnaires."""
    return holds_role(user, *EDITORS)
