"""Mutants of leases, for streams of either service."""

from collections.abc import Callable, Iterable

from ovs_mock.engine.commands import RenewLease
from ovs_mock.engine.events import Event
from ovs_mock.engine.service import Service
from ovs_mock.engine.state import Deadline, EngineState
from ovs_mock.engine.stream import Stream
from ovs_mock.mutants.engines import EngineFactory, EngineStep, on_command, on_deadline

Renewal = Callable[[RenewLease, EngineStep], Iterable[Event]]


def not_renewed(service: Service) -> EngineFactory:
    """A keepalive is answered, but does not renew the lease."""

    def renew(command: RenewLease, step: EngineStep) -> Iterable[Event]:
        was = step.state.schedule.get((Deadline.LEASE, command.stream_id))
        events = step.run(command)
        if was is not None:
            step.state.schedule.set((Deadline.LEASE, command.stream_id), was)
        return events

    return on_command(RenewLease, _for_service(service, renew))


def accumulated(service: Service) -> EngineFactory:
    """A keepalive adds a whole lease to what was left of the last one."""

    def renew(command: RenewLease, step: EngineStep) -> Iterable[Event]:
        was = step.state.schedule.get((Deadline.LEASE, command.stream_id))
        events = step.run(command)
        stream = step.state.streams[command.stream_id]
        if was is not None:
            stream.lease_expires_at = was + stream.rules.lease
            step.state.schedule.set((Deadline.LEASE, stream.id), stream.lease_expires_at)
        return events

    return on_command(RenewLease, _for_service(service, renew))


def revived(service: Service) -> EngineFactory:
    """A keepalive brings back a stream that has ended a short while ago."""

    def renew(command: RenewLease, step: EngineStep) -> Iterable[Event]:
        stream = step.state.streams.get(command.stream_id)
        if stream is not None and not stream.running and _owns(command, stream, step.state):
            stream.ending = None
            step.state.running[stream.key] += 1
            step.state.schedule.cancel((Deadline.TOMBSTONE, stream.id))
        return step.run(command)

    return on_command(RenewLease, _for_service(service, renew))


def endless(service: Service) -> EngineFactory:
    """Leases never run out."""

    def expire(stream_id: str, step: EngineStep) -> Iterable[Event]:
        return () if step.state.streams[stream_id].rules.service is service else step.run(stream_id)

    return on_deadline(Deadline.LEASE, expire)


def _for_service(service: Service, renew: Renewal) -> Renewal:
    return lambda command, step: (renew if command.service is service else _unchanged)(command, step)


def _unchanged(command: RenewLease, step: EngineStep) -> Iterable[Event]:
    return step.run(command)


def _owns(command: RenewLease, stream: Stream, state: EngineState) -> bool:
    return state.accounts.authenticate(command.key) is state.account_of(stream)
