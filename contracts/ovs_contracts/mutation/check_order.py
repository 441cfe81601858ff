"""Which checks are made first: those that are likely to notice what drifts. A wrong guess costs nothing but time."""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import zip_longest

import pytest

from ovs_contracts.mutation.results import MutantInfo
from ovs_contracts.runner import checks

# Modules of the suite for what an area of drifts is about, the most promising first; by default those of its name.
MODULES = {
    "access": ("access", "socket_keys"),
    "bodies": ("create_tokens", "create_limits", "create", "validation", "tools", "json_output", "completions"),
    "billing": ("prices", "balance", "checkout"),
    "cadence": ("cadence", "results"),
    "chat": ("completions", "tools"),
    "closing": ("endings", "socket_keys", "results", "watching"),
    "ending": ("ending", "access"),
    "errors": ("create", "create_tokens", "access", "failures", "validation", "frame_errors", "create_limits"),
    "info": ("info", "access", "results"),
    "lease": ("keepalive", "lease", "delete", "endings", "creating", "access"),
    "limits": ("rate_limit", "concurrency", "creating"),
    "livekit": ("tokens", "door", "publishing"),
    "models": ("models", "create", "access"),
    "money": ("billing", "endings", "create"),
    "prompt": ("prompt", "access"),
    "references": ("frames", "references", "frame_errors"),
    "results": ("results", "watching"),
    "segments": ("segments", "frame_errors", "references"),
    "service": ("health", "root"),
    "socket": ("socket_keys",),
    "spectate": ("info", "access", "create", "tokens"),
    "sse": ("event_streams",),
    "status": ("status", "ending", "lease"),
    "streams": ("creating", "lease"),
}
# Areas of the suite that stand beside an area of drifts; the first part of its name is one too.
BESIDE = {
    "v1": ("chat",),
    "v1beta": ("chat",),
    "chat": ("v1beta", "v1"),
    "access": ("chat", "v02", "billing"),
    "cors": ("chat", "v02", "billing", "livekit"),
    "billing": ("chat", "v1beta"),
}
# Slow, or about everything.
LAST = ("probes", "livekit", "generated", "machines")
ENDINGS = ("ing", "ed", "es", "s")

Guess = list[int]


class CheckOrder:
    """Puts the checks of a suite in order. Three guesses take turns, as each is good at other drifts."""

    def __init__(self, items: Sequence[pytest.Item]) -> None:
        self._items = list(items)
        self._areas = [checks.area(item) for item in items]
        self._modules = [item.path.stem.removeprefix("test_") for item in items]
        self._words = [_words(f"{checks.check_id(item)} {checks.claim(item)}") for item in items]
        counts = Counter(word for words in self._words for word in words)
        # A word that every check has says nothing.
        self._weights = {word: math.log(len(items) / count) for word, count in counts.items()}

    def of(self, drift: MutantInfo) -> list[pytest.Item]:
        """The checks as they are to be made against that drift."""
        by_module = self._by_module(drift)
        guesses = (self._by_words(drift), by_module, self._each_once(by_module, drift))
        order = dict.fromkeys(index for turn in zip_longest(*guesses) for index in turn if index is not None)
        return [self._items[index] for index in order]

    def _by_words(self, drift: MutantInfo) -> Guess:
        """Those first whose words are those of the drift."""
        asked = _words(f"{drift.name} {drift.description} {drift.area}")
        areas = {*_areas(drift), "probes"}

        def score(index: int) -> float:
            words = self._words[index]
            shared = sum(self._weights[word] for word in asked & words)
            return shared / math.sqrt(4 + len(words)) * (2 if self._areas[index] in areas else 1)

        late = LAST[1:]
        return self._sorted(lambda index: (self._lateness(index, drift, late), -score(index)))

    def _by_module(self, drift: MutantInfo) -> Guess:
        """Those first whose module is about what the drift's area is about."""
        areas, modules = _areas(drift), _modules(drift)

        def rank(index: int) -> tuple[float, float]:
            if self._areas[index] not in areas:
                return len(modules), len(areas)
            module = self._modules[index]
            place = modules.index(module) if module in modules else len(modules)
            return place, areas.index(self._areas[index])

        return self._sorted(lambda index: (self._lateness(index, drift, LAST), *rank(index)))

    def _each_once(self, order: Guess, drift: MutantInfo) -> Guess:
        """The same, but one form of each check before the second of any."""
        seen: Counter[str] = Counter()
        forms: dict[int, int] = {}
        for index in order:
            check = checks.check_id(self._items[index]).partition("[")[0]
            seen[check] += 1
            forms[index] = seen[check]
        areas, modules = _areas(drift), _modules(drift)

        def is_far(index: int) -> bool:
            return self._areas[index] not in areas or self._modules[index] not in modules

        return sorted(order, key=lambda index: (self._lateness(index, drift, LAST), is_far(index), forms[index]))

    def _lateness(self, index: int, drift: MutantInfo, late: Sequence[str]) -> float:
        area = self._areas[index]
        return late.index(area) + 1 if area in late and area != _areas(drift)[0] else 0

    def _sorted(self, key: Callable[[int], tuple[float, ...]]) -> Guess:
        return sorted(range(len(self._items)), key=key)


def _areas(drift: MutantInfo) -> tuple[str, ...]:
    part = drift.area.partition("/")[0]
    return part, *BESIDE.get(part, ())


def _modules(drift: MutantInfo) -> tuple[str, ...]:
    part, _, topic = drift.area.partition("/")
    return MODULES.get(topic or part, (topic or part,))


def _words(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in re.findall(r"[a-z0-9]+", text.lower()))


def _stem(word: str) -> str:
    """Without the commonest ending, so that a few more words are the same."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
