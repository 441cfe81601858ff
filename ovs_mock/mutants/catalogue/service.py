"""The host's own paths, and the names that stand at its root."""

from ovs_mock.mutants.area import Area
from ovs_mock.mutants.edits import always, put
from ovs_mock.mutants.responses import on, respond, without_key

AREA = Area("service")
V02_SERVICE = Area("v02/service")
NOT_FOUND = {"detail": "Not Found"}

MUTANTS = (
    AREA(
        "healthz-needs-a-key",
        "/healthz needs a key",
        override=respond("GET /healthz", 401, {"detail": "No API key."}, when=without_key),
    ),
    AREA("healthz-up", "/healthz says up and not ok", on("GET /healthz", 200, put("status", "up"))),
    V02_SERVICE(
        "v02-healthz-up", "v0.2: /healthz says up and not ok", on("GET /v0.2/healthz", 200, put("status", "up"))
    ),
    V02_SERVICE(
        "v02-healthz-missing",
        "v0.2: there is no /healthz under the base path",
        on(
            "GET /v0.2/healthz",
            200,
            always({"error": "not_found", "message": "Not Found", "request_id": None, "details": None}),
            to=404,
        ),
    ),
    AREA(
        "readyz-always-ready",
        "/readyz is 200 while the server drains",
        on("GET /readyz", 503, put("status", "ready"), to=200),
    ),
    AREA("metrics-missing", "there is no /metrics", override=respond("GET /metrics", 404, NOT_FOUND)),
    AREA("openapi-missing", "there is no /openapi.json", override=respond("GET /openapi.json", 404, NOT_FOUND)),
    AREA(
        "root-models-missing", "there is no /models at the host's root", override=respond("GET /models", 404, NOT_FOUND)
    ),
    AREA(
        "root-chat-missing",
        "there is no /chat/completions at the host's root",
        override=respond("POST /chat/completions", 404, NOT_FOUND),
    ),
    AREA(
        "unknown-path-200",
        "a path that is not there is 200",
        on(("GET /v1/*", "GET /v1beta/*"), 404, always({}), to=200, when=lambda request, _: not request.stream_id),
    ),
)
