"""Validates every answer that a check gets against the written contract, whatever the check itself looks at.

schemathesis validates bodies as strictly, but names the schema instead of the path of a wrong field, and knows neither
``x-unknown-path`` nor ids that hold slashes.
"""

import re
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.protocols import Validator

from ovs_contracts.documents import Json, names, openapi, schema
from ovs_contracts.transport.exchange import Call, Deviation, Exchange

FORMATS = FormatChecker()


class ResponseValidator:
    """Raises a Deviation for an answer that the contract of its operation does not know."""

    def before(self, call: Call) -> None:
        """A check may send what it likes."""

    def after(self, exchange: Exchange) -> None:
        found = operation(exchange.call.method, exchange.call.path)
        if found is None:
            self._refused(exchange)
            return
        version, described = found
        response = described["responses"].get(str(exchange.status))
        if response is None:
            raise _deviation("the status is in the contract", sorted(described["responses"]), exchange.status, exchange)
        self._response(version, response, exchange)

    def _refused(self, exchange: Exchange) -> None:
        """What a version says of paths and methods that it has not."""
        version = _version_of(exchange.call.path)
        name = {404: "x-unknown-path", 405: "x-unknown-method"}.get(exchange.status)
        if version and name and exchange.call.method != "HEAD":
            self._response(version, openapi(version)[name], exchange)

    def _response(self, version: str, response: Json, exchange: Exchange) -> None:
        response = resolved(version, response)
        self._headers(version, response, exchange)
        self._body(version, response, exchange)

    def _headers(self, version: str, response: Json, exchange: Exchange) -> None:
        for name, described in response.get("headers", {}).items():
            header = resolved(version, described)
            value = exchange.headers.get(name.lower())
            if value is None:
                if header.get("required"):
                    raise _deviation("the answer has its headers", name, sorted(exchange.headers), exchange)
                continue
            if error := _first_error(version, header["schema"], _typed(value, header["schema"])):
                raise _deviation(f"the header {name} is valid", header["schema"], error, exchange)

    def _body(self, version: str, response: Json, exchange: Exchange) -> None:
        content = response.get("content")
        if not content:
            if exchange.body:
                raise _deviation("the answer has no body", "no body", exchange.text[:200], exchange)
            return
        media = exchange.headers.get("content-type", "").partition(";")[0]
        if media not in content:
            raise _deviation("the content type is in the contract", sorted(content), media or "none", exchange)
        if media == "application/json" and (error := _first_error(version, content[media]["schema"], exchange.json)):
            raise _deviation("the body is as in the contract", "the schema of this answer", error, exchange)


def hold_schema(name: str, value: Any, exchange: Exchange | None = None) -> None:
    """A Deviation unless the value is valid by one of the schemas that no OpenAPI document holds."""
    errors = sorted(
        Draft202012Validator(schema(name), format_checker=FORMATS).iter_errors(value),
        key=lambda error: len(error.absolute_path),
        reverse=True,
    )
    if errors:
        seen = f"{errors[0].json_path}: {errors[0].message[:300]}"
        raise Deviation(f"it is a valid {name}", expected=f"the schema {name}", seen=seen, exchange=exchange)


def operation(method: str, path: str) -> tuple[str, Json] | None:
    """The version and the description of an operation; ``None`` for what no contract describes."""
    path = path.partition("?")[0]
    for pattern, methods, version in _paths():
        if method.lower() in methods and pattern.fullmatch(path):
            return version, methods[method.lower()]
    return None


def _version_of(path: str) -> str | None:
    return next((name for name in names() if path.startswith(f"/{name}/")), None)


def resolved(version: str, part: Json) -> Json:
    """What a ``$ref`` within the version's document stands for; anything else as it is."""
    while "$ref" in part:
        target: Any = openapi(version)
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        part = target
    return part


@cache
def _paths() -> list[tuple[re.Pattern[str], Json, str]]:
    """Fixed paths before those with parameters, which match them too."""
    rows = []
    for version in names():
        for path, methods in openapi(version)["paths"].items():
            parts = re.split(r"\{[^}]+\}", path)
            # A model's id may hold a slash.
            inner = ".+" if version == "billing" else "[^/]+"
            rows.append((len(parts), re.compile(inner.join(map(re.escape, parts))), methods, version))
    rows.sort(key=lambda row: row[0])
    return [(pattern, methods, version) for _, pattern, methods, version in rows]


def _first_error(version: str, schema: Json, value: Any) -> str | None:
    errors = sorted(
        _validator(version, _frozen(schema)).iter_errors(value), key=lambda e: len(e.absolute_path), reverse=True
    )
    return None if not errors else f"{errors[0].json_path}: {errors[0].message[:300]}"


def _frozen(schema: Json) -> str:
    import json

    return json.dumps(schema, sort_keys=True)


@cache
def _validator(version: str, schema: str) -> Validator:
    import json

    # The parts that it refers to come along under the same names.
    whole = {"components": openapi(version)["components"], "allOf": [json.loads(schema)]}
    return Draft202012Validator(whole, format_checker=FORMATS)


def _typed(value: str, schema: Json) -> Any:
    """A header's text as what its schema speaks of."""
    try:
        return int(value) if schema.get("type") == "integer" else value
    except ValueError:
        return value


def _deviation(claim: str, expected: object, seen: object, exchange: Exchange) -> Deviation:
    return Deviation(
        f"{claim}: {exchange.call.method} {exchange.call.path}", expected=expected, seen=seen, exchange=exchange
    )
