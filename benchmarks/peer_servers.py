"""The peers' servers to compare, each a process of their interpreter: ``python peer_servers.py httpserver|moto``.

Prints ``{"url": …, "api_key": …}`` once it listens, and ends on SIGTERM.
"""

import importlib
import json
import signal
import sys
from contextlib import redirect_stdout

MODELS = [{"model": f"maker/model-{number}", "status": "ready", "ready": True} for number in range(8)]


def httpserver() -> None:
    """pytest-httpserver with one handler."""
    # Peers are not installed where types are checked.
    server = importlib.import_module("pytest_httpserver").HTTPServer(host="127.0.0.1", port=0)
    server.start()
    server.expect_request("/v0.2/models").respond_with_json(MODELS)
    _tell(server.url_for(""))


def moto() -> None:
    """moto's server, which takes a call that nobody signed for one to S3."""
    server = importlib.import_module("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    # It greets on stdout, where only one line is expected.
    with redirect_stdout(sys.stderr):
        server.start()
    host, port = server.get_host_and_port()
    _tell(f"http://{host}:{port}")


def _tell(url: str) -> None:
    print(json.dumps({"url": url, "api_key": "none"}), flush=True)
    signal.pause()


if __name__ == "__main__":
    {"httpserver": httpserver, "moto": moto}[sys.argv[1]]()
