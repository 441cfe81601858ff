"""What docs/FAULTS.md shows is run."""

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "FAULTS.md").read_text()


def test_the_tests_of_the_page_pass(pytester: pytest.Pytester) -> None:
    for block in re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        name = block.split("\n", 1)[0].removeprefix("# ").removesuffix(".py")
        pytester.makepyfile(**{name: block})
    pytester.runpytest_inprocess(
        "-p", "no:randomly", "-o", "ovs_leaks=ignore", "-o", "asyncio_default_fixture_loop_scope=function"
    ).assert_outcomes(passed=3)
