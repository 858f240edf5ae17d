"""Looks up candidates without a person id among the politicians on record, by the rule of ``matching``, and reconsiders doubts.

It runs after the tables, so the order of files and lines does not matter, and until a round finds nobody new: a spelling under which
somebody stood may be the one that tells another candidacy.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from tsushinbo.elections.models import Candidacy
from tsushinbo.elections.services import link_candidacies
from tsushinbo.importers.matching import (
    Matcher,
    Profile,
    Verdict,
    compare,
    every_name,
    folded_names,
    place_of,
    profiles,
    read_as,
    seat,
    years_of_birth,
)
from tsushinbo.importers.models import DoubtfulMatch, ImportedFile
from tsushinbo.importers.queries import open_doubts
from tsushinbo.importers.services import (
    MATCHING,
    Doubt,
    decide_doubt,
    drop_answered_doubts,
    record_doubts,
    settle_matching,
)
from tsushinbo.people.models import PoliticianName
from tsushinbo.people.services import Spelling, add_spellings
from tsushinbo.people.services.politicians import fold

AT_ONCE = 2_000
TWICE = "同じ選挙で、この政治家の立候補がほかにもある"


@dataclass
class Found:
    """How many candidacies found their politician, how many politicians became one, and how many doubts are new."""

    linked: int = 0
    merged: int = 0
    doubts: int = 0


class _Candidate(NamedTuple):
    pk: int
    contest: int
    name: str
    name_on_ballot: str
    kana: str
    age: int | None
    party: int | None
    tier: str
    district: str
    election: str
    office: str
    polling_on: str
    area: str | None
    prefecture: str | None
    constituency: str | None


_COLUMNS = (
    "pk", "contest", "name", "name_on_ballot", "kana", "age", "party", "contest__tier", "contest__name",
    "contest__election__key", "contest__election__office", "contest__election__polling_on", "contest__election__area",
    "contest__constituency__prefecture", "contest__constituency__name",
)  # fmt: skip


def match_candidates(*, at: datetime) -> Found:
    """Link what the rule settles and record what it leaves open; nothing is done unless people or candidacies changed since."""
    found = Found()
    if not ImportedFile.objects.filter(**MATCHING, finished_at=None).exists():
        return found
    wanted = every_name()
    while wanted:
        wanted = _round(found, wanted, at) or _reconsider(found, at)
    found.doubts -= drop_answered_doubts()
    settle_matching(at=at)
    return found


@transaction.atomic
def _reconsider(found: Found, at: datetime) -> set[str]:
    """Look at open doubts about two politicians again, now that their candidacies tell more; return the spellings of who became one."""
    learnt: set[str] = set()
    for doubt in open_doubts().filter(second__isnull=False).select_related("first", "second"):
        if doubt.second is None or doubt.first.merged_into_id or doubt.second.merged_into_id:
            continue
        known = profiles([doubt.first_id, doubt.second.pk])
        first, second = known[doubt.first_id], known[doubt.second.pk]
        if doubt.first_id in read_as(doubt.second.name):
            second.spellings |= first.spellings
        verdict, _ = compare(second, first)
        if verdict is Verdict.DOUBTFUL:
            continue
        decide_doubt(doubt, same=verdict is Verdict.SAME, at=at)
        found.doubts -= 1
        if verdict is Verdict.SAME:
            found.merged += 1
            learnt |= first.spellings | second.spellings
    return learnt


def _round(found: Found, wanted: set[str], at: datetime) -> set[str]:
    """Look up the candidates whose name is one of ``wanted``; return the spellings that became known by it."""
    learnt: set[str] = set()
    unnamed = Candidacy.objects.filter(politician=None).order_by("pk").values_list("pk", "name", "name_on_ballot")
    last = 0
    while chunk := list(unnamed.filter(pk__gt=last)[:AT_ONCE]):
        last = chunk[-1][0]
        names = {pk: folded_names(*written) for pk, *written in chunk}
        # Most candidates bear no name that is on record; only the others are looked at closely.
        if sought := [pk for pk, folded in names.items() if not folded.isdisjoint(wanted)]:
            with transaction.atomic():
                learnt |= _match(sought, found, at)
    return learnt


def _match(sought: Collection[int], found: Found, at: datetime) -> set[str]:
    """Link the candidates that the rule settles; return the spellings that were not known of their politicians."""
    candidates = Candidacy.objects.filter(pk__in=sought).order_by("pk").values_list(*_COLUMNS)
    by_pk = {candidate.pk: candidate for candidate in map(_Candidate._make, candidates)}
    wanted = {pk: _profile(candidate) for pk, candidate in by_pk.items()}
    matcher = Matcher(wanted.values())
    told_apart = _told_apart(by_pk)
    claims: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    doubts = []
    for candidate, profile in zip(by_pk.values(), wanted.values(), strict=True):
        match = matcher.find(profile)
        if match.politician and (match.politician, candidate.pk) not in told_apart:
            claims[match.politician, candidate.election, candidate.tier].append(candidate.pk)
        doubts += [Doubt(first=pk, candidacy=candidate.pk, reason=reason) for pk, reason in match.doubts.items()]
    taken = _standing({politician for politician, _, _ in claims})
    certain: dict[int, int] = {}
    for claim, candidacies in claims.items():
        if len(candidacies) == 1 and claim not in taken:
            certain[candidacies[0]] = claim[0]
        else:
            doubts += [Doubt(first=claim[0], candidacy=pk, reason=TWICE) for pk in candidacies]
    link_candidacies(certain)
    add_spellings([way for pk, politician in certain.items() for way in _spellings(by_pk[pk], politician)], at=at)
    found.doubts += record_doubts(doubts)
    found.linked += len(certain)
    return {name for pk, politician in certain.items() for name in wanted[pk].spellings - matcher.spellings(politician)}


def _profile(candidate: _Candidate) -> Profile:
    place = place_of(candidate.office, candidate.area, candidate.prefecture)
    return Profile(
        spellings=folded_names(candidate.name, candidate.name_on_ballot),
        kana={fold(candidate.kana)} if candidate.kana else set(),
        birth_years=years_of_birth(candidate.age, candidate.polling_on),
        seats={seat(candidate.office, place, candidate.constituency)},
        parties={candidate.party} if candidate.party else set(),
        stood={(candidate.election, candidate.tier): {candidate.district}},
    )


def _told_apart(candidacies: Collection[int]) -> set[tuple[int, int]]:
    """The politicians and candidacies that a person found to be different people."""
    decided = DoubtfulMatch.objects.filter(candidacy__in=candidacies, verdict=DoubtfulMatch.Verdict.DIFFERENT)
    return {(first, candidacy) for first, candidacy in decided.values_list("first", "candidacy") if candidacy}


def _standing(politicians: Collection[int]) -> set[tuple[int, str, str]]:
    """At which elections and tiers these politicians stand already: nobody stands twice."""
    rows = Candidacy.objects.filter(politician__in=politicians).order_by()
    columns = rows.values_list("politician", "contest__election__key", "contest__tier")
    return {(politician, election, tier) for politician, election, tier in columns if politician}


def _spellings(candidate: _Candidate, politician: int) -> list[Spelling]:
    ballot = [candidate.name_on_ballot] if candidate.name_on_ballot else []
    return [
        *(Spelling(politician, PoliticianName.Kind.BALLOT, name) for name in ballot),
        Spelling(politician, PoliticianName.Kind.VARIANT, candidate.name),
    ]
