"""v0.2: stream time and money, and how many streams a key may hold."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from ovs_mock.engine.billing import MICROCENTS_PER_CENT, Charge, StreamMeter
from ovs_mock.engine.commands import CreateStream, EndStream, RenewLease
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import Event, StreamCreated, StreamEnded
from ovs_mock.engine.instants import MINUTE, SECOND
from ovs_mock.engine.settings import Settings
from ovs_mock.engine.state import Deadline, EngineState
from ovs_mock.engine.stream import EndReason
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import KEEPALIVE
from ovs_mock.mutants.edits import change
from ovs_mock.mutants.engines import EngineStep, edit_command, edit_event, on_command, on_deadline
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.responses import on

AREA = Area("v02/money")
V02_LIMITS = Area("v02/limits")


class StartedMinutes(StreamMeter):
    """Charges every minute that has begun."""

    def due(self, now: int) -> Charge:
        minutes = -(-(now - self._started_at) // MINUTE)
        return Charge(now - self._charged_until, minutes * self._rate - self._charged)


class StartedSeconds(StreamMeter):
    """Charges every second that has begun."""

    def due(self, now: int) -> Charge:
        seconds = -(-(now - self._started_at) // SECOND)
        return Charge(now - self._charged_until, seconds * SECOND * self._rate // MINUTE - self._charged)


class FromTheStart(StreamMeter):
    """Charges all time so far, each time."""

    def due(self, now: int) -> Charge:
        return Charge(now - self._started_at, (now - self._started_at) * self._rate // MINUTE)


def _metered(meter: Callable[[int, int], StreamMeter]) -> Callable[[StreamCreated, EngineState], Iterable[Event]]:
    def measure(event: StreamCreated, state: EngineState) -> Iterable[Event]:
        stream = state.streams[event.stream_id]
        stream.meter = meter(event.at, stream.rules.microcents_per_minute)
        return [event]

    return measure


def _for_nothing(stream_id: str, state: EngineState, now: int) -> None:
    stream = state.streams.get(stream_id)
    if stream is not None and stream.running:
        stream.meter = StreamMeter(now, 0)


def _closed_for_nothing(command: EndStream, step: EngineStep) -> Iterable[Event]:
    _for_nothing(command.stream_id, step.state, step.now)
    return step.run(command)


def _expired_for_nothing(stream_id: str, step: EngineStep) -> Iterable[Event]:
    _for_nothing(stream_id, step.state, step.now)
    return step.run(stream_id)


def _renewed_on_credit(command: RenewLease, step: EngineStep) -> Iterable[Event]:
    """Whoever cannot pay for the stream's time gets what is missing."""
    stream = step.state.streams.get(command.stream_id)
    if stream is not None and stream.running:
        account = step.state.account_of(stream)
        account.balance = max(account.balance, stream.meter.due(step.now).microcents)
    return step.run(command)


def _renewed_though_refused(command: RenewLease, step: EngineStep) -> Iterable[Event]:
    try:
        return step.run(command)
    except CommandRejectedError as refused:
        if refused.code is ErrorCode.INSUFFICIENT_CREDITS:
            stream = step.state.streams[command.stream_id]
            stream.lease_expires_at = step.now + stream.rules.lease
            step.state.schedule.set((Deadline.LEASE, stream.id), stream.lease_expires_at)
        raise


def _just_expired(event: StreamEnded, state: EngineState) -> Iterable[Event]:
    """Nobody is told that the money had run out."""
    if event.reason is EndReason.INSUFFICIENT_CREDITS:
        event = replace(event, reason=EndReason.LEASE_EXPIRED)
    return [event]


def _as_ever(request: MutantRequest, response: MutantResponse) -> None:
    if request.matches(KEEPALIVE) and response.status == 200:
        balance = response.body["credits_remaining_cents"]
        response.body["credits_remaining_cents"] = request.memory.setdefault(request.key or "", balance)


def _exact(request: MutantRequest, response: MutantResponse) -> None:
    if request.matches(KEEPALIVE) and response.status == 200 and request.account:
        response.body["credits_remaining_cents"] = request.account.balance / MICROCENTS_PER_CENT


def _streams_at_a_time(count: int) -> Callable[[Settings], Settings]:
    return lambda settings: replace(settings, concurrent_streams=count)


MUTANTS = (
    AREA(
        "v02-price-doubled",
        "stream time costs 4 cents a minute",
        settings=lambda settings: replace(settings, cents_per_minute=2 * settings.cents_per_minute),
    ),
    AREA(
        "v02-minutes-rounded-up",
        "every minute that has begun is charged",
        engine=edit_event(StreamCreated, _metered(StartedMinutes)),
    ),
    AREA(
        "v02-seconds-rounded-up",
        "every second that has begun is charged",
        engine=edit_event(StreamCreated, _metered(StartedSeconds)),
    ),
    AREA(
        "v02-charged-from-the-start",
        "each keepalive charges all time since the stream began",
        engine=edit_event(StreamCreated, _metered(FromTheStart)),
    ),
    AREA(
        "v02-close-uncharged",
        "DELETE does not charge the rest of the stream's time",
        engine=on_command(EndStream, _closed_for_nothing),
    ),
    AREA(
        "v02-expiry-uncharged",
        "a stream whose lease runs out is not charged for the rest of its time",
        engine=on_deadline(Deadline.LEASE, _expired_for_nothing),
    ),
    AREA(
        "v02-keepalive-cost-in-dollars",
        "cost_cents of a keepalive are dollars",
        on(KEEPALIVE, 200, change("cost_cents", lambda cents: cents / 100)),
    ),
    AREA(
        "v02-keepalive-seconds-in-milliseconds",
        "seconds_charged of a keepalive are milliseconds",
        on(KEEPALIVE, 200, change("seconds_charged", lambda seconds: seconds * 1_000)),
    ),
    AREA(
        "v02-keepalive-cost-as-text",
        "cost_cents of a keepalive are a string",
        on(KEEPALIVE, 200, change("cost_cents", str)),
    ),
    AREA("v02-keepalive-credits-stand-still", "keepalives show the balance as it was at the first one", _as_ever),
    AREA("v02-keepalive-credits-exact", "the cents that remain have fractions", _exact),
    AREA(
        "v02-keepalive-on-credit",
        "a keepalive without enough credits renews the lease",
        engine=on_command(RenewLease, _renewed_on_credit),
    ),
    AREA(
        "v02-keepalive-402-renews",
        "a keepalive without enough credits is 402, and renews the lease all the same",
        engine=on_command(RenewLease, _renewed_though_refused),
    ),
    AREA("v02-keepalive-402-as-200", "a keepalive without enough credits is 200", on(KEEPALIVE, 402, to=200)),
    AREA(
        "v02-insolvency-as-expiry",
        "a stream that ends for lack of credits says lease_expired",
        engine=edit_event(StreamEnded, _just_expired),
    ),
    AREA(
        "v02-create-without-credits",
        "a stream can begin without credits",
        engine=edit_command(
            CreateStream, lambda command, _: replace(command, rules=replace(command.rules, needs_credits=False))
        ),
    ),
    V02_LIMITS("v02-sixth-stream-accepted", "a key may hold six streams", settings=_streams_at_a_time(6)),
    V02_LIMITS("v02-fifth-stream-refused", "a key may hold four streams", settings=_streams_at_a_time(4)),
)
