"""The written contracts, as they ship in this package. Do not change what is returned here: it is kept."""

from functools import cache
from importlib.resources import files
from typing import Any

from ovs_contracts.documents.bundling import Bundler, BundlingError, without_parts

Json = dict[str, Any]

VERSIONS = ("v0.2", "v1", "v1beta", "billing")
# What is at the host's root has a document, too.
DOCUMENTS = (*VERSIONS, "service")
CURRENT = ("v1beta", "billing", "service")
SCHEMAS = ("chunk", "first-message", "publish-token", "result", "watch-token")

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def openapi(version: str) -> Json:
    """The OpenAPI 3.1 document of one of DOCUMENTS, self-contained: its only references lead to its shapes."""
    return _whole(f"openapi/{version}.yaml")


@cache
def current() -> Json:
    """All that the host serves but the older versions, as one OpenAPI document."""
    parts = [openapi(version) for version in CURRENT]
    return {
        **_read("openapi/current.yaml"),
        "tags": [tag for part in parts for tag in part["tags"]],
        "paths": _united([part["paths"] for part in parts]),
        "components": {
            **parts[0]["components"],
            "schemas": _united([part["components"]["schemas"] for part in parts]),
        },
    }


@cache
def asyncapi() -> Json:
    """The AsyncAPI 3.0 document of v0.2's WebSocket, self-contained."""
    return _whole("asyncapi/v0.2.yaml")


@cache
def schema(name: str) -> Json:
    """One of SCHEMAS as a JSON Schema of draft 2020-12, self-contained."""
    bundler = Bundler(_read, "#/$defs/")
    whole = without_parts(bundler.bundle(f"schemas/{name}.yaml"))
    return {"$schema": DIALECT, **whole, **({"$defs": bundler.shapes} if bundler.shapes else {})}


def _whole(file: str) -> Json:
    bundler = Bundler(_read, "#/components/schemas/")
    document = bundler.bundle(file)
    document.setdefault("components", {})["schemas"] = bundler.shapes
    return document


def _united(parts: list[Json]) -> Json:
    """What is in several of them is the same in each."""
    whole: Json = {}
    for part in parts:
        for name, one in part.items():
            if whole.setdefault(name, one) != one:
                raise BundlingError(f"{name} is not the same everywhere")
    return whole


@cache
def _read(file: str) -> Json:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = (files("ovs_contracts.documents") / file).read_text(encoding="utf-8")
    content: Json = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader, in C where there is one
    return content
