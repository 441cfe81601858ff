"""How streams start, run as long as their lease, become idle and end."""

from collections.abc import Iterable, Iterator

from ovs_mock.engine.accounts import Account
from ovs_mock.engine.billing import StreamMeter
from ovs_mock.engine.commands import (
    CreateStream,
    EndStream,
    FrameArrived,
    RenewLease,
    SuspendIdleTimer,
    TerminateStream,
    UpdatePrompt,
)
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import (
    AlreadyEnded,
    Event,
    LeaseRenewed,
    PromptUpdated,
    StateChanged,
    StreamCreated,
    StreamEnded,
)
from ovs_mock.engine.service import Service
from ovs_mock.engine.state import Deadline, EngineState
from ovs_mock.engine.stream import Ending, EndReason, Stream, StreamState


class Lifecycle:
    def __init__(self, state: EngineState) -> None:
        self._state = state

    def create(self, command: CreateStream, now: int) -> Iterator[Event]:
        state = self._state
        account = state.accounts.authenticate(command.key)
        assert command.key is not None
        try:
            self._admit(command, account)
        except CommandRejectedError as error:
            error.request_id = command.request_id
            raise
        stream = Stream(
            id=state.ids.uuid("stream"),
            config_id=state.ids.tagged("cfg"),
            key=command.key,
            source=command.source,
            rules=command.rules,
            plan=command.plan,
            region=command.region,
            request_id=command.request_id,
            created_at=now,
            updated_at=now,
            lease_expires_at=now,
            meter=StreamMeter(now, command.rules.microcents_per_minute),
        )
        state.streams[stream.id] = stream
        state.running[stream.key] += 1
        self._start_lease(stream, now)
        yield StreamCreated(now, stream.id, command.rules.lease)

    def renew(self, command: RenewLease, now: int) -> Iterator[Event]:
        stream = self._state.find_running(command.key, command.stream_id, command.service)
        account = self._state.account_of(stream)
        if stream.meter.due(now).microcents > max(0, account.balance):
            stream.credit_refused = True
            raise CommandRejectedError(
                ErrorCode.INSUFFICIENT_CREDITS,
                "The account has too few credits for the stream's time: the lease was not renewed.",
                request_id=stream.request_id,
            )
        charge = stream.meter.charge(now)
        account.debit(charge.microcents)
        self._start_lease(stream, now)
        yield LeaseRenewed(now, stream.id, stream.rules.lease, charge, account.balance, stream.state)

    def end(self, command: EndStream, now: int) -> Iterator[Event]:
        account = self._state.accounts.authenticate(command.key)
        if command.service is Service.RESULTS and self._state.closed.owned_by(command.stream_id, account.user_id):
            yield AlreadyEnded(now, command.stream_id)
            return
        stream = self._state.find(command.key, command.stream_id, command.service)
        if stream.running:
            yield from self.finish(stream, EndReason.CLIENT_REQUESTED, now)
        else:
            yield AlreadyEnded(now, stream.id)

    def finish(self, stream: Stream, reason: EndReason, now: int) -> Iterator[Event]:
        """End a running stream, once and for all, and charge the rest of its time."""
        account = self._state.account_of(stream)
        charge = stream.meter.charge(now, at_most=max(0, account.balance))
        account.debit(charge.microcents)
        stream.evict_old_frames(now)
        stream.ending = Ending(now, reason)
        self._state.running[stream.key] -= 1
        for deadline in (Deadline.LEASE, Deadline.DEPARTURE, Deadline.IDLE, Deadline.INFERENCE):
            self._state.schedule.cancel((deadline, stream.id))
        self._state.schedule.set((Deadline.TOMBSTONE, stream.id), now + stream.rules.tombstone)
        yield StreamEnded(now, stream.id, reason, charge)

    def update_prompt(self, command: UpdatePrompt, now: int) -> Iterator[Event]:
        stream = self._state.find_running(command.key, command.stream_id)
        stream.change_prompt(command.prompt, now)
        yield PromptUpdated(now, stream.id, command.prompt)

    def terminate(self, command: TerminateStream, now: int) -> Iterable[Event]:
        stream = self._state.running_stream(command.stream_id)
        return self.finish(stream, command.reason, now) if stream else ()

    def lease_expired(self, stream: Stream, now: int) -> Iterator[Event]:
        rejected = stream.credit_refused
        return self.finish(stream, EndReason.INSUFFICIENT_CREDITS if rejected else EndReason.LEASE_EXPIRED, now)

    def add_frame(self, stream: Stream, command: FrameArrived, now: int) -> Iterable[Event]:
        """Keep the frame; the stream is active from now on."""
        frame = stream.frames.append(command.at, command.picture)
        if stream.first_frame_at is None:
            stream.first_frame_at = frame.at
        stream.evict_old_frames(now)
        stream.last_frame_received_at = now
        self._restart_idle_timer(stream)
        return self.change_state(stream, StreamState.ACTIVE, now)

    def suspend_idle_timers(self, command: SuspendIdleTimer) -> Iterable[Event]:
        """Do not let the time before ``until`` make the streams idle."""
        for stream in filter(None, map(self._state.running_stream, command.stream_ids)):
            stream.idle_suspended_until = command.until
            if stream.state is StreamState.ACTIVE:
                self._restart_idle_timer(stream)
        return ()

    def change_state(self, stream: Stream, state: StreamState, now: int) -> Iterable[Event]:
        if stream.state is state:
            return ()
        stream.state = state
        return (StateChanged(now, stream.id, state),)

    def remove_tombstone(self, stream: Stream) -> Iterable[Event]:
        """Remove the stream. A stream with pushed results can be closed again later, so its id and owner are kept."""
        if stream.rules.service is Service.RESULTS:
            self._state.closed.add(stream.id, self._state.account_of(stream).user_id)
        del self._state.streams[stream.id]
        return ()

    def _start_lease(self, stream: Stream, now: int) -> None:
        stream.credit_refused = False
        stream.lease_expires_at = now + stream.rules.lease
        self._state.schedule.set((Deadline.LEASE, stream.id), stream.lease_expires_at)

    def _restart_idle_timer(self, stream: Stream) -> None:
        since = max(stream.last_frame_received_at or 0, stream.idle_suspended_until)
        self._state.schedule.set((Deadline.IDLE, stream.id), since + stream.rules.idle_after)

    def _admit(self, command: CreateStream, account: Account) -> None:
        self._state.require_open()
        if command.plan is not None:
            self._state.models.require_accepting(command.plan.model)
        if command.rules.needs_credits and account.balance <= 0:
            raise CommandRejectedError(ErrorCode.INSUFFICIENT_CREDITS, "The account has no credits left.")
        if command.rules.concurrent_streams is not None:
            self._require_room(command, command.rules.concurrent_streams)

    def _require_room(self, command: CreateStream, limit: int) -> None:
        running = self._state.running[command.key or ""]
        if running >= limit:
            raise CommandRejectedError(
                ErrorCode.TOO_MANY_STREAMS, f"The API key already holds {running} streams; {limit} may run at a time."
            )
