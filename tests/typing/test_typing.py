"""What users write is typed: right uses pass mypy and pyright, and wrong ones are reported where they are."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = Path(__file__).parent / "samples"

# One to a line, with what is wrong.
WRONG = {
    "a number is no reply": "ovs.model.reply(3)",
    "no such version": 'ovs.model.when(version="v3")',
    "no such endpoint": 'ovs.model.when(endpoint="camera")',
    "no such condition": 'ovs.model.when(promt="people")',
    "a reply that needs a text": "ovs.model.when().fail()",
    "a function that returns no reply": "ovs.model.reply(lambda question: 7)",
    "a function of nothing": 'ovs.model.reply(lambda: "hm")',
    "options have names": 'Reply("late", 1.5)',
    "no such finish": 'Reply("well", finish_reason="tired")',
    "no such setting": "Settings(tll_seconds=10)",
    "a setting of another type": 'Settings(credits_cents="many")',
    "seconds are a number": 'ovs.advance("46")',
    "questions are read only": "ovs.model.questions = []",
    "a stream is asked for by its id": "ovs.stream(7)",
    "no such property": 'ovs.stream("s").frame_count',
    "a kind of event is a class": 'ovs.journal.events("StreamEnded")',
    "no such event": "ovs.journal.events(events.StreamGone)",
    "a bill is read in cents": "ovs.bill.dollars",
    "no such fault of a call": 'ovs.faults.on("/x").explode()',
    "a fault of sockets is none of calls": 'ovs.faults.on("/x").silence()',
    "a status is a number": 'ovs.faults.on("/x").status("503")',
    "seconds of a delay are a number": 'ovs.faults.on("/x").delay("2")',
    "no such action": 'ovs.faults.on_room().leave("go")',
    "chunks are counted by name": "ovs.faults.on_chat_stream().truncate(2)",
    "how often is a number": 'ovs.faults.on_socket().drop().times("2")',
    "a fault that is set is no place to say what": "ovs.faults.on_socket().drop().silence()",
    "what is used is counted, not set": "ovs.faults.on_socket().drop().used = 3",
    "what is awaited has a type": "ovs.aio.wait_for_frames(7)",
    "a path is no number": 'ovs.journal.wait_for_request("POST", 7)',
    "frames are no text of bytes": 'ovs.push_frames("s", b"frames")',
    "a stream that is pushed into is known": 'ovs.stream("s").push_frames("s", 3)',
    "times are numbers": 'ovs.push_frames("s", 3, times=["0"])',
    "a rate is a number": 'ovs.stream("s").push_frames(3, fps="10")',
    "a url without a token": 'OvsPublish(ovs)("ws://nowhere")',
    "what is published has a name": 'OvsPublish(ovs)({}, "door.mp4")',
    "no such clock": 'BackgroundMock(clock="sundial")',
    "no such codec": 'TrackOptions(codec="mpeg")',
    "no such name at the front door": "ovs_mock.Mock",
}
BEGIN = """import ovs_mock
from ovs_mock import BackgroundMock, Ovs, OvsPublish, Reply, Settings, TrackOptions, events


def wrong(ovs: Ovs) -> None:
"""

Place = tuple[str, int]
"""A file's name and a line."""


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wrong") / "wrong.py"
    path.write_text(BEGIN + "".join(f"    {use}\n" for use in WRONG.values()))
    return path


def by_mypy(wrong: Path) -> Iterator[Place]:
    command = [sys.executable, "-m", "mypy", "--output=json", str(SAMPLES), str(wrong)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert not done.stderr, done.stderr
    for line in done.stdout.splitlines():
        if line.startswith("{") and (found := json.loads(line))["severity"] == "error":
            yield Path(found["file"]).name, found["line"]


def by_pyright(wrong: Path) -> Iterator[Place]:
    settings = wrong.with_name("pyrightconfig.json")
    paths = [str(ROOT), str(ROOT / "pytest_plugin")]
    include = [str(SAMPLES), str(wrong)]
    # An attribute that is only named is a use.
    rules = {"reportUnusedExpression": False, "typeCheckingMode": "strict", "pythonVersion": "3.11"}
    venv = Path(sys.prefix)
    settings.write_text(
        json.dumps({"include": include, "extraPaths": paths, "venvPath": str(venv.parent), "venv": venv.name, **rules})
    )
    command = [sys.executable, "-m", "pyright", "--outputjson", "-p", str(settings)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    for found in json.loads(done.stdout)["generalDiagnostics"]:
        if found["severity"] == "error":
            yield Path(found["file"]).name, found["range"]["start"]["line"] + 1


@pytest.mark.parametrize("check", [by_mypy, by_pyright])
def test_samples(check: Callable[[Path], Iterator[Place]], wrong: Path) -> None:
    reported = set(check(wrong))
    first = BEGIN.count("\n") + 1
    expected = {("wrong.py", first + number): what for number, what in enumerate(WRONG)}
    assert reported - expected.keys() == set(), "right uses that are reported"
    assert {what for place, what in expected.items() if place not in reported} == set(), "wrong ones that are not"
