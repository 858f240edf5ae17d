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


class TooManyWithoutWork(RuleBroken):
    """Comments come thick, and from this network enough came whose browser did no work. ``retry_after`` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(
            "短い時間に投稿が集中しているため、端末で確認の計算をしていないコメントは、少しずつ受け付けています。"
            f"約{-(-retry_after // 60)}分たってから、もう一度お送りください。ログインすると、待たずに送れます。"
        )


class ReportClosed(RuleBroken):
    """The report is public no longer."""

    message = "この活動報告は公開されていないため、コメントを受け付けられません。"


class NotWaiting(RuleBroken):
    """Only the writer may take a comment back, and only while it waits."""

    message = "このコメントは、もう確認が済んだか、取り消されています。"
