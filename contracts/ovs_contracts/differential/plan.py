"""Makes up sequences of steps: what clients do, and what they should not."""

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
    """What both targets allow."""

    longest_wait: float
    streams: int
    video: bool
    strangers: bool
    asking: bool
    """Whether models may be asked, which costs."""


def sequence(seed: int, length: int, means: SharedCapabilities) -> list[Step]:
    """So many steps; the same for the same seed."""
    return list(_Plan(StableRandom(seed), means).steps(length))


class _Plan:
    def __init__(self, chance: StableRandom, means: SharedCapabilities) -> None:
        self.chance = chance
        self.means = means
        self.table = SequenceSchedule()

    def steps(self, length: int) -> Iterator[Step]:
        moves: list[Callable[[], Step | None]] = [
            self.create, self.create, self.odd_create, self.keep, self.keep, self.look, self.look, self.end,
            self.unknown, self.list_, self.change, self.wait, self.wait,
        ]  # fmt: skip
        if means_video := self.means.video:
            moves += [self.play, self.play, self.watch]
        if self.means.asking:
            moves += [self.ask_text, *([self.ask_frame, self.ask_frame, self.ask_segment] if means_video else [])]
        made, waited = 0, False
        while made < length:
            # What has changed by itself meanwhile is best seen at once.
            if step := self.chance.pick([self.look, self.keep] if waited and self.table.streams else moves)():
                made, waited = made + 1, isinstance(step, WaitStep)
                yield step

    def create(self) -> Step | None:
        if len(self.table.alive()) >= self.means.streams:
            return None
        version = self.chance.pick(("v0.2", "v1", "v1beta"))
        body: dict[str, Any] = {}
        if version == "v0.2":
            body = self.chance.pick((frames_every(1.0), frames_every(0.5), clips(length=1.0, delay=2.0)))
        return CallStep("POST", f"/{version}/streams", body=body, makes=self.table.make(version))

    def odd_create(self) -> Step:
        """A body with something wrong in it, or something that only looks wrong; it makes no stream that is kept."""
        body = copy.deepcopy(self.chance.pick((frames_every(1.0), clips())))
        part = self.chance.pick((body, body["processing"], body["inference"]))
        name = self.chance.pick([*part, "colour"])
        if self.chance.once_in(3):
            part.pop(name, None)
        else:
            part[name] = self.chance.pick(ODD_VALUES)
        return CallStep("POST", "/v0.2/streams", body=body, makes="odd")

    def keep(self) -> Step | None:
        name, prefix, caller = self._somebodys()
        if not name:
            return None
        if caller == "owner":
            self.table.renew(name)
        return CallStep("POST", f"{prefix}/keepalive", caller)

    def look(self) -> Step | None:
        name, prefix, caller = self._somebodys()
        if not name:
            return None
        if self._version(name) == "v0.2":
            return CallStep("GET", f"{prefix}/info", caller)
        if self.chance.once_in(4):
            return CallStep("POST", f"{prefix.replace('/v1/', '/v1beta/')}/viewer-token", caller)
        return CallStep("GET", prefix, caller)

    def end(self) -> Step | None:
        name, prefix, caller = self._somebodys()
        if not name or self.chance.once_in(2):
            return None
        if caller == "owner":
            self.table.end(name)
        return CallStep("DELETE", prefix, caller)

    def unknown(self) -> Step:
        """A stream that never was, or an id that is none."""
        id_ = self.chance.pick((UNKNOWN, "nonsense"))
        method, path = self.chance.pick((("GET", ""), ("DELETE", ""), ("POST", "/keepalive")))
        version = self.chance.pick(("v1", "v1beta")) if method == "GET" else self.chance.pick(("v0.2", "v1", "v1beta"))
        return CallStep(method, f"/{version}/streams/{id_}{path}", self._caller())

    def list_(self) -> Step:
        paths = ("/v0.2/models", "/v1/models", "/v1beta/models", "/v0.2/streams/feedback", "/v0.2/healthz")
        billing = ("/billing/pricing/no-such-model", f"/billing/pricing/{CHAT_MODEL}", "/billing/accounts/me/balance")
        return CallStep("GET", self.chance.pick(paths + billing), self._caller())

    def change(self) -> Step | None:
        name, prefix, caller = self._somebodys()
        if not name or self._version(name) != "v0.2":
            return None
        if self.chance.once_in(3):
            rating = {"rating": self.chance.pick((0, 10, 11, "x")), "category": self.chance.pick(("accuracy", ""))}
            return CallStep("POST", f"{prefix}/feedback", caller, body=rating)
        if self.chance.once_in(4):
            return CallStep("POST", f"{prefix}/spectate", caller)
        prompt = self.chance.pick(({"prompt": "Count."}, {"prompt": ""}, {}, {"prompt": "Count.", "colour": 1}))
        return CallStep("PATCH", f"{prefix}/config/prompt", caller, body=prompt)

    def wait(self) -> Step | None:
        waits = self.table.waits(self.means.longest_wait)
        if not waits:
            return None
        step = WaitStep(self.chance.pick(waits))
        self.table.now += step.seconds
        return step

    def play(self) -> Step | None:
        name = self._running()
        seconds, fps = self.chance.pick((1.0, 2.0)), self.chance.pick((2.0, 5.0))
        if not name or not self._plays(name, seconds):
            return None
        return PlayStep(name, seconds, fps)

    def watch(self) -> Step | None:
        """Somebody watches while video comes in, or finds out that there is nothing to watch."""
        names = [name for name in self.table.streams if self._version(name) == "v0.2"]
        if not names:
            return None
        name, caller = self.chance.pick(names), self._caller()
        if not self.table.running(name):
            return SocketStep(name, caller, 0)
        return SocketStep(name, caller, 3.0) if self._plays(name, 3.0) else None

    def ask_text(self) -> Step:
        body: dict[str, Any] = {"model": CHAT_MODEL, "messages": [{"role": "user", "content": "Say a word."}]}
        odd = {"messages": [], "n": 0, "temperature": -1, "stream": True, "max_tokens": 3, "model": "no-such-model"}
        if self.chance.once_in(2):
            name = self.chance.pick(list(odd))
            body[name] = odd[name]
        return CallStep("POST", f"/{self.chance.pick(('v1', 'v1beta'))}/chat/completions", self._caller(), body=body)

    def ask_frame(self) -> Step | None:
        return self._ask(lambda name: frame_of(f"{{{name}}}", self.chance.pick(REFERENCES)))

    def ask_segment(self) -> Step | None:
        return self._ask(lambda name: segment_of(f"{{{name}}}", self.chance.pick(SEGMENTS)))

    def _ask(self, part: Callable[[str], Any]) -> Step | None:
        names = [name for name in self.table.streams if self._version(name) != "v0.2"]
        if not names:
            return None
        content = [part(self.chance.pick(names)), text("What is there?")]
        body = {"model": CHAT_MODEL, "messages": [{"role": "user", "content": content}]}
        return CallStep("POST", f"/{self.chance.pick(('v1', 'v1beta'))}/chat/completions", self._caller(), body=body)

    def _somebodys(self) -> tuple[str, str, str]:
        """A stream, the path of it in a version that has it, and who calls."""
        names = [*self.table.alive() * 3, *self.table.streams]
        if not names:
            return "", "", ""
        name = self.chance.pick(names)
        version = self._version(name)
        if version != "v0.2":
            version = self.chance.pick(("v1", "v1beta"))
        return name, f"/{version}/streams/{{{name}}}", self._caller()

    def _version(self, name: str) -> str:
        return self.table.streams[name].version

    def _caller(self) -> str:
        if not self.chance.once_in(6):
            return "owner"
        return self.chance.pick(("nobody", "anybody", *(["stranger"] if self.means.strangers else [])))

    def _running(self) -> str:
        alive = self.table.alive()
        return self.chance.pick(alive) if alive else ""

    def _plays(self, name: str, seconds: float) -> bool:
        """Whether video can come in for so long, which is then noted."""
        lease = self.table.streams[name].lease
        if lease - self.table.now < seconds + 5 or not self.table.clear_after(seconds):
            return False
        self.table.play(name, seconds)
        return True
