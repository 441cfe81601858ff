"""The written contracts, as they ship in this package. The returned objects are cached: do not change them.

``OVS_CONTRACTS_DOCUMENTS`` may name a folder that holds further documents, in the same layout.
"""

import os
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from ovs_contracts.documents.bundling import Bundler, BundlingError, without_parts

Json = dict[str, Any]

FURTHER = "OVS_CONTRACTS_DOCUMENTS"
SCHEMAS = ("chunk", "first-message", "publish-token", "result", "watch-token")

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def names() -> tuple[str, ...]:
    """The name of every OpenAPI document: API versions first, then the paths that belong to no version."""
    found = {file.name for folder in _folders() for file in (folder / "openapi").iterdir() if file.is_file()}
    documents = {name.removesuffix(".yaml"): source(f"openapi/{name}") for name in sorted(found)}
    whole = {name: document for name, document in documents.items() if document.get("paths") and "info" in document}
    return tuple(sorted(whole, key=lambda name: "x-version" not in whole[name]))


@cache
def openapi(name: str) -> Json:
    """One of the OpenAPI 3.1 documents, self-contained: every reference leads to one of its own schemas."""
    return _whole(f"openapi/{name}.yaml")


@cache
def current() -> Json:
    """Everything that the host serves except the older versions, as one OpenAPI document."""
    head = dict(source("openapi/current.yaml"))
    parts = [openapi(name) for name in head.pop("x-documents")]
    return {
        **head,
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
    """One of SCHEMAS as a self-contained JSON Schema of draft 2020-12."""
    bundler = Bundler(source, "#/$defs/")
    whole = without_parts(bundler.bundle(f"schemas/{name}.yaml"))
    return {"$schema": DIALECT, **whole, **({"$defs": bundler.shapes} if bundler.shapes else {})}


def _whole(file: str) -> Json:
    bundler = Bundler(source, "#/components/schemas/")
    document = bundler.bundle(file)
    document.setdefault("components", {})["schemas"] = bundler.shapes
    return document


def _united(parts: list[Json]) -> Json:
    """Merge mappings; a name that stands in several must mean the same in each."""
    whole: Json = {}
    for part in parts:
        for name, one in part.items():
            if whole.setdefault(name, one) != one:
                raise BundlingError(f"{name} is not the same everywhere")
    return whole


@cache
def source(file: str) -> Json:
    """One file of the contracts, as it is written: references to other files are not resolved."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = next((folder / file for folder in _folders() if (folder / file).is_file()), None)
    if found is None:
        raise BundlingError(f"there is no {file}")
    content: Json = yaml.load(found.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader, in C where there is one
    return content


def _folders() -> list[Traversable]:
    further = os.environ.get(FURTHER)
    return [files("ovs_contracts.documents"), *([Path(further)] if further else [])]
