"""How a command speaks: plain lines, results on standard output and refusals on standard error."""

import sys


def say(line: str) -> None:
    """Print a line at once, also when the output is a pipe."""
    print(line, flush=True)


def fail(reason: str, status: int = 1) -> int:
    """Print why it does not work and return the exit status."""
    print(f"tsushinbo: {reason}", file=sys.stderr, flush=True)
    return status
