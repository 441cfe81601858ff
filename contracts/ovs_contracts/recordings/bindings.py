"""The way back from a transcript's names to the keys and ids of the target that it is played to."""

import re
import uuid
from typing import Any

from ovs_contracts.client.session import TargetSession
from ovs_contracts.differential.normalisation import ORIGIN, Normaliser
from ovs_contracts.recordings.placeholders import NAME
from ovs_contracts.targets.capabilities import Capability

MADE_UP = uuid.UUID("00000000-0000-4000-8000-000000000000")


class Bindings:
    """Which name stands for what; learned from answers that hold at the same place what the transcript has there."""

    def __init__(self, session: TargetSession) -> None:
        self._session = session
        self._actual: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def said(self, text: str) -> str:
        """What the transcript says, in this target's words."""
        return NAME.sub(lambda found: self._of(found[0]), text)

    def learn(self, recorded: Any, seen: Any) -> None:
        """Compare an answer with the recorded one, name by name."""
        match recorded, seen:
            case dict(), dict():
                for name in recorded.keys() & seen.keys():
                    self.learn(recorded[name], seen[name])
            case list(), list():
                for one, other in zip(recorded, seen, strict=False):
                    self.learn(one, other)
            case str(), str():
                self._learn_text(recorded, seen)

    def name(self, actual: str) -> str:
        """The transcript's name for an id of this target."""
        return self._names.setdefault(actual.lower(), f"<another id {len(self._names) + 1}>")

    def _of(self, name: str) -> str:
        if name not in self._actual:
            self._bind(name, self._key(name) if name.startswith("<key") else _made_up(name))
        return self._actual[name]

    def _key(self, name: str) -> str:
        target = self._session.target
        if Capability.ACCOUNTS in target.powers:
            return self._session.new_key()
        return target.api_key if name == "<key 1>" else target.second_key or target.api_key

    def _learn_text(self, recorded: str, seen: str) -> None:
        # The target is reached by another address.
        recorded, seen = (ORIGIN.sub("", text) for text in (recorded, seen))
        names = NAME.findall(recorded)
        fixed = [re.escape(part) for part in NAME.split(recorded)]
        found = re.fullmatch("(.+?)".join(fixed), seen, re.DOTALL) if names else None
        for name, actual in zip(names, found.groups() if found else (), strict=False):
            if name not in self._actual and not name.startswith("<key"):
                self._bind(name, actual)

    def _bind(self, name: str, actual: str) -> None:
        self._actual[name] = actual
        self._names[actual.lower()] = name


class TranscriptNames(Normaliser):
    """Reads answers of a target in the names of a transcript."""

    def __init__(self, bindings: Bindings, *, strict: bool) -> None:
        super().__init__(strict=strict)
        self._bindings = bindings

    def reference(self, actual: str) -> str:
        return self._bindings.name(actual)


def _made_up(name: str) -> str:
    """An id that the target never gave out, as the transcript's target had not either."""
    made_up = uuid.uuid5(MADE_UP, name)
    return str(made_up) if name.startswith("<uuid") else f"id_{made_up.hex[:24]}"
