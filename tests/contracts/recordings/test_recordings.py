"""Transcripts: what is in them, what is not, and how a mock is held against them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ovs_contracts.client.chat import ChatClient, frame_of
from ovs_contracts.client.session import TargetSession, open_session
from ovs_contracts.client.v02 import V02Client
from ovs_contracts.recordings.entries import RecordingError, read
from ovs_contracts.recordings.placeholders import Placeholders
from ovs_contracts.recordings.recorder import recorded
from ovs_contracts.recordings.replay import check_recording
from ovs_contracts.targets.mock import start_mock
from ovs_contracts.transport.sockets import OBSERVERS

from ovs_common.redaction import TOKEN

ANOTHER = "sk-somebody-elses-secret"


def life_of_a_stream(session: TargetSession) -> None:
    """A bit of everything."""
    key = session.new_key()
    v02 = V02Client(session.http, session.target, key)
    stream_id = v02.stream()
    with v02.result_socket(stream_id) as socket:
        session.frame_source.play(stream_id, 2.5, fps=4, size=(64, 48))
        assert socket.receive_available()
        v02.keepalive(stream_id).expect(200)
        v02.info(stream_id, key=session.new_key()).expect(404)
        v02.info(stream_id, key=None).expect(401)
        session.time.let_pass(46)
        assert socket.wait_closed()[0] == 1001
    v02.keepalive(stream_id).expect(404)
    with v02.result_socket(stream_id, ANOTHER) as refused:
        refused.wait_closed()
    chat = ChatClient(session.http, key, "v1beta")
    filmed = chat.stream(body={"source": {"type": "livekit"}})
    session.frame_source.play(filmed, 2, fps=4, size=(64, 48))
    chat.ask(frame_of(filmed)).expect(200)
    chat.ask(frame_of(filmed, "frame_index=99")).expect(409)
    chat.create(body={"source": {"type": "rtsp", "url": "rtsp://user:pa55w0rd@camera.example.com/1"}})
    chat.delete(filmed).expect(200)


@pytest.fixture(scope="module")
def transcript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recordings") / "new"
    with start_mock(1) as target, open_session(target) as session:
        with recorded(session, folder) as recorder:
            recorder.mark("the life of a stream")
            life_of_a_stream(session)
            session.end_streams()
        V02Client(session.http, target, target.api_key).models()
        [path] = folder.iterdir()
        text = path.read_text()
        assert target.api_key not in text
    return path


def test_nothing_secret_is_written(transcript: Path) -> None:
    text = transcript.read_text()
    assert not TOKEN.search(text)
    for secret in ("pa55w0rd", ANOTHER, "eyJ", "ovs-demo"):
        assert secret not in text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-", text)


def test_everything_else_is(transcript: Path) -> None:
    about, entries = read(transcript)
    assert about["target"] == "mock"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d{6}Z-mock\.jsonl", transcript.name)
    assert entries[0]["next"] == "the life of a stream"
    calls = [f"{entry['call']['method']} {entry['call']['path']}" for entry in entries if "call" in entry]
    assert calls[0] == "POST /v0.2/streams"
    assert re.fullmatch(r"POST /v0.2/streams/<uuid \d+>/keepalive", calls[1])
    # The recording ended before that.
    assert "GET /v0.2/models" not in calls
    assert {entry["call"]["caller"] for entry in entries if "call" in entry} >= {
        "Bearer <key 3>",
        "Bearer <key 4>",
        None,
    }
    [end] = [entry["closes"] for entry in entries if entry.get("closes", {}).get("code") == 1001]
    assert end["reason"] == "stream ended: lease_expired"
    heard = next(entry["hears"] for entry in entries if "hears" in entry)
    assert heard["prompt"] == "Describe what you see."
    assert any(entry.get("arranges", "").endswith("/play") for entry in entries)
    created = next(entry["answer"] for entry in entries if "answer" in entry)
    assert created["json"]["livekit"]["token"]["token"]["seconds"] == 600
    assert created["headers"]["set-cookie"] == "(given)"
    assert not OBSERVERS


def test_another_mock_answers_the_same(transcript: Path) -> None:
    with start_mock(2) as target:
        found = check_recording(transcript, target)
    assert not found, "\n\n".join(map(str, found))


@pytest.mark.parametrize(
    ("options", "place"),
    [
        (["--ttl", "44"], "body.lease.ttl_seconds"),
        (["--mutant", "v02-end-closes-with-1008"], "close"),
        (["--mutant", "v1beta-without-region"], "headers.x-overshoot-region"),
    ],
)
def test_one_that_deviates_does_not(transcript: Path, options: list[str], place: str) -> None:
    with start_mock(2, options) as target:
        found = check_recording(transcript, target)
        assert all(target.api_key not in str(difference) for difference in found)
    assert place in {difference.place for difference in found}


def test_what_is_no_transcript_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.jsonl"
    for text in ("", "no json", "[]", '{"format": 99}'):
        wrong.write_text(text)
        with pytest.raises(RecordingError, match="no transcript"):
            read(wrong)


@pytest.fixture
def names() -> Placeholders:
    names = Placeholders()
    names.key("ovs-first")
    names.key("ovs-first-1")
    return names


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("ovs-first", "<key 1>"),
        ("ovs-first-1", "<key 2>"),
        ("ovs-never-seen", "$OVERSHOOT_API_KEY"),
        ({"urls": "turn:x", "username": "u", "credential": "s3cret"}, None),
        ("v=0\r\na=ice-pwd:abc\r\na=mid:0", "v=0\r\na=…\r\na=mid:0"),
        ("chatcmpl_0123456789ab of 00000000-0000-4000-8000-000000000000", "<id 1> of <uuid 2>"),
    ],
)
def test_names(names: Placeholders, value: Any, written: Any) -> None:
    recorded = names.value(value)
    if written is not None:
        assert recorded == written
    assert "s3cret" not in names.text(json.dumps(recorded))
