"""All versions of the API, oldest first."""

from collections.abc import Iterable

from ovs_mock.api.v02.version import V02
from ovs_mock.api.v1.version import V1
from ovs_mock.api.v1beta.version import V1BETA
from ovs_mock.api.version import ApiVersion

VERSIONS: dict[str, ApiVersion] = {version.name: version for version in (V02, V1, V1BETA)}
"""By name. A version that is added before a server is made is served like the others."""


def owner(path: str, versions: Iterable[ApiVersion] = VERSIONS.values()) -> ApiVersion | None:
    """The version that a path belongs to, whether it has a route or not; ``None`` for one that no version serves."""
    return next((version for version in versions if version.owns(path)), None)


def root(versions: Iterable[ApiVersion] = VERSIONS.values()) -> ApiVersion:
    """The version that reports the errors of paths without a version."""
    return next(version for version in versions if version.at_root)
