"""v1 and v1beta in any order, on the same streams: leases, video, and references into it, held against the model."""

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from ovs_contracts.client.chat import ChatClient, frame_of, segment_of
from ovs_contracts.client.session import TargetSession
from ovs_contracts.client.timing import ClockBounds
from ovs_contracts.documents.versions import ContractVersion, chat_versions
from ovs_contracts.stateful.chat_model import ChatStreamModel, Refusal, access, refusal
from ovs_contracts.stateful.choice import sampled_by_state
from ovs_contracts.stateful.references import ExpectedFrames, ImageReference, VideoReference, frames, segments
from ovs_contracts.stateful.state_machine import ApiStateMachine
from ovs_contracts.stateful.status import hold_status
from ovs_contracts.stateful.target_clock import TargetClock
from ovs_contracts.stateful.tolerances import hold_named_frames, hold_within
from ovs_contracts.transport.exchange import Deviation, Exchange, hold

UNKNOWN = "00000000-0000-4000-8000-000000000000"
MOST_STREAMS = 3

streams = sampled_by_state(lambda machine: machine.streams)
NAMES = [version.name for version in chat_versions()]
WITH_VIEWERS = next(version.name for version in chat_versions() if version.spectator_seconds)
LEASE = max(version.lease_seconds for version in chat_versions())

versions = st.sampled_from(NAMES)
who = st.sampled_from([*["owner"] * 7, "twin", "stranger", "nobody"])


class ChatStateMachine(ApiStateMachine):
    """Each step is a call, with the status and the figures that the model expects of it."""

    def __init__(self, session: TargetSession) -> None:
        super().__init__(session)
        assert session.controls is not None, "only a mock's clock can be moved"
        self.controls = session.controls
        self.clock = TargetClock(session.controls)
        self.streams: list[ChatStreamModel] = []
        self.keys = {name: session.new_key() for name in ("owner", "twin", "stranger")} | {"nobody": "no-key"}
        self.chats = {name: ChatClient(session.http, self.keys["owner"], name) for name in NAMES}

    @initialize()
    def open_accounts(self) -> None:
        self.controls.open_account(self.keys["owner"])
        self.controls.open_account(self.keys["twin"], same_user_as=self.keys["owner"])
        self.create(NAMES[0], 2)

    @precondition(lambda self: len(self.streams) < MOST_STREAMS)
    @rule(version=versions, seconds=st.sampled_from([2, 4, 0]))
    def create(self, version: str, seconds: int) -> None:
        self._pass_deadlines()
        before = self.clock.now()
        answer = self.chats[version].create()
        made = ClockBounds(before.earliest, self.clock.now().latest)
        shown = answer.expect(201).json
        hold("ids are new", expected=False, seen=shown["id"] in {each.id for each in self.streams}, exchange=answer)
        lease = made + self.chats[version].version.lease_seconds
        hold_within("expires_at_ms", shown["expires_at_ms"], *lease.milliseconds(), answer)
        stream = ChatStreamModel(shown["id"], len(self.streams), made, lease, {shown["publish"]["token"]})
        self.streams.append(stream)
        for each in self.chats:
            self.get(stream, each, "owner")
        if seconds:
            self.play(stream, seconds, 4.0)

    @precondition(lambda self: self.streams)
    @rule(stream=streams, version=versions, caller=who)
    def keepalive(self, stream: ChatStreamModel, version: str, caller: str) -> None:
        self._pass_deadlines()
        before = self.clock.now()
        answer = self.chats[version].keepalive(stream.id, key=self.keys[caller])
        at = ClockBounds(before.earliest, self.clock.now().latest)
        if denied := access(self.chats[version].version, caller, stream, chat=False):
            answer.expect(denied[0])
            return
        shown = answer.expect(200).json
        stream.lease = at + self.chats[version].version.lease_seconds
        hold_within("expires_at_ms", shown["expires_at_ms"], *stream.lease.milliseconds(), answer)
        hold("a token is new each time", expected=False, seen=shown["publish"]["token"] in stream.tokens)
        stream.tokens.add(shown["publish"]["token"])
        begun = stream.frames.times[:1]
        least, most = (at.earliest * 1000 - begun[0] - 2, at.latest * 1000 - begun[0] + 2) if begun else (0, 0)
        hold_within("stream_time_ms", shown["stream_time_ms"], least, most, answer)

    @precondition(lambda self: self.streams)
    @rule(stream=streams, version=versions, caller=who)
    def get(self, stream: ChatStreamModel, version: str, caller: str) -> None:
        self._pass_deadlines()
        before = self.clock.now()
        answer = self.chats[version].get(stream.id, key=self.keys[caller])
        at = ClockBounds(before.earliest, self.clock.now().latest)
        if not self._is_hidden(stream, caller, answer):
            hold_status(self.chats[version].version, stream, at, answer)

    @precondition(lambda self: self.streams)
    @rule(stream=streams, version=versions, caller=who)
    def delete(self, stream: ChatStreamModel, version: str, caller: str) -> None:
        self._pass_deadlines()
        before = self.clock.now()
        answer = self.chats[version].delete(stream.id, key=self.keys[caller])
        if not self._is_hidden(stream, caller, answer):
            hold("what is said of the end", expected={"id": stream.id, "deleted": True}, seen=answer.expect(200).json)
            if not stream.ended:
                stream.end("deleted", ClockBounds(before.earliest, self.clock.now().latest))
            self.get(stream, version, "owner")

    @precondition(lambda self: self.streams)
    @rule(stream=streams, caller=who)
    def viewer_token(self, stream: ChatStreamModel, caller: str) -> None:
        self._pass_deadlines()
        answer = self.chats[WITH_VIEWERS].viewer_token(stream.id, key=self.keys[caller])
        if denied := access(self.chats[WITH_VIEWERS].version, caller, stream, chat=False):
            answer.expect(denied[0])
        else:
            token = answer.expect(200).json["view"]["token"]
            hold("who watches may not publish", expected=False, seen=token in stream.tokens, exchange=answer)

    @precondition(lambda self: self.streams)
    @rule(stream=streams, seconds=st.sampled_from([2, 4]), fps=st.sampled_from([2.0, 4.0]))
    def play(self, stream: ChatStreamModel, seconds: int, fps: float) -> None:
        """Video comes in, unless the stream would end meanwhile."""
        self._pass_deadlines()
        if stream.ended or stream.lease.earliest < self.clock.now().latest + seconds + 2:
            return
        begun = self.clock.now()
        frames = self.controls.play(stream.id, seconds, fps=fps, size=(64, 48))
        self.clock.resync()
        hold("frames that came", expected=int(seconds * fps), seen=frames)
        shown = self.chats[NAMES[0]].get(stream.id).expect(200)
        last = shown.json["last_frame_at_ms"]
        length = (frames - 1) / fps
        hold_within(
            "last_frame_at_ms",
            last,
            *(ClockBounds(begun.earliest, self.clock.now().latest - seconds) + length).milliseconds(),
            shown,
        )
        stream.frames.add_frames([last - (frames - 1 - number) * 1000 / fps for number in range(frames)])
        stream.video.append(ClockBounds(last / 1000 - length, last / 1000))

    @precondition(lambda self: self.streams)
    @rule(version=versions, caller=who, stream=streams, frames=st.lists(frames, min_size=1, max_size=4))
    def ask_about_frames(
        self, version: str, caller: str, stream: ChatStreamModel, frames: list[ImageReference]
    ) -> None:
        """One after the other."""
        chat = self.chats[version]
        for frame in frames:
            self._pass_deadlines()
            answer = chat.ask(frame_of(stream.id, str(frame)), key=self.keys[caller])
            means = frame.resolve(stream.frames, clamps=chat.version.clamps_evicted_indices)
            self._hold_frames(chat.version, caller, stream, means, answer)

    @precondition(lambda self: self.streams)
    @rule(version=versions, caller=who, stream=streams, segments=st.lists(segments, min_size=1, max_size=4))
    def ask_about_segments(
        self, version: str, caller: str, stream: ChatStreamModel, segments: list[VideoReference]
    ) -> None:
        for segment in segments:
            self._pass_deadlines()
            answer = self.chats[version].ask(segment_of(stream.id, str(segment)), key=self.keys[caller])
            self._hold_frames(self.chats[version].version, caller, stream, segment.resolve(stream.frames), answer)

    @rule(seconds=st.sampled_from([1, 5, 40, 140, LEASE + 2]))
    def let_pass(self, seconds: int) -> None:
        self._pass_deadlines()
        self.clock.let_pass(seconds)
        for stream in self.streams:
            for version in self.chats:
                self.get(stream, version, "owner")

    @rule(times=st.integers(1, 3), seconds=st.sampled_from([100, 250]))
    def keep_all_alive(self, times: int, seconds: int) -> None:
        """For so long that frames may become too old to be kept."""
        for _ in range(times):
            self._pass_deadlines()
            for stream in self.streams:
                if not stream.ended:
                    self.keepalive(stream, NAMES[-1], "owner")
            self.clock.let_pass(seconds)
        self._pass_deadlines()

    @rule(version=versions, caller=who)
    def request_an_unknown_stream(self, version: str, caller: str) -> None:
        chat, key = self.chats[version], self.keys[caller]
        for call in (chat.get, chat.keepalive, chat.delete):
            call(UNKNOWN, key=key).expect(401 if caller == "nobody" else 404)
        chat.ask(frame_of(UNKNOWN), key=key).expect(401 if caller == "nobody" else 404)

    def _pass_deadlines(self) -> None:
        """Stay clear of deadlines, and let the model catch up."""
        self.clock.pass_deadlines(deadline for stream in self.streams for deadline in stream.deadlines())
        for stream in self.streams:
            stream.advance(self.clock.now())

    def _is_hidden(self, stream: ChatStreamModel, caller: str, answer: Exchange) -> bool:
        """Whether the caller sees no such stream, ended or not, which the answer then says."""
        if caller == "nobody":
            answer.expect(401)
        elif caller == "stranger" or stream.is_removed(self.clock.now()):
            answer.expect(404)
        else:
            return False
        return True

    def _hold_frames(
        self,
        version: ContractVersion,
        caller: str,
        stream: ChatStreamModel,
        means: Iterable[ExpectedFrames],
        answer: Exchange,
    ) -> None:
        """The answer is about one of these lists of frames, or is one of these refusals."""
        if denied := access(version, caller, stream, chat=True):
            _hold_refused({denied}, version, answer)
        elif answer.status == 200:
            hold_named_frames([each for each in means if isinstance(each, tuple)], answer)
        else:
            _hold_refused({refusal(version, each) for each in means if isinstance(each, str)}, version, answer)


def _hold_refused(expected: set[Refusal], version: ContractVersion, answer: Exchange) -> None:
    detail: Any = answer.json.get("detail")
    typed = version.error_form == "typed" and isinstance(detail, dict)
    seen = answer.status, detail["error"]["code"] if typed else None
    if seen not in expected:
        wanted = " or ".join(f"{status} {code or ''}".strip() for status, code in expected) or "frames"
        shown = f"{seen[0]} {answer.text[:200]}"
        raise Deviation("what a reference leads to", expected=wanted, seen=shown, exchange=answer)
