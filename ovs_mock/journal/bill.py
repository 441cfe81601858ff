"""What a mock's calls would have cost in production, by stream and model."""

from collections import Counter
from dataclasses import dataclass

from ovs_mock.engine.billing import MICROCENTS_PER_CENT
from ovs_mock.engine.events import ChatCancelled, ChatFinished, ChatStarted, Event, LeaseRenewed, StreamEnded
from ovs_mock.runtime.runtime import Runtime

CHARGED = (LeaseRenewed, StreamEnded, ChatStarted, ChatFinished, ChatCancelled)


@dataclass(frozen=True, slots=True)
class BillLine:
    """The cost of one stream, or of all chats with one model.

    Attributes:
        what: ``stream <id>`` or ``chats with <model>``.
        microcents: The cost in millionths of a cent.
    """

    what: str
    microcents: int

    @property
    def cents(self) -> float:
        return self.microcents / MICROCENTS_PER_CENT


@dataclass(frozen=True, slots=True)
class Bill:
    """All charges, including what running streams have used since their last charge. ``str()`` has a line for each.

    Attributes:
        lines: The streams, then the models.
    """

    lines: tuple[BillLine, ...]

    @property
    def microcents(self) -> int:
        """The exact total, in millionths of a cent."""
        return sum(line.microcents for line in self.lines)

    @property
    def cents(self) -> float:
        return self.microcents / MICROCENTS_PER_CENT

    def __str__(self) -> str:
        rows = [f"  {line.cents:10.4f} cents  {line.what}" for line in self.lines]
        return "\n".join([f"{self.cents:.4f} cents", *rows])


class ChargeLog:
    """Adds up the charges of one mock."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._streams: Counter[str] = Counter()
        self._chats: Counter[str] = Counter()
        self._models: dict[str, str] = {}

    def start(self) -> None:
        self._runtime.subscribe(self._on_event, CHARGED)

    def bill(self) -> Bill:
        """Return the bill up to now."""
        streams = Counter(self._streams)
        now = self._runtime.clock.now()
        for stream in self._runtime.current_state().streams.values():
            if stream.running:
                streams[stream.id] += stream.meter.due(now).microcents
        by_stream = [BillLine(f"stream {id_}", cost) for id_, cost in streams.items() if cost]
        by_model = [BillLine(f"chats with {model}", cost) for model, cost in self._chats.items() if cost]
        return Bill((*by_stream, *by_model))

    def _on_event(self, event: Event) -> None:
        match event:
            case LeaseRenewed() | StreamEnded():
                self._streams[event.stream_id] += event.charge.microcents
            case ChatStarted():
                self._models[event.exchange_id] = event.model
            case ChatFinished() | ChatCancelled():
                self._chats[self._models.pop(event.exchange_id, "a model")] += event.cost
            case _:
                pass
