"""The status of a stream of v1 and v1beta, field by field."""

from typing import Any

from ovs_contracts.client.timing import ClockBounds
from ovs_contracts.documents.versions import ContractVersion
from ovs_contracts.stateful.chat_model import ChatStreamModel
from ovs_contracts.stateful.tolerances import hold_within
from ovs_contracts.transport.exchange import Exchange, hold


def hold_status(version: ContractVersion, stream: ChatStreamModel, at: ClockBounds, answer: Exchange) -> None:
    shown = answer.expect(200).json
    hold(
        "figures of a stream",
        expected=_exact(version, stream),
        seen={name: shown[name] for name in _exact(version, stream)},
        exchange=answer,
    )
    hold_within("created_at_ms", shown["created_at_ms"], *stream.created.milliseconds(), answer)
    _hold_end(version, stream, shown, answer)
    _hold_times(version, stream, at, shown, answer)


def _exact(version: ContractVersion, stream: ChatStreamModel) -> dict[str, Any]:
    film = stream.frames
    return {
        "id": stream.id,
        "state": "ended" if stream.ended else "active",
        "ttl_seconds": version.lease_seconds,
        "audio": False,
        "end_reason": stream.ended[0] if stream.ended else None,
        "last_frame_index": film.count - 1 if film.count else None,
        "first_available_frame_index": film.evicted if film.evicted < film.count else None,
        "retained_frame_count": film.count - film.evicted,
        "evicted_frame_count": film.evicted,
    }


def _hold_end(version: ContractVersion, stream: ChatStreamModel, shown: dict[str, Any], answer: Exchange) -> None:
    if not stream.ended:
        hold("ended_at_ms", expected=None, seen=shown["ended_at_ms"], exchange=answer)
        hold_within("expires_at_ms", shown["expires_at_ms"], *stream.lease.milliseconds(), answer)
        return
    hold_within("ended_at_ms", shown["ended_at_ms"], *stream.ended[1].milliseconds(), answer)
    if not version.ended_streams_expire:
        hold("expires_at_ms of an ended stream", expected=None, seen=shown["expires_at_ms"], exchange=answer)


def _hold_times(
    version: ContractVersion, stream: ChatStreamModel, at: ClockBounds, shown: dict[str, Any], answer: Exchange
) -> None:
    film = stream.frames
    if not film.count:
        times = ("first_frame_at_ms", "last_frame_at_ms", "first_available_frame_at_ms", "recent_fps")
        seen = {name: shown[name] for name in times}
        hold("before the first frame", expected=dict.fromkeys(times), seen=seen, exchange=answer)
        expected = version.stream_time_before_frames
        hold("stream_time_ms before frames", expected=expected, seen=shown["stream_time_ms"], exchange=answer)
        return
    hold_within("first_frame_at_ms", shown["first_frame_at_ms"], film.times[0] - 2, film.times[0] + 2, answer)
    hold_within("last_frame_at_ms", shown["last_frame_at_ms"], film.times[-1] - 2, film.times[-1] + 2, answer)
    until = stream.ended[1] if stream.ended else at
    least, most = until.earliest * 1000 - film.times[0], until.latest * 1000 - film.times[0]
    hold_within("stream_time_ms", shown["stream_time_ms"], least - 2, most + 2, answer)
