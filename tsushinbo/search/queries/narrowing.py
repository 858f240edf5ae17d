"""What a search is narrowed to."""

from dataclasses import dataclass, fields

from tsushinbo.search import facets
from tsushinbo.search.models import Kind

# What each kind can be narrowed to.
APPLIES: dict[Kind, frozenset[str]] = {
    Kind.POLITICIANS: frozenset({"office", "party", "prefecture"}),
    Kind.PARTIES: frozenset({"party"}),
    Kind.AREAS: frozenset({"prefecture"}),
    Kind.PLEDGES: frozenset({"office", "party", "prefecture", "topic", "status", "year"}),
    Kind.REPORTS: frozenset({"office", "party", "prefecture", "topic", "year"}),
    Kind.BOOKS: frozenset({"year"}),
}


@dataclass(frozen=True)
class Narrowing:
    """What is wanted beside the words; None does not narrow. Office, party and prefecture are those of terms running now."""

    office: str | None = None
    party: int | None = None
    prefecture: str | None = None
    topic: str | None = None
    status: str | None = None
    year: int | None = None

    @property
    def chosen(self) -> frozenset[str]:
        """What of it narrows."""
        return frozenset(one.name for one in fields(self) if getattr(self, one.name) is not None)

    def applies_to(self, kind: Kind) -> bool:
        """Whether a kind has everything that was chosen."""
        return self.chosen <= APPLIES[kind]

    @property
    def facets(self) -> tuple[str, ...]:
        """As words of documents."""
        made = {
            "office": facets.office,
            "party": facets.party,
            "prefecture": facets.prefecture,
            "topic": facets.topic,
            "status": facets.status,
            "year": facets.year_of,
        }
        return tuple(made[name](getattr(self, name)) for name in sorted(self.chosen))  # type: ignore[operator]


EVERYTHING = Narrowing()
