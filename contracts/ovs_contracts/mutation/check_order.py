"""The order of checks against a mutant: the likeliest to notice it come first. A wrong guess only costs time."""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import zip_longest

import pytest

from ovs_contracts.mutation.results import MutantInfo
from ovs_contracts.runner.checks import Check

# Modules of the suite by the topic of a mutant, the most promising first; the default is the module of the same name.
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
# More areas of the suite by the first part of a mutant's area; the area of the same name always belongs to them.
RELATED_AREAS = {
    "v1": ("chat",),
    "v1beta": ("chat",),
    "chat": ("v1beta", "v1"),
    "access": ("chat", "v02", "billing"),
    "cors": ("chat", "v02", "billing", "livekit"),
    "billing": ("chat", "v1beta"),
}
# Slow, or about everything.
LAST = ("probes", "livekit", "generated", "stateful")
ENDINGS = ("ing", "ed", "es", "s")

Ranking = list[int]


class CheckOrder:
    """Orders the checks of a suite. Three rankings take turns, as each suits other mutants."""

    def __init__(self, items: Sequence[pytest.Item]) -> None:
        self._items = list(items)
        self._checks = [Check.from_item(item) for item in items]
        self._areas = [check.area for check in self._checks]
        self._modules = [item.path.stem.removeprefix("test_") for item in items]
        self._words = [_words(f"{check.id} {check.claim}") for check in self._checks]
        counts = Counter(word for words in self._words for word in words)
        # A word that every check has weighs nothing.
        self._weights = {word: math.log(len(items) / count) for word, count in counts.items()}

    def for_mutant(self, mutant: MutantInfo) -> list[pytest.Item]:
        """The checks in the order for a mutant."""
        by_module = self._by_module(mutant)
        rankings = (self._by_words(mutant), by_module, self._each_once(by_module, mutant))
        order = dict.fromkeys(index for turn in zip_longest(*rankings) for index in turn if index is not None)
        return [self._items[index] for index in order]

    def _by_words(self, mutant: MutantInfo) -> Ranking:
        """Those first that share words with the mutant's description."""
        wanted = _words(f"{mutant.name} {mutant.description} {mutant.area}")
        areas = {*_areas(mutant), "probes"}

        def score(index: int) -> float:
            words = self._words[index]
            shared = sum(self._weights[word] for word in wanted & words)
            return shared / math.sqrt(4 + len(words)) * (2 if self._areas[index] in areas else 1)

        late = LAST[1:]
        return self._sorted(lambda index: (self._lateness(index, mutant, late), -score(index)))

    def _by_module(self, mutant: MutantInfo) -> Ranking:
        """Those first whose module has the topic of the mutant."""
        areas, modules = _areas(mutant), _modules(mutant)

        def rank(index: int) -> tuple[float, float]:
            if self._areas[index] not in areas:
                return len(modules), len(areas)
            module = self._modules[index]
            place = modules.index(module) if module in modules else len(modules)
            return place, areas.index(self._areas[index])

        return self._sorted(lambda index: (self._lateness(index, mutant, LAST), *rank(index)))

    def _each_once(self, order: Ranking, mutant: MutantInfo) -> Ranking:
        """The same ranking, but with one form of each check before the second form of any."""
        seen: Counter[str] = Counter()
        forms: dict[int, int] = {}
        for index in order:
            check = self._checks[index].id.partition("[")[0]
            seen[check] += 1
            forms[index] = seen[check]
        areas, modules = _areas(mutant), _modules(mutant)

        def is_far(index: int) -> bool:
            return self._areas[index] not in areas or self._modules[index] not in modules

        return sorted(order, key=lambda index: (self._lateness(index, mutant, LAST), is_far(index), forms[index]))

    def _lateness(self, index: int, mutant: MutantInfo, late: Sequence[str]) -> float:
        area = self._areas[index]
        return late.index(area) + 1 if area in late and area != _areas(mutant)[0] else 0

    def _sorted(self, key: Callable[[int], tuple[float, ...]]) -> Ranking:
        return sorted(range(len(self._items)), key=key)


def _areas(mutant: MutantInfo) -> tuple[str, ...]:
    part = mutant.area.partition("/")[0]
    return part, *RELATED_AREAS.get(part, ())


def _modules(mutant: MutantInfo) -> tuple[str, ...]:
    part, _, topic = mutant.area.partition("/")
    return MODULES.get(topic or part, (topic or part,))


def _words(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in re.findall(r"[a-z0-9]+", text.lower()))


def _stem(word: str) -> str:
    """Without the commonest ending, so that a few more words are the same."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
