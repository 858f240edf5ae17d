"""What the documents of things should say now, worked out from the tables of the rooms below. A constant number of queries for any number."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from tsushinbo.activities.queries import published as published_reports
from tsushinbo.books.models import Book
from tsushinbo.books.queries import public_links
from tsushinbo.japanese.romaji import fold_kana
from tsushinbo.japanese.runs import folded_runs
from tsushinbo.people.models import Area, Party, PoliticianName, Term
from tsushinbo.people.queries import listed
from tsushinbo.pledges.queries import LEVELS, published
from tsushinbo.search import facets
from tsushinbo.search.models import Kind

# A link or picture of Markdown, of which the words are kept; and the signs at the head of a line.
_LINK, _LINE_HEAD = (
    re.compile(r"!?\[([^\]]*)\]\([^)]*\)"),
    re.compile(r"^[ \t]*(?:#{1,6}|>|[-*+]|\d+\.)[ \t]+", re.MULTILINE),
)
# Parties and places were always there.
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """What a document says; the columns of ``models.Document``."""

    title: str
    body: str
    names: str
    facets: str
    shown_at: datetime


def public(kind: Kind, at: datetime) -> QuerySet[Any]:
    """Everything of one kind that everybody may read at ``at``, first what was public first."""
    order: dict[Kind, Callable[[], QuerySet[Any]]] = {
        Kind.POLITICIANS: lambda: listed().order_by("created_at", "pk"),
        Kind.PARTIES: lambda: Party.objects.order_by("name"),
        Kind.AREAS: lambda: Area.objects.order_by("-code"),
        Kind.PLEDGES: lambda: published().order_by("created_at", "-pk"),
        Kind.REPORTS: lambda: published_reports(at).order_by("publish_at", "-pk"),
        Kind.BOOKS: lambda: _books(at).order_by("added_at", "-pk"),
    }
    return order[kind]()


def said(kind: Kind, keys: Collection[Any], at: datetime) -> dict[Any, Said]:
    """What the documents of these things should say. A thing that is not there, or that not everybody may read, is left out."""
    rows = public(kind, at).filter(pk__in=keys).order_by()
    return dict(_READERS[kind](rows))


def plain(markdown: str) -> str:
    """The words of a text in Markdown."""
    return _LINE_HEAD.sub("", _LINK.sub(r"\1", markdown)).replace("*", "").replace("`", "")


def _books(at: datetime) -> QuerySet[Book]:
    return Book.objects.filter(Exists(public_links(at).filter(book=OuterRef("pk"))))


def _words(*texts: str) -> str:
    """Several texts as one column, each once."""
    return " ".join(dict.fromkeys(run for text in texts for run in folded_runs(text).split()))


def _joined(words: Iterable[str]) -> str:
    return " ".join(sorted(set(words)))


class _Owners:
    """Names and terms of politicians and parties, read at once."""

    def __init__(self, politicians: Collection[int], parties: Collection[int] = ()) -> None:
        self.names: dict[int, list[tuple[str, str]]] = defaultdict(list)
        rows = PoliticianName.objects.filter(politician__in=politicians).order_by("kind", "text")
        for politician, kind, folded in rows.values_list("politician", "kind", "folded"):
            self.names[politician].append((kind, folded))
        self.terms: dict[int, list[Term]] = defaultdict(list)
        for term in Term.objects.filter(politician__in=politicians).select_related("area", "prefecture"):
            self.terms[term.politician_id].append(term)
        self.parties = {row.pk: row for row in Party.objects.filter(pk__in=parties)} if parties else {}

    def spellings(self, politician: int, *, latin: bool) -> str:
        """Every way to write the name; latin: those in Latin letters too."""
        kinds = {PoliticianName.Kind.ROMAJI} if not latin else set()
        return " ".join(
            dict.fromkeys(folded for kind, folded in self.names[politician] if kind not in kinds and folded)
        )

    def of(self, row: Any) -> str:
        """The names of whose pledge it is."""
        if row.politician_id:
            return self.spellings(row.politician_id, latin=False)
        return _called(self.parties[row.party_id])

    def narrowing(self, politician: int | None) -> list[str]:
        """Offices, parties and prefectures of the terms that run."""
        words = []
        for term in self.terms[politician] if politician else ():
            if term.running:
                words.append(facets.office(term.office))
                words += [facets.party(term.party_id)] if term.party_id else []
                words += [facets.prefecture(term.prefecture_id)] if term.prefecture_id else []
        return words


def _politicians(rows: QuerySet[Any]) -> Iterable[tuple[Any, Said]]:
    people = list(rows)
    owners = _Owners([one.pk for one in people])
    for one in people:
        offices = [term.office_name for term in owners.terms[one.pk]]
        yield (
            one.pk,
            Said(
                folded_runs(one.name),
                _words(*offices),
                owners.spellings(one.pk, latin=True),
                _joined(owners.narrowing(one.pk)),
                one.created_at,
            ),
        )


def _parties(rows: QuerySet[Any]) -> Iterable[tuple[Any, Said]]:
    for one in rows:
        yield one.pk, Said(folded_runs(one.name), "", _called(one), facets.party(one.pk), ALWAYS)


def _called(party: Party) -> str:
    """What a party is called: 自由民主党, 自民, and as people say it 自民党."""
    short = party.short_name
    return _words(party.name, short, f"{short}党" if short and party.name.endswith("党") else "")


def _names(place: Area | None) -> list[str]:
    return [place.name, place.kana, fold_kana(place.kana)] if place else []


def _areas(rows: QuerySet[Any]) -> Iterable[tuple[Any, Said]]:
    for one in rows.select_related("prefecture"):
        own = _words(*_names(one))
        above = _words(one.county, *_names(one.prefecture))
        where = one.prefecture_id or one.pk
        yield one.pk, Said(folded_runs(one.name), above, own, facets.prefecture(where), ALWAYS)


def _pledges(rows: QuerySet[Any]) -> Iterable[tuple[Any, Said]]:
    pledges = list(rows.select_related("election__area"))
    owners = _Owners(_keys(pledges, "politician_id"), _keys(pledges, "party_id"))
    for one in pledges:
        terms = owners.terms[one.politician_id] if one.politician_id else []
        words = [*owners.narrowing(one.politician_id), facets.topic(one.policy_area_id), facets.status(one.status)]
        words.append(facets.year(one.created_at))
        words += [facets.party(one.party_id)] if one.party_id else []
        # As the list of pledges has it: where the owner serves or served, or where the election was held.
        words += [facets.prefecture(term.prefecture_id) for term in terms if term.prefecture_id]
        if one.election_id:
            words.append(facets.level(one.election.level))
            area = one.election.area
            words += [facets.prefecture(area.prefecture_id or area.pk)] if area else []
        else:
            words += [
                facets.level(level)
                for level, offices in LEVELS.items()
                if any(term.office in offices for term in terms)
            ]
        yield (
            one.pk,
            Said(
                folded_runs(one.title),
                folded_runs("\n\n".join([one.text, *(text for _, text in one.slots)])),
                owners.of(one),
                _joined(words),
                one.created_at,
            ),
        )


def _reports(rows: QuerySet[Any]) -> Iterable[tuple[Any, Said]]:
    reports = list(rows.select_related("pledge"))
    owners = _Owners(_keys(reports, "politician_id"))
    for one in reports:
        words = [*owners.narrowing(one.politician_id), facets.year(one.publish_at)]
        words += [facets.topic(one.pledge.policy_area_id)] if one.pledge else []
        yield (
            one.pk,
            Said(
                folded_runs(one.title),
                folded_runs("\n\n".join([*map(str, one.points), plain(one.body)])),
                owners.spellings(one.politician_id, latin=False),
                _joined(words),
                one.publish_at,
            ),
        )


def _book_rows(rows: QuerySet[Any]) -> Iterable[tuple[Any, Said]]:
    for one in rows:
        yield (
            one.pk,
            Said(
                folded_runs(one.title),
                _words(one.publisher, one.isbn),
                _words(one.creators),
                facets.year(one.added_at),
                one.added_at,
            ),
        )


def _keys(rows: Iterable[models.Model], column: str) -> set[int]:
    return {key for row in rows if (key := getattr(row, column))}


_READERS: dict[Kind, Callable[[QuerySet[Any]], Iterable[tuple[Any, Said]]]] = {
    Kind.POLITICIANS: _politicians,
    Kind.PARTIES: _parties,
    Kind.AREAS: _areas,
    Kind.PLEDGES: _pledges,
    Kind.REPORTS: _reports,
    Kind.BOOKS: _book_rows,
}
