"""The registry of versions: each fact once, and everything else follows from it."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from ovs_contracts import documents

import ovs_mock
from ovs_mock import BackgroundMock, Settings
from ovs_mock.api.billing.operations import OPERATIONS as BILLING
from ovs_mock.api.reference.operations import operations as reference
from ovs_mock.api.service.operations import OPERATIONS as SERVICE
from ovs_mock.api.v1beta.version import V1BETA
from ovs_mock.api.versions import VERSIONS, owner, root
from ovs_mock.server.controls.operations import OPERATIONS as CONTROLS

SOURCE = Path(ovs_mock.__file__).parent
MODEL = "Qwen/Qwen3.5-9B"
CHAT = {"model": MODEL, "messages": [{"role": "user", "content": "Hello"}]}
# All that a further version of chats needs in the mock.
V2TEST = replace(
    V1BETA, name="v2test", at_root=False, lease_seconds=77, retention_seconds=88, rate_limited=False, regions=False
)


@pytest.mark.parametrize(
    ("path", "version"),
    [
        ("/v1", None),
        ("/v1/streams", "v1"),
        ("/v1/nothing", "v1"),
        ("/v1beta/streams", "v1beta"),
        ("/v0.2/models", "v0.2"),
        ("/v1betas/streams", None),
        ("/models", "v1beta"),
        ("/chat/completions", "v1beta"),
        ("/chat", None),
        ("/", None),
    ],
)
def test_a_path_belongs_to_one_version_or_to_none(path: str, version: str | None) -> None:
    found = owner(path)
    assert (found.name if found else None) == version


def test_one_version_reports_the_errors_of_all_other_paths() -> None:
    assert [version for version in VERSIONS.values() if version.at_root] == [root()]


def test_every_operation_has_a_handler() -> None:
    of_versions = [operation for version in VERSIONS.values() for operation in version.operations()]
    for operation in (*of_versions, *BILLING, *SERVICE, *CONTROLS, *reference(VERSIONS.values())):
        assert callable(operation.load()), operation


def test_no_version_is_named_but_where_it_is_defined() -> None:
    """Docstrings and the messages of errors may name versions; ``Version`` of the model is a type for users."""
    defined = ("api/v02/", "api/v1/", "api/v1beta/", "mutants/catalogue/", "model/question.py")
    literal = re.compile(r"/?(v0\.2|v1|v1beta)(/.*)?")
    named = [
        f"{path}:{node.lineno}: {node.value!r}"
        for path in sorted(SOURCE.rglob("*.py"))
        if not path.relative_to(SOURCE).as_posix().startswith(defined)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and literal.fullmatch(node.value)
    ]
    assert named == []


class TestAMadeUpVersion:
    """A version is one row in the mock, and one document in the contracts."""

    @pytest.fixture
    def mock(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[BackgroundMock]:
        monkeypatch.setitem(VERSIONS, V2TEST.name, V2TEST)
        written = documents.openapi(V1BETA.name)
        described = json.loads(json.dumps(written).replace("/v1beta/", "/v2test/"))
        monkeypatch.setattr(documents, "openapi", lambda name: described if name == V2TEST.name else written)
        with BackgroundMock(Settings(seed=1), clock="frozen") as mock:
            yield mock

    @pytest.fixture
    def client(self, mock: BackgroundMock) -> Iterator[httpx.Client]:
        headers = {"Authorization": f"Bearer {mock.api_key}"}
        with httpx.Client(base_url=f"{mock.url}/v2test", headers=headers) as client:
            yield client

    def test_it_has_streams_with_its_own_lease(self, mock: BackgroundMock, client: httpx.Client) -> None:
        created = client.post("/streams").json()
        assert created["ttl_seconds"] == 77
        assert client.get(f"/streams/{created['id']}").json()["state"] == "active"
        mock.advance(78)
        assert client.get(f"/streams/{created['id']}").json()["end_reason"] == "expired"

    def test_it_has_chats(self, mock: BackgroundMock, client: httpx.Client) -> None:
        mock.model.reply("a cat")
        answer = client.post("/chat/completions", json=CHAT).json()
        assert answer["choices"][0]["message"]["content"] == "a cat"

    def test_it_reports_errors_with_its_table(self, client: httpx.Client) -> None:
        assert client.post("/nothing").json() == {"detail": "Not Found"}
        assert client.post("/chat/completions", json={}).json()["error"] == "validation_error"

    def test_its_calls_are_in_the_journal_and_its_streams_among_the_leaks(
        self, mock: BackgroundMock, client: httpx.Client
    ) -> None:
        first, second = client.post("/streams", json={}).json()["id"], client.post("/streams", json={}).json()["id"]
        assert [request.status for request in mock.journal.requests(path="/v2test/streams")] == [201, 201]
        kinds = [(leak.kind.value, leak.stream_id) for leak in mock.leaks]
        assert kinds == [("stream", first), ("stream", second), ("second-stream", first)]

    def test_its_calls_get_faults(self, mock: BackgroundMock, client: httpx.Client) -> None:
        mock.faults.on("*", "*", version="v2test").status(402)
        error = client.post("/chat/completions", json=CHAT).json()["detail"]["error"]
        assert error["code"] == "billing_denied"
        assert httpx.get(f"{mock.v1}/models").status_code == 200

    def test_it_has_reference_pages(self, client: httpx.Client) -> None:
        assert "/v2test/streams" in client.get("/openapi.json").json()["paths"]
        page = client.get("/docs")
        assert page.status_code == 200
        assert 'href="/v2test/docs"' in page.text
