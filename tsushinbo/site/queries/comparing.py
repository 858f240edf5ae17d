"""くらべる: up to four people side by side, in a fixed number of queries and in an order that says nothing of who is better."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.http import urlencode

from tsushinbo import addresses
from tsushinbo.activities.queries import published as published_reports
from tsushinbo.elections.models import Candidacy, Contest
from tsushinbo.elections.queries import Hold, Run, by_election, holds, schedule_of
from tsushinbo.elections.rules import Rule, in_force
from tsushinbo.evaluations.queries.runs import Current
from tsushinbo.people.models import Politician, Term
from tsushinbo.people.queries import Named, named, terms_in_full
from tsushinbo.search import words
from tsushinbo.search.models import Kind
from tsushinbo.search.queries import find
from tsushinbo.site.queries.scores import HIDDEN_BY, WORDS, Grade, Scores, scores_of_each

MOST = 4
# In place of the id of a politician, of a candidate who is none on record.
NOBODY = 0
# As many are offered where a name means several.
OFFERED = 12
# Terms and elections of each that are shown; the report card has all.
SHOWN = 3


@dataclass(frozen=True)
class Picks:
    """Who is to be compared: politicians by id, and candidates of whom no more is on record, each as its contest and key.

    ``too_many``: how many were left out; ``unreadable``: whether something was that is no address.
    """

    politicians: tuple[int, ...] = ()
    candidates: tuple[tuple[int, str], ...] = ()
    too_many: int = 0
    unreadable: bool = False


def read_picks(politicians: Iterable[str], candidates: Iterable[str]) -> Picks:
    """Read the addresses of a query string, the first four of them, each once."""
    people: dict[int, None] = {}
    others: dict[tuple[int, str], None] = {}
    unreadable = False
    for text in politicians:
        try:
            people[addresses.decode(text)] = None
        except ValueError:
            unreadable = True
    for text in candidates:
        contest, _, key = text.partition("-")
        try:
            others[addresses.decode(contest), key] = None
        except ValueError:
            unreadable = True
    room = max(0, MOST - len(people))
    left_out = max(0, len(people) - MOST) + max(0, len(others) - room)
    return Picks(tuple(people)[:MOST], tuple(others)[:room], left_out, unreadable)


def candidate_address(candidacy: Candidacy) -> str:
    """What a candidate who is no politician on record is compared by: the contest and the row in its source, which stay when the database is built anew."""
    return f"{addresses.encode(candidacy.contest_id)}-{candidacy.key}"


@dataclass(frozen=True)
class Column:
    """One of those who are compared. ``person`` is None of a candidate of whom nothing but the candidacy is on record.

    ``value``: what stands for them in the query string, as name and value.
    """

    person: Politician | None
    terms: list[Term]
    runs: list[Run]
    scores: Scores | None
    reports: int
    hold: Hold | None
    value: tuple[str, str]

    @property
    def candidacy(self) -> Candidacy | None:
        """The newest candidacy."""
        return self.runs[0].candidacies[0] if self.runs else None

    @property
    def name(self) -> str:
        """As commonly used, or as it stood on the ballot."""
        return self.person.spaced_name if self.person else (self.candidacy.name if self.candidacy else "")

    @property
    def kana(self) -> str:
        """How the name is read, "" where that is not on record."""
        return self.person.kana if self.person else (self.candidacy.kana if self.candidacy else "")

    @property
    def named_by(self) -> Term | None:
        """The term the person is introduced with."""
        return self.terms[0] if self.terms else None

    @property
    def figures_held(self) -> Hold | None:
        """By what the figures are held back, also of somebody of whom there are none: whoever stands is told of alike."""
        return self.hold if self.hold and self.hold.rules & HIDDEN_BY else None

    def row_in(self, contest: Contest | None) -> Candidacy | None:
        """The candidacy in a contest."""
        rows = (row for run in self.runs for row in run.candidacies)
        return next((row for row in rows if contest and row.contest_id == contest.pk), None)

    @property
    def pledges(self) -> int:
        """Published pledges."""
        return self.scores.pledges if self.scores else 0

    @property
    def grades(self) -> dict[str, Grade]:
        """The values by their dimension."""
        return {grade.dimension: grade for grade in self.scores.grades} if self.scores else {}


@dataclass(frozen=True)
class Comparison:
    """Those who are compared, in the order of the candidates of ``contest`` where all stand in one, else in 五十音 order.

    ``unprinted``: a hold by which nobody's page may be printed now.
    """

    columns: list[Column]
    contest: Contest | None
    unprinted: Hold | None
    at: datetime

    @property
    def full(self) -> bool:
        """Whether nobody can be added."""
        return len(self.columns) >= MOST

    @property
    def held(self) -> list[Hold]:
        """The holds by which figures are not shown, one for each election."""
        found = [one.figures_held for one in self.columns if one.figures_held]
        return list({hold.election.pk: hold for hold in found}.values())

    @property
    def held_figures(self) -> list[str]:
        """The names of the rows in which a hold leaves no figure."""
        return [*(name for name, _ in WORDS.values()), "偏差値"]

    @property
    def filed(self) -> list[tuple[Column, Candidacy | None]]:
        """Each with the candidacy that names the party: the one in the contest in which all are compared, whatever party they have been of since or before."""
        return [(one, one.row_in(self.contest)) for one in self.columns]

    @property
    def grades(self) -> list[tuple[str, str, list[tuple[Column, Grade | None]]]]:
        """Name and meaning of each of the six values, and what it is of each person."""
        return [(*words, [(one, one.grades.get(name)) for one in self.columns]) for name, words in WORDS.items()]

    @property
    def run(self) -> Current | None:
        """By which run of the scores everybody is measured."""
        return next((one.scores.run for one in self.columns if one.scores), None)

    @property
    def without(self) -> list[tuple[Column, str]]:
        """Each with the query string of everybody else."""
        return [(gone, self._query(one for one in self.columns if one is not gone)) for gone in self.columns]

    @property
    def query(self) -> str:
        """The query string of everybody."""
        return self._query(self.columns)

    def _query(self, columns: Iterable[Column]) -> str:
        return urlencode([one.value for one in columns])

    @property
    def runs(self) -> list[tuple[Column, int, int, list[Run]]]:
        """Of each person how many elections have a result, in how many a seat was won, and the newest elections, with a result or not."""
        return [
            (
                one,
                sum(run.elected is not None for run in one.runs),
                sum(run.elected is True for run in one.runs),
                one.runs[:SHOWN],
            )
            for one in self.columns
        ]


def compare(picks: Picks, at: datetime) -> Comparison:
    """Read everything for ``picks``: six queries, however many they are, and one near an election. Who is not on record is left out."""
    people = _people(picks.politicians)
    candidacies = _candidacies(people, picks.candidates)
    terms: dict[int, list[Term]] = defaultdict(list)
    for term in terms_in_full().filter(politician__in=people) if people else ():
        terms[term.politician_id].append(term)
    held = holds(people, at)
    scores = scores_of_each(list(people.values()), terms, held)
    reports = _reports(people, at)
    columns = [
        Column(
            person, terms[pk], by_election(candidacies.of_person[pk], at), scores[pk], reports[pk], held.get(pk),
            ("p", addresses.encode(pk)),
        )
        for pk, person in people.items()
    ]  # fmt: skip
    columns += [
        Column(None, [], by_election([one], at), None, 0, _held(one, at), ("c", candidate_address(one)))
        for one in candidacies.alone
    ]
    contest = _shared(columns)
    if contest is not None:
        columns.sort(key=lambda column: _place(column, contest))
    else:
        columns.sort(key=lambda column: (not column.kana, column.kana, column.name))
    unprinted = (one.hold for one in columns if one.hold and Rule.PRINT in one.hold.rules)
    return Comparison(columns, contest, next(unprinted, None), at)


def _people(ids: Sequence[int]) -> dict[int, Politician]:
    """Who was asked for, by id; who was merged into another is that one."""
    if not ids:
        return {}
    found = [row.merged_into or row for row in Politician.objects.filter(pk__in=ids).select_related("merged_into")]
    return {one.pk: one for one in found}


@dataclass(frozen=True)
class _Candidacies:
    of_person: dict[int, list[Candidacy]]
    alone: list[Candidacy]


def _candidacies(people: Collection[int], candidates: Collection[tuple[int, str]]) -> _Candidacies:
    """Every candidacy of those people, and those that were picked by themselves. One query."""
    wanted = Q(politician__in=list(people))
    for contest, key in candidates:
        wanted |= Q(contest=contest, key=key)
    of_person: dict[int, list[Candidacy]] = defaultdict(list)
    alone = []
    for row in Candidacy.objects.filter(wanted).select_related("contest__election__area", "party").order_by("pk"):
        if row.politician_id is None:
            alone.append(row)
        elif row.politician_id in people:
            of_person[row.politician_id].append(row)
    return _Candidacies(of_person, alone)


def _reports(people: Collection[int], at: datetime) -> Counter[int]:
    rows = published_reports(at).filter(politician__in=list(people)).order_by().values_list("politician")
    return Counter(dict(rows.annotate(n=Count("pk")))) if people else Counter()


def _shared(columns: Sequence[Column]) -> Contest | None:
    """The newest contest that all of them stand or stood in."""
    contests = {row.contest_id: row.contest for one in columns for run in one.runs for row in run.candidacies}
    everybody = [{row.contest_id for run in one.runs for row in run.candidacies} for one in columns]
    shared = set.intersection(*everybody) if len(everybody) > 1 else set()
    return max((contests[pk] for pk in shared), key=lambda one: (one.election.polling_on, -one.pk), default=None)


def _place(column: Column, contest: Contest) -> tuple[bool, int, str]:
    """The official order: by the number of the notification (届出番号), else as the record has it."""
    row = column.row_in(contest)
    assert row  # noqa: S101 - the contest is one that all of them stand in
    return row.number is None, row.number or 0, row.key


def _held(candidacy: Candidacy, at: datetime) -> Hold | None:
    """What is held back of a candidate who is no politician on record, by the contest alone."""
    own, election = schedule_of(candidacy.contest), candidacy.contest.election
    phase = own.phase(at)
    rules = in_force().by_phase[phase]
    return Hold(NOBODY, phase, rules, election, own.after_at) if rules and own.after_at else None


def contest_at(address: str) -> Contest | None:
    """The contest from whose page nobody was chosen, to lead back to; None where the address is none of any."""
    try:
        return Contest.objects.select_related("election").filter(pk=addresses.decode(address)).first()
    except ValueError:
        return None


def people_called(name: str, without: Collection[int]) -> list[Named]:
    """Politicians whom a name may mean, as the search finds them, nearest first; those of ``without`` left out."""
    keys = find(Kind.POLITICIANS, words.read(name)).keys
    return named([key for key in keys if key not in without][:OFFERED])
