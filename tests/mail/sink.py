"""A mail server of this machine that answers as a test tells it, and keeps what it took."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer

USUAL = {"CONN": "220 sink", "DATA": "354 go on", "QUIT": "221 bye"}
# What a test decides: from the step (CONN, EHLO, MAIL, RCPT, DATA, QUIT, and SENT for a mail that came whole) and to whom the answer; "" hangs up.
type Reply = Callable[[str, str], str | None]


def usual(_step: str, _to: str) -> str | None:
    """Take everything."""
    return None


class Sink(ThreadingTCPServer):
    """Listens on a free port. ``taken``: to whom each mail went that it said it would take, in order."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.reply: Reply = usual
        self.taken: list[str] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is what these tests are for."""


class _Talk(StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        to = ""
        if not self._say("CONN", to):
            return
        while line := self.rfile.readline():
            step = line[:4].decode().upper().strip()
            if step == "RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
            if not self._say(step, to) or step == "QUIT":
                return
            if step == "DATA":
                while (text := self.rfile.readline()) and text != b".\r\n":
                    pass
                if not text or not self._say("SENT", to):
                    return

    def _say(self, step: str, to: str) -> bool:
        said = self.server.reply(step, to)
        answer = USUAL.get(step, "250 ok") if said is None else said
        if step == "SENT" and answer.startswith("2"):
            self.server.taken.append(to)
        self.wfile.write(f"{answer}\r\n".encode() if answer else b"")
        return bool(answer)


@contextmanager
def listening() -> Iterator[Sink]:
    """A sink until the block ends."""
    with Sink() as sink:
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield sink
        sink.shutdown()
        thread.join()
