"""Runs shell sessions of the documentation against a mock."""

import re
import subprocess
import sys


def run_against_a_mock(session: str, python: str = sys.executable) -> str:
    """The output of a shell session whose first line starts a mock on port 8787; each of its calls must succeed."""
    command = [python, "-P", "-m", "ovs_mock", "serve", "--port", "0", "--clock", "running", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        port = re.search(r"127\.0\.0\.1:(\d+)", server.stdout.readline())
        assert port
        script = session.split("\n", 1)[1].replace("8787", port.group(1)).replace("curl -s", "curl -sf")
        done = subprocess.run(["/bin/bash", "-euc", script], capture_output=True, text=True, timeout=60, check=False)
        server.terminate()
    assert done.returncode == 0, done.stderr
    return done.stdout
