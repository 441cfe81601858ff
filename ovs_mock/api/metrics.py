"""What has happened so far, as text that Prometheus reads."""

from collections import Counter
from collections.abc import Iterator

from ovs_mock.engine.events import ChatFailed, ChatFinished, ChatStarted, Event, ResultReady, StreamCreated, StreamEnded
from ovs_mock.engine.state import EngineState

Labels = tuple[tuple[str, str], ...]

HELP = {
    "overshoot_streams_created_total": "Streams that were created.",
    "overshoot_streams_ended_total": "Streams that ended, by reason.",
    "overshoot_results_total": "Results that were pushed, by whether they are ok.",
    "overshoot_chats_started_total": "Chat completions that were begun, by model.",
    "overshoot_chats_finished_total": "Chat completions that came to their end.",
    "overshoot_chats_failed_total": "Chat completions whose model failed.",
    "overshoot_chat_tokens_total": "Tokens of finished chat completions, by kind.",
}


OK, NOT_OK = (("ok", "true"),), (("ok", "false"),)
COUNTED = (StreamCreated, StreamEnded, ResultReady, ChatStarted, ChatFinished, ChatFailed)


class EventMetrics:
    """Counts events."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, Labels]] = Counter()

    def count(self, event: Event) -> None:
        match event:
            case StreamCreated():
                self._add("overshoot_streams_created_total")
            case StreamEnded(reason=reason):
                self._add("overshoot_streams_ended_total", reason=reason.value)
            case ResultReady(result=result):
                self._counts["overshoot_results_total", OK if result.answer.ok else NOT_OK] += 1
            case ChatStarted(model=model):
                self._add("overshoot_chats_started_total", model=model)
            case ChatFinished(usage=usage):
                self._add("overshoot_chats_finished_total")
                self._add("overshoot_chat_tokens_total", usage.prompt_tokens, kind="prompt")
                self._add("overshoot_chat_tokens_total", usage.completion_tokens, kind="completion")
            case ChatFailed(model=model):
                self._add("overshoot_chats_failed_total", model=model)
            case _:
                pass

    def text(self, world: EngineState) -> str:
        """The exposition format: a counter for each kind of event, a gauge for what there is now."""
        return "".join(line + "\n" for line in [*self._counters(), *_gauges(world)])

    def _counters(self) -> Iterator[str]:
        for name, help_ in HELP.items():
            yield f"# HELP {name} {help_}"
            yield f"# TYPE {name} counter"
            for (counted, labels), value in sorted(self._counts.items()):
                if counted == name:
                    yield f"{name}{_labels(labels)} {value}"

    def _add(self, name: str, amount: int = 1, **labels: str) -> None:
        self._counts[name, tuple(labels.items())] += amount


def _gauges(world: EngineState) -> Iterator[str]:
    running = [stream for stream in world.streams.values() if stream.running]
    for name, help_, value in (
        ("overshoot_streams_active", "Streams that run.", len(running)),
        (
            "overshoot_frames_retained",
            "Frames in the buffers of streams that run.",
            sum(len(s.frames) for s in running),
        ),
    ):
        yield f"# HELP {name} {help_}"
        yield f"# TYPE {name} gauge"
        yield f"{name} {value}"


def _labels(labels: Labels) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}" if labels else ""


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
