"""The relay as a program: orders come as lines of JSON, and so do answers. When orders end, so does everything else."""

import asyncio
import json
import secrets
import signal
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import ClientError

from ovs_contracts.client.preflight import read_target_facts
from ovs_contracts.relay.relay import Relay
from ovs_contracts.relay.usage import UsageTracker
from ovs_contracts.safety.budget import Budget
from ovs_contracts.safety.cleanup import CleanupResult, clean_up
from ovs_contracts.safety.ledger import StreamLedger
from ovs_contracts.safety.limits import SafetyLimits
from ovs_contracts.safety.meter import CostMeter
from ovs_contracts.safety.state_folder import StateFolderError, state_folder
from ovs_contracts.safety.stream_file import StreamFile
from ovs_contracts.targets.choice import open_target
from ovs_contracts.targets.target import Target, TargetError
from ovs_contracts.transport.http_client import HttpClient
from ovs_contracts.transport.redaction import redacted

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OpenTarget:
    """A target that can be used, and who watches what is spent there."""

    target: Target
    limits: SafetyLimits
    cleaned: CleanupResult


def main() -> int:
    """``target``, ``budget_cents`` and ``ca_bundle`` are in the first line."""
    # Whoever interrupts the suite ends the orders.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    told = json.loads(sys.stdin.readline() or "{}")
    with ExitStack() as stack:
        try:
            opened = _open(stack, **told)
        except (TargetError, StateFolderError) as error:
            _write({"error": redacted(str(error))})
            return 1
        asyncio.run(_serve(opened))
    return 0


def _open(stack: ExitStack, target: str, budget_cents: float | None, ca_bundle: str | None) -> OpenTarget:
    bundle = Path(ca_bundle) if ca_bundle else None
    found = stack.enter_context(open_target(target, ca_bundle=bundle))
    if found.charges and budget_cents is None:
        raise TargetError(
            f"{found.origin} charges money: say how much may be spent, in cents, with --ovs-budget-cents=50"
        )
    facts = read_target_facts(found)
    folder = state_folder()
    memory = StreamFile(folder, found.origin)
    stack.callback(memory.close)
    limit = float("inf") if budget_cents is None or not found.charges else budget_cents
    guards = SafetyLimits(ledger=StreamLedger(memory), budget=Budget(limit, CostMeter(facts.prices)))
    call = HttpClient(found.origin, verify=found.tls or True)
    stack.callback(call.close)
    delete = partial(_delete, call)
    return OpenTarget(found, guards, clean_up(folder, found.origin, [found.api_key], delete))


def _delete(call: HttpClient, version: str, stream_id: str, key: str) -> Any:
    return call("DELETE", f"/{version}/streams/{stream_id}", key=key)


async def _serve(opened: OpenTarget) -> None:
    stand_in = f"ovs-stand-in-{secrets.token_hex(12)}"
    relay = Relay(opened.target, UsageTracker(opened.limits), stand_in)
    orders = await _request_reader()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, orders.feed_eof)
    url = await relay.start()
    target = opened.target
    cleaned = str(opened.cleaned) if opened.cleaned else None
    _write({"url": url, "origin": target.origin, "key": stand_in, "charges": target.charges, "cleaned": cleaned})
    while line := await orders.readline():
        _write(await _execute(relay, json.loads(line)))
    left = await relay.stop()
    _write({"left": left})


async def _execute(relay: Relay, order: Json) -> Json:
    match order["do"]:
        case "begin":
            relay.usage.begin_test()
            return {}
        case "report":
            return relay.usage.to_json()
        case "status":
            return await _status(relay, order["stream"])
        case "end":
            return {"left": await relay.end_streams()}
        case other:
            return {"error": f"there is no order {other!r}"}


async def _status(relay: Relay, stream_id: str) -> Json:
    stream = relay.usage.stream(stream_id)
    if stream is None:
        return {"version": None}
    try:
        status, body = await relay.status(stream)
    except (ClientError, OSError, TimeoutError, ValueError) as error:
        return {"error": redacted(f"the status of stream {stream_id} cannot be had: {error}")}
    return {"version": stream.version, "status": status, "body": body}


async def _request_reader() -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=1 << 24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


def _write(answer: Json) -> None:
    # Nobody may be left to hear it.
    with suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
