"""Streams that a run has made and not ended yet."""

import re

from ovs_contracts.wire.exchange import Call, Exchange

CREATED = re.compile(r"/(?P<version>v0\.2|v1|v1beta)/streams")
STREAM = re.compile(r"/(v0\.2|v1|v1beta)/streams/(?P<id>[0-9a-fA-F-]{36})")
GONE = {200, 204, 404, 410}


class Ledger:
    """Sees every stream come and go; ``open`` maps each id that is left to its version and the key it belongs to."""

    def __init__(self) -> None:
        self.open: dict[str, tuple[str, str]] = {}

    def before(self, call: Call) -> None:
        """Nothing has come or gone yet."""

    def after(self, exchange: Exchange) -> None:
        call = exchange.call
        path = call.path.partition("?")[0]
        if call.method == "POST" and exchange.status == 201 and (made := CREATED.fullmatch(path)):
            key = call.headers.get("authorization", "").removeprefix("Bearer ")
            shown = exchange.json
            stream_id = shown.get("stream_id") or shown.get("id") if isinstance(shown, dict) else None
            if isinstance(stream_id, str):
                self.open[stream_id] = (made["version"], key)
        if call.method == "DELETE" and exchange.status in GONE and (ended := STREAM.fullmatch(path)):
            self.open.pop(ended["id"], None)
