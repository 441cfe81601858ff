"""Tests in JavaScript, as they are run: real Node.js against a real server, several of them at the same time."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = (HERE.parents[2] / "docs" / "CONTROLS.md").read_text()
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(NODE is None, reason="Node.js is not installed: no command 'node'")


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """The origin of ``ovs-mock serve``, in a process of its own."""
    command = [sys.executable, "-m", "ovs_mock", "serve", "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())["v1"].removesuffix("/v1")
        server.terminate()


def test_processes_in_parallel_never_meet(origin: str) -> None:
    running = [
        subprocess.Popen(
            [str(NODE), str(HERE / "parallel.mjs"), origin, name],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "other")
    ]
    said = [process.communicate(timeout=60) for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    ids = [id_ for out, _ in said for id_ in json.loads(out)["ids"]]
    assert len(set(ids)) == len(ids) == 16


def test_the_tests_of_the_page_pass(origin: str, tmp_path: Path) -> None:
    (shown,) = re.findall(r"^```js\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    test = tmp_path / "door.test.mjs"
    test.write_text(shown.replace("http://127.0.0.1:8787", origin))
    ran = subprocess.run([str(NODE), "--test", str(test)], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "# pass 2" in ran.stdout
