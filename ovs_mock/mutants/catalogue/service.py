"""The host's own paths, and the names that stand at its root."""

from ovs_mock.mutants.answers import instead, on, without_key
from ovs_mock.mutants.edits import always, put
from ovs_mock.mutants.mutant import Mutant

AREA = "service"
NOT_FOUND = {"detail": "Not Found"}

DRIFTS = (
    Mutant(
        name="healthz-needs-a-key",
        area=AREA,
        says="/healthz needs a key",
        instead=instead("GET /healthz", 401, {"detail": "No API key."}, when=without_key),
    ),
    Mutant(
        name="healthz-up",
        area=AREA,
        says="/healthz says up and not ok",
        answer=on("GET /healthz", 200, put("status", "up")),
    ),
    Mutant(
        name="v02-healthz-up",
        area="v02/service",
        says="v0.2: /healthz says up and not ok",
        answer=on("GET /v0.2/healthz", 200, put("status", "up")),
    ),
    Mutant(
        name="v02-healthz-missing",
        area="v02/service",
        says="v0.2: there is no /healthz under the base path",
        answer=on(
            "GET /v0.2/healthz",
            200,
            always({"error": "not_found", "message": "Not Found", "request_id": None, "details": None}),
            to=404,
        ),
    ),
    Mutant(
        name="readyz-always-ready",
        area=AREA,
        says="/readyz is 200 while the server drains",
        answer=on("GET /readyz", 503, put("status", "ready"), to=200),
    ),
    Mutant(
        name="metrics-missing", area=AREA, says="there is no /metrics", instead=instead("GET /metrics", 404, NOT_FOUND)
    ),
    Mutant(
        name="openapi-missing",
        area=AREA,
        says="there is no /openapi.json",
        instead=instead("GET /openapi.json", 404, NOT_FOUND),
    ),
    Mutant(
        name="root-models-missing",
        area=AREA,
        says="there is no /models at the host's root",
        instead=instead("GET /models", 404, NOT_FOUND),
    ),
    Mutant(
        name="root-chat-missing",
        area=AREA,
        says="there is no /chat/completions at the host's root",
        instead=instead("POST /chat/completions", 404, NOT_FOUND),
    ),
    Mutant(
        name="unknown-path-200",
        area=AREA,
        says="a path that is not there is 200",
        answer=on(("GET /v1/*", "GET /v1beta/*"), 404, always({}), to=200, when=lambda asked, _: not asked.stream_id),
    ),
)
