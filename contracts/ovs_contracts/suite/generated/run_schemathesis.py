"""Runs schemathesis over one version."""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import schemathesis
from schemathesis import HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.schemas import BaseSchema

from ovs_contracts.client.session import TargetSession
from ovs_contracts.documents import Json
from ovs_contracts.suite.generated import checks
from ovs_contracts.suite.generated.document_view import ALIAS, TargetKnowledge, view
from ovs_contracts.suite.generated.findings import Finding, Findings
from ovs_contracts.suite.generated.tolerated import tolerance
from ovs_contracts.suite.generated.traffic import AnyCase, Traffic, exchange_of, watched
from ovs_contracts.transport.exchange import Exchange
from ovs_contracts.transport.redaction import redacted

ALONE = ("examples", "coverage", "fuzzing")
"""Phases that try each operation by itself."""
LINKED = ("stateful",)
"""Calls that follow one another, by the links of the contract."""

# Asking a model costs money: where it does, only with bodies that must be refused.
ASKING = "/(chat/completions|clip)$"
# What says nothing about the contract, where a target serves others as well.
BUSY = {429, 502, 503, 504}


def examine(
    session: TargetSession,
    version: str,
    phases: Sequence[str],
    *,
    key: str,
    known: TargetKnowledge,
    cases: int,
    seed: int,
    max_streams: int = 1,
) -> Findings:
    """Call the target of the session as the version's document allows, and as it does not."""
    document = view(version, known)
    findings = Findings()
    traffic = Traffic(session, key, max_streams, known.stream_id)
    with ExitStack() as stack:
        tls = stack.enter_context(_trusted(session.target.tls))
        config = schemathesis.Config.from_dict(_config(phases, cases, seed, charges=session.target.charges))
        schema = schemathesis.openapi.from_dict(document, config=config)
        headers = {"Authorization": f"Bearer {key}", "Origin": checks.ORIGIN}
        schema.config.update(base_url=session.target.origin, headers=headers, tls_verify=tls)
        _allow(schema, document, findings, others_too=session.target.charges)
        stack.enter_context(watched(schema, traffic))
        stack.enter_context(checks.registered(version, key))
        _run(schema, findings)
    findings.refusal = traffic.refusal
    return findings


def _config(phases: Sequence[str], cases: int, seed: int, *, charges: bool) -> Json:
    config: Json = {
        "seed": seed,
        "workers": 1,
        "continue-on-failure": True,
        "request-timeout": 30,
        "max-redirects": 0,
        "max-stream-events": 1_000_000,
        "warnings": False,
        "generation": {"max-examples": cases, "database": "none"},
        "phases": {name: {"enabled": name in phases} for name in (*ALONE, *LINKED)},
        "output": {"sanitization": {"enabled": True, "keys-to-sanitize": ["authorization"]}},
    }
    config["operations"] = [{"include-name": ALIAS, "enabled": False}]
    if charges:
        refused = {"generation": {"mode": "negative"}, "phases": {"examples": {"enabled": False}}}
        config["operations"] += [{"include-path-regex": ASKING, **refused}]
    return config


def _allow(schema: BaseSchema, document: Json, findings: Findings, *, others_too: bool) -> None:
    """Leave out what the contract allows, and what a target cannot help that ``others_too`` use."""

    def filter_failure(context: HookContext, failure: Failure, case: AnyCase, response: Response) -> bool:
        if others_too and response.status_code in BUSY:
            findings.tolerated["busy or out of order"] += 1
            return False
        allowed = tolerance(document, failure, case, response)
        if allowed is not None:
            findings.tolerated[allowed.name] += 1
        return allowed is None

    schema.hook(filter_failure)


def _run(schema: BaseSchema, findings: Findings) -> None:
    for event in from_schema(schema).execute():
        match event:
            case events.ScenarioFinished():
                _gather(event.recorder, findings)
            case events.NonFatalError():
                findings.errors.append(redacted(f"{event.label}: {event.info.title}: {event.info.message}"))
            case events.EngineFinished():
                findings.errors += [f"*: {failure.title}: {failure.message}" for failure in event.failures]
            case _:
                pass


def _gather(recorder: ScenarioRecorder, findings: Findings) -> None:
    for case_id, node in recorder.cases.items():
        if case_id in recorder.interactions:
            findings.cases[node.value.operation.label] += 1
    for case_id, results in recorder.checks.items():
        for result in results:
            if result.failure_info is not None:
                findings.add(_finding(recorder, case_id, result.name, result.failure_info.failure))


def _finding(recorder: ScenarioRecorder, case_id: str, check: str, failure: Failure) -> Finding:
    chain = [each.id for each in recorder.iter_chain_cases(case_id=case_id)]
    exchanges = [_exchange(recorder, id_) for id_ in chain if recorder.find_response(case_id=id_) is not None]
    label = recorder.cases[case_id].value.operation.label
    return Finding(label, check, failure, exchanges[-1], tuple(exchanges[:-1]))


def _exchange(recorder: ScenarioRecorder, case_id: str) -> Exchange:
    response = recorder.find_response(case_id=case_id)
    assert response is not None
    return exchange_of(response.request, response)


@contextmanager
def _trusted(tls: ssl.SSLContext | None) -> Iterator[Any]:
    """What requests wants to know of a context: a file with the certificates that it trusts."""
    if tls is None:
        yield True
        return
    with NamedTemporaryFile("w", suffix=".pem") as bundle:
        bundle.writelines(ssl.DER_cert_to_PEM_cert(der) for der in tls.get_ca_certs(binary_form=True))
        bundle.flush()
        yield str(Path(bundle.name))
