"""What a test suite pays for the first use of a fixture."""

import pytest

SUITE = """
import sys

def test_the_mock_is_imported_as_it_was_compiled(ovs):
    import ovs_mock.api.v02.handlers, ovs_mock.engine.engine, ovs_mock.server.server
    for name in ("engine.engine", "server.server", "server.tenant", "api.v02.handlers"):
        loader = sys.modules[f"ovs_mock.{name}"].__spec__.loader
        assert not type(loader).__module__.startswith("_pytest"), name

def test_no_finder_is_in_the_way_of_other_modules(ovs):
    import others
    assert type(others.__spec__.loader).__module__.startswith("_pytest")
"""
MARKED = """
import pytest
# As pytest does it by itself with all packages of a plugin's distribution, once that is installed from a wheel.
pytest.register_assert_rewrite("ovs_mock", "others")
"""
UNLOADED = """
import sys

def test_nothing_heavy_is_there(ovs):
    import urllib.request, json
    model = "Qwen/Qwen3.5-9B"
    stream = json.dumps({"processing": {"interval_seconds": 1}, "inference": {"prompt": "?", "model": model}})
    headers = {"Authorization": f"Bearer {ovs.api_key}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{ovs.v02}/streams", stream.encode(), headers)) as answer:
        stream_id = json.load(answer)["stream_id"]
    urllib.request.urlopen(urllib.request.Request(f"{ovs.v02}/streams/{stream_id}", headers=headers, method="DELETE"))
    assert not {"jwt", "cryptography", "jsonschema", "av", "numpy", "yaml"} & set(sys.modules)
"""


def test_pytest_does_not_rewrite_what_it_need_not(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(MARKED)
    pytester.makepyfile(SUITE)
    pytester.makepyfile(others="")
    pytester.runpytest_subprocess("-p", "no:randomly").assert_outcomes(passed=2)


def test_a_stream_is_created_without_libraries_for_what_is_not_asked_for(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(UNLOADED)
    others = ("ovs_contracts", "schemathesis", "hypothesispytest", "anyio", "respx", "xdist", "randomly", "asyncio")
    switches = [word for name in others for word in ("-p", f"no:{name}")]
    pytester.runpytest_subprocess(*switches).assert_outcomes(passed=1)


def test_the_collector_is_as_it_was(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import gc
        import pytest

        @pytest.fixture(params=[True, False])
        def collecting(request):
            (gc.enable if request.param else gc.disable)()
            yield request.param
            gc.enable()

        def test_collects_as_before(collecting, ovs):
            assert gc.isenabled() is collecting
            assert gc.get_freeze_count() == 0, "that is for the very end"
        """
    )
    for only in ("True", "False"):
        pytester.runpytest_subprocess("-p", "no:randomly", "-k", only).assert_outcomes(passed=1, deselected=1)
