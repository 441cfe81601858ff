"""The public names of ovs_mock, with the modules that they come from. Any other name is internal.

This is the only list of them: type checkers and editors read it, and the package finds its attributes by it. Each
name has a line of its own.
"""

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

__version__: str
