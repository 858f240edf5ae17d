"""Refusals that a writer may cause."""

from tsushinbo.errors import RuleBroken


class CommentRefused(RuleBroken):
    """The comment cannot be taken as it was sent. ``faults`` are messages by field of the form."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults.values()))


class AlreadySaid(RuleBroken):
    """The same text came before: by the same writer on this report, or from the same network today."""

    message = (
        "同じ内容のコメントを、すでに受け付けています。管理者の確認後に公開されますので、もう一度送る必要はありません。"
    )


class ReportClosed(RuleBroken):
    """The report is public no longer."""

    message = "この活動報告は公開されていないため、コメントを受け付けられません。"


class NotWaiting(RuleBroken):
    """Only the writer may take a comment back, and only while it waits."""

    message = "このコメントは、もう確認が済んだか、取り消されています。"
