"""Generates the calls of a version once, for all checks that ask about them."""

from collections.abc import Callable
from functools import cache

import pytest

from ovs_contracts.client.chat import ChatClient
from ovs_contracts.client.session import TargetSession
from ovs_contracts.client.v02 import V02Client
from ovs_contracts.documents.versions import ContractVersion, chat_versions, versions
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


@pytest.fixture(scope="session")
def alone(session: TargetSession, request: pytest.FixtureRequest) -> Examined:
    """What came of calling each operation of a version by itself."""
    return _examined(session, ALONE, Options.from_config(request.config))


@pytest.fixture(scope="session")
def linked(session: TargetSession, request: pytest.FixtureRequest) -> Examined:
    """What came of calls that follow the links of a version."""
    return _examined(session, LINKED, Options.from_config(request.config))


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
            session.end_streams()

    return findings


def _known(session: TargetSession, document: str, key: str) -> TargetKnowledge:
    version = versions().get(document)
    listed = session.http("GET", f"{(version or chat_versions()[-1]).prefix}/models", key=key).expect(200).json
    models = listed if isinstance(listed, list) else listed["data"]
    ready = tuple(each.get("model") or each["id"] for each in models if each["status"] == "ready")
    return TargetKnowledge(models=ready, stream_id=_stream_with_frames(session, version, key))


def _stream_with_frames(session: TargetSession, version: ContractVersion | None, key: str) -> str | None:
    """A stream with frames, where that costs nothing."""
    if version is None or Capability.CONTROL not in session.target.capabilities:
        return None
    pushes = version.kind == "results"
    client = V02Client(session.http, session.target, key) if pushes else ChatClient(session.http, key, version.name)
    stream_id = client.stream()
    session.frame_source.play(stream_id, 2, fps=10, size=(64, 48))
    return stream_id
