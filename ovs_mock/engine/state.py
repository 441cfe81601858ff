"""The state that the rules share. Each mock has its own."""

from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from enum import IntEnum, auto

from ovs_mock.engine.accounts import Account, Accounts
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode, RegionError
from ovs_mock.engine.ids import Ids
from ovs_mock.engine.limits import RateLimit
from ovs_mock.engine.models import Catalogue
from ovs_mock.engine.prices import PriceList
from ovs_mock.engine.schedule import Schedule
from ovs_mock.engine.service import Service
from ovs_mock.engine.settings import Settings
from ovs_mock.engine.stream import Stream


class Deadline(IntEnum):
    """Everything that happens later by itself. The id in a DeadlineKey says to which object it happens.

    An IntEnum, because its hash is computed in C, and each deadline is hashed several times.
    """

    LEASE = auto()
    DEPARTURE = auto()
    IDLE = auto()
    INFERENCE = auto()
    ANSWER = auto()
    PUBLISH_TOKEN = auto()
    FIRST_MESSAGE = auto()
    CHAT_TOKEN = auto()
    TOMBSTONE = auto()
    ALARM = auto()


DeadlineKey = tuple[Deadline, str]


class RecentlyClosed:
    """Owners of streams whose tombstone is over; the oldest are dropped first."""

    def __init__(self, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._owners: OrderedDict[str, str] = OrderedDict()

    def add(self, stream_id: str, user_id: str) -> None:
        self._owners[stream_id] = user_id
        if len(self._owners) > self._capacity:
            self._owners.popitem(last=False)

    def owned_by(self, stream_id: str, user_id: str) -> bool:
        return self._owners.get(stream_id) == user_id


@dataclass(slots=True)
class EngineState:
    settings: Settings
    ids: Ids
    accounts: Accounts
    models: Catalogue
    prices: PriceList
    rate: RateLimit
    draining: bool = False
    """Whether the server takes no new work, as before it restarts."""
    schedule: Schedule[DeadlineKey] = field(default_factory=Schedule)
    streams: dict[str, Stream] = field(default_factory=dict)
    running: Counter[str] = field(default_factory=Counter)
    """How many streams each key holds."""
    closed: RecentlyClosed = field(default_factory=RecentlyClosed)

    @classmethod
    def new(cls, settings: Settings) -> "EngineState":
        ids = Ids(settings.seed, settings.name)
        accounts = Accounts(
            ids, credits_cents=settings.credits_cents, strict=settings.strict_keys, keys=settings.api_keys
        )
        models = Catalogue()
        rate = RateLimit(settings.chats_per_second)
        return cls(settings, ids, accounts, models, PriceList(ids, models), rate)

    def require_open(self) -> None:
        """Refuse new work while the server drains."""
        if self.draining:
            raise CommandRejectedError(ErrorCode.DRAINING, "The server is draining or starting up: try again.")

    def account_of(self, stream: Stream) -> Account:
        """Who pays for the stream."""
        return self.accounts.owner(stream.key)

    def running_stream(self, stream_id: str) -> Stream | None:
        """The stream, whoever owns it, if it runs."""
        stream = self.streams.get(stream_id)
        return stream if stream and stream.running else None

    def find(
        self, key: str | None, stream_id: str, service: Service = Service.RESULTS, region: str | None = None
    ) -> Stream:
        """The caller's stream, running or in its tombstone. Another user's stream counts as unknown.

        Raises RegionError when the caller names another region than the stream's.
        """
        account = self.accounts.authenticate(key)
        stream = self.streams.get(stream_id)
        if stream is None or stream.rules.service is not service or self.account_of(stream) is not account:
            raise not_found()
        if None not in (region, stream.region) and region != stream.region:
            raise RegionError(str(stream.region), str(region))
        return stream

    def find_running(
        self, key: str | None, stream_id: str, service: Service = Service.RESULTS, region: str | None = None
    ) -> Stream:
        """The caller's stream, if it runs."""
        stream = self.find(key, stream_id, service, region)
        if not stream.running:
            raise not_found(stream.request_id)
        return stream


def not_found(request_id: str | None = None) -> CommandRejectedError:
    return CommandRejectedError(ErrorCode.STREAM_NOT_FOUND, "Stream not found.", request_id=request_id)
