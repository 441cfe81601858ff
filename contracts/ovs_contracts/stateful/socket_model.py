"""Result sockets of one stream, and what each should have been told."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ovs_contracts.stateful.readable import Readable
from ovs_contracts.stateful.v02_model import V02StreamModel
from ovs_contracts.transport.exchange import Deviation, hold
from ovs_contracts.transport.sockets import ResultSocketClient


@dataclass(repr=False)
class SocketModel(Readable):
    """A socket that was let in."""

    socket: ResultSocketClient
    stream: V02StreamModel
    earlier_ids: frozenset[str]
    """Results that were given out before it came."""
    ids: list[str] = field(default_factory=list)
    prompt: int = 1
    """Of the newest result."""

    def __repr__(self) -> str:
        return f"a socket of {self.stream}"

    def read(self) -> None:
        """Read what has come, and hold it against the stream."""
        for result in self.socket.receive_available():
            if result["id"] in self.earlier_ids or result["id"] in self.ids:
                raise Deviation("a result comes once, and is not replayed", expected="a new result", seen=result["id"])
            seen = result["stream_id"], result["mode"], result["ok"]
            hold("whose result it is, and what sort", expected=(self.stream.id, "frame", True), seen=seen)
            self._read_prompt(result["prompt"])
            self.ids.append(result["id"])
            self.stream.result_ids.add(result["id"])

    def hold_closed(self) -> None:
        """An ended stream's sockets are closed, and told why."""
        assert self.stream.ended is not None
        expected = 1001, f"stream ended: {self.stream.ended[0]}"
        hold("the close frame of a stream that ends", expected=expected, seen=self.socket.wait_closed())

    def _read_prompt(self, prompt: str) -> None:
        """Prompts of machines are numbered: ``prompt 3``. A change applies from the next inference on, for good."""
        number = int(prompt.removeprefix("prompt "))
        if not self.prompt <= number <= self.stream.prompt:
            expected = f"prompt {self.prompt} to {self.stream.prompt}"
            raise Deviation("a result has the prompt of its moment", expected=expected, seen=prompt)
        self.prompt = number


def read_all(watchers: Sequence[SocketModel]) -> None:
    """Read all, and hold those of the same stream against each other."""
    for watcher in watchers:
        watcher.read()
    for number, earlier in enumerate(watchers):
        for later in watchers[number + 1 :]:
            if earlier.stream is later.stream:
                # What came to the later one has come to the earlier one by now.
                earlier.read()
                _compare(earlier, later)


def _compare(earlier: SocketModel, later: SocketModel) -> None:
    if later.ids and later.ids[0] in earlier.ids:
        since = earlier.ids[earlier.ids.index(later.ids[0]) :]
        hold(
            "sockets of a stream get the same results in the same order",
            expected=later.ids,
            seen=since[: len(later.ids)],
        )
    elif later.ids:
        raise Deviation("each socket gets every result", expected=later.ids[0], seen="nothing on an earlier socket")
