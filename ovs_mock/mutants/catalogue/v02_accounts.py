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
from ovs_mock.mutants.answers import on
from ovs_mock.mutants.catalogue.routes import KEEPALIVE
from ovs_mock.mutants.edits import change
from ovs_mock.mutants.engines import EngineStep, asking, commanded, due, telling
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.mutant import Mutant

AREA = "v02/money"


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
    def measure(event: StreamCreated, world: EngineState) -> Iterable[Event]:
        stream = world.streams[event.stream_id]
        stream.meter = meter(event.at, stream.rules.microcents_per_minute)
        return [event]

    return measure


def _for_nothing(stream_id: str, world: EngineState, now: int) -> None:
    stream = world.streams.get(stream_id)
    if stream is not None and stream.running:
        stream.meter = StreamMeter(now, 0)


def _closed_for_nothing(command: EndStream, moment: EngineStep) -> Iterable[Event]:
    _for_nothing(command.stream_id, moment.world, moment.now)
    return moment.go(command)


def _expired_for_nothing(stream_id: str, moment: EngineStep) -> Iterable[Event]:
    _for_nothing(stream_id, moment.world, moment.now)
    return moment.go(stream_id)


def _renewed_on_credit(command: RenewLease, moment: EngineStep) -> Iterable[Event]:
    """Whoever cannot pay for the stream's time gets what is missing."""
    stream = moment.world.streams.get(command.stream_id)
    if stream is not None and stream.running:
        account = moment.world.account_of(stream)
        account.balance = max(account.balance, stream.meter.due(moment.now).microcents)
    return moment.go(command)


def _renewed_though_refused(command: RenewLease, moment: EngineStep) -> Iterable[Event]:
    try:
        return moment.go(command)
    except CommandRejectedError as refused:
        if refused.code is ErrorCode.INSUFFICIENT_CREDITS:
            stream = moment.world.streams[command.stream_id]
            stream.lease_expires_at = moment.now + stream.rules.lease
            moment.world.schedule.set((Deadline.LEASE, stream.id), stream.lease_expires_at)
        raise


def _just_expired(event: StreamEnded, world: EngineState) -> Iterable[Event]:
    """Nobody is told that the money had run out."""
    if event.reason is EndReason.INSUFFICIENT_CREDITS:
        event = replace(event, reason=EndReason.LEASE_EXPIRED)
    return [event]


def _as_ever(asked: MutantRequest, reply: MutantResponse) -> None:
    if asked.matches(KEEPALIVE) and reply.status == 200:
        shown = reply.body["credits_remaining_cents"]
        reply.body["credits_remaining_cents"] = asked.memory.setdefault(asked.key or "", shown)


def _exact(asked: MutantRequest, reply: MutantResponse) -> None:
    if asked.matches(KEEPALIVE) and reply.status == 200 and asked.account:
        reply.body["credits_remaining_cents"] = asked.account.balance / MICROCENTS_PER_CENT


def _streams_at_a_time(count: int) -> Callable[[Settings], Settings]:
    return lambda settings: replace(settings, concurrent_streams=count)


MUTANTS = (
    Mutant(
        name="v02-price-doubled",
        area=AREA,
        description="stream time costs 4 cents a minute",
        settings=lambda settings: replace(settings, cents_per_minute=2 * settings.cents_per_minute),
    ),
    Mutant(
        name="v02-minutes-rounded-up",
        area=AREA,
        description="every minute that has begun is charged",
        engine=telling(StreamCreated, _metered(StartedMinutes)),
    ),
    Mutant(
        name="v02-seconds-rounded-up",
        area=AREA,
        description="every second that has begun is charged",
        engine=telling(StreamCreated, _metered(StartedSeconds)),
    ),
    Mutant(
        name="v02-charged-from-the-start",
        area=AREA,
        description="each keepalive charges all time since the stream began",
        engine=telling(StreamCreated, _metered(FromTheStart)),
    ),
    Mutant(
        name="v02-close-uncharged",
        area=AREA,
        description="DELETE does not charge the rest of the stream's time",
        engine=commanded(EndStream, _closed_for_nothing),
    ),
    Mutant(
        name="v02-expiry-uncharged",
        area=AREA,
        description="a stream whose lease runs out is not charged for the rest of its time",
        engine=due(Deadline.LEASE, _expired_for_nothing),
    ),
    Mutant(
        name="v02-keepalive-cost-in-dollars",
        area=AREA,
        description="cost_cents of a keepalive are dollars",
        response=on(KEEPALIVE, 200, change("cost_cents", lambda cents: cents / 100)),
    ),
    Mutant(
        name="v02-keepalive-seconds-in-milliseconds",
        area=AREA,
        description="seconds_charged of a keepalive are milliseconds",
        response=on(KEEPALIVE, 200, change("seconds_charged", lambda seconds: seconds * 1_000)),
    ),
    Mutant(
        name="v02-keepalive-cost-as-text",
        area=AREA,
        description="cost_cents of a keepalive are a string",
        response=on(KEEPALIVE, 200, change("cost_cents", str)),
    ),
    Mutant(
        name="v02-keepalive-credits-stand-still",
        area=AREA,
        description="keepalives show the balance as it was at the first one",
        response=_as_ever,
    ),
    Mutant(
        name="v02-keepalive-credits-exact",
        area=AREA,
        description="the cents that remain have fractions",
        response=_exact,
    ),
    Mutant(
        name="v02-keepalive-on-credit",
        area=AREA,
        description="a keepalive without enough credits renews the lease",
        engine=commanded(RenewLease, _renewed_on_credit),
    ),
    Mutant(
        name="v02-keepalive-402-renews",
        area=AREA,
        description="a keepalive without enough credits is 402, and renews the lease all the same",
        engine=commanded(RenewLease, _renewed_though_refused),
    ),
    Mutant(
        name="v02-keepalive-402-as-200",
        area=AREA,
        description="a keepalive without enough credits is 200",
        response=on(KEEPALIVE, 402, to=200),
    ),
    Mutant(
        name="v02-insolvency-as-expiry",
        area=AREA,
        description="a stream that ends for lack of credits says lease_expired",
        engine=telling(StreamEnded, _just_expired),
    ),
    Mutant(
        name="v02-create-without-credits",
        area=AREA,
        description="a stream can begin without credits",
        engine=asking(
            CreateStream, lambda command, _: replace(command, rules=replace(command.rules, needs_credits=False))
        ),
    ),
    Mutant(
        name="v02-sixth-stream-accepted",
        area="v02/limits",
        description="a key may hold six streams",
        settings=_streams_at_a_time(6),
    ),
    Mutant(
        name="v02-fifth-stream-refused",
        area="v02/limits",
        description="a key may hold four streams",
        settings=_streams_at_a_time(4),
    ),
)
