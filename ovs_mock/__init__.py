"""A mock of the Overshoot real-time video API.

The front door: what is named here is what users may rely on. Everything is imported when it is first used, so that
importing the package costs next to nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ovs_common.livekit.options import PublishError as PublishError
    from ovs_common.livekit.options import TrackOptions as TrackOptions
    from ovs_mock.engine import events as events
    from ovs_mock.engine.inference import FailureKind as FailureKind
    from ovs_mock.engine.settings import Settings as Settings
    from ovs_mock.engine.stream import EndReason as EndReason
    from ovs_mock.engine.stream import StreamState as StreamState
    from ovs_mock.faults.fault import Fault as Fault
    from ovs_mock.faults.faults import Faults as Faults
    from ovs_mock.faults.schedule import FaultError as FaultError
    from ovs_mock.handle.background import BackgroundMock as BackgroundMock
    from ovs_mock.handle.live.handle import LiveHandle as LiveHandle
    from ovs_mock.handle.local import Ovs as Ovs
    from ovs_mock.handle.publishers import OvsPublish as OvsPublish
    from ovs_mock.handle.views import StreamOverError as StreamOverError
    from ovs_mock.handle.views import StreamView as StreamView
    from ovs_mock.interception.errors import OvsGuardError as OvsGuardError
    from ovs_mock.interception.guard import Guard as Guard
    from ovs_mock.interception.interception import Interception as Interception
    from ovs_mock.journal.bill import Bill as Bill
    from ovs_mock.journal.journal import Journal as Journal
    from ovs_mock.journal.leaks import Leak as Leak
    from ovs_mock.journal.leaks import LeakKind as LeakKind
    from ovs_mock.model import ChatMessage as ChatMessage
    from ovs_mock.model import Media as Media
    from ovs_mock.model import Question as Question
    from ovs_mock.model import Reply as Reply
    from ovs_mock.model import ScriptedModel as ScriptedModel
    from ovs_mock.runtime.clock import ClockError as ClockError
    from ovs_mock.runtime.clock import FrozenClock as FrozenClock
    from ovs_mock.runtime.clock import RealClock as RealClock
    from ovs_mock.runtime.clock import RunningClock as RunningClock
    from ovs_mock.server.server import MockServer as MockServer
    from ovs_mock.video.background import BackgroundPublisher as BackgroundPublisher
    from ovs_mock.video.publisher import Publisher as Publisher

__version__ = "0.1.0"

_HOMES = {
    "BackgroundMock": "ovs_mock.handle.background",
    "BackgroundPublisher": "ovs_mock.video.background",
    "Bill": "ovs_mock.journal.bill",
    "ChatMessage": "ovs_mock.model",
    "ClockError": "ovs_mock.runtime.clock",
    "EndReason": "ovs_mock.engine.stream",
    "FailureKind": "ovs_mock.engine.inference",
    "Fault": "ovs_mock.faults.fault",
    "FaultError": "ovs_mock.faults.schedule",
    "Faults": "ovs_mock.faults.faults",
    "FrozenClock": "ovs_mock.runtime.clock",
    "Guard": "ovs_mock.interception.guard",
    "Interception": "ovs_mock.interception.interception",
    "Journal": "ovs_mock.journal.journal",
    "Leak": "ovs_mock.journal.leaks",
    "LeakKind": "ovs_mock.journal.leaks",
    "LiveHandle": "ovs_mock.handle.live.handle",
    "Media": "ovs_mock.model",
    "MockServer": "ovs_mock.server.server",
    "Ovs": "ovs_mock.handle.local",
    "OvsGuardError": "ovs_mock.interception.errors",
    "OvsPublish": "ovs_mock.handle.publishers",
    "PublishError": "ovs_common.livekit.options",
    "Publisher": "ovs_mock.video.publisher",
    "Question": "ovs_mock.model",
    "RealClock": "ovs_mock.runtime.clock",
    "Reply": "ovs_mock.model",
    "RunningClock": "ovs_mock.runtime.clock",
    "ScriptedModel": "ovs_mock.model",
    "Settings": "ovs_mock.engine.settings",
    "StreamOverError": "ovs_mock.handle.views",
    "StreamState": "ovs_mock.engine.stream",
    "StreamView": "ovs_mock.handle.views",
    "TrackOptions": "ovs_common.livekit.options",
    "events": "ovs_mock.engine",
}
__all__ = [
    "BackgroundMock",
    "BackgroundPublisher",
    "Bill",
    "ChatMessage",
    "ClockError",
    "EndReason",
    "FailureKind",
    "Fault",
    "FaultError",
    "Faults",
    "FrozenClock",
    "Guard",
    "Interception",
    "Journal",
    "Leak",
    "LeakKind",
    "LiveHandle",
    "Media",
    "MockServer",
    "Ovs",
    "OvsGuardError",
    "OvsPublish",
    "PublishError",
    "Publisher",
    "Question",
    "RealClock",
    "Reply",
    "RunningClock",
    "ScriptedModel",
    "Settings",
    "StreamOverError",
    "StreamState",
    "StreamView",
    "TrackOptions",
    "events",
]


# Type checkers know every name by the imports above; with this they would believe in any.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module 'ovs_mock' has no attribute {name!r}; it has {', '.join(__all__)}")
        from importlib import import_module

        home = import_module(_HOMES[name])
        value = import_module(f"ovs_mock.engine.{name}") if name == "events" else getattr(home, name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
