"""What is on record already that rows of a table name: parties, elections, codes, datasets. Read once a file, small tables only."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from tsushinbo.elections.models import Election
from tsushinbo.elections.services import ContestRow
from tsushinbo.importers.refusals import Refused, shown
from tsushinbo.importers.rows import Row
from tsushinbo.japanese.folding import fold
from tsushinbo.people.models import Area, Constituency, ParliamentaryGroup, Party
from tsushinbo.people.services import ConstituencyRow, GroupRow
from tsushinbo.pledges.models import PolicyArea
from tsushinbo.sources.models import Dataset

_NOTE = re.compile(r"\s*[（(].*$")


@dataclass(frozen=True, slots=True, eq=False)
class KnownElection:
    """What other tables need of an election."""

    id: int
    key: str
    office: str
    polling_on: str
    upcoming: bool
    seats: int | None
    dataset_id: int | None


class Known:
    """Look-ups by what tables write. Those that take a row raise ``Refused`` when it names something that is not on record."""

    def __init__(self) -> None:
        self._placed: set[int] = set()

    def unplaced[P: (ConstituencyRow, ContestRow, GroupRow)](self, rows: Iterable[P | None]) -> list[P]:
        """Those of ``rows`` that this import did not put on record, or find there, before; they count as on record from now on."""
        new = {row.id: row for row in rows if row is not None and row.id not in self._placed}
        self._placed |= new.keys()
        return list(new.values())

    def election(self, row: Row, column: str) -> KnownElection:
        """The election a row names by its id."""
        try:
            return self.elections[row[column]]
        except KeyError:
            reason = f"unknown election {shown(row[column])}; import it first (elections.csv)"
            raise Refused(column, reason) from None

    def party(self, row: Row, column: str) -> int | None:
        """The party a row names by its name, whatever the width of its letters; None when it names none."""
        name = row[column]
        if not name:
            return None
        found = self.parties.get(name) or self.parties.get(fold(name))
        if found is None:
            raise Refused(column, f"unknown party {shown(name)}; import it first (parties.csv)")
        return found

    def area(self, row: Row, column: str, *, needed: bool = False) -> str | None:
        """The area a row names by its code of six digits; None when it names none."""
        code = row.area_code(column, needed=needed)
        if code and code not in self.areas:
            raise Refused(column, f"unknown code {shown(code)}; import it first (municipalities.csv)")
        return code or None

    def prefecture(self, row: Row, column: str) -> str | None:
        """The code of the prefecture a row names; None when it names none."""
        name = row[column]
        if not name:
            return None
        try:
            return self.prefectures[name]
        except KeyError:
            raise Refused(column, f"unknown prefecture {shown(name)}") from None

    def group(self, row: Row, column: str, office: str) -> int | None:
        """The group of a house of the Diet that a row names by its short name; None when it names none."""
        name = row[column]
        if not name:
            return None
        try:
            return self.groups[office, name]
        except KeyError:
            raise Refused(column, f"unknown group {shown(name)}; import it first (groups.csv)") from None

    def policy_area(self, row: Row, column: str) -> str:
        """The policy area a row names by code, name or another word for it."""
        try:
            return self.policy_areas[row[column]]
        except KeyError:
            reason = f"unknown policy area {shown(row[column])}; import it first (policy_areas.csv)"
            raise Refused(column, reason) from None

    def dataset(self, source: str) -> int | None:
        """The dataset that a ``source`` column means: ``owner/name`` of its repository, whatever notes follow."""
        first = _NOTE.sub("", source.split(";")[0]).strip()
        return self.datasets.get(first)

    def candidacies_dataset(self, election: KnownElection) -> int | None:
        """The dataset that the candidacies of an election come from: the one that says so by name, else that of the election."""
        return self._named_for_candidacies.get(election.key, election.dataset_id)

    @cached_property
    def datasets(self) -> dict[str, int]:
        """Datasets by key and by ``owner/name`` of their repository."""
        found: dict[str, int] = {}
        for pk, key, url in Dataset.objects.order_by("pk").values_list("pk", "key", "url"):
            found[key] = pk
            found.setdefault("/".join(url.rstrip("/").split("/")[-2:]), pk)
        return found

    @cached_property
    def _named_for_candidacies(self) -> dict[str, int]:
        """Election → dataset, from notes such as ``candidacies (hc-27 福井県選挙区)`` in what a dataset is used for."""
        found: dict[str, int] = {}
        for pk, used_for in Dataset.objects.values_list("pk", "used_for"):
            for note in re.findall(r"candidacies \(([^)]*)\)", used_for):
                found |= dict.fromkeys((word for word in note.split() if word in self.elections), pk)
        return found

    @cached_property
    def parties(self) -> dict[str, int]:
        """Parties by name and folded name."""
        found: dict[str, int] = {}
        for pk, name, folded in Party.objects.order_by("pk").values_list("pk", "name", "folded"):
            found.setdefault(folded or fold(name), pk)
            found[name] = pk
        return found

    @cached_property
    def party_names(self) -> dict[str, str]:
        """The key of the party that bears a name."""
        return dict(Party.objects.values_list("name", "key"))

    @cached_property
    def independents(self) -> set[int]:
        """The rows of parties that mean none (無所属)."""
        return set(Party.objects.filter(kind=Party.Kind.INDEPENDENT).values_list("pk", flat=True))

    @cached_property
    def elections(self) -> dict[str, KnownElection]:
        """Elections by key."""
        return {
            election.key: KnownElection(
                id=election.pk,
                key=election.key,
                office=election.office,
                polling_on=election.polling_on,
                upcoming=election.upcoming,
                seats=election.seats,
                dataset_id=self.dataset(election.source_note),
            )
            for election in Election.objects.all()
        }

    @cached_property
    def areas(self) -> dict[str, str | None]:
        """The codes on record, each with that of its prefecture."""
        return dict(Area.objects.values_list("code", "prefecture"))

    @cached_property
    def codes_of_five(self) -> dict[str, str]:
        """Codes by their first five digits, as tables without check digits write them."""
        return {code[:5]: code for code in self.areas}

    @cached_property
    def prefectures(self) -> dict[str, str]:
        """Prefectures by name."""
        return dict(Area.objects.filter(kind=Area.Kind.PREFECTURE).values_list("name", "code"))

    @cached_property
    def groups(self) -> dict[tuple[str, str], int]:
        """Groups of the Diet by house and short name."""
        rows = ParliamentaryGroup.objects.filter(area=None).values_list("office", "short_name", "pk")
        return {(office, short_name): pk for office, short_name, pk in rows}

    @cached_property
    def listed_boundaries(self) -> set[str]:
        """The boundaries of which a list of districts was imported: another district is unknown there."""
        listed = Constituency.objects.filter(block__isnull=False)
        return set(listed.values_list("boundaries", flat=True).distinct())

    @cached_property
    def constituencies(self) -> set[int]:
        """The ids of all constituencies."""
        return set(Constituency.objects.values_list("pk", flat=True))

    @cached_property
    def policy_areas(self) -> dict[str, str]:
        """Policy areas by code, name and other words."""
        found: dict[str, str] = {}
        for code, name, aliases in PolicyArea.objects.values_list("code", "name", "aliases"):
            found |= dict.fromkeys([code, name, *(word for word in aliases.split(";") if word)], code)
        return found
