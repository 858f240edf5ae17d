"""Everything that a person writes of a pledge: what the form holds, a proposal keeps, and a pledge takes over.

A content is written down (JSON) by field; topic and election stand in it twice, by their key and in the words that a reader knows.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from tsushinbo import addresses
from tsushinbo.elections.models import Election
from tsushinbo.pledges.models import Pledge, PolicyArea


@dataclass(frozen=True)
class Content:
    """``topic``: the code of a policy area, called ``policy_area``. ``election``: the public id of one on record, "" without; called ``election_name``."""

    title: str
    text: str
    topic: str
    policy_area: str
    source_title: str
    source_url: str
    source_on: str
    source_publisher: str = ""
    quoted: bool = False
    election: str = ""
    election_name: str = ""
    deadline: str = ""
    numeric_target: str = ""
    funding: str = ""
    authority: str = ""
    target: str = ""

    @classmethod
    def of(cls, pledge: Pledge) -> Self:
        """That of a pledge as it stands; ``policy_area`` and ``election`` are read with it."""
        same = {name: getattr(pledge, name) for name in SAME}
        return cls(
            **same,
            topic=pledge.policy_area_id,
            policy_area=pledge.policy_area.name,
            election=addresses.encode(pledge.election_id) if pledge.election_id else "",
            election_name=pledge.election.name if pledge.election else pledge.election_name,
        )

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        """That which was written down; what a later version knows more is empty."""
        return cls(
            **{field.name: kept.get(field.name, False if field.name == "quoted" else "") for field in fields(cls)}
        )

    @property
    def kept(self) -> dict[str, Any]:
        """As it is written down."""
        return asdict(self)

    def write_to(self, pledge: Pledge) -> None:
        """Make it the wording of a pledge. An election that is no longer on record stays by its name."""
        for name in SAME:
            setattr(pledge, name, getattr(self, name))
        pledge.policy_area = PolicyArea.objects.get(pk=self.topic)
        election = Election.objects.filter(pk=addresses.decode(self.election)).first() if self.election else None
        pledge.election = election
        pledge.election_name = "" if election else self.election_name


# The fields that a pledge has under the same name.
SAME = (
    "title", "text", "quoted", "deadline", "numeric_target", "funding", "authority", "target",
    "source_title", "source_publisher", "source_url", "source_on",
)  # fmt: skip
# What moves together: the key and the word for it.
TOGETHER = (("topic", "policy_area"), ("election", "election_name"), *((name,) for name in SAME))


def joined(before: Content, mine: Content, now: Content) -> tuple[Content, list[str]]:
    """Bring the change from ``before`` to ``mine`` onto ``now``, which others made of ``before`` meanwhile.

    Returns the wording with both, and the fields which both changed to something else: there it says what is ``now``.
    """
    values, conflicts = now.kept, []
    for names in TOGETHER:
        old, own, new = ([getattr(one, name) for name in names] for one in (before, mine, now))
        if own in (old, new):
            continue
        if new == old:
            values |= dict(zip(names, own, strict=True))
        else:
            conflicts.append(names[-1])
    return Content.read(values), conflicts
