"""How tests use each library: the smallest test that asks it something, and one that makes state and reads it back."""

from dataclasses import dataclass

from benchmarks.testruns import HTTPSERVER, MOTO, NONE, OPENAI, OURS, RESPX, Library

CALL = """
import json
import urllib.request

def call(method, url, key="", body=None):
    headers = {"Authorization": "Bearer " + key, "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method)) as answer:
        return json.load(answer)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """``fixture`` is asked for by name; the others are Python, of which ``above`` stands once in a module."""

    library: Library
    fixture: str
    above: str
    asks: str
    """A call and its answer."""
    keeps: str
    """State that one call makes and another reads."""


OVS = Usage(
    library=OURS,
    fixture="ovs",
    above=CALL
    + """
STREAM = {"processing": {"interval_seconds": 1.0}, "inference": {"prompt": "What?", "model": "Qwen/Qwen3.5-9B"}}
""",
    asks='call("GET", ovs.v02 + "/models", ovs.api_key)',
    keeps="""
    made = call("POST", ovs.v02 + "/streams", ovs.api_key, STREAM)["stream_id"]
    assert call("GET", ovs.v02 + "/streams/" + made + "/info", ovs.api_key)["stream_id"] == made
    call("DELETE", ovs.v02 + "/streams/" + made, ovs.api_key)""",
)
# The least that a server on aiohttp can be in a test: its import, a thread, and a dictionary for each test.
AIOHTTP = Usage(
    library=NONE,
    fixture="server",
    above=CALL
    + """
import asyncio
import threading
import pytest
from aiohttp import web

streams = {}

async def create(request):
    stream = {"stream_id": str(len(streams)), **await request.json()}
    streams[stream["stream_id"]] = stream
    return web.json_response(stream, status=201)

async def info(request):
    return web.json_response(streams[request.match_info["id"]])

async def delete(request):
    return web.json_response(streams.pop(request.match_info["id"]))

async def listen():
    app = web.Application()
    app.router.add_post("/streams", create)
    app.router.add_get("/streams/{id}/info", info)
    app.router.add_delete("/streams/{id}", delete)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"

@pytest.fixture(scope="session")
def listening():
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield asyncio.run_coroutine_threadsafe(listen(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()

@pytest.fixture
def server(listening):
    streams.clear()
    return listening
""",
    asks="",
    keeps="""
    made = call("POST", server + "/streams", "", {})["stream_id"]
    assert call("GET", server + "/streams/" + made + "/info")["stream_id"] == made
    call("DELETE", server + "/streams/" + made)""",
)
USAGES = {
    "httpserver": Usage(
        library=HTTPSERVER,
        fixture="httpserver",
        above=CALL,
        asks="""
    httpserver.expect_request("/models").respond_with_json([])
    call("GET", httpserver.url_for("/models"))""",
        keeps="""
    httpserver.expect_request("/streams", method="POST").respond_with_json({"stream_id": "a"}, status=201)
    httpserver.expect_request("/streams/a/info").respond_with_json({"stream_id": "a"})
    httpserver.expect_request("/streams/a", method="DELETE").respond_with_json({"status": "ok"})
    made = call("POST", httpserver.url_for("/streams"), "", {})["stream_id"]
    assert call("GET", httpserver.url_for("/streams/" + made + "/info"))["stream_id"] == made
    call("DELETE", httpserver.url_for("/streams/" + made))""",
    ),
    "respx": Usage(
        library=RESPX,
        fixture="respx_mock",
        above="import httpx",
        asks="""
    respx_mock.get("https://api.test/models").respond(json=[])
    httpx.get("https://api.test/models")""",
        keeps="""
    respx_mock.post("https://api.test/streams").respond(201, json={"stream_id": "a"})
    respx_mock.get("https://api.test/streams/a/info").respond(json={"stream_id": "a"})
    respx_mock.delete("https://api.test/streams/a").respond(json={"status": "ok"})
    made = httpx.post("https://api.test/streams", json={}).json()["stream_id"]
    assert httpx.get("https://api.test/streams/" + made + "/info").json()["stream_id"] == made
    httpx.delete("https://api.test/streams/" + made)""",
    ),
    "openai": Usage(
        library=OPENAI,
        fixture="openai_mock",
        above="import openai",
        asks="""
    with openai_mock.router, openai.Client(api_key="sk-none") as client:
        client.files.list()""",
        keeps="""
    with openai_mock.router, openai.Client(api_key="sk-none") as client:
        made = client.files.create(file=("a.txt", b"a"), purpose="assistants").id
        assert client.files.retrieve(made).id == made
        client.files.delete(made)""",
    ),
    "moto": Usage(
        library=MOTO,
        fixture="s3",
        above="""
import boto3
import moto
import pytest

@pytest.fixture
def s3():
    with moto.mock_aws():
        yield boto3.client("s3", "us-east-1", aws_access_key_id="none", aws_secret_access_key="none")
""",
        asks="s3.list_buckets()",
        keeps="""
    s3.create_bucket(Bucket="bucket")
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["bucket"]
    s3.delete_bucket(Bucket="bucket")""",
    ),
}


def module(above: str, fixture: str, body: str, tests: int) -> str:
    """A module of so many equal tests."""
    inside = body if body.startswith("\n") else f" {body}"
    return "\n".join([above, *(f"def test_{number}({fixture}):{inside}" for number in range(tests))])
