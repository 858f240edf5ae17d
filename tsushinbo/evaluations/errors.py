"""Refusals of a ballot that a voter may cause."""

from collections.abc import Collection

from tsushinbo.errors import RuleBroken
from tsushinbo.evaluations.models import Dimension


class BallotRefused(RuleBroken):
    """The ballot cannot be taken as it was sent. ``faults`` are messages by field of the form."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults.values()))


class ContradictoryReasons(BallotRefused):
    """Both reasons of a dimension were given."""

    def __init__(self, dimensions: Collection[Dimension]) -> None:
        super().__init__(
            {
                dimension.name: f"「{dimension.positive.label}」と「{dimension.negative.label}」の両方が選ばれています。"
                "どちらか一方を外してください。"
                for dimension in dimensions
            }
        )


class TextWithoutOther(BallotRefused):
    """A free text came without the reason it belongs to."""

    def __init__(self) -> None:
        super().__init__(
            {"reason_text": "「その他」が選ばれていません。「その他」を選ぶか、書いた理由を消してください。"}
        )
