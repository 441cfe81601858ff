"""Runs pytest inside of a test, in the same process: it costs a tenth of what a process of its own does."""

import pytest

# pytester drops the modules that a run imports first. Libraries in C must not be imported twice, and the hooks of the
# guard are installed once for all of the process.
import ovs_mock.handle.background
import ovs_mock.interception.interception  # noqa: F401


def run_inside(pytester: pytest.Pytester, *arguments: str, asyncio: bool = False) -> pytest.RunResult:
    """Runs pytest on the files that ``pytester`` has. ``asyncio`` loads pytest-asyncio, in its automatic mode."""
    loops = ("-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function")
    plugins = loops if asyncio else ("-p", "no:asyncio")
    common = ("-p", "no:randomly", "-p", "no:cacheprovider", "-W", "default")
    return pytester.runpytest_inprocess(*common, *plugins, *arguments)
