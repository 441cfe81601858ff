"""v0.2: how errors are said."""

from typing import Any

from ovs_mock.mutants.answers import ERRORS, Condition, on
from ovs_mock.mutants.catalogue.routes import CREATE, FEEDBACK, PROMPT, REINFER, V02
from ovs_mock.mutants.edits import at, change, drop, put
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.mutant import Mutant

AREA = "v02/errors"
BODIES = (CREATE, PROMPT, FEEDBACK, REINFER)


def _as_detail(body: Any) -> Any:
    return {"detail": body["message"]} if isinstance(body, dict) and "message" in body else body


def _about(*loc: str) -> Condition:
    """Whether what failed validation is that field."""

    def holds(_: MutantRequest, reply: MutantResponse) -> bool:
        return bool(at(reply.body, "details.0.loc") == ["body", *loc])

    return holds


def _is_malformed(_: MutantRequest, reply: MutantResponse) -> bool:
    return "not JSON" in str(reply.body)


MUTANTS = (
    Mutant(
        name="v02-errors-as-detail",
        area=AREA,
        description="errors are {detail} as in the later versions",
        response=on(V02, ERRORS, _as_detail),
    ),
    Mutant(
        name="v02-errors-without-name",
        area=AREA,
        description="errors have no field error",
        response=on(V02, ERRORS, drop("error")),
    ),
    Mutant(
        name="v02-validation-renamed",
        area=AREA,
        description="the error of a body that fails validation is called invalid_request",
        response=on(V02, 422, put("error", "invalid_request")),
    ),
    Mutant(
        name="v02-details-left-out",
        area=AREA,
        description="what fails validation is not said",
        response=on(V02, 422, put("details", None)),
    ),
    Mutant(
        name="v02-details-place-as-text",
        area=AREA,
        description="the place of a problem is one string with dots",
        response=on(V02, 422, change("details.*.loc", lambda loc: ".".join(map(str, loc)))),
    ),
    Mutant(
        name="v02-details-without-body",
        area=AREA,
        description="the place of a problem does not begin with body",
        response=on(V02, 422, change("details.*.loc", lambda loc: loc[1:])),
    ),
    Mutant(
        name="v02-validation-is-400",
        area=AREA,
        description="a body that fails validation is 400",
        response=on(BODIES, 422, to=400),
    ),
    Mutant(
        name="v02-malformed-json-422",
        area=AREA,
        description="a body that is no JSON is 422",
        response=on(BODIES, 400, to=422, when=_is_malformed),
    ),
    Mutant(
        name="v02-request-id-lost",
        area=AREA,
        description="errors do not repeat the caller's request id",
        response=on(V02, ERRORS, change("request_id", lambda _: None)),
    ),
    Mutant(
        name="v02-token-rate-unexplained",
        area=AREA,
        description="the refusal of too many tokens a second names no figures",
        response=on(
            CREATE,
            422,
            put("details.0.msg", "too many tokens"),
            when=_about("inference", "max_output_tokens"),
        ),
    ),
    Mutant(
        name="v02-unknown-model-404",
        area=AREA,
        description="a new stream with an unknown model is 404",
        response=on(CREATE, 422, to=404, when=_about("inference", "model")),
    ),
    Mutant(
        name="v02-saturated-model-422",
        area=AREA,
        description="a new stream with a saturated model is 422",
        response=on(CREATE, 503, to=422),
    ),
    Mutant(
        name="v02-too-many-streams-503",
        area=AREA,
        description="a stream too many is 503",
        response=on(CREATE, 429, to=503),
    ),
    Mutant(
        name="v02-no-credits-403",
        area=AREA,
        description="a new stream without credits is 403",
        response=on(CREATE, 402, to=403),
    ),
    Mutant(
        name="v02-not-found-410",
        area=AREA,
        description="a stream that is not there is 410",
        response=on(V02, 404, to=410),
    ),
)
