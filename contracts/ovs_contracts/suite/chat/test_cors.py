"""CORS headers of chat versions, which pages call with credentials."""

import pytest

from ovs_contracts.client.chat import ChatClient, frame_of
from ovs_contracts.runner.marks import costs, documented, mock_only
from ovs_contracts.transport.exchange import Exchange, hold

ORIGIN = "https://app.example.com"
FROM_A_PAGE = {"Origin": ORIGIN}
UNKNOWN = "00000000-0000-4000-8000-000000000000"
PREFLIGHTS = [
    ("POST", "/streams"),
    ("GET", f"/streams/{UNKNOWN}"),
    ("DELETE", f"/streams/{UNKNOWN}"),
    ("POST", f"/streams/{UNKNOWN}/keepalive"),
    ("POST", "/chat/completions"),
]


@documented("browser calls use credentials: answer preflights, echo the exact origin")
@pytest.mark.parametrize(("method", "path"), PREFLIGHTS)
def test_preflights(chat: ChatClient, method: str, path: str) -> None:
    """A preflight needs no key and allows the page's origin, credentials, method and headers."""
    wanted = ["authorization", "content-type", *(["x-overshoot-region"] if chat.version.regions else [])]
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": ", ".join(wanted)}
    answer = chat.http("OPTIONS", chat.prefix + path, headers={**FROM_A_PAGE, **asked}).expect(200, 204)
    _allows_the_page(answer)
    methods = _listed(answer, "access-control-allow-methods")
    assert method.lower() in methods, f"{method} is among {methods}"
    headers = _listed(answer, "access-control-allow-headers")
    assert set(wanted) <= set(headers), f"{wanted} are among {headers}"


@documented("CORS headers on every answer, errors too")
def test_answers_and_errors(chat: ChatClient) -> None:
    """Responses of all kinds, including errors, allow the page's origin and its credentials."""
    created = chat.create(headers=FROM_A_PAGE).expect(201)
    stream_id = created.json["id"]
    for answer in (
        created,
        chat.models(headers=FROM_A_PAGE).expect(200),
        chat.get(stream_id, headers=FROM_A_PAGE).expect(200),
        chat.keepalive(stream_id, headers=FROM_A_PAGE).expect(200),
        chat.get(stream_id, key=None, headers=FROM_A_PAGE).expect(401),
        chat.get(UNKNOWN, headers=FROM_A_PAGE).expect(404),
        chat.get("no-uuid", headers=FROM_A_PAGE).expect(422),
        chat.complete({}, headers=FROM_A_PAGE).expect(422),
        chat.ask(frame_of(UNKNOWN), headers=FROM_A_PAGE).expect(404),
        chat.delete(stream_id, headers=FROM_A_PAGE).expect(200),
    ):
        _allows_the_page(answer)


@documented("CORS headers on every answer, and completions are called from pages")
@costs(0.1)
def test_completions(chat: ChatClient) -> None:
    """A completion, streamed or not, allows the page's origin and its credentials."""
    _allows_the_page(chat.ask(headers=FROM_A_PAGE).expect(200))
    _allows_the_page(chat.ask(headers=FROM_A_PAGE, fields={"stream": True}).expect(200))


@documented("echo the exact origin")
def test_the_origin_is_echoed(chat: ChatClient) -> None:
    """Each origin, including its port, is returned as it was sent, not replaced by a fixed one."""
    for origin in ("http://localhost:5173", "https://localhost:5173", "https://other.example.com"):
        answer = chat.models(headers={"Origin": origin})
        allowed = answer.headers.get("access-control-allow-origin")
        hold("the origin that is allowed", expected=origin, seen=allowed, exchange=answer)


@mock_only("no document lists the headers that a page may read")
def test_headers_that_pages_may_read(v1beta: ChatClient) -> None:
    """A page may read the headers of the region, the rate limit, and retry-after."""
    exposed = _listed(v1beta.models(headers=FROM_A_PAGE), "access-control-expose-headers")
    limits = {f"x-ratelimit-{name}" for name in ("limit", "remaining", "reset")}
    assert {"x-overshoot-region", "retry-after", *limits} <= set(exposed), exposed


def _allows_the_page(answer: Exchange) -> None:
    names = ("access-control-allow-origin", "access-control-allow-credentials")
    seen = [answer.headers.get(name) for name in names]
    hold("who may read the answer", expected=[ORIGIN, "true"], seen=seen, exchange=answer)


def _listed(answer: Exchange, header: str) -> list[str]:
    return [name.strip().lower() for name in answer.headers.get(header, "").split(",")]
