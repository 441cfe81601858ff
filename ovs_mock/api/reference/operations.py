"""The routes of the reference: documents at ``…/openapi.json``, pages at ``…/docs``, for each version and for all."""

from collections.abc import Iterable, Iterator

from ovs_mock.api.billing.operations import PREFIX as BILLING
from ovs_mock.api.operation import Operation
from ovs_mock.api.version import ApiVersion
from ovs_mock.engine.service import Service

MODULE = "api.reference.handlers"


def prefixes(versions: Iterable[ApiVersion]) -> tuple[str, ...]:
    """Paths that have a reference, in the order of the pages' links: all current, then versions, newest first."""
    newest_first = list(versions)[::-1]
    current = tuple(version.prefix for version in newest_first if version.at_root)
    return ("", *current, BILLING, *(version.prefix for version in newest_first if not version.at_root))


def operations(versions: Iterable[ApiVersion]) -> Iterator[Operation]:
    """All routes, with their whole paths."""
    versions = tuple(versions)
    for prefix in prefixes(versions):
        yield Operation("GET", prefix + "/openapi.json", f"{MODULE}:openapi")
        yield Operation("GET", prefix + "/docs", f"{MODULE}:docs")
    for version in versions:
        if version.service is Service.RESULTS:
            yield Operation("GET", version.prefix + "/asyncapi.json", f"{MODULE}:asyncapi")
