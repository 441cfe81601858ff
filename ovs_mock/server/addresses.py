"""Where everything of a server is, by where the server is."""

from ovs_mock.api.billing.handlers import PREFIX as BILLING_PREFIX
from ovs_mock.api.v02.handlers import PREFIX as V02_PREFIX
from ovs_mock.api.v1.version import V1
from ovs_mock.api.v1beta.version import V1BETA


class Addresses:
    """Base URLs, for whoever has a ``url``."""

    @property
    def url(self) -> str:
        """The origin: ``http://127.0.0.1:49152``."""
        raise NotImplementedError

    @property
    def v02(self) -> str:
        """The base URL of v0.2."""
        return self.url + V02_PREFIX

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
        return self.url + BILLING_PREFIX

    @property
    def livekit_url(self) -> str:
        """Where LiveKit clients connect."""
        return self.url.replace("http", "ws", 1)


class ServerAddresses(Addresses):
    """Those of a server as a client sees it, which may not be as it sees itself."""

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def url(self) -> str:
        return self._url
