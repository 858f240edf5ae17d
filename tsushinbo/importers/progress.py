"""How far an import is: a bar on a terminal, plain lines elsewhere."""

from types import TracebackType
from typing import Protocol, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from tsushinbo.importers.report import FileReport


class ImportProgress(Protocol):
    """Who is told how far an import is."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def plan(self, size: int) -> None:
        """``size`` bytes in all are to be read."""

    def reach(self, name: str, position: int) -> None:
        """``position`` bytes were read so far, the last ones from the file ``name``."""

    def finish(self, report: FileReport) -> None:
        """A file is done."""


class Silent:
    """Tells nobody."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, fault, trace

    def plan(self, size: int) -> None:
        """Nothing to say."""

    def reach(self, name: str, position: int) -> None:
        """Nothing to say."""

    def finish(self, report: FileReport) -> None:
        """Nothing to say."""


class Lines(Silent):
    """Writes a line when a file is done."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def finish(self, report: FileReport) -> None:
        """Say what became of its rows."""
        if not report.fault:
            print(report, file=self._stream, flush=True)


class Bar(Silent):
    """Draws one bar over all files, with a line above it for each that is done."""

    def __init__(self, stream: TextIO) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            console=Console(file=stream, highlight=False),
            transient=True,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def plan(self, size: int) -> None:
        """Set the length of the bar."""
        self._task = self._bar.add_task("", total=size)

    def reach(self, name: str, position: int) -> None:
        """Move the bar."""
        if self._task is not None:
            self._bar.update(self._task, description=name, completed=position)

    def finish(self, report: FileReport) -> None:
        """Say what became of its rows."""
        if not report.fault:
            self._bar.console.print(str(report), markup=False, soft_wrap=True)


def on(stream: TextIO) -> ImportProgress:
    """A bar when ``stream`` is a terminal, lines otherwise."""
    return Bar(stream) if stream.isatty() else Lines(stream)
