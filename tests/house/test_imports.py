"""What is imported when: light things stay light, and a missing extra is said by name."""

import subprocess
import sys
from operator import attrgetter

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
    assert "pip install 'ovs-mock[all]'" in python(code)


def test_the_front_door_names_what_it_has() -> None:
    import ovs_mock

    assert ovs_mock.__all__ == sorted(ovs_mock._HOMES)
    assert all(getattr(ovs_mock, name) is not None for name in ovs_mock.__all__)
    with pytest.raises(AttributeError, match="it has BackgroundMock"):
        attrgetter("Nonsense")(ovs_mock)


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
