"""Every write of people and places; one module a subject."""

from tsushinbo.people.services.delegates import AlreadyADelegate, record_delegate, remove_delegate
from tsushinbo.people.services.merging import NotTwoPeople, merge
from tsushinbo.people.services.places import (
    AreaRow,
    ConstituencyRow,
    GroupRow,
    PartyRow,
    add_constituencies,
    add_groups,
    keep_areas,
    keep_constituencies,
    keep_groups,
    keep_parties,
)
from tsushinbo.people.services.politicians import PersonFact, Spelling, add_identifier, add_spellings, keep_people
from tsushinbo.people.services.terms import TermRow, keep_terms, restate_offices

__all__ = [
    "AlreadyADelegate",
    "AreaRow",
    "ConstituencyRow",
    "GroupRow",
    "NotTwoPeople",
    "PartyRow",
    "PersonFact",
    "Spelling",
    "TermRow",
    "add_constituencies",
    "add_groups",
    "add_identifier",
    "add_spellings",
    "keep_areas",
    "keep_constituencies",
    "keep_groups",
    "keep_parties",
    "keep_people",
    "keep_terms",
    "merge",
    "record_delegate",
    "remove_delegate",
    "restate_offices",
]
