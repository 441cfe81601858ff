"""Makes the plugin's fixtures and hooks those of the suite."""

from ovs_contracts.runner.fixtures import (
    call,
    clock,
    controls,
    either,
    footage,
    key,
    other_key,
    probe,
    pytest_collection_modifyitems,
    pytest_configure,
    requirements,
    session,
    target,
    v02,
    v1,
    v1beta,
)

__all__ = [
    "call",
    "clock",
    "controls",
    "either",
    "footage",
    "key",
    "other_key",
    "probe",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "requirements",
    "session",
    "target",
    "v02",
    "v1",
    "v1beta",
]
