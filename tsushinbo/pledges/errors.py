"""Refusals that an editor may cause."""

from tsushinbo.errors import RuleBroken


class EvidenceRefused(RuleBroken):
    """The evidence cannot be taken as it was sent. ``faults`` are messages by field of the form."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults.values()))


class NotAnEditor(RuleBroken):
    """Somebody without the role proposed, decided or undid."""

    message = "根拠の登録と確認は、編集者の役割をもつ人だけができます。"


class OwnSide(RuleBroken):
    """Who speaks for the politician proposed, decided or undid."""

    message = "この公約を掲げたご本人・事務所のアカウントのため、実施状況の登録・確認・取り消しはできません。"


class OwnProposal(RuleBroken):
    """The editor who proposed it decided."""

    message = "ご自分が登録した根拠は、ご自分では判断できません。ほかの編集者の確認をお待ちください。"


class ProposedByOwnSide(RuleBroken):
    """Who proposed it speaks for the politician by now."""

    message = "登録した人が、この公約を掲げたご本人・事務所の側になったため、採用できません。不採用にしてください。"


class AlreadyDecided(RuleBroken):
    """Somebody else decided first."""

    message = "ほかの編集者が先に判断しました。いまの状態を表示しています。"


class StatusMoved(RuleBroken):
    """The status changed since the editor read it."""

    message = "読んでいる間に、実施状況が変わりました。いまの状態を読んでから、もう一度判断してください。"


class NothingToUndo(RuleBroken):
    """There is no such change, it is not the newest, or it was undone already."""

    message = "取り消せる変更がないか、先に取り消されました。いまの状態を表示しています。"
