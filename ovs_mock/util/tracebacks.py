"""pytest's tracebacks end where a test asked for something: how the mock found out is nothing that its author can mend.

A module that a test calls into says ``__tracebackhide__ = is_user_error``. ``--full-trace`` shows all of it.
"""

from typing import Any

# What a test is told by; anything else is an error of the mock's own, whose trace matters.
USER_ERRORS = (AssertionError, ImportError, KeyError, TimeoutError, ValueError)
USER_ERROR_NAMES = {"ClockError", "FaultError", "MissingExtraError", "PublishError", "StreamOverError"}


def is_user_error(failure: Any) -> bool:
    """Whether pytest's ``ExceptionInfo`` holds something that a test did wrong, or waited for in vain."""
    return isinstance(failure.value, USER_ERRORS) or type(failure.value).__name__ in USER_ERROR_NAMES
