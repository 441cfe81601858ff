"""Runs the code blocks of the documentation in this environment; ``test_installs.py`` runs them in fresh ones."""

import re
import shutil

import pytest
from ovs_support.shell import run_against_a_mock
from ovs_support.snippets import DEFAULT_REQUIREMENTS, PAGES, ROOT, snippets


def test_the_tests_of_the_readme_pass(pytester: pytest.Pytester) -> None:
    shown = snippets("python", "README.md")
    pytester.makepyfile(**{snippet.module: snippet.text for snippet in shown})
    options = ["-p", "no:randomly", "-W", "error", "-o", "asyncio_default_fixture_loop_scope=function"]
    pytester.runpytest_subprocess(*options).assert_outcomes(passed=sum(snippet.tests for snippet in shown))


def test_the_first_block_is_a_first_test_and_needs_no_other_extra() -> None:
    first = snippets("python", "README.md")[0]
    assert first.requirements == DEFAULT_REQUIREMENTS
    assert first.tests == 1
    assert "async" not in first.text


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_calls_of_the_readme_work() -> None:
    (session,) = (snippet.text for snippet in snippets("sh", "README.md") if "curl" in snippet.text)
    said = run_against_a_mock(session)
    assert '"ttl_seconds": 45' in said
    assert '"reason": "lease_expired"' in said
    assert "chat.completion" in said


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_calls_of_the_controls_work() -> None:
    (session,) = snippets("sh", "docs/CONTROLS.md")
    said = run_against_a_mock(session.text)
    for expected in ('"balance_microcents": 1000000', '"frames": 90', '"A tabby."', '"draining": true', "StreamEnded"):
        assert expected in said


@pytest.mark.parametrize("name", [*PAGES, "ARCHITECTURE.md", "CHANGELOG.md"])
def test_links_between_the_documents_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for target in re.findall(r"\]\((?!https?:)([^)#]*)", page.read_text()):
        assert not target or (page.parent / target).exists(), f"{name} links to {target}, which is not there"
