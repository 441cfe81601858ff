"""The routes of the service itself, at the host's root."""

from ovs_mock.api.operation import Operation

MODULE = "api.service.handlers"
OPERATIONS = (
    Operation("GET", "/healthz", f"{MODULE}:healthz"),
    Operation("GET", "/readyz", f"{MODULE}:readyz"),
    Operation("GET", "/metrics", f"{MODULE}:metrics"),
)
