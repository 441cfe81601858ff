"""The synchronous face of one tenant: what a test holds in its hands."""

from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ovs_mock.engine.events import Event
from ovs_mock.engine.instants import micros, seconds
from ovs_mock.engine.stream import Stream
from ovs_mock.handle import waits
from ovs_mock.handle.admin import Admin
from ovs_mock.handle.aio import AsyncOvs
from ovs_mock.handle.views import StreamView, stream_view
from ovs_mock.journal.bill import Bill
from ovs_mock.journal.journal import Journal
from ovs_mock.journal.leaks import Leak, leaks
from ovs_mock.model import ScriptedModel
from ovs_mock.runtime.frame_sequence import Frames
from ovs_mock.server.addresses import Addresses
from ovs_mock.server.server import MockServer
from ovs_mock.server.tenant import Tenant
from ovs_mock.util.loop_thread import LoopThread, blocking_hint
from ovs_mock.util.tracebacks import is_user_error

if TYPE_CHECKING:
    from ovs_mock.faults.fault import Fault
    from ovs_mock.faults.faults import Faults
    from ovs_mock.interception.interception import Interception
    from ovs_mock.interception.respx_router import OvsRouter

__tracebackhide__ = is_user_error

T = TypeVar("T")


class Ovs(Addresses, Admin):
    """A mock of the Overshoot API on another thread. Every method may be called from any thread."""

    def __init__(self, thread: LoopThread, server: MockServer, tenant: Tenant) -> None:
        self._thread = thread
        self._server = server
        self.tenant = tenant

    @property
    def target(self) -> str:
        """What this leads to: ``mock``; with ``--ovs-target``, ``live`` or a URL."""
        return "mock"

    @property
    def url(self) -> str:
        """The origin of the mock: ``http://127.0.0.1:49152``."""
        return self._server.url

    @property
    def model(self) -> ScriptedModel:
        """What the vision model says: script it."""
        return self.tenant.model

    @property
    def journal(self) -> Journal:
        """Everything that has happened: calls, sockets, frames, results, charges."""
        return self.tenant.journal

    @property
    def faults(self) -> "Faults":
        """What goes wrong: ``ovs.faults.on("POST /v1/streams").status(503)``."""
        from ovs_mock.faults.builders import RegistryAccess
        from ovs_mock.faults.faults import Faults

        return Faults(RegistryAccess(lambda: self.tenant.board, lambda: self.tenant.known_board, self._thread.call))

    @property
    def aio(self) -> AsyncOvs:
        """What takes time, to be awaited: ``await ovs.aio.wait_for_frames(stream_id)``, on asyncio, trio and anyio."""
        return AsyncOvs(self._thread, self.tenant, lambda stream: stream_view(stream, self))

    @property
    def unused_faults(self) -> "list[Fault]":
        """Faults that were set and met less often than was meant."""
        # Most tests set none, and should not pay for the import either.
        return self.faults.unused if self.tenant.known_board else []

    @property
    def bill(self) -> Bill:
        """What everything until now would have cost: ``ovs.bill.cents``; printed, a line for each stream and model."""
        return self._thread.call(self.tenant.ledger.bill)

    @property
    def leaks(self) -> list[Leak]:
        """What was left open or tried twice until now: streams, sockets, publishers, late keepalives."""
        return self._thread.call(
            lambda: leaks(self.tenant.runtime.current_state().streams.values(), self.tenant.journal)
        )

    @property
    def rejected_calls(self) -> list[str]:
        """Calls that a budget did not allow: none, as the mock is free of charge."""
        return []

    @property
    def failures(self) -> list[BaseException]:
        """Errors of the mock itself, or of a script, that no client was told about."""
        return list(self.tenant.runtime.failures)

    def consume_failures(self) -> list[BaseException]:
        """The failures until now, for a test that meant them: what is taken does not fail it."""

        def take() -> list[BaseException]:
            taken = list(self.tenant.runtime.failures)
            self.tenant.runtime.failures.clear()
            return taken

        return self._thread.call(take)

    @property
    def streams(self) -> list[StreamView]:
        """The streams, oldest first; ended ones as long as their tombstone stands."""
        return self._thread.call(
            lambda: [stream_view(s, self) for s in self.tenant.runtime.current_state().streams.values()]
        )

    def stream(self, stream_id: str) -> StreamView:
        """One stream; KeyError, which says what became of it, when there is none of that id."""

        def look() -> StreamView:
            stream = self.tenant.runtime.current_state().streams.get(stream_id)
            if stream is None:
                raise waits.unknown_stream(self.tenant, stream_id)
            return stream_view(stream, self)

        return self._thread.call(look)

    def advance(self, seconds: float) -> list[Event]:
        """Move the clock forward, firing every deadline at its own moment; the events that this fired.

        When it returns, everything that follows has been written: results to sockets, close frames, ends of rooms.
        """
        return self.run(self.tenant.runtime.advance(micros(seconds)))

    def advance_to_next(self) -> list[Event]:
        """Move the clock to the next thing that will happen by itself; the events of that moment."""
        return self.run(self.tenant.runtime.advance_to_next())

    def play(
        self, stream_id: str, seconds: float, *, fps: float = 10.0, width: int = 640, height: int = 360
    ) -> list[Event]:
        """Move the clock forward while frames come into a stream, without WebRTC; the events that this fired.

        The first frame comes at once and the others evenly, at exact instants: ceil(seconds * fps) frames, and one
        at least. The model reads in each its lifetime index and its time in the stream. KeyError for an unknown
        stream; StreamOverError for one that has ended.
        """
        play = partial(self.tenant.footage.play, stream_id, micros(seconds), fps=fps, width=width, height=height)
        return self.run(waits.injected(play))

    def push_frames(
        self,
        stream_id: str,
        frames: Frames,
        *,
        fps: float = 10.0,
        times: Iterable[float] | None = None,
        stamp: bool = False,
        width: int = 640,
        height: int = 360,
    ) -> list[Event]:
        """Put frames into a stream, without WebRTC, each at its exact instant; the events that this fired.

        ``frames`` is a number of frames, which are drawn as ``play`` draws them, ``width`` by ``height`` pixels; or
        the path of a video file; or pictures: arrays of ``(height, width, 3)``, ``uint8``, red green blue, which the
        model sees as they are, or TimedFrames. With ``stamp``, each picture given gets its lifetime index and its
        time in the stream written over its top.

        They come evenly, ``fps`` of them a second and the first at once, and the clock ends one interval after the
        last, so that the frames of a next call follow without a seam. With ``times``, one for each in seconds from
        now, or with those of a file or of TimedFrames, the clock ends at the last frame's instant. On the way to
        each frame everything that is due happens. A stream that ends on the way gets no more frames.

        All pictures are read, checked and copied before the first one comes. They stay as long as the stream's
        buffer keeps them (60 s of v0.2, 600 s of v1 and v1beta): the newest 512 MB of a mock as they are, older ones
        packed without loss, which takes 5 to 60 ms for each of 640x480. Drawn ones take next to nothing.

        ValueError says what is wrong with the frames or times; KeyError for an unknown stream; StreamOverError for
        one that has ended; ClockError on a clock that cannot be moved.
        """
        push = self.tenant.footage.pushing(
            stream_id, frames, fps=fps, times=times, stamp=stamp, width=width, height=height
        )
        return self.run(waits.injected(push))

    def now(self) -> float:
        """The mock's clock, in seconds since the Unix epoch."""
        return seconds(self.tenant.runtime.clock.now())

    def reset(self) -> None:
        """Begin again, with the same key and settings: streams, scripts, faults, journal and bill are gone.

        Everybody who is connected is parted from. The clock stays where it is, and ids are others than before.
        """
        self.run(self.tenant.reset())

    def wait_for_frames(self, stream_id: str, count: int = 1, *, timeout: float = 10.0) -> StreamView:
        """Wait in real time until the stream has received ``count`` frames in all.

        Raises TimeoutError after ``timeout`` seconds, and StreamOverError when the stream ends before.
        """
        return self._wait_for_view(waits.for_frames(self.tenant, stream_id, count, timeout))

    def wait_for_watchers(self, stream_id: str, count: int = 1, *, timeout: float = 10.0) -> StreamView:
        """Wait in real time until the stream has ``count`` result sockets that are authenticated; errors as above."""
        return self._wait_for_view(waits.for_watchers(self.tenant, stream_id, count, timeout))

    def wait_until(
        self,
        condition: Callable[[], bool],
        *,
        timeout: float = 10.0,
        description: str = "the condition",
        actual: Callable[[], str] = lambda: "it does not hold",
    ) -> None:
        """Wait in real time until ``holds()``, which is tried on the mock's thread after everything that happens."""
        self._wait(waits.until(self.tenant, condition, timeout, description, actual))

    def intercept(self, *more_hosts: str) -> "Interception":
        """``with ovs.intercept():`` what this process says to https://api.overshoot.ai, the mock answers.

        For code that has the URL built in: httpx, openai, aiohttp, requests, websockets and whatever else resolves
        names and speaks TLS in Python, clients that exist already included. ``OVERSHOOT_API_KEY`` is the mock's.
        ``more_hosts`` lead to the mock too. One mock at a time.
        """
        from ovs_mock.interception.hosts import PRODUCTION_HOSTS
        from ovs_mock.interception.interception import Interception

        return Interception(self, self._server, (*PRODUCTION_HOSTS, *more_hosts))

    def respx_router(self, *more_hosts: str, assert_all_called: bool = True) -> "OvsRouter":
        """A router of respx for httpx's clients: your own routes first, the mock for the rest of the API."""
        from ovs_mock.interception.hosts import PRODUCTION_HOSTS
        from ovs_mock.interception.respx_router import OvsRouter

        return OvsRouter(self.url, (*PRODUCTION_HOSTS, *more_hosts), assert_all_called=assert_all_called)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the mock's loop and wait for what it returns."""
        return self._thread.run(work)

    def _wait_for_view(self, waiting: Coroutine[Any, Any, Stream]) -> StreamView:
        stream = self._wait(waiting)
        return self._thread.call(lambda: stream_view(stream, self))

    def _wait(self, waiting: Coroutine[Any, Any, T]) -> T:
        try:
            return self.run(waiting)
        except TimeoutError as error:
            raise TimeoutError(f"{error}{blocking_hint()}") from None
