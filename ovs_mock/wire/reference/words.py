"""What refusals mean, in the words of the reference."""

from ovs_mock.engine.errors import Why

SAID: dict[Why, str] = {
    Why.UNAUTHORIZED: "The key is missing, unknown or revoked.",
    Why.KEY_WITHOUT_USER: "The key belongs to no user.",
    Why.INSUFFICIENT_CREDITS: "The account has too few credits.",
    Why.STREAM_NOT_FOUND: "There is no such stream of the caller's, or it has ended.",
    Why.STREAM_OF_ANOTHER_USER: "The stream belongs to another user.",
    Why.TOO_MANY_STREAMS: "Too many streams of the key run at a time.",
    Why.UNKNOWN_MODEL: "There is no such model.",
    Why.MODEL_NOT_ACCEPTING: "The model takes no work at the moment.",
    Why.NOT_NATIVE: "The stream is not of native transport.",
    Why.CLIP_NOT_FOUND: "The result is unknown, or its clip is not persisted yet.",
    Why.DRAINING: "The server is draining or starting up.",
    Why.RATE_LIMITED: "Too many calls of the user in this second.",
    Why.FRAME_EVICTED: "The frame is older than what is retained.",
    Why.FRAME_NOT_YET_PRODUCED: "The frame has not arrived yet.",
    Why.FRAME_NOT_FOUND: "No frame is that close to the moment.",
    Why.SEGMENT_EMPTY: "No frame of the segment is retained.",
    Why.SEGMENT_INVALID: "The segment's end is not after its start.",
    Why.NO_VIDEO_MODEL: "The model takes images, but no video.",
    Why.WRONG_REGION: "The stream is in another region than the caller says.",
}
