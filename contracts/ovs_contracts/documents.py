"""The written contracts, as they ship in this package."""

from functools import cache
from importlib.resources import files
from typing import Any

Json = dict[str, Any]

VERSIONS = ("v0.2", "v1", "v1beta", "billing")


@cache
def openapi(version: str) -> Json:
    """The OpenAPI 3.1 document of one of VERSIONS, self-contained. Do not change what is returned."""
    import yaml

    document: Json = yaml.safe_load((files("ovs_contracts") / "openapi" / f"{version}.yaml").read_text())
    return document
