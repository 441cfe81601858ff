"""Ways in which leases go wrong, for streams of either service."""

from collections.abc import Callable, Iterable

from ovs_mock.engine.commands import RenewLease
from ovs_mock.engine.events import Event
from ovs_mock.engine.service import Service
from ovs_mock.engine.state import Deadline, EngineState
from ovs_mock.engine.stream import Stream
from ovs_mock.mutants.engines import EngineStep, Make, commanded, due

Renewal = Callable[[RenewLease, EngineStep], Iterable[Event]]


def not_renewed(service: Service) -> Make:
    """A keepalive is answered, and the lease runs out as if nobody had called."""

    def renew(command: RenewLease, moment: EngineStep) -> Iterable[Event]:
        was = moment.world.schedule.get((Deadline.LEASE, command.stream_id))
        events = moment.go(command)
        if was is not None:
            moment.world.schedule.set((Deadline.LEASE, command.stream_id), was)
        return events

    return commanded(RenewLease, _of(service, renew))


def accumulated(service: Service) -> Make:
    """A keepalive adds a whole lease to what was left of the last one."""

    def renew(command: RenewLease, moment: EngineStep) -> Iterable[Event]:
        was = moment.world.schedule.get((Deadline.LEASE, command.stream_id))
        events = moment.go(command)
        stream = moment.world.streams[command.stream_id]
        if was is not None:
            stream.lease_expires_at = was + stream.rules.lease
            moment.world.schedule.set((Deadline.LEASE, stream.id), stream.lease_expires_at)
        return events

    return commanded(RenewLease, _of(service, renew))


def revived(service: Service) -> Make:
    """A keepalive brings back a stream that has ended a short while ago."""

    def renew(command: RenewLease, moment: EngineStep) -> Iterable[Event]:
        stream = moment.world.streams.get(command.stream_id)
        if stream is not None and not stream.running and _owns(command, stream, moment.world):
            stream.ending = None
            moment.world.running[stream.key] += 1
            moment.world.schedule.cancel((Deadline.TOMBSTONE, stream.id))
        return moment.go(command)

    return commanded(RenewLease, _of(service, renew))


def endless(service: Service) -> Make:
    """Leases never run out."""

    def expire(stream_id: str, moment: EngineStep) -> Iterable[Event]:
        return () if moment.world.streams[stream_id].rules.service is service else moment.go(stream_id)

    return due(Deadline.LEASE, expire)


def _of(service: Service, renew: Renewal) -> Renewal:
    return lambda command, moment: (renew if command.service is service else _rightly)(command, moment)


def _rightly(command: RenewLease, moment: EngineStep) -> Iterable[Event]:
    return moment.go(command)


def _owns(command: RenewLease, stream: Stream, world: EngineState) -> bool:
    return world.accounts.authenticate(command.key) is world.account_of(stream)
