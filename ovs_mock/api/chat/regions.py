"""Regions, in which streams live. A request may name one; every response names the one that served it."""

from collections.abc import Mapping

from ovs_mock.api.errors import InvalidBodyError

HEADER = "X-Overshoot-Region"
REGIONS = ("us-west1", "us-central1")
DEFAULT_REGION = "us-west1"


def requested_region(headers: Mapping[str, str]) -> str | None:
    """The region that a request names; raises InvalidBodyError for an unknown one."""
    region = headers.get(HEADER)
    if region is not None and region not in REGIONS:
        msg = f"Input should be {' or '.join(repr(known) for known in REGIONS)}"
        raise InvalidBodyError([{"loc": ["header", HEADER.lower()], "msg": msg, "type": "enum"}])
    return region
