"""v0.2 in any order: streams, keepalives, prompts, sockets, video and time, held against the model."""

import math
from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from ovs_contracts.client.session import TargetSession
from ovs_contracts.client.timing import ClockBounds
from ovs_contracts.client.v02 import V02Client, frames_every
from ovs_contracts.stateful.choice import sampled_by_state
from ovs_contracts.stateful.socket_model import SocketModel, read_all
from ovs_contracts.stateful.state_machine import ApiStateMachine
from ovs_contracts.stateful.target_clock import TargetClock
from ovs_contracts.stateful.tolerances import hold_within
from ovs_contracts.stateful.v02_model import (
    LEASE,
    MICROCENTS_A_SECOND,
    RETENTION,
    STREAMS,
    AccountModel,
    StreamEnd,
    V02StreamModel,
)
from ovs_contracts.transport.exchange import Exchange, hold

UNKNOWN = "00000000-0000-4000-8000-000000000000"
MICROCENTS = 1_000_000

who = st.sampled_from([*["owner"] * 6, "stranger", "nobody"])
streams = sampled_by_state(lambda machine: machine.streams)
sockets = sampled_by_state(lambda machine: machine.sockets)


class V02StateMachine(ApiStateMachine):
    """Each step is a call, with the status and the figures that the model expects of it."""

    def __init__(self, session: TargetSession) -> None:
        super().__init__(session)
        assert session.controls is not None, "only a mock's clock can be moved"
        self.controls = session.controls
        self.clock = TargetClock(session.controls)
        self.streams: list[V02StreamModel] = []
        self.sockets: list[SocketModel] = []
        self.keys = {"owner": session.new_key(), "stranger": session.new_key(), "nobody": "no-key-of-anybody"}
        self.v02 = V02Client(session.http, session.target, self.keys["owner"])
        self.account = AccountModel(0, 0)

    @initialize(cents=st.sampled_from([1000, 3]))
    def open_account(self, cents: int) -> None:
        self.controls.open_account(self.keys["owner"], credits_cents=cents)
        self.account.set_balance(cents * MICROCENTS)
        self.create(1.0)

    @rule(interval=st.sampled_from([0.5, 1.0, 2.0]))
    def create(self, interval: float) -> None:
        self._pass_deadlines()
        before = self.clock.now()
        answer = self.v02.create(frames_every(interval, prompt="prompt 1"))
        made = ClockBounds(before.earliest, self.clock.now().latest)
        allowed = self._creation()
        if answer.expect(*allowed).status != 201:
            return
        hold("the lease", expected=LEASE, seen=answer.json["lease"]["ttl_seconds"], exchange=answer)
        id_ = answer.json["stream_id"]
        hold("ids are new", expected=False, seen=id_ in {stream.id for stream in self.streams}, exchange=answer)
        stream = V02StreamModel(
            id=id_,
            number=len(self.streams),
            interval=interval,
            created=made,
            charged=made,
            lease=made + LEASE,
            account=self.account,
            tokens={answer.json["livekit"]["token"]},
        )
        self.streams.append(stream)

    @precondition(lambda self: self.streams)
    @rule(stream=streams, caller=who)
    def keepalive(self, stream: V02StreamModel, caller: str) -> None:
        self._pass_deadlines()
        before = self.clock.now()
        answer = self.v02.keepalive(stream.id, key=self.keys[caller])
        at = ClockBounds(before.earliest, self.clock.now().latest)
        if self._is_refused(stream, caller, answer):
            return
        least, most = stream.owed(at)
        allowed = {200} if most < self.account.least else {402} if least > self.account.most else {200, 402}
        if answer.expect(*sorted(allowed)).status == 402:
            stream.refused = True
            return
        self._hold_charge(stream, answer, at)
        stream.renew(at)
        hold("the state", expected=stream.state(at), seen=answer.json["state"], exchange=answer)

    @precondition(lambda self: self.streams)
    @rule(stream=streams, caller=who)
    def delete(self, stream: V02StreamModel, caller: str) -> None:
        self._pass_deadlines()
        before = self.clock.now()
        answer = self.v02.delete(stream.id, key=self.keys[caller])
        if caller != "owner":
            self._is_refused(stream, caller, answer)
            return
        answer.expect(204 if stream.ended else 200)
        if not stream.ended:
            stream.end(StreamEnd.BY_CLIENT, ClockBounds(before.earliest, self.clock.now().latest))

    @precondition(lambda self: self.streams)
    @rule(stream=streams, caller=who)
    def change_prompt(self, stream: V02StreamModel, caller: str) -> None:
        self._pass_deadlines()
        read_all(self.sockets)
        number = stream.prompt + 1
        answer = self.v02.prompt(stream.id, f"prompt {number}", key=self.keys[caller])
        if self._is_refused(stream, caller, answer):
            return
        hold("the new prompt", expected=f"prompt {number}", seen=answer.expect(200).json["prompt"], exchange=answer)
        stream.prompt = number

    @precondition(lambda self: self.streams)
    @rule(stream=streams, caller=who)
    def info(self, stream: V02StreamModel, caller: str) -> None:
        self._pass_deadlines()
        before = self.clock.now()
        answer = self.v02.info(stream.id, key=self.keys[caller])
        at = ClockBounds(before.earliest, self.clock.now().latest)
        if self._is_refused(stream, caller, answer):
            return
        shown = answer.expect(200).json
        hold("the state", expected=stream.state(at), seen=shown["state"], exchange=answer)
        hold_within("uptime", shown["uptime_seconds"], *at.since(stream.created), answer)
        hold_within("results", shown["inferences_completed"], *stream.results(at), answer)
        hold("the size", expected=64 if stream.video else 0, seen=shown["frame_width"], exchange=answer)

    @precondition(lambda self: self.streams)
    @rule(stream=streams, seconds=st.sampled_from([4, 1]), fps=st.sampled_from([2.0, 5.0]), watched=st.booleans())
    def play(self, stream: V02StreamModel, seconds: int, fps: float, *, watched: bool) -> None:
        """Video comes in, unless the lease would end meanwhile."""
        if watched:
            self.open_socket(stream, "owner")
        self._pass_deadlines()
        if stream.ended or stream.lease.earliest < self.clock.now().latest + seconds + 2:
            return
        read_all(self.sockets)
        begun = self.clock.now()
        frames = self.controls.play(stream.id, seconds, fps=fps, size=(64, 48))
        self.clock.resync()
        hold("frames that came", expected=int(seconds * fps), seen=frames)
        last = ClockBounds(begun.earliest, self.clock.now().latest - seconds) + (frames - 1) / fps
        stream.add_video(ClockBounds(begun.earliest, self.clock.now().latest - seconds), last)
        self._hold_results(stream, seconds)

    @precondition(lambda self: self.streams)
    @rule(stream=streams, caller=who)
    def open_socket(self, stream: V02StreamModel, caller: str) -> None:
        self._pass_deadlines()
        read_all(self.sockets)
        past = frozenset(stream.result_ids)
        socket = self.v02.result_socket(stream.id, self.keys[caller])
        now = self.clock.now()
        if caller != "owner" or stream.is_removed(now):
            code, _ = socket.wait_closed()
            hold("the close code for a stream that is not there", expected=1008, seen=code)
        elif stream.ended:
            expected = 1001, f"stream ended: {stream.ended[0]}"
            hold("the close frame of a stream that has ended", expected=expected, seen=socket.wait_closed())
        else:
            watcher = SocketModel(socket, stream, past)
            # It has been let in when a ping is answered that came behind its first message.
            watcher.read()
            self.sockets.append(watcher)
            return
        socket.close()

    @precondition(lambda self: self.sockets)
    @rule(watcher=sockets)
    def close_socket(self, watcher: SocketModel) -> None:
        watcher.socket.close()
        self.sockets.remove(watcher)

    @rule(seconds=st.sampled_from([1, 2, 8, 20, LEASE + 1, RETENTION + 2]))
    def let_pass(self, seconds: int) -> None:
        self._pass_deadlines()
        read_all(self.sockets)
        self.clock.let_pass(seconds)
        for stream in self.streams:
            self.info(stream, "owner")
        read_all(self.sockets)

    @rule(times=st.integers(1, 4), seconds=st.sampled_from([10, 30]))
    def keep_all_alive(self, times: int, seconds: int) -> None:
        for _ in range(times):
            self.clock.let_pass(seconds)
            for stream in self.streams:
                if not stream.ended:
                    self.keepalive(stream, "owner")

    @rule(caller=who)
    def request_an_unknown_stream(self, caller: str) -> None:
        expected = 401 if caller == "nobody" else 404
        for call in (self.v02.keepalive, self.v02.delete, self.v02.info, self.v02.spectate):
            call(UNKNOWN, key=self.keys[caller]).expect(expected)

    @rule()
    def check_balance(self) -> None:
        """Every microcent that is gone was charged."""
        self._pass_deadlines()
        left = self.controls.balance(self.keys["owner"])
        # A stream that ended by itself is charged to the microsecond, and rounding is by the microcent.
        hold_within("the balance", left, self.account.least - 5, self.account.most + 5)
        self.account.set_balance(left)

    def close(self) -> None:
        for watcher in self.sockets:
            with suppress(Exception):
                watcher.socket.close()

    def _pass_deadlines(self) -> None:
        """Stay clear of deadlines, and let the model catch up."""
        self.clock.pass_deadlines(deadline for stream in self.streams for deadline in stream.deadlines())
        now = self.clock.now()
        for stream in self.streams:
            stream.advance(now)
        for watcher in [each for each in self.sockets if each.stream.ended]:
            watcher.read()
            watcher.hold_closed()
            self.sockets.remove(watcher)
            watcher.socket.close()

    def _creation(self) -> set[int]:
        """The statuses that creating a stream may have."""
        full = sum(not stream.ended for stream in self.streams) >= STREAMS
        penniless = set() if self.account.least > 0 else {402}
        if full:
            return {429} | penniless
        return {201} | penniless if self.account.most > 0 else {402}

    def _is_refused(self, stream: V02StreamModel, caller: str, answer: Exchange) -> bool:
        """Whether the caller has no such stream, which the answer then says."""
        if caller == "nobody":
            answer.expect(401)
        elif caller == "stranger" or stream.ended:
            answer.expect(404)
        else:
            return False
        return True

    def _hold_results(self, stream: V02StreamModel, seconds: int) -> None:
        """So much video has just been played: every socket got its results, with the newest prompt at last."""
        mine = [watcher for watcher in self.sockets if watcher.stream is stream]
        before = [len(watcher.ids) for watcher in mine]
        read_all(self.sockets)
        for watcher, count in zip(mine, before, strict=True):
            came, ticks = len(watcher.ids) - count, seconds / stream.interval
            hold_within(f"results of {seconds} s of video", came, math.floor(ticks) - 1, math.ceil(ticks) + 2)
            if ticks >= 2:
                hold("the prompt of the newest result", expected=stream.prompt, seen=watcher.prompt)

    def _hold_charge(self, stream: V02StreamModel, answer: Exchange, at: ClockBounds) -> None:
        shown = answer.json
        hold_within("the time charged", shown["seconds_charged"], *at.since(stream.charged), answer)
        cost = shown["cost_cents"] * MICROCENTS
        hold_within("two cents a minute", cost, *_about(shown["seconds_charged"] * MICROCENTS_A_SECOND), answer)
        self.account.charge(cost - 1, cost + 1)
        remaining = shown["credits_remaining_cents"]
        hold_within(
            "what remains", remaining, (self.account.least - 5) // MICROCENTS, self.account.most // MICROCENTS, answer
        )
        hold("the ttl", expected=LEASE, seen=shown["ttl_seconds"], exchange=answer)
        hold("a token is new each time", expected=False, seen=shown["livekit_token"] in stream.tokens, exchange=answer)
        stream.tokens.add(shown["livekit_token"])


def _about(value: float) -> tuple[float, float]:
    return value - 2, value + 2
