"""The synchronous handle on a tenant of a mock in this process."""

from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from ovs_mock.engine.events import Event
from ovs_mock.engine.instants import micros, seconds
from ovs_mock.handle import waits
from ovs_mock.handle.admin import Admin
from ovs_mock.handle.aio import AsyncOvs
from ovs_mock.handle.options import WaitOptions
from ovs_mock.handle.views import StreamView, stream_view
from ovs_mock.journal.bill import Bill
from ovs_mock.journal.journal import Journal
from ovs_mock.journal.leaks import Leak, find_leaks
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
    """The handle on a mock of the Overshoot API, which runs on another thread. The fixture ``ovs`` is one.

    Every method may be called from any thread. On an event loop, ``aio`` has the operations that take time.
    """

    def __init__(self, thread: LoopThread, server: MockServer, tenant: Tenant) -> None:
        self._thread = thread
        self._server = server
        self.tenant = tenant

    @property
    def target(self) -> str:
        """The server that the handle leads to: ``mock``; with ``--ovs-target``, ``live`` or a URL."""
        return "mock"

    @property
    def url(self) -> str:
        """Scheme, host and port of the mock, such as ``http://127.0.0.1:49152``."""
        return self._server.url

    @property
    def model(self) -> ScriptedModel:
        """The vision model: set its replies, errors and latency, and read which questions it got."""
        return self.tenant.model

    @property
    def journal(self) -> Journal:
        """Everything that has happened, in order: requests, sockets, messages, frames, results, charges."""
        return self.tenant.journal

    @property
    def faults(self) -> "Faults":
        """Faults to inject: ``ovs.faults.on("POST /v1/streams").status(503)``."""
        from ovs_mock.faults.builders import RegistryAccess
        from ovs_mock.faults.faults import Faults

        return Faults(RegistryAccess(lambda: self.tenant.faults, self._thread.call))

    @property
    def aio(self) -> AsyncOvs:
        """The async API: ``await ovs.aio.wait_for_frames(stream_id)``, on asyncio, trio and anyio."""
        return AsyncOvs(self._thread, self.tenant, self)

    @property
    def unused_faults(self) -> "list[Fault]":
        """Faults that fired less often than they were set to."""
        return self.tenant.faults.unused

    @property
    def bill(self) -> Bill:
        """What everything so far would cost: ``ovs.bill.cents``; as text, one line for each stream and model."""
        return self._thread.call(self.tenant.charge_log.bill)

    @property
    def leaks(self) -> list[Leak]:
        """What the client has left open or done twice so far: streams, sockets, publishers, late keepalives."""
        return self._thread.call(
            lambda: find_leaks(self.tenant.runtime.current_state().streams.values(), self.tenant.journal)
        )

    @property
    def rejected_calls(self) -> list[str]:
        """Calls that would have exceeded the budget of ``--ovs-budget-cents``: none on the mock."""
        return []

    @property
    def failures(self) -> list[BaseException]:
        """Errors of the mock, or of a callback of the test, that no client has received."""
        return list(self.tenant.runtime.failures)

    def consume_failures(self) -> list[BaseException]:
        """Return the failures so far and forget them, so that they do not fail the test.

        Returns:
            What ``failures`` held.
        """

        def consume() -> list[BaseException]:
            failures = list(self.tenant.runtime.failures)
            self.tenant.runtime.failures.clear()
            return failures

        return self._thread.call(consume)

    @property
    def streams(self) -> list[StreamView]:
        """Snapshots of all streams, oldest first. Ended ones are listed for ``Settings.tombstone_seconds``."""
        return self._thread.call(
            lambda: [stream_view(s, self) for s in self.tenant.runtime.current_state().streams.values()]
        )

    def stream(self, stream_id: str) -> StreamView:
        """Take a snapshot of a stream.

        Args:
            stream_id: Its id.

        Returns:
            The snapshot.

        Raises:
            KeyError: There is no such stream. The message says whether there was one, and how it ended.
        """

        def snapshot() -> StreamView:
            stream = self.tenant.runtime.current_state().streams.get(stream_id)
            if stream is None:
                raise waits.unknown_stream(self.tenant, stream_id)
            return stream_view(stream, self)

        return self._thread.call(snapshot)

    def advance(self, seconds: float) -> list[Event]:
        """Move the clock forward. Everything that is due on the way happens at its own time.

        When it returns, all consequences have been written: results to sockets, close frames, ends of rooms.

        Args:
            seconds: By how much; 0 or more.

        Returns:
            The events that happened, in order.

        Raises:
            ClockError: The clock is the machine's and cannot be moved.
        """
        return self.run(self.tenant.runtime.advance(micros(seconds)))

    def advance_to_next(self) -> list[Event]:
        """Move the clock to the next time at which something is due.

        Returns:
            The events that happened at that time; none when nothing is due.

        Raises:
            ClockError: The clock is the machine's and cannot be moved.
        """
        return self.run(self.tenant.runtime.advance_to_next())

    def play(
        self, stream_id: str, seconds: float, *, fps: float = 10.0, width: int = 640, height: int = 360
    ) -> list[Event]:
        """Move the clock forward while generated frames arrive in a stream, without WebRTC.

        The first frame arrives at once and the others evenly: ``ceil(seconds * fps)`` frames, at least one. Each shows
        its lifetime index and its time in the stream, which the model can read.

        Args:
            stream_id: Id of the stream.
            seconds: By how much the clock moves.
            fps: Frames a second. Defaults to 10.
            width: Width of the frames in pixels. Defaults to 640.
            height: Height of the frames in pixels. Defaults to 360.

        Returns:
            The events that happened, in order.

        Raises:
            KeyError: There is no such stream.
            StreamOverError: The stream has ended.
            ClockError: The clock is the machine's and cannot be moved.
            ValueError: ``fps`` is not positive, or there would be more than 500,000 frames.
        """
        play = partial(self.tenant.frame_injector.play, stream_id, micros(seconds), fps=fps, width=width, height=height)
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
        """Put frames into a stream, each at its exact time, without WebRTC.

        Without ``times`` the first frame arrives at once, the others follow evenly, and the clock ends one interval
        after the last, so that the frames of a next call follow evenly too. With ``times``, or with those of a file or
        of ``TimedFrame`` objects, the clock ends at the time of the last frame. Everything that is due on the way
        happens. A stream that ends on the way receives no more frames.

        All frames are read, checked and copied first. They stay in memory as long as the stream's buffer keeps them
        (60 s in v0.2, 600 s in v1 and v1beta): the newest 512 MB of a mock as they are, older ones compressed without
        loss, which takes 5 to 60 ms for each of 640x480. Generated frames take almost no memory.

        Args:
            stream_id: Id of the stream.
            frames: A number of frames, which are generated as by ``play``; or the path of a video file; or arrays of
                shape ``(height, width, 3)``, dtype ``uint8``, in RGB order; or ``TimedFrame`` objects.
            fps: Frames a second. Defaults to 10. Not used with ``times``, a file or ``TimedFrame`` objects.
            times: Seconds from now, one for each frame. Defaults to evenly spaced.
            stamp: Whether to write its lifetime index and its time in the stream over the top of each given frame.
                Defaults to False.
            width: Width of generated frames in pixels. Defaults to 640.
            height: Height of generated frames in pixels. Defaults to 360.

        Returns:
            The events that happened, in order.

        Raises:
            KeyError: There is no such stream.
            StreamOverError: The stream has ended.
            ClockError: The clock is the machine's and cannot be moved.
            ValueError: The message says what is wrong with the frames or times.
            MissingExtraError: A library is missing that a file or arrays need; the message says what to install.
        """
        push = self.tenant.frame_injector.pushing(
            stream_id, frames, fps=fps, times=times, stamp=stamp, width=width, height=height
        )
        return self.run(waits.injected(push))

    def now(self) -> float:
        """Read the mock's clock.

        Returns:
            Seconds since the Unix epoch.
        """
        return seconds(self.tenant.runtime.clock.now())

    def reset(self) -> None:
        """Start again with the same key and settings: without streams, replies, faults, journal and bill.

        Disconnects every client. The clock keeps its time. Ids change, so that requests that refer to earlier streams
        get 404.
        """
        self.run(self.tenant.reset())

    def wait_for_frames(self, stream_id: str, count: int = 1, *, timeout: float = 10.0) -> StreamView:
        """Wait in real time until a stream has received a number of frames.

        Args:
            stream_id: Id of the stream.
            count: Number of frames since the stream was created. Defaults to 1.
            timeout: Seconds to wait. Defaults to 10.

        Returns:
            A snapshot of the stream.

        Raises:
            TimeoutError: Fewer frames arrived in time.
            StreamOverError: The stream ended before.
            KeyError: There is no such stream.
        """
        return self._wait(waits.for_frames(self.tenant, self, stream_id, count, timeout))

    def wait_for_watchers(self, stream_id: str, count: int = 1, *, timeout: float = 10.0) -> StreamView:
        """Wait in real time until a stream has a number of authenticated result sockets.

        Args:
            stream_id: Id of the stream.
            count: Number of sockets that are open. Defaults to 1.
            timeout: Seconds to wait. Defaults to 10.

        Returns:
            A snapshot of the stream.

        Raises:
            TimeoutError: Fewer sockets were authenticated in time.
            StreamOverError: The stream ended before.
            KeyError: There is no such stream.
        """
        return self._wait(waits.for_watchers(self.tenant, self, stream_id, count, timeout))

    def wait_until(self, condition: Callable[[], bool], **options: Unpack[WaitOptions]) -> None:
        """Wait in real time until a condition holds.

        Args:
            condition: Called on the mock's thread, after everything that happens.
            timeout: Seconds to wait. Defaults to 10.
            description: What the error calls the condition. Defaults to ``"the condition"``.
            actual: Called at the timeout; returns what the error says is the case instead.

        Raises:
            TimeoutError: The condition did not hold in time.
        """
        self._wait(waits.until(self.tenant, condition, **options))

    def intercept(self, *more_hosts: str) -> "Interception":
        """Redirect https://api.overshoot.ai to the mock: ``with ovs.intercept():``.

        For code with a built-in URL: httpx, openai, aiohttp, requests, websockets and any other client that resolves
        names and does TLS in Python, including clients that exist already. ``OVERSHOOT_API_KEY`` is the mock's key
        meanwhile. The whole process is redirected, to one mock at a time.

        Args:
            more_hosts: Names of other hosts to redirect.

        Returns:
            A context manager.

        Raises:
            ValueError: A host is not a host name.
        """
        from ovs_mock.interception.hosts import PRODUCTION_HOSTS
        from ovs_mock.interception.interception import Interception

        return Interception(self, self._server, (*PRODUCTION_HOSTS, *more_hosts))

    def respx_router(self, *more_hosts: str, assert_all_called: bool = True) -> "OvsRouter":
        """Create a router of respx, for httpx's clients: the test's own routes first, the mock for the other calls.

        Args:
            more_hosts: Names of other hosts whose calls the mock answers.
            assert_all_called: Whether leaving the router fails when a route was never called. Defaults to True.

        Returns:
            A ``respx.MockRouter``, which is a context manager.
        """
        from ovs_mock.interception.hosts import PRODUCTION_HOSTS
        from ovs_mock.interception.respx_router import OvsRouter

        return OvsRouter(self.url, (*PRODUCTION_HOSTS, *more_hosts), assert_all_called=assert_all_called)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the mock's event loop and wait for it.

        Args:
            work: The coroutine.

        Returns:
            What the coroutine returns.
        """
        return self._thread.run(work)

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return self.run(work)
        except TimeoutError as error:
            raise TimeoutError(f"{error}{blocking_hint()}") from None
