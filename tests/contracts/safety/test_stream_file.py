"""What is remembered beyond the end of a process."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from ovs_contracts.safety.cleanup import clean_up, retry_delete
from ovs_contracts.safety.stream_file import StreamFile, leftovers
from ovs_contracts.safety.streams import OpenStream
from ovs_contracts.transport.exchange import Exchange
from ovs_support.exchanges import KEY, ORIGIN, exchange

IDS = [f"{n}1111111-2222-4333-8444-555555555555" for n in range(4)]


def stream(stream_id: str, key: str = KEY) -> OpenStream:
    return OpenStream(id=stream_id, version="v0.2", key=key, made=0.0, until=45.0)


def left(folder: Path, origin: str = ORIGIN) -> list[str]:
    return [stream.id for found in leftovers(folder, origin) for stream in found.streams]


def abandoned(folder: Path, *ids: str, key: str = KEY) -> Path:
    """The file of a run that ended without ending its streams."""
    file = StreamFile(folder, ORIGIN)
    for stream_id in ids:
        file.add(stream(stream_id, key))
    file.close()
    return file.path


class Target:
    """Ends what it is told to."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.asked: list[tuple[str, str, str]] = []

    def delete(self, version: str, stream_id: str, key: str) -> Exchange:
        self.asked.append((version, stream_id, key))
        return exchange("DELETE", f"/{version}/streams/{stream_id}", self.statuses.pop(0) if self.statuses else 200)


def test_a_run_that_ends_well_leaves_no_file(tmp_path: Path) -> None:
    file = StreamFile(tmp_path, ORIGIN)
    file.add(stream(IDS[0]))
    file.remove(IDS[0])
    file.close()
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_for_its_user_alone_and_has_no_key_in_it(tmp_path: Path) -> None:
    path = abandoned(tmp_path, IDS[0])
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text()
    assert IDS[0] in text
    assert KEY not in text
    again = abandoned(tmp_path, IDS[0])
    lines = [each.read_text().splitlines()[1] for each in (path, again)]
    assert lines[0] != lines[1], "the same key leaves another fingerprint"


def test_what_another_run_left_is_found_and_that_of_a_living_one_is_not(tmp_path: Path) -> None:
    living = StreamFile(tmp_path, ORIGIN)
    living.add(stream(IDS[0]))
    abandoned(tmp_path, IDS[1], IDS[2])
    assert left(tmp_path) == IDS[1:3]
    assert left(tmp_path, "https://elsewhere.example") == []
    living.close()
    assert sorted(left(tmp_path)) == sorted(IDS[:3])


def test_a_process_that_is_killed_leaves_its_streams_and_half_a_line(tmp_path: Path) -> None:
    code = f"""
import os, signal
from ovs_contracts.safety.stream_file import StreamFile
from ovs_contracts.safety.streams import OpenStream
from pathlib import Path
file = StreamFile(Path({str(tmp_path)!r}), {ORIGIN!r})
for n in {IDS[:2]!r}:
    file.add(OpenStream(id=n, version="v0.2", key={KEY!r}, made=0.0, until=45.0))
file.remove({IDS[0]!r})
with open(file.path, "a") as half:
    half.write('{{"made": "half')
os.kill(os.getpid(), signal.SIGKILL)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run([sys.executable, "-c", code], env=environment, timeout=60, check=False)
    assert killed.returncode == -9
    assert left(tmp_path) == [IDS[1]]


def test_what_was_left_is_ended_with_the_key_that_it_belongs_to(tmp_path: Path) -> None:
    abandoned(tmp_path, IDS[0], key="ovs-first")
    abandoned(tmp_path, IDS[1], key="ovs-second")
    target = Target(200, 204)
    cleaned = clean_up(tmp_path, ORIGIN, ["ovs-second", "ovs-first"], target.delete)
    assert sorted(target.asked) == [("v0.2", IDS[0], "ovs-first"), ("v0.2", IDS[1], "ovs-second")]
    assert (cleaned.ended, cleaned.gone, cleaned.remaining) == (1, 1, 0)
    assert list(tmp_path.iterdir()) == []


def test_what_belongs_to_another_key_waits_for_it(tmp_path: Path) -> None:
    path = abandoned(tmp_path, IDS[0], key="ovs-another")
    target = Target()
    cleaned = clean_up(tmp_path, ORIGIN, [KEY], target.delete)
    assert target.asked == []
    assert "set OVERSHOOT_API_KEY" in str(cleaned)
    assert left(tmp_path) == [IDS[0]]
    os.utime(path, (1, 1))
    clean_up(tmp_path, ORIGIN, [KEY], target.delete)
    assert list(tmp_path.iterdir()) == [], "a day later its lease has long ended"


def test_what_cannot_be_ended_is_left_to_the_next_run(tmp_path: Path) -> None:
    abandoned(tmp_path, IDS[0], IDS[1])
    cleaned = clean_up(tmp_path, ORIGIN, [KEY], Target(401, 404).delete)
    assert (cleaned.gone, cleaned.remaining) == (1, 1)
    assert left(tmp_path) == [IDS[0]]
    assert not clean_up(tmp_path / "nothing", ORIGIN, [KEY], Target().delete)


def test_a_deletion_is_tried_again_while_the_target_is_out_of_order(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("ovs_contracts.safety.cleanup.wait", pauses.append)
    target = Target(503, 429, 200)
    assert retry_delete(lambda: target.delete("v1", IDS[0], KEY)) == 200
    assert pauses == [0.25, 0.5]

    def unreachable() -> Exchange:
        raise httpx.ConnectError("nobody there")

    assert retry_delete(unreachable) is None
