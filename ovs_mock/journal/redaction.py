"""Hides secrets before they enter the journal, with ``***`` in their place."""

from ovs_common.redaction import Redactor

_REDACTOR = Redactor(key=r"ovs\1***", secret="***")  # noqa: S106 - a placeholder
redacted = _REDACTOR.text
redacted_headers = _REDACTOR.headers
