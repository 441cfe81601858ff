"""JSON Web Tokens that are signed with a shared secret (RFC 7515 and 7519): what a mock makes with every stream.

Written out because PyJWT brings the whole of ``cryptography``, which costs a test run more than all of its streams do.
Who comes with a token brings video: it is PyJWT that reads tokens.
"""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

ALGORITHM = "HS256"


def sign(claims: Mapping[str, Any], secret: str) -> str:
    """The claims as a token."""
    unsigned = f"{_HEADER}.{_encoded(claims)}"
    return f"{unsigned}.{_base64(hmac.digest(secret.encode(), unsigned.encode(), 'sha256'))}"


def _encoded(part: Mapping[str, Any]) -> str:
    return _base64(json.dumps(part, separators=(",", ":")).encode())


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


_HEADER = _encoded({"alg": ALGORITHM, "typ": "JWT"})
