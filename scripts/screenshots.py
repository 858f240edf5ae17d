"""Make docs/report-card.png anew: a report card of the bundled data, from a server of its own in a throw-away folder."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from socket import socket

from playwright.sync_api import sync_playwright

CHECKOUT = Path(__file__).parents[1]
PICTURE = CHECKOUT / "docs" / "report-card.png"
PERSON = "森沢きょうこ"


def main() -> None:
    """Serve, search for the person as a visitor would, and take the picture."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TSUSHINBO_DATA_DIR": folder, "PORT": str(port), "HOST": "127.0.0.1"}
        server = subprocess.Popen(
            [sys.executable, "-m", "tsushinbo", "serve"], env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            for line in server.stdout or ():
                if f"http://127.0.0.1:{port}/" in line:
                    break
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
                page = browser.new_page(viewport={"width": 1000, "height": 760}, color_scheme="light", locale="ja-JP")
                page.goto(f"http://127.0.0.1:{port}/search/?q={PERSON}")
                page.locator("main a[href^='/politicians/']").first.click()
                page.wait_for_load_state("networkidle")
                page.screenshot(path=PICTURE)
                browser.close()
        finally:
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    main()
