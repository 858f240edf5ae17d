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


class OwnPledge(RuleBroken):
    """Who speaks for the politician judged a pledge of the politician's."""

    message = (
        "この公約を掲げたご本人・事務所のアカウントでログインしているため、市民としての評価はできません。"
        "代わりに、本人の自己評価を記入できます。"
    )


class OwnReport(RuleBroken):
    """Who wrote a report, or speaks for its politician, said whether it helped."""

    message = "この報告を書いた人と、ご本人・事務所のアカウントは、「参考になった」「ならなかった」を選べません。"


class NotTheOwner(RuleBroken):
    """Somebody else wrote a self-assessment."""

    message = "本人の自己評価は、公約を掲げた政治家ご本人・事務所のアカウントだけが記入できます。"


class CaseChanged(RuleBroken):
    """Somebody else decided a case first, or ballots joined it since it was read."""

    message = "ほかの担当者が先に決定したか、評価が加わりました。もう一度読んでから決定してください。"


class CaseOfOwn(RuleBroken):
    """Who speaks for one of the politicians concerned wanted to decide."""

    message = "この確認に関わる政治家ご本人・事務所のアカウントは、決定できません。ほかの担当者に任せてください。"


class AlertOfOwn(RuleBroken):
    """Who speaks for the politician wanted to end the freezing of the politician's place."""

    message = "この変化の対象のご本人・事務所のアカウントは、確認を記録できません。ほかの担当者に任せてください。"


class ReasonOfOtherSide(RuleBroken):
    """The reason is not one of those for the verdict."""

    message = "選んだ理由は、この決定の理由ではありません。決定に合う理由を選んでください。"


class DecidedSoAlready(RuleBroken):
    """The case stands as decided."""

    message = "すでに同じ決定になっています。"


class NothingToJoin(RuleBroken):
    """Neither the browser nor the account has a ballot."""

    message = "この端末には、まだ評価がありません。公約を評価してから、結び付けてください。"


class JoinedElsewhere(RuleBroken):
    """Another account keeps the ballots of this browser."""

    message = "この端末の評価は、別のアカウントに結び付けられています。そのアカウントで結び付けをやめてから、もう一度お試しください。"


class UnsettledBallots(RuleBroken):
    """A ballot is held or excluded; moving it to another number would take it out of the case."""

    message = "確認中の評価、または除外された評価があるため、いまは結び付けられません。確認が終わってから、もう一度お試しください。"
