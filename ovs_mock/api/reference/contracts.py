"""The written contracts, with the address of the mock in them.

They are read when somebody asks for them, which most runs never do: nothing is imported before.
"""

from typing import Any

Json = dict[str, Any]

RESULTS = "/v0.2"
"""The prefix below which there is a WebSocket."""


def openapi(prefix: str, origin: str) -> Json:
    """The OpenAPI document of what is below a prefix; ``""`` is all but the older versions."""
    from ovs_contracts import documents

    written = documents.openapi(prefix.removeprefix("/")) if prefix else documents.current()
    return {**written, "servers": [{"url": origin}]}


def asyncapi(origin: str) -> Json:
    """The AsyncAPI document of the result sockets."""
    from ovs_contracts import documents

    written = documents.asyncapi()
    # Whatever the caller said in the Host header: an address to parse need not be one.
    scheme, _, rest = origin.partition("://")
    host, slash, path = rest.partition("/")
    here = {"host": host, "protocol": scheme.replace("http", "ws"), **({"pathname": slash + path} if path else {})}
    servers = {name: {**server, **here} for name, server in written["servers"].items()}
    return {**written, "servers": servers}
