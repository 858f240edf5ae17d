"""Politicians, the places they serve, and what members propose about them; one module a subject."""

from tsushinbo.people.models.politicians import (
    Area,
    Constituency,
    Delegate,
    Identifier,
    Office,
    OfficialLink,
    ParliamentaryGroup,
    Party,
    Politician,
    PoliticianName,
    Term,
    Tier,
    office_name,
)
from tsushinbo.people.models.proposals import (
    REASON_LENGTH,
    URL_LENGTH,
    FactCorrection,
    PersonProposal,
)

__all__ = [
    "REASON_LENGTH",
    "URL_LENGTH",
    "Area",
    "Constituency",
    "Delegate",
    "FactCorrection",
    "Identifier",
    "Office",
    "OfficialLink",
    "ParliamentaryGroup",
    "Party",
    "PersonProposal",
    "Politician",
    "PoliticianName",
    "Term",
    "Tier",
    "office_name",
]
