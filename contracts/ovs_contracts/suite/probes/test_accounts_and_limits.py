"""API keys, other users, rate limits and lifetimes of tokens."""

from ovs_contracts.client.chat import ChatClient, frame_of
from ovs_contracts.client.livekit.token import claims
from ovs_contracts.client.probes import Probe
from ovs_contracts.client.v02 import V02Client
from ovs_contracts.runner.marks import documented, needs, probe
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.target import Target, TargetTime


@probe("1")
@documented("documents write ovs-, clients write ovs_")
def test_key_prefixes(v1beta: ChatClient, target: Target, probe: Probe) -> None:
    """Which key prefixes are accepted, and how an unregistered key is answered."""
    unknown = target.api_key.partition("ovs")[2][1:] + "-unknown"
    seen = {p: v1beta.create(key=p + unknown).status for p in ("ovs-", "ovs_", "sk-")}
    probe.record(seen, decided={"ovs-": 201, "ovs_": 201, "sk-": 401})


@probe("13")
@documented("404 everywhere, but 403 stream_unauthorized in chats of v1beta")
@needs(Capability.SECOND_KEY)
def test_streams_of_other_users(
    v1: ChatClient, v1beta: ChatClient, v02: V02Client, other_key: str, probe: Probe
) -> None:
    """How requests about another user's stream are answered."""
    stream_id = v1.stream()
    seen = {
        "v1 GET": v1.get(stream_id, key=other_key).status,
        "v1 chat": v1.ask(frame_of(stream_id), key=other_key).status,
        "v1beta GET": v1beta.get(stream_id, key=other_key).status,
        "v1beta chat": v1beta.ask(frame_of(stream_id), key=other_key).status,
    }
    v1.delete(stream_id)
    results = v02.stream()
    seen["v0.2 info"] = v02.info(results, key=other_key).status
    probe.record(seen, decided={"v1 GET": 404, "v1 chat": 404, "v1beta GET": 404, "v1beta chat": 403, "v0.2 info": 404})


@probe("15")
@documented("the rate limit is configurable")
def test_rate_limit(v1beta: ChatClient, probe: Probe) -> None:
    """How many chat completions a user may start per second."""
    probe.record(v1beta.ask().headers.get("x-ratelimit-limit"), decided="1000")


@probe("16")
@documented("tokens that publish are short-lived; viewers have 300 s")
def test_lifetimes_of_tokens(v1beta: ChatClient, clock: TargetTime, probe: Probe) -> None:
    """How long publish tokens and viewer tokens are valid."""
    created = v1beta.create().expect(201).json
    viewer = v1beta.viewer_token(created["id"]).expect(200).json["view"]["token"]
    now = clock.now()
    seen = {
        "publish": round(claims(created["publish"]["token"])["exp"] - now, -1),
        "view": round(claims(viewer)["exp"] - now, -1),
    }
    probe.record(seen, decided={"publish": 600, "view": 300})


@probe("23")
@documented("nothing is said about ids across versions")
def test_ids_across_versions(v1: ChatClient, v1beta: ChatClient, v02: V02Client, probe: Probe) -> None:
    """Whether a stream of one version is found in another."""
    stream_id = v1.stream()
    seen = {"v1 in v1beta": v1beta.get(stream_id).status, "v1 in v0.2": v02.info(stream_id).status}
    v1.delete(stream_id)
    seen["v0.2 in v1"] = v1.get(v02.stream()).status
    probe.record(seen, decided={"v1 in v1beta": 200, "v1 in v0.2": 404, "v0.2 in v1": 404})
