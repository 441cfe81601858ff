"""What the documents show is run."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_tests_of_the_readme_pass(pytester: pytest.Pytester) -> None:
    shown = blocks("python")
    for block in shown:
        name = re.match(r"# (test_\w+)\.py\n", block)
        assert name, f"a Python block begins with the name of its test file: {block[:40]!r}"
        pytester.makepyfile(**{name.group(1): block})
    pytester.runpytest_subprocess("-p", "no:randomly").assert_outcomes(passed=len(shown))


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_calls_of_the_readme_work() -> None:
    (session,) = (block for block in blocks("sh") if "curl" in block)
    said = run_against_a_mock(session)
    assert '"ttl_seconds": 45' in said
    assert '"reason": "lease_expired"' in said
    assert "chat.completion" in said


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_calls_of_the_controls_work() -> None:
    (session,) = blocks("sh", (ROOT / "docs" / "CONTROLS.md").read_text())
    said = run_against_a_mock(session)
    for expected in ('"balance_microcents": 1000000', '"frames": 90', '"A tabby."', '"draining": true', "StreamEnded"):
        assert expected in said


def run_against_a_mock(session: str) -> str:
    """What a shell session says, whose first line starts a mock; each of its calls must succeed."""
    command = [sys.executable, "-m", "ovs_mock", "serve", "--port", "0", "--clock", "running"]
    with subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        port = re.search(r"127\.0\.0\.1:(\d+)", server.stdout.readline())
        assert port
        script = session.split("\n", 1)[1].replace("8787", port.group(1)).replace("curl -s", "curl -sf")
        done = subprocess.run(["/bin/bash", "-euc", script], capture_output=True, text=True, timeout=60, check=False)
        server.terminate()
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_between_the_documents_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text()
    for target in re.findall(r"\]\((?!https?:)([^)#]*)", text):
        assert not target or (ROOT / target).exists(), f"{name} links to {target}, which is not there"
