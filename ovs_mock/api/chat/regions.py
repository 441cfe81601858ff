"""Where streams live. A caller may say the region that it means; every answer says which one served it."""

from collections.abc import Mapping

from ovs_mock.api.bodies import InvalidBodyError

HEADER = "X-Overshoot-Region"
REGIONS = ("us-west1", "us-central1")
DEFAULT_REGION = "us-west1"


def asked_region(headers: Mapping[str, str]) -> str | None:
    """The region that a caller says; raises InvalidBodyError for one that is not there."""
    region = headers.get(HEADER)
    if region is not None and region not in REGIONS:
        msg = f"Input should be {' or '.join(repr(known) for known in REGIONS)}"
        raise InvalidBodyError([{"loc": ["header", HEADER.lower()], "msg": msg, "type": "enum"}])
    return region
