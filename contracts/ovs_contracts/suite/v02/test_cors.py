"""CORS headers of v0.2, which pages call with credentials."""

import pytest

from ovs_contracts.client.v02 import V02Client
from ovs_contracts.runner.marks import documented
from ovs_contracts.suite.v02.bodies import NOBODYS
from ovs_contracts.suite.v02.calls import PATHS
from ovs_contracts.transport.exchange import Exchange, hold

ORIGINS = ("https://app.example", "http://localhost:5173")
SENT = {"authorization", "content-type", "x-overshoot-region"}
EXPOSED = {"x-overshoot-region", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after"}


def readable(exchange: Exchange, origin: str) -> None:
    """A Deviation unless a page of this origin may read the answer to a call with credentials."""
    seen = {name: exchange.headers.get("access-control-allow-" + name) for name in ("origin", "credentials")}
    hold("allowed", expected={"origin": origin, "credentials": "true"}, seen=seen, exchange=exchange)


def listed(exchange: Exchange, header: str) -> set[str]:
    """The items of a header that is a list, in lower case."""
    return {item.strip().lower() for item in exchange.headers.get(header, "").split(",")}


@documented("clients: preflights of browsers that call with credentials")
@pytest.mark.parametrize("name", PATHS)
def test_preflights(v02: V02Client, name: str) -> None:
    """A preflight needs no key and allows the page's origin, credentials, method and headers."""
    method, path = PATHS[name]
    asked = {
        "Origin": ORIGINS[0],
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": ",".join(sorted(SENT)),
    }
    answer = v02.http("OPTIONS", path.format(NOBODYS), headers=asked).expect(200, 204)
    readable(answer, ORIGINS[0])
    allowed = listed(answer, "access-control-allow-methods")
    hold("the method is allowed", expected=True, seen=method.lower() in allowed, exchange=answer)
    hold("headers lacking", expected=set(), seen=SENT - listed(answer, "access-control-allow-headers"), exchange=answer)


@documented("clients: the concrete origin is echoed, with credentials; headers are exposed")
@pytest.mark.parametrize("origin", ORIGINS)
def test_answers_can_be_read(v02: V02Client, origin: str) -> None:
    """A response allows the page's origin and credentials, and exposes the region, rate limit and retry headers."""
    answer = v02.models(headers={"Origin": origin}).expect(200)
    readable(answer, origin)
    exposed = listed(answer, "access-control-expose-headers")
    hold("headers not exposed", expected=set(), seen=EXPOSED - exposed, exchange=answer)


@documented("clients: CORS headers on errors too")
def test_errors_can_be_read(v02: V02Client) -> None:
    """Errors of every status allow the page's origin and credentials."""
    headers = {"Origin": ORIGINS[0]}
    readable(v02.models(key=None, headers=headers).expect(401), ORIGINS[0])
    readable(v02.keepalive(NOBODYS, headers=headers).expect(404), ORIGINS[0])
    readable(v02.create({}, headers=headers).expect(400, 422), ORIGINS[0])


@documented("clients: browsers create, change and close streams with credentials")
def test_the_calls_of_a_page_can_be_read(v02: V02Client) -> None:
    """Creating, renewing, changing and closing a stream allow the page's origin and credentials."""
    headers = {"Origin": ORIGINS[0]}
    created = v02.create(headers=headers).expect(201)
    stream_id = created.json["stream_id"]
    readable(created, ORIGINS[0])
    readable(v02.keepalive(stream_id, headers=headers).expect(200), ORIGINS[0])
    readable(v02.prompt(stream_id, "Count the cars.", headers=headers).expect(200), ORIGINS[0])
    readable(v02.delete(stream_id, headers=headers).expect(200), ORIGINS[0])
    readable(v02.delete(stream_id, headers=headers).expect(204), ORIGINS[0])
