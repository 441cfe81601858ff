"""The one place where the modules that cause faults are imported: most tests set none, and do not pay for them."""

from aiohttp.typedefs import Middleware

from ovs_mock.faults.registry import FaultRegistry


def load_middleware(registry: FaultRegistry) -> Middleware:
    """Return the middleware that applies a registry's faults. Called when its first fault is set."""
    from ovs_mock.faults.middleware import FaultMiddleware

    return FaultMiddleware(registry)
