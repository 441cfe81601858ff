"""v0.2: error responses."""

from typing import Any

from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import CREATE, FEEDBACK, PROMPT, REINFER, V02
from ovs_mock.mutants.edits import at, change, drop, put
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.responses import ERRORS, Condition, on

AREA = Area("v02/errors")
BODIES = (CREATE, PROMPT, FEEDBACK, REINFER)


def _as_detail(body: Any) -> Any:
    return {"detail": body["message"]} if isinstance(body, dict) and "message" in body else body


def _about(*loc: str) -> Condition:
    """Whether what failed validation is that field."""

    def holds(_: MutantRequest, response: MutantResponse) -> bool:
        return bool(at(response.body, "details.0.loc") == ["body", *loc])

    return holds


def _is_malformed(_: MutantRequest, response: MutantResponse) -> bool:
    return "not JSON" in str(response.body)


MUTANTS = (
    AREA("v02-errors-as-detail", "errors are {detail} as in the later versions", on(V02, ERRORS, _as_detail)),
    AREA("v02-errors-without-name", "errors have no field error", on(V02, ERRORS, drop("error"))),
    AREA(
        "v02-validation-renamed",
        "the error of a body that fails validation is called invalid_request",
        on(V02, 422, put("error", "invalid_request")),
    ),
    AREA("v02-details-left-out", "what fails validation is not said", on(V02, 422, put("details", None))),
    AREA(
        "v02-details-place-as-text",
        "the place of a problem is one string with dots",
        on(V02, 422, change("details.*.loc", lambda loc: ".".join(map(str, loc)))),
    ),
    AREA(
        "v02-details-without-body",
        "the place of a problem does not begin with body",
        on(V02, 422, change("details.*.loc", lambda loc: loc[1:])),
    ),
    AREA("v02-validation-is-400", "a body that fails validation is 400", on(BODIES, 422, to=400)),
    AREA("v02-malformed-json-422", "a body that is no JSON is 422", on(BODIES, 400, to=422, when=_is_malformed)),
    AREA(
        "v02-request-id-lost",
        "errors do not repeat the caller's request id",
        on(V02, ERRORS, change("request_id", lambda _: None)),
    ),
    AREA(
        "v02-token-rate-unexplained",
        "the refusal of too many tokens a second names no figures",
        on(CREATE, 422, put("details.0.msg", "too many tokens"), when=_about("inference", "max_output_tokens")),
    ),
    AREA(
        "v02-unknown-model-404",
        "a new stream with an unknown model is 404",
        on(CREATE, 422, to=404, when=_about("inference", "model")),
    ),
    AREA("v02-saturated-model-422", "a new stream with a saturated model is 422", on(CREATE, 503, to=422)),
    AREA("v02-too-many-streams-503", "a stream too many is 503", on(CREATE, 429, to=503)),
    AREA("v02-no-credits-403", "a new stream without credits is 403", on(CREATE, 402, to=403)),
    AREA("v02-not-found-410", "a stream that is not there is 410", on(V02, 404, to=410)),
)
