"""What a test holds in its hands to let things go wrong: ``ovs.faults``."""

from collections.abc import Iterator

from ovs_mock.faults.builders import CallFaultBuilder, ChatStreamFaultBuilder, RegistryAccess, SocketFaultBuilder
from ovs_mock.faults.fault import Fault
from ovs_mock.faults.matchers import ChatMatcher, CreditMatcher, ModelMatcher, StreamMatcher, calls, known_version
from ovs_mock.faults.schedule import FaultSchedule, ScheduleBuilder
from ovs_mock.faults.state_builders import CreditFaultBuilder, LeaseFaultBuilder, ModelFaultBuilder, RoomFaultBuilder
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error


class Faults(ScheduleBuilder):
    """Which, when, what: ``faults.on("POST /v1/streams").status(503).times(2)``.

    A fault is set by the word that says what goes wrong. It is met once, unless more is said, and those that were set
    first go first. When it is met may be said before, for whatever follows: ``faults.at(5).on_socket().drop()`` happens
    at that moment by itself, 5 s from now on the mock's clock.

    From any thread.
    """

    def __init__(self, way: RegistryAccess, plan: FaultSchedule | None = None) -> None:
        self._way = way
        self._planned = plan or FaultSchedule()

    def on(
        self, call: str, path: str | None = None, *, version: str | None = None, stream_id: str | None = None
    ) -> CallFaultBuilder:
        """Calls: ``on("POST /v1/streams")`` or ``on("POST", "/v1/streams")``. In a path ``*`` is anything.

        A path alone is any method. ``version`` is ``v0.2``, ``v1`` or ``v1beta``; ``stream_id`` is that of the path.
        """
        return CallFaultBuilder(self._way, calls(call, path, version, stream_id), self._planned)

    def on_socket(self, stream_id: str | None = None) -> SocketFaultBuilder:
        """The result sockets of a stream, or of all."""
        return SocketFaultBuilder(self._way, StreamMatcher("sockets", stream_id), self._planned)

    def on_chat_stream(self, version: str | None = None) -> ChatStreamFaultBuilder:
        """Answers of chats that are streamed."""
        return ChatStreamFaultBuilder(self._way, ChatMatcher(known_version(version)), self._planned)

    def on_room(self, stream_id: str | None = None) -> RoomFaultBuilder:
        """The LiveKit room of a stream, or of all."""
        return RoomFaultBuilder(self._way, StreamMatcher("rooms", stream_id), self._planned)

    def on_lease(self, stream_id: str | None = None) -> LeaseFaultBuilder:
        """The lease of a stream, or of all."""
        return LeaseFaultBuilder(self._way, StreamMatcher("leases", stream_id), self._planned)

    def on_credits(self, api_key: str | None = None) -> CreditFaultBuilder:
        """The account of a key, by default the mock's own."""
        key = self._way.do(lambda: self._way.board().stage.api_key) if api_key is None else api_key
        return CreditFaultBuilder(self._way, CreditMatcher(key), self._planned)

    def on_model(self, model: str | None = None) -> ModelFaultBuilder:
        """A model, or all."""
        return ModelFaultBuilder(self._way, ModelMatcher(model), self._planned)

    def __iter__(self) -> Iterator[Fault]:
        """All that are set, in the order in which they are tried."""
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __str__(self) -> str:
        return "\n".join(f"{fault}: {fault.used} of {fault.expected}" for fault in self) or "no faults"

    @property
    def unused(self) -> list[Fault]:
        """Faults that were met less often than was meant."""
        return [fault for fault in self if fault.unused]

    def clear(self) -> None:
        """Forget all of them. What has happened stays as it is."""
        if board := self._way.known():
            self._way.do(board.clear)

    @property
    def _plan(self) -> FaultSchedule:
        return self._planned

    def _with(self, plan: FaultSchedule) -> "Faults":
        return Faults(self._way, plan)

    def _all(self) -> list[Fault]:
        board = self._way.known()
        if board is None:
            return []
        found: list[Fault] = self._way.do(lambda: list(board.faults))
        return found
