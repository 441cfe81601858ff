"""What all versions share: keys, addresses, bodies, cross-origin headers."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from ovs_mock.api.auth import bearer_key
from ovs_mock.api.bodies import parse_json, validate
from ovs_mock.api.cors import cors_headers, is_preflight, preflight_headers
from ovs_mock.api.errors import InvalidBodyError, MalformedJsonError, problem
from ovs_mock.api.urls import websocket_origin


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc", "Z"]), min_size=1))
def test_a_bearer_key_is_what_follows_the_scheme(key: str) -> None:
    assert bearer_key(f"Bearer {key}") == bearer_key(f"bearer  {key} ") == key


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic x", "ovs-key"])
def test_other_headers_hold_no_key(header: str | None) -> None:
    assert bearer_key(header) is None


@pytest.mark.parametrize(
    ("scheme", "host", "override", "origin"),
    [
        ("http", "127.0.0.1:8787", None, "ws://127.0.0.1:8787"),
        ("https", "mock.example", None, "wss://mock.example"),
        ("http", "[::1]:80", None, "ws://[::1]:80"),
        ("http", "inside:1", "https://outside/", "wss://outside"),
        ("http", "inside:1", "http://outside:99/base", "ws://outside:99"),
    ],
)
def test_the_mock_knows_its_address_as_the_caller_does(
    scheme: str, host: str, override: str | None, origin: str
) -> None:
    assert websocket_origin(scheme, host, override) == origin


json_values: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values)
def test_json_is_read_as_it_was_written(value: Any) -> None:
    assert parse_json(json.dumps(value).encode()) == value


@given(st.binary())
def test_a_body_is_json_or_malformed_and_nothing_else(raw: bytes) -> None:
    try:
        parse_json(raw)
    except MalformedJsonError as error:
        assert str(error)


@pytest.mark.parametrize("raw", [b"", b"  \n"])
def test_an_empty_body_is_an_empty_object(raw: bytes) -> None:
    assert parse_json(raw) == {}


class Body(BaseModel):
    size: int = Field(ge=1)


def test_problems_have_fastapis_form() -> None:
    with pytest.raises(InvalidBodyError) as invalid:
        validate(Body, {"size": 0})
    expected = "Input should be greater than or equal to 1"
    assert invalid.value.details == [{"loc": ["body", "size"], "msg": expected, "type": "greater_than_equal"}]
    assert problem(["a", "b"], "no").details == [{"loc": ["body", "a", "b"], "msg": "no", "type": "value_error"}]


def test_only_callers_with_an_origin_get_cross_origin_headers() -> None:
    assert cors_headers({}) == {}
    assert cors_headers({"Origin": "https://a"})["Access-Control-Allow-Origin"] == "https://a"


def test_a_preflight_gets_all_methods_and_the_requested_headers() -> None:
    asked = {"Origin": "https://a", "Access-Control-Request-Method": "PATCH"}
    assert is_preflight("OPTIONS", asked)
    assert not is_preflight("OPTIONS", {"Origin": "https://a"})
    allowed = preflight_headers(asked)
    assert {"Authorization", "Content-Type", "X-Overshoot-Region"} <= set(
        allowed["Access-Control-Allow-Headers"].split(", ")
    )
    assert {"PATCH", "DELETE", "POST"} <= set(allowed["Access-Control-Allow-Methods"].split(", "))
