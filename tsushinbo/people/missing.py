"""What a proposal says about a politician who is missing: every field of the form, as it is kept."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self


@dataclass(frozen=True)
class Missing:
    """A person, the office held now and its place. name and kana with a space between family and given name; party: its id, or "".

    area, prefecture, constituency, tier: as a term has them. others: who bears the name or reading already and is somebody else, by what the
    writer was shown: ``id`` in an address, ``words``, ``url``.
    """

    name: str
    kana: str
    office: str
    place_name: str
    area: str = ""
    prefecture: str = ""
    constituency: str = ""
    tier: str = ""
    party: str = ""
    party_name: str = ""
    starts_on: str = ""
    link_url: str = ""
    others: list[dict[str, str]] = field(default_factory=list)

    @property
    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)

    @classmethod
    def read(cls, content: dict[str, Any]) -> Self:
        """What was stored; names that are not ours are left out."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in content.items() if name in known})


@dataclass(frozen=True)
class Change:
    """A fact to be corrected: its key and label (tsushinbo.people.facts), and its value before and after, stored and as it is read."""

    fact: str
    label: str
    before: str
    after: str
    before_shown: str
    after_shown: str

    @property
    def kept(self) -> dict[str, str]:
        """As it is stored."""
        return asdict(self)
