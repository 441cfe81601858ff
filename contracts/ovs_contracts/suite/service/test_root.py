"""Requests of v1beta at the root of the host."""

from ovs_contracts.client import errors
from ovs_contracts.client.chat import MODEL, ChatClient, frame_of
from ovs_contracts.runner.marks import costs, documented
from ovs_contracts.transport.exchange import hold

UNKNOWN = "00000000-0000-4000-8000-000000000000"
HELLO = {"model": MODEL, "messages": [{"role": "user", "content": "Hello."}], "max_completion_tokens": 8}


@documented("/models and /v1/models alias the list")
def test_models_at_the_root(v1beta: ChatClient) -> None:
    """The list of models at the root needs no key and equals that of v1beta."""
    root = v1beta.http("GET", "/models").expect(200)
    hold("the list", expected=v1beta.models().expect(200).json, seen=root.json, exchange=root)


@documented("/chat/completions at the root too")
@costs(0.1)
def test_completions_at_the_root(v1beta: ChatClient) -> None:
    """A completion at the root, streamed or not, has the format of v1beta's."""
    answer = v1beta.http("POST", "/chat/completions", key=v1beta.key, body=HELLO).expect(200)
    hold("object and model", expected=("chat.completion", MODEL), seen=(answer.json["object"], answer.json["model"]))
    assert answer.json["choices"][0]["message"]["content"]
    pieces = v1beta.http("POST", "/chat/completions", key=v1beta.key, body={**HELLO, "stream": True}).expect(200)
    assert pieces.text.endswith("data: [DONE]\n\n")


@documented("/chat/completions at the root: v1beta's errors")
def test_errors_at_the_root(v1beta: ChatClient) -> None:
    """At the root a key is needed, too, and errors have v1beta's formats."""
    errors.plain(v1beta.http("POST", "/chat/completions", body=HELLO), 401)
    errors.invalid(v1beta.http("POST", "/chat/completions", key=v1beta.key, body={}))
    message = {"role": "user", "content": [frame_of(UNKNOWN)]}
    asked = {"model": MODEL, "messages": [message]}
    unknown = v1beta.http("POST", "/chat/completions", key=v1beta.key, body=asked)
    errors.typed(unknown, 404, "stream_error", "stream_not_found")
