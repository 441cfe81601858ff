"""What a test holds in its hands to let things go wrong: ``ovs.faults``."""

from collections.abc import Iterator

from ovs_mock.faults.builders import OnCalls, OnChatStreams, OnSockets, Way
from ovs_mock.faults.fault import Fault
from ovs_mock.faults.matchers import Chats, Credits, OfModel, OfStream, calls, known_version
from ovs_mock.faults.schedule import Plan, Planned
from ovs_mock.faults.state_builders import OnCredits, OnLeases, OnModels, OnRooms
from ovs_mock.util.tracebacks import of_mistakes

__tracebackhide__ = of_mistakes


class Faults(Planned):
    """Which, when, what: ``faults.on("POST /v1/streams").status(503).times(2)``.

    A fault is set by the word that says what goes wrong. It is met once, unless more is said, and those that were set
    first go first. When it is met may be said before, for whatever follows: ``faults.at(5).on_socket().drop()`` happens
    at that moment by itself, 5 s from now on the mock's clock.

    From any thread.
    """

    def __init__(self, way: Way, plan: Plan | None = None) -> None:
        self._way = way
        self._planned = plan or Plan()

    def on(
        self, call: str, path: str | None = None, *, version: str | None = None, stream_id: str | None = None
    ) -> OnCalls:
        """Calls: ``on("POST /v1/streams")`` or ``on("POST", "/v1/streams")``. In a path ``*`` is anything.

        A path alone is any method. ``version`` is ``v0.2``, ``v1`` or ``v1beta``; ``stream_id`` is that of the path.
        """
        return OnCalls(self._way, calls(call, path, version, stream_id), self._planned)

    def on_socket(self, stream_id: str | None = None) -> OnSockets:
        """The result sockets of a stream, or of all."""
        return OnSockets(self._way, OfStream("sockets", stream_id), self._planned)

    def on_chat_stream(self, version: str | None = None) -> OnChatStreams:
        """Answers of chats that are streamed."""
        return OnChatStreams(self._way, Chats(known_version(version)), self._planned)

    def on_room(self, stream_id: str | None = None) -> OnRooms:
        """The LiveKit room of a stream, or of all."""
        return OnRooms(self._way, OfStream("rooms", stream_id), self._planned)

    def on_lease(self, stream_id: str | None = None) -> OnLeases:
        """The lease of a stream, or of all."""
        return OnLeases(self._way, OfStream("leases", stream_id), self._planned)

    def on_credits(self, api_key: str | None = None) -> OnCredits:
        """The account of a key, by default the mock's own."""
        key = self._way.do(lambda: self._way.board().stage.api_key) if api_key is None else api_key
        return OnCredits(self._way, Credits(key), self._planned)

    def on_model(self, model: str | None = None) -> OnModels:
        """A model, or all."""
        return OnModels(self._way, OfModel(model), self._planned)

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
    def _plan(self) -> Plan:
        return self._planned

    def _with(self, plan: Plan) -> "Faults":
        return Faults(self._way, plan)

    def _all(self) -> list[Fault]:
        board = self._way.known()
        if board is None:
            return []
        found: list[Fault] = self._way.do(lambda: list(board.faults))
        return found
