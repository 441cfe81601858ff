"""Pages show everything, and run nothing."""

import json
import re
import shutil
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser

import httpx
import pytest
from ovs_support.reference import ORIGIN, Json, shown

from ovs_mock import Ovs
from ovs_mock.api.reference import contracts
from ovs_mock.api.reference.curl import command
from ovs_mock.api.reference.operations import prefixes
from ovs_mock.api.reference.page import operations, page
from ovs_mock.api.v02.version import V02
from ovs_mock.api.versions import VERSIONS

PREFIXES = prefixes(VERSIONS.values())
each = pytest.mark.parametrize("prefix", PREFIXES)
EVIL = "<script>alert('`\"&')</script>"


class Tags(HTMLParser):
    """The tags of a page, its links and its ids; an element that is not closed is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.links: set[str] = set()
        self.ids: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.links.update(value or "" for name, value in attrs if name in ("href", "src"))
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag != "meta":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


def pages(of: Json, prefix: str) -> str:
    """The page of a document, with its sockets where it has some."""
    return page(of, prefix, PREFIXES, contracts.asyncapi(ORIGIN) if prefix == V02.prefix else None)


@each
def test_pages_and_documents_are_served_without_a_key(ovs: Ovs, prefix: str) -> None:
    shown_page = httpx.get(f"{ovs.url}{prefix}/docs")
    assert shown_page.status_code == 200
    assert shown_page.headers["content-type"].startswith("text/html")
    assert f"{ovs.url}{prefix}" in shown_page.text
    document = httpx.get(f"{ovs.url}{prefix}/openapi.json")
    assert document.headers["content-type"].startswith("application/json")
    assert document.json()["servers"] == [{"url": ovs.url}]


@each
def test_a_page_contains_every_path_field_and_status(prefix: str) -> None:
    of = shown(prefix)
    text = unescape(pages(of, prefix))
    for _, path, operation in operations(of):
        assert path in text
        assert operation["summary"] in text
        assert all(f">{status}</span>" in text for status in operation["responses"])
    for name, schema in of["components"]["schemas"].items():
        assert name in text
        assert all(f"<code>{field}</code>" in text for field in schema.get("properties", {}))


@each
def test_a_page_needs_nothing_else_and_its_links_lead_somewhere(prefix: str) -> None:
    text = pages(shown(prefix), prefix)
    tags = Tags(text)
    assert not tags.names & {"script", "img", "link", "iframe", "object"}
    assert not re.search(r"@import|url\(", text)
    inside = {link[1:] for link in tags.links if link.startswith("#")}
    assert inside <= set(tags.ids)
    assert len(set(tags.ids)) == len(tags.ids)
    own = {each + end for each in PREFIXES for end in ("/docs", "/openapi.json")}
    assert {link for link in tags.links if not link.startswith("#")} <= {*own, "/v0.2/asyncapi.json"}


def test_the_page_of_v02_lists_the_messages_of_its_sockets(ovs: Ovs) -> None:
    text = unescape(httpx.get(ovs.url + "/v0.2/docs").text)
    assert "/v0.2/ws/streams/{stream_id}" in text
    for said in ("api_key", "inference_latency_ms", "stream ended: lease_expired", "1008", "1013"):
        assert f"<code>{said}</code>" in text


@pytest.mark.parametrize("host", ["mock.test:81", "[::1]:80", "<script>", "a b"])
def test_the_asyncapi_document_has_the_address_by_which_the_caller_came(ovs: Ovs, host: str) -> None:
    document = httpx.get(ovs.url + "/v0.2/asyncapi.json", headers={"Host": host}).json()
    assert document["asyncapi"] == "3.0.0"
    assert [(each["host"], each["protocol"]) for each in document["servers"].values()] == [(host, "ws")]


def test_the_prefix_of_a_mock_is_in_the_address_of_its_sockets() -> None:
    (server,) = contracts.asyncapi("https://proxy.test/mocks/one")["servers"].values()
    assert (server["host"], server["protocol"], server["pathname"]) == ("proxy.test", "wss", "/mocks/one")


def test_the_contracts_are_imported_with_the_first_request_for_them() -> None:
    script = (
        "import sys, ovs_mock.server.server\n"
        "assert not [m for m in sys.modules if m.startswith(('ovs_contracts', 'yaml'))]"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@each
def test_all_text_of_a_document_is_escaped(prefix: str) -> None:
    evil = json.loads(json.dumps(shown(prefix)), object_hook=_with_evil_text)
    evil["servers"][0]["url"] = EVIL
    text = page(evil, prefix, PREFIXES)
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "script" not in Tags(text).names


def test_the_address_by_which_a_caller_comes_cannot_become_markup(ovs: Ovs) -> None:
    answer = httpx.get(ovs.url + "/v1/docs", headers={"Host": "<script>x</script>"})
    assert "<script" not in answer.text


def _with_evil_text(of: dict[str, object]) -> dict[str, object]:
    said = ("description", "summary", "title")
    return {key: EVIL if key in said and isinstance(value, str) else value for key, value in of.items()}


@pytest.mark.parametrize("origin", ["http://127.0.0.1:1", "http://a b", "http://$(id)", "http://`id`'\""])
def test_a_curl_command_means_to_a_shell_what_it_should(origin: str) -> None:
    line = command(origin, "POST", "/v1/streams/{stream_id}/x", needs_key=True, body={"it's": "$HOME `id`"})
    script = "curl() { printf '%s\\0' \"$@\"; }; STREAM_ID=7; " + line
    said = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True).stdout.split("\0")
    assert said[:3] == ["-X", "POST", f"{origin}/v1/streams/7/x"]
    assert said[4] == "Authorization: Bearer ovs-example"
    assert json.loads(said[-2]) == {"it's": "$HOME `id`"}


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@each
def test_the_curl_commands_of_a_page_work(ovs: Ovs, prefix: str) -> None:
    text = httpx.get(f"{ovs.url}{prefix}/docs").text
    commands = [unescape(line) for line in re.findall(r"<pre><code>(curl .*?)</code></pre>", text, re.DOTALL)]
    whole = [line for line in commands if "$" not in line and "/chat/completions" not in line]
    assert whole
    for line in whole:
        script = line.replace("curl", "curl -sf --max-time 10", 1)
        subprocess.run(["/bin/sh", "-c", script], check=True, capture_output=True)
