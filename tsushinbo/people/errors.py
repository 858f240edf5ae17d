"""What the rules of this room refuse to who proposes or decides."""

from tsushinbo.errors import RuleBroken


class AlreadyProposed(RuleBroken):
    """The same person by the same member waits already."""

    message = "同じ名前の政治家を、すでに提案しています。「自分の政治家の提案」でお確かめください。"


class NamesakesUnseen(RuleBroken):
    """Somebody of that name is on record whom the writer was not shown. ``names``: with their offices."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"提案のあとに、名前か読みが同じ人が登録されました（{'、'.join(names)}）。同じ人なら「重複」で却下してください。別の人なら、提案した人に、もう一度提案してもらってください。"
        )


class PersonMoved(RuleBroken):
    """Facts changed since they were read. ``labels``: which."""

    def __init__(self, labels: list[str]) -> None:
        self.labels = labels
        named = f"「{'」「'.join(labels)}」が" if labels else "この人の情報が"
        super().__init__(f"読んだあとに、{named}変わりました。いまの内容とくらべて、もう一度お送りください。")


class PersonGone(RuleBroken):
    """The politician was merged into another."""

    message = "この人は、ほかの人と同じ人として統合されたか、登録がなくなりました。"


class NothingCorrected(RuleBroken):
    """A correction equals what stands there."""

    message = "いまの記録と同じです。直したいところを書きかえてから、お送りください。"


class NotTheAuthor(RuleBroken):
    """Somebody else's proposal, or one that was decided."""

    message = "確認待ちの、ご自分の提案だけを取り下げられます。すでに確認が終わったかもしれません。"


class CorrectAgain(RuleBroken):
    """A correction that was approved cannot be hidden by itself."""

    message = "承認した訂正は、ここでは非公開にできません。政治家のページから、もう一度訂正を提案してください。"


class PersonInUse(RuleBroken):
    """A politician who was proposed cannot go any more."""

    message = "この政治家には、公約・活動報告・訂正などがすでに結び付いているため、登録を取り消せません。"
