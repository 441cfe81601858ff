"""The host's own paths, and the names that stand at its root."""

from ovs_mock.mutants.answers import instead, on, without_key
from ovs_mock.mutants.edits import always, put
from ovs_mock.mutants.mutant import Mutant

AREA = "service"
NOT_FOUND = {"detail": "Not Found"}

MUTANTS = (
    Mutant(
        name="healthz-needs-a-key",
        area=AREA,
        description="/healthz needs a key",
        override=instead("GET /healthz", 401, {"detail": "No API key."}, when=without_key),
    ),
    Mutant(
        name="healthz-up",
        area=AREA,
        description="/healthz says up and not ok",
        response=on("GET /healthz", 200, put("status", "up")),
    ),
    Mutant(
        name="v02-healthz-up",
        area="v02/service",
        description="v0.2: /healthz says up and not ok",
        response=on("GET /v0.2/healthz", 200, put("status", "up")),
    ),
    Mutant(
        name="v02-healthz-missing",
        area="v02/service",
        description="v0.2: there is no /healthz under the base path",
        response=on(
            "GET /v0.2/healthz",
            200,
            always({"error": "not_found", "message": "Not Found", "request_id": None, "details": None}),
            to=404,
        ),
    ),
    Mutant(
        name="readyz-always-ready",
        area=AREA,
        description="/readyz is 200 while the server drains",
        response=on("GET /readyz", 503, put("status", "ready"), to=200),
    ),
    Mutant(
        name="metrics-missing",
        area=AREA,
        description="there is no /metrics",
        override=instead("GET /metrics", 404, NOT_FOUND),
    ),
    Mutant(
        name="openapi-missing",
        area=AREA,
        description="there is no /openapi.json",
        override=instead("GET /openapi.json", 404, NOT_FOUND),
    ),
    Mutant(
        name="root-models-missing",
        area=AREA,
        description="there is no /models at the host's root",
        override=instead("GET /models", 404, NOT_FOUND),
    ),
    Mutant(
        name="root-chat-missing",
        area=AREA,
        description="there is no /chat/completions at the host's root",
        override=instead("POST /chat/completions", 404, NOT_FOUND),
    ),
    Mutant(
        name="unknown-path-200",
        area=AREA,
        description="a path that is not there is 200",
        response=on(("GET /v1/*", "GET /v1beta/*"), 404, always({}), to=200, when=lambda asked, _: not asked.stream_id),
    ),
)
