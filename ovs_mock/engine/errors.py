"""Why the engine rejects commands. Each API version maps an error code to a status and a body."""

from enum import Enum, auto


class ErrorCode(Enum):
    """Every reason for which a command can be rejected."""

    UNAUTHORIZED = auto()
    INSUFFICIENT_CREDITS = auto()
    STREAM_NOT_FOUND = auto()
    TOO_MANY_STREAMS = auto()
    UNKNOWN_MODEL = auto()
    MODEL_NOT_ACCEPTING = auto()
    NOT_NATIVE = auto()
    CLIP_NOT_FOUND = auto()
    KEY_WITHOUT_USER = auto()
    STREAM_OF_ANOTHER_USER = auto()
    DRAINING = auto()
    RATE_LIMITED = auto()
    FRAME_EVICTED = auto()
    FRAME_NOT_YET_PRODUCED = auto()
    FRAME_NOT_FOUND = auto()
    SEGMENT_EMPTY = auto()
    SEGMENT_INVALID = auto()
    NO_VIDEO_MODEL = auto()
    WRONG_REGION = auto()


class CommandRejectedError(Exception):
    """A command that the rules do not allow. The message is for the API's caller."""

    def __init__(self, code: ErrorCode, message: str, *, request_id: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.request_id = request_id


class RegionError(CommandRejectedError):
    """The requested object is in another region than the caller names."""

    def __init__(self, expected: str, requested: str) -> None:
        super().__init__(ErrorCode.WRONG_REGION, f"That is in {expected}, not in {requested}.")
        self.expected = expected
        self.requested = requested
