"""What an import says no to."""

from dataclasses import dataclass


class Unusable(Exception):
    """A whole file cannot be used. The message says why and what to do."""


class Refused(Exception):
    """A row is not understood. ``column`` is empty where the row as a whole is meant."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused row: where it stands and why."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}, line {self.line}{column}: {self.reason}"


def shown(value: str) -> str:
    """A value as a message shows it: in quotes, cut off, with its invisible signs written out."""
    return repr(value if len(value) <= 60 else value[:57] + "…")
