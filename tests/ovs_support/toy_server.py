"""A small server that speaks some of v1, written from the documents alone: nothing of it is the mock's.

It does what v1 says, but for the deviations that it is told to have.
"""

import json
import re
import secrets
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import jwt
from ovs_contracts.transport.realtime import unix_seconds

from ovs_support.toy_chat import Invalid, chunks, completion, problem_of

Json = dict[str, Any]

MODELS = ("Qwen/Qwen3.6-27B-FP8", "google/gemma-4-E4B-it")
FRAMES = ("first_frame_at_ms", "last_frame_at_ms", "last_frame_index", "recent_fps")
FRAMES_AVAILABLE = ("first_available_frame_at_ms", "first_available_frame_index")
STREAM = re.compile(r"/v1/streams/(?P<id>[^/]+)(?P<keepalive>/keepalive)?")

DEVIATIONS = frozenset(
    {
        "models need a key",
        "models are online",
        "leases of 45 seconds",
        "keepalives renew nothing",
        "keepalives repeat the token",
        "keepalives revive",
        "a second delete is 404",
        "ended streams are gone",
        "the last frame of none is 0",
        "stream time begins at 0",
        "unknown streams are 400",
        "unknown streams can be deleted",
        "unknown streams are told in other words",
        "ids are not checked",
        "no key is 403",
        "any key deletes",
        "publish tokens renew",
        "keys are repeated",
        "streams of others are shown",
        "every origin is a star",
        "no preflight of delete",
        "totals are one too many",
        "ids of chats are the same",
        "one choice whatever n",
        "max_tokens means nothing",
        "unknown fields are refused",
        "invalid chats are 400",
        "broken json is 500",
        "model ids in any case",
        "bodies before keys",
        "no done",
    }
)


class Answer(Exception):  # noqa: N818 - one way to end a request
    """A status and a JSON body."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


@dataclass
class Stream:
    """A stream without video."""

    id: str
    owner: str
    created: int
    expires: int
    token: str
    ended: int | None = None


@dataclass
class ToyServer:
    """Listens on a free port of this machine while its block runs."""

    deviations: frozenset[str] = frozenset()
    streams: dict[str, Stream] = field(default_factory=dict)
    answered: int = 0
    version: str = "v1"
    """The prefix of its paths."""
    lease_seconds: int = 300

    def __post_init__(self) -> None:
        assert self.deviations <= DEVIATIONS, self.deviations - DEVIATIONS
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"toy": self}))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> "ToyServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def token(self, stream_id: str) -> str:
        now = int(unix_seconds())
        video = {"room": stream_id, "roomJoin": True, "canPublish": True}
        claims = {"iss": "toy", "sub": "publisher", "jti": secrets.token_hex(8), "nbf": now, "exp": now + 600}
        return jwt.encode({**claims, "video": video}, "a secret of the toy server, long enough", algorithm="HS256")


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    # Head and body go out together: the second of two packets would wait for the first to be acknowledged.
    wbufsize = -1
    toy: ToyServer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing is written."""

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_GET  # noqa: N815 - the library's names
    do_DELETE = do_GET  # noqa: N815

    def do_OPTIONS(self) -> None:
        wanted = self.headers.get("Access-Control-Request-Method", "")
        refused = self._off("no preflight of delete") and wanted == "DELETE"
        self.send_response(405 if refused else 204)
        if not refused:
            self._allow_origin()
            self.send_header("Access-Control-Allow-Methods", "GET, POST, DELETE")
            self.send_header("Access-Control-Allow-Headers", self.headers.get("Access-Control-Request-Headers", ""))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self) -> None:
        self._raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            status, body = 200, self._found()
        except Answer as answer:
            status, body = answer.status, answer.body
        events = isinstance(body, str)
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self._allow_origin()
        self.send_header("Content-Type", "text/event-stream" if events else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _allow_origin(self) -> None:
        origin = self.headers.get("Origin")
        if origin is None:
            return
        if self._off("every origin is a star"):
            self.send_header("Access-Control-Allow-Origin", "*")
            return
        self.send_header("Access-Control-Allow-Origin", origin)
        self.send_header("Access-Control-Allow-Credentials", "true")
        self.send_header("Vary", "Origin")

    def _found(self) -> Any:
        path = self.path.partition("?")[0]
        version, _, below = path.removeprefix("/").partition("/")
        path = f"/v1/{below}" if version == self.toy.version else path.replace("/v1/", "/no-such-version/")
        match self.command, path:
            case "GET", "/healthz":
                return {"status": "ok"}
            case "GET", "/v1/models":
                return self._models()
            case "POST", "/v1/streams":
                return self._create()
            case "POST", "/v1/chat/completions":
                return self._chat()
        if of_stream := STREAM.fullmatch(path):
            return self._of_stream(of_stream["id"], keepalive=of_stream["keepalive"] is not None)
        raise Answer(404, {"detail": "Not Found"})

    def _models(self) -> Json:
        if self._off("models need a key"):
            self._user()
        status = "online" if self._off("models are online") else "ready"
        entry = {"object": "model", "created": 1_767_225_600, "owned_by": "overshoot", "status": status}
        return {"object": "list", "data": [{"id": model, **entry} for model in MODELS]}

    def _create(self) -> Json:
        owner, now, id_ = self._user(), _now(), str(UUID(hex=secrets.token_hex(16), version=4))
        lease = 45_000 if self._off("leases of 45 seconds") else self.toy.lease_seconds * 1000
        stream = self.toy.streams[id_] = Stream(id_, owner, now, now + lease, self.toy.token(id_))
        raise Answer(201, {"id": id_, "state": "active", **self._leased(stream)})

    def _of_stream(self, stream_id: str, *, keepalive: bool) -> Json:
        user = self._user(of_stream=stream_id)
        if not self._off("ids are not checked"):
            _require_uuid(stream_id)
        stream = self.toy.streams.get(stream_id)
        if self.command == "DELETE":
            return self._delete(stream, stream_id, user)
        if keepalive:
            return self._keepalive(stream, user)
        if stream is None and self._off("unknown streams are 400"):
            raise Answer(400, {"detail": "Which stream?"})
        mine = stream is not None and (stream.owner == user or self._off("streams of others are shown"))
        if stream is None or not mine or (stream.ended and self._off("ended streams are gone")):
            raise _unknown()
        return self._status(stream)

    def _keepalive(self, stream: Stream | None, user: str) -> Json:
        if stream is None and self._off("unknown streams are told in other words"):
            raise Answer(404, {"error": "no_such_stream"})
        if stream is None or stream.owner != user or (stream.ended and not self._off("keepalives revive")):
            raise _unknown()
        if not self._off("keepalives renew nothing"):
            stream.expires = _now() + self.toy.lease_seconds * 1000
        if not self._off("keepalives repeat the token"):
            stream.token = self.toy.token(stream.id)
        return {"id": stream.id, "stream_time_ms": 0, **self._leased(stream)}

    def _delete(self, stream: Stream | None, stream_id: str, user: str) -> Json:
        known = stream is not None and (stream.owner == user or user == "anybody")
        if not known and self._off("unknown streams can be deleted"):
            return {"id": stream_id, "deleted": True}
        if stream is None or not known or (stream.ended and self._off("a second delete is 404")):
            raise _unknown()
        stream.ended = stream.ended or _now()
        return {"id": stream.id, "deleted": True}

    def _status(self, stream: Stream) -> Json:
        return {
            **dict.fromkeys((*FRAMES, *FRAMES_AVAILABLE)),
            **({"last_frame_index": 0} if self._off("the last frame of none is 0") else {}),
            "id": stream.id,
            "state": "ended" if stream.ended else "active",
            "stream_time_ms": 0 if self._off("stream time begins at 0") else None,
            "retained_frame_count": 0,
            "evicted_frame_count": 0,
            "created_at_ms": stream.created,
            "expires_at_ms": stream.expires,
            "ttl_seconds": self.toy.lease_seconds,
            "ended_at_ms": stream.ended,
            "end_reason": "deleted" if stream.ended else None,
            "audio": False,
        }

    def _chat(self) -> Any:
        if not self._off("bodies before keys"):
            self._user()
        body = self._json()
        if problem := problem_of(body, strict=self._off("unknown fields are refused")):
            raise Answer(400, {"detail": "What?"}) if self._off("invalid chats are 400") else _invalid(problem)
        user = self._user()
        self._require_model(body["model"])
        for stream_id in re.findall(r"ovs://streams/([^?]*)", json.dumps(body["messages"])):
            stream = self.toy.streams.get(stream_id)
            if stream is None or stream.owner != user or stream.ended:
                raise Answer(404, {"detail": "Stream not found"})
            raise Answer(422, {"detail": "There is no such frame"})
        return self._completed(body)

    def _json(self) -> Any:
        try:
            return json.loads(self._raw)
        except ValueError:
            broken = self._off("broken json is 500")
            raise (Answer(500, {"detail": "Oops"}) if broken else _invalid(Invalid([]))) from None

    def _completed(self, body: Json) -> Any:
        self.toy.answered += 1
        if self._off("one choice whatever n"):
            body["n"] = 1
        if self._off("max_tokens means nothing"):
            body.pop("max_tokens", None)
        answer = completion(body, self.toy.answered, int(unix_seconds()))
        if self._off("ids of chats are the same"):
            answer["id"] = "chatcmpl-1"
        if self._off("totals are one too many"):
            answer["usage"]["total_tokens"] += 1
        return chunks(answer, body, done=not self._off("no done")) if body.get("stream") else answer

    def _require_model(self, model: str) -> None:
        known = {name.lower(): name for name in MODELS}
        if model not in MODELS and not (self._off("model ids in any case") and model.lower() in known):
            raise Answer(422, {"detail": f"Unknown model {model}"})

    def _user(self, of_stream: str | None = None) -> str:
        """Who calls. A key is its user's name."""
        scheme, _, key = (self.headers.get("Authorization") or "").partition(" ")
        stream = self.toy.streams.get(of_stream or "")
        if scheme.lower() == "bearer" and key.startswith("ovs-"):
            return key
        if self._off("any key deletes") and self.command == "DELETE" and key:
            return "anybody"
        if stream and key == stream.token and self.path.endswith("/keepalive") and self._off("publish tokens renew"):
            return stream.owner
        if not key and self.command == "POST" and of_stream is None and self._off("no key is 403"):
            raise Answer(403, {"detail": "Forbidden"})
        said = f"The key {key} is not valid" if self._off("keys are repeated") else "The key is not valid"
        raise Answer(401, {"detail": said})

    def _leased(self, stream: Stream) -> Json:
        publish = {"type": "livekit", "url": self.toy.url.replace("http", "ws", 1), "token": stream.token}
        return {"publish": publish, "expires_at_ms": stream.expires, "ttl_seconds": self.toy.lease_seconds}

    def _off(self, deviation: str) -> bool:
        assert deviation in DEVIATIONS, deviation
        return deviation in self.toy.deviations


def _require_uuid(text: str) -> None:
    try:
        right = str(UUID(text)) == text.lower()
    except ValueError:
        right = False
    if not right:
        raise _invalid(Invalid(["stream_id"], at="path"))


def _invalid(problem: Invalid) -> Answer:
    details = [{"loc": [problem.at, *problem.place], "msg": "It is not what it should be.", "type": "value_error"}]
    return Answer(422, {"error": "validation_error", "message": "Request validation failed", "details": details})


def _unknown() -> Answer:
    return Answer(404, {"detail": "Stream not found"})


def _now() -> int:
    return int(unix_seconds() * 1000)
