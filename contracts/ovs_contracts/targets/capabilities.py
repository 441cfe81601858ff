"""What a check may need of a target beyond answering calls."""

from enum import Enum


class Capability(Enum):
    """Something that not every target can do; the value says what is missing where it is missing."""

    CONTROL = "the target has no controls under /_mock"
    FRAMES = "no video can be sent: pip install 'ovs-mock[publish]'"
    PUBLISH = "no LiveKit client is installed: pip install 'ovs-mock[publish]'"
    WEBRTC = "the target takes no WebRTC video"
    ACCOUNTS = "the target does not open an account for any key"
    SECOND_KEY = "there is no key of another user: set OVERSHOOT_SECOND_API_KEY"
