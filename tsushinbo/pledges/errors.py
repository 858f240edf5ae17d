"""Refusals that who proposes, edits or decides may cause."""

from tsushinbo import drafts
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


class ProposalRefused(RuleBroken):
    """A pledge cannot be taken as it was sent. ``faults`` are messages by field of the form."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults.values()))


class MayNotWrite(RuleBroken):
    """Somebody wanted to write at once who is neither an editor nor speaks for the politician."""

    message = "すぐに公開できるのは、編集者と、ご本人・事務所のアカウントだけです。"


class PledgeMoved(RuleBroken):
    """Others changed the same fields since the writer read the pledge. ``fields``: which, in the words of a revision."""

    def __init__(self, fields: list[str]) -> None:
        self.fields = fields
        super().__init__(
            f"書いている間に、この公約の「{'」「'.join(fields)}」がほかの人によって変更されました。いまの内容とくらべて、もう一度お送りください。"
        )


class PledgeGone(RuleBroken):
    """The pledge was merged into another, or is no longer public."""

    message = "この公約は、ほかの公約に統合されたか、公開が終わりました。"


class NothingChanged(RuleBroken):
    """An edit equals what stands there."""

    message = "いまの内容と同じです。変えたいところを直してから、お送りください。"


class NotTheAuthor(RuleBroken):
    """Somebody else's proposal, or one that was decided."""

    message = "確認待ちの、ご自分の提案だけを取り下げられます。すでに確認が終わったかもしれません。"


class DraftGone(drafts.DraftGone):
    """The draft was sent or thrown away in another window."""

    message = "この下書きは、ほかの画面で送ったか、削除しました。「自分の公約の提案」でお確かめください。"


class NoSuchVersion(RuleBroken):
    """There is no such wording, or it is the one that stands."""

    message = "戻せる版がありません。いまの内容を確かめてから、もう一度選んでください。"


class HideByReverting(RuleBroken):
    """A change that was approved cannot be hidden by itself."""

    message = "承認した変更は、ここでは非公開にできません。公約のページの「前の版に戻す（編集者）」から、前の版に戻してください。"


class CannotMerge(RuleBroken):
    """The two are not two pledges of one owner that stand."""

    message = "統合できるのは、同じ政治家・政党の、公開中の別々の公約だけです。"
