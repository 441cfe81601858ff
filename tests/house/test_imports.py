"""What is imported when: light things stay light, and a missing extra is said by name."""

import ast
import subprocess
import sys
from operator import attrgetter
from pathlib import Path

import pytest

HEAVY = ("aiohttp", "aiortc", "av", "numpy", "livekit", "pydantic", "jsonschema")


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("module", ["ovs_mock", "pytest_ovs_mock.plugin", "ovs_mock.engine.engine"])
def test_nothing_heavy_comes_along(module: str) -> None:
    loaded = python(f"import sys, {module}; print([m for m in {HEAVY} if m in sys.modules])")
    assert loaded == "[]"


def test_the_server_needs_no_media_libraries_until_it_starts() -> None:
    code = (
        "import sys, ovs_mock.server.server\n"
        "print([m for m in ('aiortc', 'av', 'numpy', 'livekit') if m in sys.modules])"
    )
    assert python(code) == "[]"


def without(*modules: str) -> str:
    """Code after which the modules cannot be imported, as if their extra were not installed."""
    return f"""
import sys
from operator import attrgetter
class Missing:
    def find_spec(self, name, path=None, target=None):
        if any(name == m or name.startswith(m + '.') for m in {modules}):
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
"""


def test_the_bare_install_serves_everything_but_video() -> None:
    code = (
        without("aiortc", "av", "numpy", "livekit")
        + """
import urllib.request, urllib.error
from ovs_mock import BackgroundMock, Settings
with BackgroundMock(Settings(seed=1)) as mock:
    print(urllib.request.urlopen(mock.v02 + "/healthz").status)
    try:
        urllib.request.urlopen(mock.url + "/rtc/v1")
    except urllib.error.HTTPError as error:
        print(error.code, error.read().decode())
"""
    )
    assert python(code).splitlines() == ["200", "503 this mock takes no video: pip install 'ovs-mock[media]'"]


def test_the_demo_names_the_extra_that_it_misses() -> None:
    code = (
        without("livekit.rtc")
        + """
import sys, contextlib, io
from ovs_mock.cli.main import main
sys.argv = ["ovs-mock", "demo"]
said = io.StringIO()
with contextlib.redirect_stderr(said), contextlib.suppress(SystemExit):
    main()
print(said.getvalue())
"""
    )
    assert "pip install 'ovs-mock[media,publish]'" in python(code)


def test_the_package_exports_what_its_stub_declares() -> None:
    import ovs_mock

    stub = ast.parse(Path(ovs_mock.__file__).with_suffix(".pyi").read_text())
    declared = [alias.asname for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names]
    exported = attrgetter("__all__")(ovs_mock)
    assert exported == sorted(map(str, declared))
    assert all(getattr(ovs_mock, name) is not None for name in exported)
    assert dir(ovs_mock) == sorted([*exported, "__version__"])
    with pytest.raises(AttributeError, match="it has BackgroundMock"):
        attrgetter("Nonsense")(ovs_mock)


def test_everything_can_be_imported_at_once() -> None:
    assert python("from ovs_mock import *; print(Settings.__name__, events.__name__)").split() == [
        "Settings",
        "ovs_mock.engine.events",
    ]


def test_importing_the_package_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import ovs_mock; print(set(sys.modules) - before)"
    assert python(code) == "{'ovs_mock'}"


def test_the_bare_install_plays_frames_of_which_only_the_size_is_known() -> None:
    code = (
        without("aiortc", "av", "numpy", "livekit")
        + """
import urllib.request, json
from ovs_mock import BackgroundMock, Settings
with BackgroundMock(Settings(seed=1)) as mock:
    headers = {"Authorization": "Bearer " + mock.api_key, "Content-Type": "application/json"}
    def post(path, body):
        request = urllib.request.Request(mock.url + path, json.dumps(body).encode(), headers)
        return json.load(urllib.request.urlopen(request))
    stream_id = post("/v1/streams", {})["id"]
    print(post(f"/_mock/streams/{stream_id}/play", {"seconds": 1})["frames"])
    image = {"type": "image_url", "image_url": {"url": f"ovs://streams/{stream_id}?frame_index=3"}}
    asked = {"model": "Qwen/Qwen3.5-9B", "messages": [{"role": "user", "content": [image]}]}
    print(post("/v1/chat/completions", asked)["choices"][0]["message"]["content"])
"""
    )
    assert python(code).splitlines() == ["10", "1 frame #3, 640x360"]


def test_the_bare_install_names_the_extra_that_brings_pixels() -> None:
    code = (
        without("aiortc", "av", "numpy", "livekit")
        + """
from ovs_mock import BackgroundMock, Settings
with BackgroundMock(Settings(seed=1)) as mock:
    for frames in ("clip.mp4", [object()]):
        try:
            mock.push_frames("stream", frames)
        except ImportError as error:
            print(error)
"""
    )
    hint = "frames with pixels need the extra 'media': pip install 'ovs-mock[media]'"
    assert python(code).splitlines() == [hint, hint]


def test_the_relay_needs_only_the_extra_live() -> None:
    code = without("websockets", "hypothesis", "schemathesis", "rich", "jinja2", "livekit", "av", "numpy", "aiortc")
    assert python(code + "import ovs_contracts.relay.program, httpx\nprint('imported')") == "imported"
