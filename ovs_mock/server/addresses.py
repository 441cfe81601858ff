"""The base URLs of a server."""

from ovs_mock.api.billing.operations import PREFIX as BILLING
from ovs_mock.api.v02.version import V02
from ovs_mock.api.v1.version import V1
from ovs_mock.api.v1beta.version import V1BETA


class Addresses:
    """Base URLs, for everything that has a ``url``."""

    @property
    def url(self) -> str:
        """The origin: ``http://127.0.0.1:49152``."""
        raise NotImplementedError

    @property
    def v02(self) -> str:
        """The base URL of v0.2."""
        return self.url + V02.prefix

    @property
    def v1(self) -> str:
        """The base URL of v1."""
        return self.url + V1.prefix

    @property
    def v1beta(self) -> str:
        """The base URL of v1beta."""
        return self.url + V1BETA.prefix

    @property
    def billing(self) -> str:
        """The base URL of billing."""
        return self.url + BILLING

    @property
    def livekit_url(self) -> str:
        """The URL that LiveKit clients connect to."""
        return self.url.replace("http", "ws", 1)


class ServerAddresses(Addresses):
    """The base URLs as a client sees them, whose address of the server may be another one than the server's own."""

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def url(self) -> str:
        return self._url
