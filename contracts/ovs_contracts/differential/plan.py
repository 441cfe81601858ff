"""Generates sequences of steps: what clients do, and what they should not do."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ovs_contracts.client.chat import MODEL as CHAT_MODEL
from ovs_contracts.client.chat import frame_of, segment_of, text
from ovs_contracts.client.v02 import clips, frames_every
from ovs_contracts.differential.schedule import SequenceSchedule
from ovs_contracts.differential.seeded_random import StableRandom
from ovs_contracts.differential.steps import CallStep, PlayStep, SocketStep, Step, WaitStep

UNKNOWN = "00000000-0000-4000-8000-000000000000"
REFERENCES = (
    *(f"frame_index={index}" for index in (-40, -3, -1, 0, 2, 7, 900)),
    *(f"timestamp_ms={ms}" for ms in (0, 100, 700, 1400, 99_000)),
    *(f"offset_ms={ms}" for ms in (-1000, -300, 0, 450)),
    "timestamp_ms=600&tolerance_ms=2000&direction=forward",
    "timestamp_ms=600&tolerance_ms=2000&direction=backward",
    "",
    "frame_index=1&offset_ms=2",
    "frame_index=x",
    "colour=red",
)
SEGMENTS = (
    "start_offset_ms=-2000",
    "start_offset_ms=0",
    "start_frame_index=0&end_frame_index=5&max_fps=1000",
    "start_frame_index=5&end_frame_index=2",
    "start_timestamp_ms=0&end_timestamp_ms=1100&max_fps=4",
    "start_timestamp_ms=90000",
    "end_frame_index=3",
)
ODD_VALUES: tuple[Any, ...] = (None, "", "0", 0, -1, 1.5, 10**9, True, [], {}, "native")


@dataclass(frozen=True, kw_only=True)
class SharedCapabilities:
    """What both targets can do."""

    longest_wait: float
    """In seconds."""
    streams: int
    """At a time."""
    video: bool
    strangers: bool
    """Whether there is a key of another user."""
    ask_models: bool
    """Whether models may be called, which costs."""


def sequence(seed: int, length: int, capabilities: SharedCapabilities) -> list[Step]:
    """A sequence of ``length`` steps; the same for the same seed."""
    return list(_Plan(StableRandom(seed), capabilities).steps(length))


class _Plan:
    def __init__(self, random: StableRandom, capabilities: SharedCapabilities) -> None:
        self.random = random
        self.capabilities = capabilities
        self.schedule = SequenceSchedule()

    def steps(self, length: int) -> Iterator[Step]:
        moves: list[Callable[[], Step | None]] = [
            self.create, self.create, self.odd_create, self.renew, self.renew, self.get, self.get, self.end,
            self.unknown, self.list_, self.change, self.wait, self.wait,
        ]  # fmt: skip
        if self.capabilities.video:
            moves += [self.play, self.play, self.watch]
        if self.capabilities.ask_models:
            moves += [
                self.ask_text,
                *([self.ask_frame, self.ask_frame, self.ask_segment] if self.capabilities.video else []),
            ]
        count, waited = 0, False
        while count < length:
            # A call right after a wait shows what changed meanwhile.
            if step := self.random.pick([self.get, self.renew] if waited and self.schedule.streams else moves)():
                count, waited = count + 1, isinstance(step, WaitStep)
                yield step

    def create(self) -> Step | None:
        if len(self.schedule.running_streams()) >= self.capabilities.streams:
            return None
        version = self.random.pick(("v0.2", "v1", "v1beta"))
        body: dict[str, Any] = {}
        if version == "v0.2":
            body = self.random.pick((frames_every(1.0), frames_every(0.5), clips(length=1.0, delay=2.0)))
        return CallStep("POST", f"/{version}/streams", body=body, makes=self.schedule.add(version))

    def odd_create(self) -> Step:
        """A body with an unusual value, which may be valid; a stream that it makes is deleted at once."""
        body = copy.deepcopy(self.random.pick((frames_every(1.0), clips())))
        part = self.random.pick((body, body["processing"], body["inference"]))
        name = self.random.pick([*part, "colour"])
        if self.random.once_in(3):
            part.pop(name, None)
        else:
            part[name] = self.random.pick(ODD_VALUES)
        return CallStep("POST", "/v0.2/streams", body=body, makes="odd")

    def renew(self) -> Step | None:
        name, prefix, caller = self._stream_and_caller()
        if not name:
            return None
        if caller == "owner":
            self.schedule.renew(name)
        return CallStep("POST", f"{prefix}/keepalive", caller)

    def get(self) -> Step | None:
        name, prefix, caller = self._stream_and_caller()
        if not name:
            return None
        if self._version(name) == "v0.2":
            return CallStep("GET", f"{prefix}/info", caller)
        if self.random.once_in(4):
            return CallStep("POST", f"{prefix.replace('/v1/', '/v1beta/')}/viewer-token", caller)
        return CallStep("GET", prefix, caller)

    def end(self) -> Step | None:
        name, prefix, caller = self._stream_and_caller()
        if not name or self.random.once_in(2):
            return None
        if caller == "owner":
            self.schedule.end(name)
        return CallStep("DELETE", prefix, caller)

    def unknown(self) -> Step:
        """A stream that never existed, or an invalid id."""
        id_ = self.random.pick((UNKNOWN, "nonsense"))
        method, path = self.random.pick((("GET", ""), ("DELETE", ""), ("POST", "/keepalive")))
        version = self._chat_version() if method == "GET" else self.random.pick(("v0.2", "v1", "v1beta"))
        return CallStep(method, f"/{version}/streams/{id_}{path}", self._caller())

    def list_(self) -> Step:
        paths = ("/v0.2/models", "/v1/models", "/v1beta/models", "/v0.2/streams/feedback", "/v0.2/healthz")
        billing = ("/billing/pricing/no-such-model", f"/billing/pricing/{CHAT_MODEL}", "/billing/accounts/me/balance")
        return CallStep("GET", self.random.pick(paths + billing), self._caller())

    def change(self) -> Step | None:
        name, prefix, caller = self._stream_and_caller()
        if not name or self._version(name) != "v0.2":
            return None
        if self.random.once_in(3):
            rating = {"rating": self.random.pick((0, 10, 11, "x")), "category": self.random.pick(("accuracy", ""))}
            return CallStep("POST", f"{prefix}/feedback", caller, body=rating)
        if self.random.once_in(4):
            return CallStep("POST", f"{prefix}/spectate", caller)
        prompt = self.random.pick(({"prompt": "Count."}, {"prompt": ""}, {}, {"prompt": "Count.", "colour": 1}))
        return CallStep("PATCH", f"{prefix}/config/prompt", caller, body=prompt)

    def wait(self) -> Step | None:
        waits = self.schedule.waits(self.capabilities.longest_wait)
        if not waits:
            return None
        step = WaitStep(self.random.pick(waits))
        self.schedule.now += step.seconds
        return step

    def play(self) -> Step | None:
        name = self._running()
        seconds, fps = self.random.pick((1.0, 2.0)), self.random.pick((2.0, 5.0))
        if not name or not self._play_if_clear(name, seconds):
            return None
        return PlayStep(name, seconds, fps)

    def watch(self) -> Step | None:
        """A socket for results while video comes in, or of a stream that has ended."""
        names = [name for name in self.schedule.streams if self._version(name) == "v0.2"]
        if not names:
            return None
        name, caller = self.random.pick(names), self._caller()
        if not self.schedule.is_running(name):
            return SocketStep(name, caller, 0)
        return SocketStep(name, caller, 3.0) if self._play_if_clear(name, 3.0) else None

    def ask_text(self) -> Step:
        body: dict[str, Any] = {"model": CHAT_MODEL, "messages": [{"role": "user", "content": "Say a word."}]}
        odd = {"messages": [], "n": 0, "temperature": -1, "stream": True, "max_tokens": 3, "model": "no-such-model"}
        if self.random.once_in(2):
            name = self.random.pick(list(odd))
            body[name] = odd[name]
        return CallStep("POST", f"/{self._chat_version()}/chat/completions", self._caller(), body=body)

    def ask_frame(self) -> Step | None:
        return self._ask_about(lambda name: frame_of(f"{{{name}}}", self.random.pick(REFERENCES)))

    def ask_segment(self) -> Step | None:
        return self._ask_about(lambda name: segment_of(f"{{{name}}}", self.random.pick(SEGMENTS)))

    def _ask_about(self, part: Callable[[str], Any]) -> Step | None:
        names = [name for name in self.schedule.streams if self._version(name) != "v0.2"]
        if not names:
            return None
        content = [part(self.random.pick(names)), text("What is there?")]
        body = {"model": CHAT_MODEL, "messages": [{"role": "user", "content": content}]}
        return CallStep("POST", f"/{self._chat_version()}/chat/completions", self._caller(), body=body)

    def _stream_and_caller(self) -> tuple[str, str, str]:
        """The name of a stream, its path in a version that has it, and a caller."""
        names = [*self.schedule.running_streams() * 3, *self.schedule.streams]
        if not names:
            return "", "", ""
        name = self.random.pick(names)
        version = self._version(name)
        if version != "v0.2":
            version = self._chat_version()
        return name, f"/{version}/streams/{{{name}}}", self._caller()

    def _version(self, name: str) -> str:
        return self.schedule.streams[name].version

    def _chat_version(self) -> str:
        return self.random.pick(("v1", "v1beta"))

    def _caller(self) -> str:
        if not self.random.once_in(6):
            return "owner"
        return self.random.pick(("nobody", "anybody", *(["stranger"] if self.capabilities.strangers else [])))

    def _running(self) -> str:
        running = self.schedule.running_streams()
        return self.random.pick(running) if running else ""

    def _play_if_clear(self, name: str, seconds: float) -> bool:
        """Whether video can come in for so long; if so, the schedule counts it."""
        lease = self.schedule.streams[name].lease
        if lease - self.schedule.now < seconds + 5 or not self.schedule.is_clear_after(seconds):
            return False
        self.schedule.play(name, seconds)
        return True
