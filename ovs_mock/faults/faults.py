"""``ovs.faults``: the entry point for setting faults."""

from collections.abc import Iterator

from ovs_mock.faults.builders import CallFaultBuilder, ChatStreamFaultBuilder, RegistryAccess, SocketFaultBuilder
from ovs_mock.faults.fault import Fault
from ovs_mock.faults.matchers import (
    ChatMatcher,
    CreditMatcher,
    ModelMatcher,
    StreamMatcher,
    call_matcher,
    check_version,
)
from ovs_mock.faults.schedule import FaultSchedule, ScheduleBuilder
from ovs_mock.faults.state_builders import CreditFaultBuilder, LeaseFaultBuilder, ModelFaultBuilder, RoomFaultBuilder
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error


class Faults(ScheduleBuilder):
    """Makes the mock fail on purpose: ``faults.on("POST /v1/streams").status(503).times(2)``.

    Choose what the fault is about (``on``, ``on_socket``, ...), then what it does; the latter sets it. A fault fires
    once unless its schedule says otherwise. Faults are tried in the order in which they were set.

    The schedule may come first and then applies to whatever follows: ``faults.at(5).on_socket().drop()`` fires 5
    seconds from now on the mock's clock. All methods may be called from any thread.
    """

    def __init__(self, access: RegistryAccess, schedule: FaultSchedule | None = None) -> None:
        super().__init__(schedule or FaultSchedule())
        self._access = access

    def on(
        self, call: str, path: str | None = None, *, version: str | None = None, stream_id: str | None = None
    ) -> CallFaultBuilder:
        """Choose HTTP calls: ``on("POST /v1/streams")`` or ``on("POST", "/v1/streams")``.

        Args:
            call: Method and path, a path alone for any method, or the method when ``path`` is given. ``*`` in a path
                stands for anything, ``{id}`` for one segment.
            path: The path, when ``call`` is the method.
            version: Only calls of ``v0.2``, ``v1`` or ``v1beta``.
            stream_id: Only calls whose path names this stream.

        Raises:
            FaultError: If the method or version is unknown, or the path begins with neither ``/`` nor ``*``.
        """
        return CallFaultBuilder(self._access, call_matcher(call, path, version, stream_id), self._schedule)

    def on_socket(self, stream_id: str | None = None) -> SocketFaultBuilder:
        """Choose the result sockets of a stream, or of all streams."""
        return SocketFaultBuilder(self._access, StreamMatcher("sockets", stream_id), self._schedule)

    def on_chat_stream(self, version: str | None = None) -> ChatStreamFaultBuilder:
        """Choose streamed chat answers, of one API version (``v1`` or ``v1beta``) or of all.

        Raises:
            FaultError: If the version is unknown.
        """
        return ChatStreamFaultBuilder(self._access, ChatMatcher(check_version(version)), self._schedule)

    def on_room(self, stream_id: str | None = None) -> RoomFaultBuilder:
        """Choose the LiveKit room of a stream, or of all streams."""
        return RoomFaultBuilder(self._access, StreamMatcher("rooms", stream_id), self._schedule)

    def on_lease(self, stream_id: str | None = None) -> LeaseFaultBuilder:
        """Choose the lease of a stream, or of all streams."""
        return LeaseFaultBuilder(self._access, StreamMatcher("leases", stream_id), self._schedule)

    def on_credits(self, api_key: str | None = None) -> CreditFaultBuilder:
        """Choose the account of an API key; defaults to the mock's own key."""
        key = self._access.registry().context.api_key if api_key is None else api_key
        return CreditFaultBuilder(self._access, CreditMatcher(key), self._schedule)

    def on_model(self, model: str | None = None) -> ModelFaultBuilder:
        """Choose a model by its id, or all models."""
        return ModelFaultBuilder(self._access, ModelMatcher(model), self._schedule)

    def __iter__(self) -> Iterator[Fault]:
        """All faults that are set, in the order in which they are tried."""
        return iter(self._faults())

    def __len__(self) -> int:
        return len(self._faults())

    def __str__(self) -> str:
        return "\n".join(f"{fault}: {fault.used} of {fault.expected}" for fault in self) or "no faults"

    @property
    def unused(self) -> list[Fault]:
        """Faults that have fired fewer times than expected."""
        return [fault for fault in self if fault.unused]

    def clear(self) -> None:
        """Remove all faults. What they have done stays done."""
        self._access.run(self._access.registry().clear)

    def _with(self, schedule: FaultSchedule) -> "Faults":
        return Faults(self._access, schedule)

    def _faults(self) -> list[Fault]:
        faults: list[Fault] = self._access.run(lambda: list(self._access.registry().faults))
        return faults
