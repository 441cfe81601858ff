"""Ends pytest's tracebacks at the line of the test when the error is the test's, not the mock's.

A module that tests call sets ``__tracebackhide__ = is_user_error``. ``--full-trace`` shows the whole traceback.
"""

from typing import Any

# Any other error is the mock's, whose traceback matters.
USER_ERRORS = (AssertionError, ImportError, KeyError, TimeoutError, ValueError)
USER_ERROR_NAMES = {"ClockError", "FaultError", "MissingExtraError", "PublishError", "StreamOverError"}


def is_user_error(failure: Any) -> bool:
    """Whether pytest's ``ExceptionInfo`` holds an error that the test caused, or a timeout."""
    return isinstance(failure.value, USER_ERRORS) or type(failure.value).__name__ in USER_ERROR_NAMES
