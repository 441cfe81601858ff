"""The routes of the controls, ``/_mock/*``."""

from ovs_mock.api.operation import Operation, OperationKind

CONTROL_PREFIX = "/_mock"
TENANTS = "/tenants"
ALL_BELOW = "{rest:(/.*)?}"


def _control(method: str, path: str, handler: str) -> Operation:
    return Operation(method, path, f"server.controls.{handler}", OperationKind.CONTROL)


OPERATIONS = (
    _control("GET", "/clock", "clock:clock"),
    _control("POST", "/clock/advance", "clock:advance"),
    _control("POST", "/clock/advance-to-next", "clock:advance_to_next"),
    _control("GET", "/streams", "clock:streams"),
    _control("GET", "/streams/{stream_id}", "clock:stream"),
    _control("POST", "/streams/{stream_id}/play", "clock:play"),
    _control("POST", "/accounts", "accounts:open_account"),
    _control("POST", "/accounts/revoke", "accounts:revoke"),
    _control("POST", "/accounts/balance", "accounts:balance"),
    _control("POST", "/models", "models:set_status"),
    _control("POST", "/draining", "models:set_draining"),
    _control("POST", "/limits", "models:set_limits"),
    _control("POST", "/model/replies", "models:script"),
    _control("POST", "/model/reset", "models:reset"),
    _control("POST", "/faults", "faults:set_fault"),
    _control("GET", "/faults", "faults:list_faults"),
    _control("DELETE", "/faults", "faults:clear"),
    _control("DELETE", "/faults/{fault_id}", "faults:remove"),
    _control("GET", "/journal", "journal:entries"),
    _control("GET", "/verdict", "report:read"),
    _control("POST", "/reset", "report:reset"),
    _control("POST", TENANTS, "tenants:open_tenant"),
    _control("GET", TENANTS, "tenants:list_tenants"),
    _control("DELETE", TENANTS, "tenants:close_tenant"),
    _control("*", ALL_BELOW, "request:not_found"),
)
