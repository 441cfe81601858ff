"""The written contracts, with the address of the mock in them.

They are imported and read when somebody requests them, which most runs never do.
"""

from typing import Any

from ovs_contracts import documents

Json = dict[str, Any]


def openapi(prefix: str, origin: str) -> Json:
    """The OpenAPI document of what is below a prefix; ``""`` is all but the older versions."""
    written = documents.openapi(prefix.removeprefix("/")) if prefix else documents.current()
    return {**written, "servers": [{"url": origin}]}


def asyncapi(origin: str) -> Json:
    """The AsyncAPI document of the result sockets."""
    written = documents.asyncapi()
    # The Host header may hold anything, so it need not be an address that can be parsed.
    scheme, _, rest = origin.partition("://")
    host, slash, path = rest.partition("/")
    here = {"host": host, "protocol": scheme.replace("http", "ws"), **({"pathname": slash + path} if path else {})}
    servers = {name: {**server, **here} for name, server in written["servers"].items()}
    return {**written, "servers": servers}
