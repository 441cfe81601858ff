"""Hides secrets in whatever a run writes or shows. Commands that it shows can be run with the key as a variable."""

from ovs_common.redaction import Redactor

_REDACTOR = Redactor(key="$OVERSHOOT_API_KEY", secret="<secret>", runnable=True)  # noqa: S106 - a placeholder
hide = _REDACTOR.hide
redacted = _REDACTOR.text
redacted_header = _REDACTOR.header
