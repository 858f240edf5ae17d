"""How long a browser computes for proof of work (計算による確認) at each number of bits, on this machine and as on a cheap phone.

The script of the site solves challenges of the site in headless Chromium, under the site's Content-Security-Policy. Three rows for each number of bits: as it is; with the main
thread slowed by Chromium's own throttle (what a developer's tools call a slow phone: the derivations run on other threads, which it leaves alone); and with every process of the browser standing
still for five sixths of the time, threads and all, which is the harder stand-in for a cheap phone.
"""

import http.server
import os
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SLOWER = 6
RUNS = 24
# The last is the most that the site asks for.
BITS = (4, 7, 8, 10, 11)
SLICE_SECONDS = 0.06
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# A challenge is put into the page as htmx would, and the time runs until the script sends the form. The longest gap between two turns of the event loop says how long a tap would have waited.
# First the page is shown without one, as after something that was taken: of challenges in a row the script solves three and no more.
SOLVE = """async ([token, parts, bits, rounds]) => {
  document.body.replaceChildren();
  document.dispatchEvent(new CustomEvent("htmx:afterSettle"));
  const form = document.createElement("form");
  form.innerHTML = `<div data-work="${token}" data-parts="${parts}" data-bits="${bits}" data-rounds="${rounds}"><input type="hidden" name="work">
    <p role="status"></p><progress max="100" value="0"></progress><button name="without_work" value="1">x</button></div>`;
  document.body.replaceChildren(form);
  const sent = new Promise((done) => form.addEventListener("submit", (event) => { event.preventDefault(); done(event.submitter); }));
  let [last, gap, on] = [performance.now(), 0, true];
  const turns = new MessageChannel();
  turns.port1.onmessage = () => {
    const now = performance.now();
    [gap, last] = [Math.max(gap, now - last), now];
    if (on) setTimeout(() => turns.port2.postMessage(0), 10);
  };
  turns.port2.postMessage(0);
  const started = performance.now();
  document.dispatchEvent(new CustomEvent("htmx:afterSettle"));
  const without = await sent;
  on = false;
  if (without) throw new Error("sent without work");
  return [performance.now() - started, gap, form.elements.work.value];
}"""


def main() -> int:
    """Print a row for each number of bits and each slowing."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "static").mkdir()
        os.environ["TSUSHINBO_DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "tsushinbo.config.settings"
        import django

        django.setup()
        return measure(folder)


def measure(folder: str) -> int:
    from playwright.sync_api import sync_playwright

    print(f"{RUNS} runs each, times in ms; tap: the longest that the page took to answer")
    print(f"{'bits':>4} {'slowed':>16} {'p50':>8} {'p95':>8} {'most':>8} {'tap p50':>8} {'tap most':>9}")
    with serving() as address, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            f"{folder}/profile",
            executable_path=next(filter(None, map(shutil.which, CHROMIUM))),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        page = context.new_page()
        page.goto(address)
        devtools = context.new_cdp_session(page)
        for bits in BITS:
            row(bits, "no", page)
            devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            row(bits, f"main thread {SLOWER}x", page)
            devtools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
            with standing_still(f"{folder}/profile"):
                row(bits, f"all of it {SLOWER}x", page)
        context.close()
    return 0


def row(bits: int, slowed: str, page: Any) -> None:
    times, gaps = [], []
    for _ in range(RUNS):
        took, gap = solve(page, bits)
        times.append(took)
        gaps.append(gap)
    cuts = statistics.quantiles(times, n=20)
    print(
        f"{bits:>4} {slowed:>16} {statistics.median(times):>8.0f} {cuts[18]:>8.0f} {max(times):>8.0f} {statistics.median(gaps):>8.0f} {max(gaps):>9.0f}",
        flush=True,
    )


def solve(page: Any, bits: int) -> tuple[float, float]:
    from tsushinbo.accounts.proof_of_work import _is_solved, challenge

    made = challenge("bench", bits, datetime.now(UTC))
    took, gap, answer = page.evaluate(SOLVE, [made.token, made.parts, made.part_bits, made.rounds])
    _, *numbers = answer.split(",")
    assert all(_is_solved(made.token, part, number, made.part_bits) for part, number in enumerate(numbers))
    return took, gap


@contextmanager
def serving() -> Iterator[str]:
    """A page with nothing but the script, under the policy of the site."""
    from django.conf import settings
    from django.utils.csp import build_policy

    from tsushinbo import accounts

    script = Path(accounts.__file__).parent / "static/accounts/work.js"
    policy = build_policy(settings.SECURE_CSP)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_script = self.path == "/work.js"
            body = (
                script.read_bytes()
                if is_script
                else b'<!DOCTYPE html><title>work</title><body><script src="/work.js" defer></script>'
            )
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if is_script else "text/html")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


@contextmanager
def standing_still(profile: str) -> Iterator[None]:
    """Let the browser of this profile, every process of it, run for one slice in SLOWER and stand still for the others."""
    over = threading.Event()
    processes = browser_of(profile)

    def send(number: int) -> None:
        for pid in processes:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def turn() -> None:
        while not over.is_set():
            send(signal.SIGSTOP)
            time.sleep(SLICE_SECONDS * (SLOWER - 1) / SLOWER)
            send(signal.SIGCONT)
            time.sleep(SLICE_SECONDS / SLOWER)

    thread = threading.Thread(target=turn)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        send(signal.SIGCONT)


def browser_of(profile: str) -> list[int]:
    """The process that was started with this profile, and all its descendants."""
    parents, roots = {}, set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if f"--user-data-dir={profile}" in (folder / "cmdline").read_text():
                roots.add(int(folder.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    found = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


if __name__ == "__main__":
    sys.exit(main())
