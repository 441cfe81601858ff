"""Names in a transcript for what must not, or need not, be written: keys, and ids that the next run has others for."""

import json
import re
from typing import Any

from ovs_contracts.differential.normalisation import token_shape
from ovs_contracts.transport.redaction import TOKEN, redacted

UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
ID = re.compile(rf"(?P<uuid>{UUID})|\b[a-z]+_[0-9a-f]{{8,}}\b")
NAME = re.compile(r"<(?:uuid|id|key) \d+>")
SDP_SECRETS = re.compile(r"a=(?:ice-pwd|ice-ufrag|fingerprint|candidate)[^\r\n]*")

UNKNOWN_KEY = "<a key of nobody>"
# What is shorter is no secret, and may be a part of any word.
SHORTEST = 8


class Placeholders:
    """Gives a name to each key and id, in the order in which they come up."""

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}
        self._known = 0
        self._ids: dict[str, str] = {}

    def key(self, key: str) -> str:
        """The name of a key that the target knows."""
        if key not in self._keys:
            self._known += 1
            self._keys[key] = f"<key {self._known}>"
        return self._keys[key]

    def foreign(self, key: str) -> str:
        """The name of a key that is none of ours, whoever's it is."""
        if len(key) >= SHORTEST:
            self._keys[key] = UNKNOWN_KEY
        return UNKNOWN_KEY

    def text(self, text: str) -> str:
        """The text with names in place of keys and ids, and without anything else that is secret."""
        for key in sorted(self._keys, key=len, reverse=True):
            text = text.replace(key, self._keys[key])
        return redacted(ID.sub(self._id, text))

    def value(self, value: Any) -> Any:
        """What a target said, with names: of a token only what it allows, of an SDP nothing that lets anybody in."""
        match value:
            case dict():
                return {self.text(name): self.value(inner) for name, inner in value.items()}
            case list():
                return [self.value(inner) for inner in value]
            case str() if TOKEN.fullmatch(value):
                return {"token": token_shape(value)}
            case str():
                return self.text(SDP_SECRETS.sub("a=…", value))
            case _:
                return value

    def body(self, raw: bytes) -> Any:
        """An answer: JSON where it is that, else text."""
        text = raw.decode("utf-8", "replace")
        try:
            return {"json": self.value(json.loads(text))}
        except ValueError:
            return {"text": self.text(text)}

    def _id(self, found: re.Match[str]) -> str:
        kind = "uuid" if found["uuid"] else "id"
        return self._ids.setdefault(found[0].lower(), f"<{kind} {len(self._ids) + 1}>")
