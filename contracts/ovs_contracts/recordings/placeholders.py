"""Placeholders in a transcript for keys, which are secret, and for ids, which are others in the next run."""

import json
import re
from typing import Any

from ovs_common.redaction import TOKEN
from ovs_contracts.differential.normalisation import token_shape
from ovs_contracts.transport.redaction import redacted

UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
ID = re.compile(rf"(?P<uuid>{UUID})|\b[a-z]+_[0-9a-f]{{8,}}\b")
NAME = re.compile(r"<(?:uuid|id|key) \d+>")
SDP_SECRETS = re.compile(r"a=(?:ice-pwd|ice-ufrag|fingerprint|candidate)[^\r\n]*")

UNKNOWN_KEY = "<a key of nobody>"
# A shorter key is no secret, and its text may occur in any word.
MIN_KEY_LENGTH = 8


class Placeholders:
    """Assigns a placeholder to each key and id, numbered in order of appearance."""

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}
        self._known_keys = 0
        self._ids: dict[str, str] = {}

    def key(self, key: str) -> str:
        """The placeholder of a key that the target knows."""
        if key not in self._keys:
            self._known_keys += 1
            self._keys[key] = f"<key {self._known_keys}>"
        return self._keys[key]

    def foreign(self, key: str) -> str:
        """The placeholder of any other key."""
        if len(key) >= MIN_KEY_LENGTH:
            self._keys[key] = UNKNOWN_KEY
        return UNKNOWN_KEY

    def text(self, text: str) -> str:
        """Text with placeholders for keys and ids, and all other secrets redacted."""
        for key in sorted(self._keys, key=len, reverse=True):
            text = text.replace(key, self._keys[key])
        return redacted(ID.sub(self._id, text))

    def value(self, value: Any) -> Any:
        """JSON with placeholders; a token is reduced to what it grants, and SDP loses its credentials."""
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
        """The body of an answer: ``{"json": …}`` or ``{"text": …}``."""
        text = raw.decode("utf-8", "replace")
        try:
            return {"json": self.value(json.loads(text))}
        except ValueError:
            return {"text": self.text(text)}

    def _id(self, found: re.Match[str]) -> str:
        kind = "uuid" if found["uuid"] else "id"
        return self._ids.setdefault(found[0].lower(), f"<{kind} {len(self._ids) + 1}>")
