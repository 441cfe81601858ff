"""What schemathesis reports and the contract allows, each with a name and the reason. Everything else is a finding."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from schemathesis import Response
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.openapi.checks import (
    AllowHeaderMismatch,
    RejectedPositiveData,
    UnsupportedMethodResponse,
    UseAfterFree,
)

from ovs_contracts.client.v02 import PREFIX
from ovs_contracts.documents import Json
from ovs_contracts.suite.generated.lenient import valid_leniently
from ovs_contracts.suite.generated.rules import broken_rule
from ovs_contracts.suite.generated.traffic import AnyCase


@dataclass(frozen=True)
class Tolerance:
    """An allowance. ``covers`` tells whether a failure of that kind is meant."""

    name: str
    why: str
    kind: type[Failure]
    covers: Callable[[Json, AnyCase, Response], bool]


def tolerance(document: Json, failure: Failure, case: AnyCase, response: Response) -> Tolerance | None:
    """The allowance that a failure falls under."""
    found = (each for each in TOLERATED if isinstance(failure, each.kind) and each.covers(document, case, response))
    return next(found, None)


def _breaks_a_rule(document: Json, case: AnyCase, response: Response) -> bool:
    return response.status_code == 422 and broken_rule(case.operation.label, case.body) is not None


def _refers(document: Json, case: AnyCase, response: Response) -> bool:
    return response.status_code in (400, 410, 422) and any(
        url.lower().startswith(("ovs:", "data:")) for url in _urls(case.body)
    )


def _no_sdp(document: Json, case: AnyCase, response: Response) -> bool:
    return response.status_code in (400, 422) and "sdp" in str(case.body)


def _video(document: Json, case: AnyCase, response: Response) -> bool:
    return response.status_code in (400, 422) and "video_url" in str(case.body)


def _schema_refers(document: Json, case: AnyCase, response: Response) -> bool:
    return response.status_code == 422 and any(name in str(case.body) for name in ("$ref", "$schema", "$dynamicRef"))


def _not_native(document: Json, case: AnyCase, response: Response) -> bool:
    return response.status_code == 400 and case.operation.path.endswith("/spectate")


def _no_credits(document: Json, case: AnyCase, response: Response) -> bool:
    return response.status_code == 402


def _read_leniently(document: Json, case: AnyCase, response: Response) -> bool:
    return valid_leniently(document, case.operation.path, case.method.lower(), case.body)


def _a_stream_too(document: Json, case: AnyCase, response: Response) -> bool:
    return str(case.operation.path) == f"{PREFIX}/streams/feedback"


def _still_shown(document: Json, case: AnyCase, response: Response) -> bool:
    match response.json():
        case {"state": "ended"} | {"deleted": True}:
            return True
        case _:
            return False


def _urls(body: Any) -> list[str]:
    match body:
        case dict():
            own = [str(value) for name, value in body.items() if name == "url" or name.endswith("_url")]
            return own + [url for value in body.values() for url in _urls(value)]
        case list():
            return [url for value in body for url in _urls(value)]
        case _:
            return []


TOLERATED = (
    Tolerance(
        "rules between fields",
        "a body that breaks one is refused, as our own check demands; no JSON Schema could say so",
        RejectedPositiveData,
        _breaks_a_rule,
    ),
    Tolerance(
        "references that lead nowhere",
        "a chat may refer to frames that are gone or not there yet, or hold a picture that is none",
        RejectedPositiveData,
        _refers,
    ),
    Tolerance("text that is no SDP", "an offer has a form of its own", RejectedPositiveData, _no_sdp),
    Tolerance("video for a model of images", "not every model takes video", RejectedPositiveData, _video),
    Tolerance(
        "schemas that refer",
        "whether a schema's own references and dialect can be followed is not judged",
        RejectedPositiveData,
        _schema_refers,
    ),
    Tolerance("no video to watch", "only native streams can be watched", RejectedPositiveData, _not_native),
    Tolerance("no credits", "what is refused for money is well formed", RejectedPositiveData, _no_credits),
    Tolerance(
        "numbers written in other ways",
        "FastAPI takes true, 1.0 and '1' where a number stands, and the documents do not say otherwise",
        AcceptedNegativeData,
        _read_leniently,
    ),
    Tolerance(
        "a path of two operations",
        "/v0.2/streams/feedback may also be the stream of that name, which can be deleted but does not exist",
        UnsupportedMethodResponse,
        _a_stream_too,
    ),
    Tolerance("a path of two operations", "the same, in the Allow header", AllowHeaderMismatch, _a_stream_too),
    Tolerance(
        "streams that have ended",
        "an ended stream is shown as ended, and may be deleted again, for a short while",
        UseAfterFree,
        _still_shown,
    ),
)
