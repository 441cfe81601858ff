"""What pages of other origins may do."""

from ovs_mock.mutants.answers import ERRORS, on
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.mutant import Mutant

AREA = "cors"
ORIGIN = "Access-Control-Allow-Origin"
CREDENTIALS = "Access-Control-Allow-Credentials"
ALLOWED = "Access-Control-Allow-Headers"
METHODS = "Access-Control-Allow-Methods"
EXPOSED = "Access-Control-Expose-Headers"
ALL = "*"
PREFLIGHT = "OPTIONS *"
CORS: dict[str, str | None] = dict.fromkeys((ORIGIN, CREDENTIALS, ALLOWED, METHODS, EXPOSED))


def _is_cors(_: MutantRequest, reply: MutantResponse) -> bool:
    return ORIGIN in reply.headers


def _without(header: str, word: str) -> Mutant:
    """One thing less that is allowed, said in a header."""

    def answer(_: MutantRequest, reply: MutantResponse) -> None:
        said = reply.headers.get(header)
        if said is not None:
            kept = [item.strip() for item in said.split(",") if item.strip().lower() != word.lower()]
            reply.headers[header] = ", ".join(kept)

    verb = {METHODS: "allow the method", ALLOWED: "allow the header", EXPOSED: "expose the header"}[header]
    name = {METHODS: "allows-no", ALLOWED: "allows-no", EXPOSED: "hides"}[header]
    return Mutant(
        name=f"cors-{name}-{word.lower()}",
        area=AREA,
        description=f"other origins: answers do not {verb} {word}",
        response=answer,
    )


def _null_origin(asked: MutantRequest, reply: MutantResponse) -> None:
    """The first origin that asked is the one that is allowed."""
    if ORIGIN in reply.headers:
        reply.headers[ORIGIN] = asked.memory.setdefault("origin", reply.headers[ORIGIN])


MUTANTS = (
    Mutant(
        name="cors-without-credentials",
        area=AREA,
        description="other origins: credentials are not allowed",
        response=on(ALL, None, headers={CREDENTIALS: None}),
    ),
    Mutant(
        name="cors-wildcard",
        area=AREA,
        description="other origins: the origin that is allowed is *",
        response=on(ALL, None, headers={ORIGIN: "*"}, when=_is_cors),
    ),
    Mutant(
        name="cors-fixed-origin",
        area=AREA,
        description="other origins: one certain origin is allowed",
        response=on(ALL, None, headers={ORIGIN: "https://overshoot.ai"}, when=_is_cors),
    ),
    Mutant(
        name="cors-first-origin",
        area=AREA,
        description="other origins: the first one that asked is allowed",
        response=_null_origin,
    ),
    Mutant(
        name="cors-missing-on-errors",
        area=AREA,
        description="other origins: errors cannot be read",
        response=on(ALL, ERRORS, headers=CORS),
    ),
    Mutant(
        name="cors-missing-on-validation",
        area=AREA,
        description="other origins: bodies that fail validation cannot be read about",
        response=on(ALL, 422, headers=CORS),
    ),
    Mutant(
        name="cors-missing-on-v02",
        area=AREA,
        description="other origins: v0.2 cannot be read",
        response=on("* /v0.2/*", None, headers=CORS),
    ),
    Mutant(
        name="cors-missing-on-billing",
        area=AREA,
        description="other origins: billing cannot be read",
        response=on("* /billing/*", None, headers=CORS),
    ),
    Mutant(
        name="cors-preflight-405",
        area=AREA,
        description="other origins: preflights are 405",
        response=on(PREFLIGHT, 200, headers=CORS, to=405),
    ),
    Mutant(
        name="cors-preflight-401",
        area=AREA,
        description="other origins: preflights need a key",
        response=on(PREFLIGHT, 200, headers=CORS, to=401),
    ),
    Mutant(
        name="cors-preflight-without-origin",
        area=AREA,
        description="other origins: preflights do not allow the origin",
        response=on(PREFLIGHT, 200, headers={ORIGIN: None}),
    ),
    Mutant(
        name="cors-credentials-in-capitals",
        area=AREA,
        description="other origins: credentials are True and not true",
        response=on(ALL, None, headers={CREDENTIALS: "True"}, when=_is_cors),
    ),
    _without(METHODS, "PATCH"),
    _without(METHODS, "DELETE"),
    _without(METHODS, "POST"),
    _without(ALLOWED, "Authorization"),
    _without(ALLOWED, "Content-Type"),
    _without(ALLOWED, "X-Overshoot-Region"),
    _without(EXPOSED, "X-Overshoot-Region"),
    _without(EXPOSED, "x-ratelimit-remaining"),
    _without(EXPOSED, "retry-after"),
)
