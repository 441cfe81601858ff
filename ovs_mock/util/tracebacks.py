"""pytest's tracebacks end where a test asked for something: how the mock found out is nothing that its author can mend.

A module that a test calls into says ``__tracebackhide__ = of_mistakes``. ``--full-trace`` shows all of it.
"""

from typing import Any

# What a test is told by; anything else is an error of the mock's own, whose trace matters.
MISTAKES = (AssertionError, ImportError, KeyError, TimeoutError, ValueError)
BY_NAME = {"ClockError", "FaultError", "MissingExtraError", "PublishError", "StreamOverError"}


def of_mistakes(failure: Any) -> bool:
    """Whether pytest's ``ExceptionInfo`` holds something that a test did wrong, or waited for in vain."""
    return isinstance(failure.value, MISTAKES) or type(failure.value).__name__ in BY_NAME
