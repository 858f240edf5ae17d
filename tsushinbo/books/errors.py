"""What the rules of this room refuse."""

from tsushinbo.errors import RuleBroken


class AlreadyLinked(RuleBroken):
    """The book is on the page, or was proposed for it."""

    message = "この本は、このページの関連書籍としてすでに提案されているか、掲載されています。"


class WasRefused(RuleBroken):
    """Editors decided against it before."""

    message = (
        "この本は、前に提案されて掲載しないと判断されました。納得できないときは、提案した人が異議を申し立てられます。"
    )
