"""Generates the calls of a version once, for all checks that ask about them."""

from collections.abc import Callable
from functools import cache

import pytest

from ovs_contracts.client.chat import ChatClient
from ovs_contracts.client.session import TargetSession
from ovs_contracts.client.v02 import V02Client
from ovs_contracts.runner.options import Options
from ovs_contracts.suite.generated.document_view import TargetKnowledge
from ovs_contracts.suite.generated.findings import Findings
from ovs_contracts.suite.generated.run_schemathesis import ALONE, LINKED, examine
from ovs_contracts.targets.capabilities import Capability

Examined = Callable[[str], Findings]

DEFAULT_CASES = 10
# Where calls are paced and charged, and nobody has asked for more: without the many at all the limits.
FEW_CASES = 3
FEW_PHASES = ("examples", "fuzzing")
STREAMING = ("v0.2", "v1", "v1beta")


@pytest.fixture(scope="session")
def alone(session: TargetSession, request: pytest.FixtureRequest) -> Examined:
    """What came of calling each operation of a version by itself."""
    return _examined(session, ALONE, Options.of(request.config))


@pytest.fixture(scope="session")
def linked(session: TargetSession, request: pytest.FixtureRequest) -> Examined:
    """What came of calls that follow the links of a version."""
    return _examined(session, LINKED, Options.of(request.config))


def _examined(session: TargetSession, phases: tuple[str, ...], options: Options) -> Examined:
    few = session.target.charges and options.cases is None
    if few and phases == ALONE:
        phases = FEW_PHASES

    @cache
    def findings(version: str) -> Findings:
        key = session.new_key()
        try:
            return examine(
                session,
                version,
                phases,
                key=key,
                known=_known(session, version, key),
                cases=options.cases or (FEW_CASES if few else DEFAULT_CASES),
                seed=options.seed,
                max_streams=options.max_streams,
            )
        finally:
            session.tidy()

    return findings


def _known(session: TargetSession, version: str, key: str) -> TargetKnowledge:
    listed = session.call("GET", f"/{version if version in STREAMING else 'v1beta'}/models", key=key).expect(200).json
    models = listed if version == "v0.2" else listed["data"]
    ready = tuple(each.get("model") or each["id"] for each in models if each["status"] == "ready")
    return TargetKnowledge(models=ready, stream_id=_filmed(session, version, key))


def _filmed(session: TargetSession, version: str, key: str) -> str | None:
    """A stream with frames, where that costs nothing."""
    if version not in STREAMING or Capability.CONTROL not in session.target.powers:
        return None
    v02 = version == "v0.2"
    client = V02Client(session.call, session.target, key) if v02 else ChatClient(session.call, key, version)
    stream_id = client.stream()
    session.footage.play(stream_id, 2, fps=10, size=(64, 48))
    return stream_id
