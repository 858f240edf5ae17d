"""Refusals that a writer may cause."""

from tsushinbo import drafts
from tsushinbo.errors import RuleBroken


class ReportRefused(RuleBroken):
    """The report cannot be taken as it was sent. ``faults`` are messages by field of the form."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults.values()))


class NotTheWriter(RuleBroken):
    """Somebody else wanted to change a report."""

    message = "この活動報告は、書いた人だけが直せます。"


class ReportMoved(RuleBroken):
    """The report was changed by another hand since the form was opened."""

    message = (
        "書いている間に、この活動報告がほかの画面から変更されました。いまの内容を確かめてから、もう一度お送りください。"
    )


class DraftGone(drafts.DraftGone):
    """The draft was posted or thrown away in another window."""

    message = "この下書きは、ほかの画面で投稿したか、削除しました。「自分の活動報告」でお確かめください。"


class PictureRefused(RuleBroken):
    """A file is no picture that can be shown, or too large."""


class AlreadyLookedAt(RuleBroken):
    """Another moderator decided first, or the writer changed the text meanwhile."""

    message = "ほかの担当者が先に判断したか、内容が変わりました。もう一度読んでから判断してください。"
