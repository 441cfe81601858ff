"""What pages of other origins may do."""

from ovs_mock.mutants.area import Area
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.responses import ERRORS, on

AREA = Area("cors")
ORIGIN = "Access-Control-Allow-Origin"
CREDENTIALS = "Access-Control-Allow-Credentials"
ALLOWED = "Access-Control-Allow-Headers"
METHODS = "Access-Control-Allow-Methods"
EXPOSED = "Access-Control-Expose-Headers"
ALL = "*"
PREFLIGHT = "OPTIONS *"
CORS: dict[str, str | None] = dict.fromkeys((ORIGIN, CREDENTIALS, ALLOWED, METHODS, EXPOSED))


def _is_cors(_: MutantRequest, response: MutantResponse) -> bool:
    return ORIGIN in response.headers


def _without(header: str, word: str) -> Mutant:
    """One thing less that is allowed, said in a header."""

    def edit(_: MutantRequest, response: MutantResponse) -> None:
        value = response.headers.get(header)
        if value is not None:
            kept = [item.strip() for item in value.split(",") if item.strip().lower() != word.lower()]
            response.headers[header] = ", ".join(kept)

    verb = {METHODS: "allow the method", ALLOWED: "allow the header", EXPOSED: "expose the header"}[header]
    name = {METHODS: "allows-no", ALLOWED: "allows-no", EXPOSED: "hides"}[header]
    return AREA(f"cors-{name}-{word.lower()}", f"other origins: answers do not {verb} {word}", edit)


def _null_origin(request: MutantRequest, response: MutantResponse) -> None:
    """The first origin that asked is the one that is allowed."""
    if ORIGIN in response.headers:
        response.headers[ORIGIN] = request.memory.setdefault("origin", response.headers[ORIGIN])


MUTANTS = (
    AREA(
        "cors-without-credentials",
        "other origins: credentials are not allowed",
        on(ALL, None, headers={CREDENTIALS: None}),
    ),
    AREA(
        "cors-wildcard",
        "other origins: the origin that is allowed is *",
        on(ALL, None, headers={ORIGIN: "*"}, when=_is_cors),
    ),
    AREA(
        "cors-fixed-origin",
        "other origins: one certain origin is allowed",
        on(ALL, None, headers={ORIGIN: "https://overshoot.ai"}, when=_is_cors),
    ),
    AREA("cors-first-origin", "other origins: the first one that asked is allowed", _null_origin),
    AREA("cors-missing-on-errors", "other origins: errors cannot be read", on(ALL, ERRORS, headers=CORS)),
    AREA(
        "cors-missing-on-validation",
        "other origins: bodies that fail validation cannot be read about",
        on(ALL, 422, headers=CORS),
    ),
    AREA("cors-missing-on-v02", "other origins: v0.2 cannot be read", on("* /v0.2/*", None, headers=CORS)),
    AREA("cors-missing-on-billing", "other origins: billing cannot be read", on("* /billing/*", None, headers=CORS)),
    AREA("cors-preflight-405", "other origins: preflights are 405", on(PREFLIGHT, 200, headers=CORS, to=405)),
    AREA("cors-preflight-401", "other origins: preflights need a key", on(PREFLIGHT, 200, headers=CORS, to=401)),
    AREA(
        "cors-preflight-without-origin",
        "other origins: preflights do not allow the origin",
        on(PREFLIGHT, 200, headers={ORIGIN: None}),
    ),
    AREA(
        "cors-credentials-in-capitals",
        "other origins: credentials are True and not true",
        on(ALL, None, headers={CREDENTIALS: "True"}, when=_is_cors),
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
