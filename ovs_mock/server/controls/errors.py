"""Errors that the controls answer with."""


class ControlRequestError(Exception):
    """A request to the controls that gets an error."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class InvalidControlBodyError(ControlRequestError):
    """A body that the control does not take. The message names the field, and never repeats what was sent."""

    def __init__(self, message: str) -> None:
        super().__init__(422, message)
