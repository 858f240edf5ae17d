"""The real server as a process, for tests that must not trust this process."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from socket import socket


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Sender(threading.Thread):
    """Sends one thing after the other until the server is gone; ``refused`` are the answers to what was not accepted."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[int] = []


@dataclass
class Server:
    """A running ``tsushinbo serve``. ``lines`` is what it printed until it was ready."""

    process: subprocess.Popen[str]
    port: int
    lines: list[str] = field(default_factory=list)

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
        """Ask for ``path`` over a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, headers=headers)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def kill(self) -> None:
        """End the whole process group at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def kill_amid(self, senders: Sequence[Sender], answered: threading.Semaphore, answers: int) -> None:
        """Let them send, and kill the server after so many answers. That it refused none of them is asserted."""
        for sender in senders:
            sender.start()
        for _ in range(answers):
            assert answered.acquire(timeout=60), [sender.refused for sender in senders]
        self.kill()
        for sender in senders:
            sender.join(60)
        assert not [status for sender in senders for status in sender.refused]


@contextmanager
def serving(data_dir: Path, *arguments: str, within: Sequence[str] = (), **variables: str) -> Iterator[Server]:
    """Run ``tsushinbo serve`` on a free port with its own data folder until the block ends. within: a command that runs it, such as ``env``."""
    port = free_port()
    environment = {
        **os.environ,
        "TSUSHINBO_DATA_DIR": str(data_dir),
        "PORT": str(port),
        "HOST": "127.0.0.1",
        **variables,
    }
    environment.pop("DATABASE_URL", None)
    environment.update({name: value for name, value in variables.items() if name == "DATABASE_URL"})
    command = [*within, sys.executable, "-m", "tsushinbo", "serve", *arguments]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    server = Server(process, port)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            server.lines.append(line.rstrip("\n"))
            if f"http://127.0.0.1:{port}/" in line:
                break
        else:
            raise AssertionError("the server ended before it was ready:\n" + "\n".join(server.lines))
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(30)
        if process.stdout is not None:
            process.stdout.close()
