"""A real browser on pages of the tests, which tell what happens to them."""

import json
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FOLDER = Path(__file__).parents[1] / "browser"
PACKAGES = FOLDER / "node_modules"
QUIET = ["background-networking", "component-update", "dev-shm-usage", "gpu", "quic", "sync"]


class Page(ThreadingHTTPServer):
    """Serves the pages, and hears what they say."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.said: queue.Queue[dict[str, Any]] = queue.Queue()
        self.goes_on: queue.Queue[None] = queue.Queue()

    def url(self, name: str, **query: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{name}?{urlencode(query)}"

    def go_on(self) -> None:
        """Let a page that asks for it take its next step."""
        self.goes_on.put(None)

    def hear(self, what: str, *, timeout: float = 40) -> Any:
        """What the page says under this name; an AssertionError when it is in trouble, or silent."""
        while True:
            try:
                said = self.said.get(timeout=timeout)
            except queue.Empty:
                raise AssertionError(f"the page said nothing of {what!r} within {timeout:g} s") from None
            assert "trouble" not in said, said["trouble"]
            if what in said:
                return said[what]


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}  # noqa: RUF012 - as there

    @property
    def _page(self) -> Page:
        assert isinstance(self.server, Page)
        return self.server

    def translate_path(self, path: str) -> str:
        path = path.partition("?")[0]
        folder, path = (PACKAGES, path.removeprefix("/npm")) if path.startswith("/npm/") else (FOLDER / "pages", path)
        return str(folder / path.lstrip("/"))

    def do_GET(self) -> None:
        if self.path == "/next":
            self._page.goes_on.get()
            self._answer(b"go on")
        else:
            super().do_GET()

    def do_POST(self) -> None:
        self._page.said.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer(b"heard")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@contextmanager
def browsing(profile: Path, name: str, **query: str) -> Iterator[Page]:
    """A page in a browser of its own, with a camera that is none, for as long as this block runs."""
    with Page() as page:
        serving = threading.Thread(target=page.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        switches = ["--headless=new", "--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in QUIET)]
        camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
        command = [str(BROWSER), *switches, *camera, f"--user-data-dir={profile}", page.url(name, **query)]
        browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield page
        finally:
            browser.kill()
            browser.wait()
            page.shutdown()
            serving.join()
