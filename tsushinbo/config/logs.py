"""How the log is written: each event begins a line of its own, and nothing that a visitor sent can begin another or steer a terminal."""

import logging


class Lines(logging.Formatter):
    """Writes what is in a message on one line, its control signs as escapes. What follows it is set in: a traceback, and what ``extra={"below": …}`` gives."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one event."""
        below = str(getattr(record, "below", ""))
        # Both were worked out for another formatter, or will be for the next.
        trace = self.formatException(record.exc_info) if record.exc_info else record.exc_text or ""
        stack = self.formatStack(record.stack_info) if record.stack_info else ""
        rest = [line for part in (below, trace, stack) if part for line in part.splitlines()]
        return "\n".join([visible(self._head(record)), *(f"    {visible(line)}" for line in rest)])

    def _head(self, record: logging.LogRecord) -> str:
        record.message = record.getMessage()
        if self.usesTime():
            record.asctime = self.formatTime(record, self.datefmt)
        return self.formatMessage(record)


def visible(text: str) -> str:
    """Write signs that control a terminal, end a line or turn the direction as Python would: ESC as \\x1b."""
    return "".join(
        sign if sign.isprintable() or sign == "\u3000" else sign.encode("unicode_escape").decode() for sign in text
    )
