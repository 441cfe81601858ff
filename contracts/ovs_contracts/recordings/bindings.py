"""Maps the placeholders of a transcript to the keys and ids of the target that it is replayed to, and back."""

import re
import uuid
from typing import Any

from ovs_contracts.client.session import TargetSession
from ovs_contracts.differential.normalisation import ORIGIN, Normaliser
from ovs_contracts.recordings.placeholders import NAME
from ovs_contracts.targets.capabilities import Capability

NAMESPACE = uuid.UUID("00000000-0000-4000-8000-000000000000")


class Bindings:
    """Learns what a placeholder stands for from the value at the same place of the target's answer."""

    def __init__(self, session: TargetSession) -> None:
        self._session = session
        self._values: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def resolve(self, text: str) -> str:
        """Text of the transcript with the values of this target."""
        return NAME.sub(lambda found: self._value(found[0]), text)

    def learn(self, recorded: Any, seen: Any) -> None:
        """Bind the placeholders of a recorded answer to the values of the target's answer."""
        match recorded, seen:
            case dict(), dict():
                for name in recorded.keys() & seen.keys():
                    self.learn(recorded[name], seen[name])
            case list(), list():
                for one, other in zip(recorded, seen, strict=False):
                    self.learn(one, other)
            case str(), str():
                self._learn_text(recorded, seen)

    def name(self, value: str) -> str:
        """The placeholder for an id of this target."""
        return self._names.setdefault(value.lower(), f"<another id {len(self._names) + 1}>")

    def _value(self, name: str) -> str:
        if name not in self._values:
            self._bind(name, self._key(name) if name.startswith("<key") else _invented_id(name))
        return self._values[name]

    def _key(self, name: str) -> str:
        target = self._session.target
        if Capability.ACCOUNTS in target.capabilities:
            return self._session.new_key()
        return target.api_key if name == "<key 1>" else target.second_key or target.api_key

    def _learn_text(self, recorded: str, seen: str) -> None:
        # The target has another address than the recorded one.
        recorded, seen = (ORIGIN.sub("", text) for text in (recorded, seen))
        names = NAME.findall(recorded)
        fixed = [re.escape(part) for part in NAME.split(recorded)]
        found = re.fullmatch("(.+?)".join(fixed), seen, re.DOTALL) if names else None
        for name, value in zip(names, found.groups() if found else (), strict=False):
            if name not in self._values and not name.startswith("<key"):
                self._bind(name, value)

    def _bind(self, name: str, value: str) -> None:
        self._values[name] = value
        self._names[value.lower()] = name


class TranscriptNames(Normaliser):
    """Normalises answers with the placeholders of a transcript as references."""

    def __init__(self, bindings: Bindings, *, strict: bool) -> None:
        super().__init__(strict=strict)
        self._bindings = bindings

    def reference(self, actual: str) -> str:
        return self._bindings.name(actual)


def _invented_id(name: str) -> str:
    """An id that the target never issued, for one that the recorded target never issued either."""
    id_ = uuid.uuid5(NAMESPACE, name)
    return str(id_) if name.startswith("<uuid") else f"id_{id_.hex[:24]}"
