"""Runs every code block of the documentation, and the examples, with only what the documentation says to install."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from ovs_support.installs import Environment, Installs, checkout
from ovs_support.production import Production, production
from ovs_support.shell import run_against_a_mock
from ovs_support.snippets import ROOT, Snippet, snippets

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

PYTEST = "pytest -W error -p no:cacheprovider -q"
EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/pytest.ini"))
# Each kind of shell block, by what it contains, in the order in which it is looked for.
KINDS = {"server": "curl", "live": "--ovs-target", "install": "pip ", "contracts": "ovs-contracts", "make": "make "}
# A whole self-test takes an hour, and a whole run against production waits for real leases.
SHORTER = {"self-test": "self-test healthz-up", "--target live": "--target live --only service"}


@pytest.fixture(scope="module")
def installs(tmp_path_factory: pytest.TempPathFactory) -> Installs:
    return Installs(tmp_path_factory.mktemp("installs"))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    with production(tmp_path_factory.mktemp("production")) as played:
        yield played


def kind(snippet: Snippet) -> str:
    return next((name for name, text in KINDS.items() if text in snippet.text), "unknown")


def shell(wanted: str) -> list[Snippet]:
    return [snippet for snippet in snippets("sh") if kind(snippet) == wanted]


def variables(played: Production, folder: Path) -> dict[str, str]:
    """What a user's shell has set to call production."""
    return {
        "OVERSHOOT_API_KEY": "ovs-a-key",
        "OVERSHOOT_BASE_URL": played.origin,
        "SSL_CERT_FILE": str(played.ca_bundle),
        "XDG_STATE_HOME": str(folder / "state"),
    }


def write(folder: Path, shown: list[Snippet]) -> None:
    for snippet in shown:
        (folder / f"{snippet.module}.py").write_text(snippet.text)


def run_tests(environment: Environment, folder: Path, shown: list[Snippet]) -> str:
    write(folder, shown)
    return environment.run(PYTEST, folder)


def test_every_shell_block_is_run_in_some_way() -> None:
    assert [snippet.text for snippet in snippets("sh") if kind(snippet) == "unknown"] == []


@pytest.mark.parametrize("requirements", sorted({snippet.requirements for snippet in snippets("python")}))
def test_python_blocks_pass_with_what_they_need(installs: Installs, tmp_path: Path, requirements: str) -> None:
    shown = [snippet for snippet in snippets("python") if snippet.requirements == requirements]
    if "pytest-asyncio" in requirements:
        (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    output = run_tests(installs.environment(requirements), tmp_path, shown)
    passed = sum(snippet.tests for snippet in shown) - sum('target="live"' in snippet.text for snippet in shown)
    assert f"{passed} passed" in output


def install_commands() -> list[str]:
    """Each ``pip install`` of README, with the commands that it builds on."""
    commands = []
    for snippet in (snippet for snippet in shell("install") if snippet.page == "README.md"):
        *before, last = snippet.text.strip().splitlines()
        commands += ["\n".join([*before, last])] if "pip wheel" in snippet.text else [*before, last]
    return commands


@pytest.mark.parametrize("command", install_commands())
def test_every_way_to_install_runs_the_first_test(installs: Installs, tmp_path: Path, command: str) -> None:
    environment = installs.empty(pip=True)
    environment.run(command, checkout(tmp_path / "checkout"), {"PIP_CONSTRAINT": str(ROOT / "constraints.txt")})
    folder = tmp_path / "tests"
    folder.mkdir()
    assert "1 passed" in run_tests(environment, folder, snippets("python", "README.md")[:1])


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("snippet", shell("server"), ids=lambda snippet: snippet.page)
def test_the_server_needs_no_extras(installs: Installs, snippet: Snippet) -> None:
    assert "chat.completion" in run_against_a_mock(snippet.text, python=installs.environment("ovs-mock").python)


@pytest.mark.parametrize("snippet", shell("live"), ids=lambda snippet: snippet.page)
def test_a_users_tests_run_against_production(
    installs: Installs, played: Production, tmp_path: Path, snippet: Snippet
) -> None:
    write(tmp_path, snippets("python", "docs/LIVE.md"))
    environment = installs.environment("ovs-mock[live,pytest]")
    script = snippet.text.replace("ovs-…", "ovs-a-key")
    output = environment.run(script, tmp_path, variables(played, tmp_path))
    assert "1 passed, 2 skipped" in output or "2 passed, 1 skipped" in output
    assert played.running() == []


@pytest.mark.parametrize("snippet", shell("contracts"), ids=lambda snippet: snippet.page)
def test_the_contracts_run(installs: Installs, played: Production, tmp_path: Path, snippet: Snippet) -> None:
    run_contracts(installs, played, tmp_path, snippet.text)


def test_the_steps_of_the_nightly_workflow_run(installs: Installs, played: Production, tmp_path: Path) -> None:
    (snippet,) = snippets("yaml", "docs/CONTRACTS.md")
    steps = yaml.safe_load(snippet.text)["jobs"]["production"]["steps"]
    (script,) = (step["run"] for step in steps if step.get("run", "").startswith("ovs-contracts"))
    run_contracts(installs, played, tmp_path, script)
    assert (tmp_path / "report" / "report.md").exists()


def run_contracts(installs: Installs, played: Production, folder: Path, script: str) -> None:
    script = re.sub(r"^export .*\n", "", script, flags=re.MULTILINE)
    for long, short in SHORTER.items():
        script = script.replace(long, short)
    environment = installs.environment("ovs-mock[contracts,media,publish]")
    environment.run(script, folder, variables(played, folder), timeout=800)
    assert played.running() == []


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    shown = {
        target for snippet in shell("make") for target in re.findall(r"^make ([a-z]+)", snippet.text, re.MULTILINE)
    }
    assert shown
    assert shown <= targets


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_passes_with_what_it_declares(installs: Installs, tmp_path: Path, name: str) -> None:
    """No leaks, as its configuration makes them failures, and no warnings."""
    readme = (ROOT / "examples" / name / "README.md").read_text()
    declared = re.search(r"^pip install (.+)$", readme, re.MULTILINE)
    assert declared
    requirements = " ".join(shlex.split(declared.group(1))).replace(".[", "ovs-mock[")
    shutil.copytree(ROOT / "examples" / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    output = installs.environment(requirements).run(f"{PYTEST} {name}", tmp_path)
    assert "dollars saved" in output
    assert "leak" not in output
