"""The base of every refusal a visitor may cause."""


class RuleBroken(Exception):
    """A rule of the site says no. ``message`` is Japanese and is shown to the visitor beside the form."""

    message = "この操作はできません。"

    def __init__(self, message: str | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.message)
