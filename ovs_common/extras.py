"""Optional dependencies: find out whether they are installed, and say how to install them."""

from importlib.util import find_spec
from operator import methodcaller


class MissingExtraError(ImportError):
    """A feature needs an extra that is not installed. The message contains the command that installs it."""


# pytest's tracebacks end at the call that needs the extra.
__tracebackhide__ = methodcaller("errisinstance", MissingExtraError)

MODULES = {
    "media": ("aiortc", "av", "numpy", "livekit.protocol"),
    "publish": ("av", "numpy", "livekit.rtc"),
}
"""The modules that each extra brings, as they are imported."""


def is_installed(module: str) -> bool:
    """Whether a module can be found; neither it nor its libraries are imported, but its parent packages are."""
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def first_missing(*modules: str) -> str | None:
    """The first of the modules that is not installed, ``None`` when all are."""
    return next((name for name in modules if not is_installed(name)), None)


def require_extra(extra: str, needed_by: str, *modules: str) -> None:
    """Check that a feature has what it needs of an extra, before it imports that.

    Args:
        extra: The extra to install, such as ``"media"``.
        needed_by: The feature and its verb, to begin the message with, such as ``"video files need"``.
        modules: The modules that the feature imports. Defaults to all of the extra's.

    Raises:
        MissingExtraError: One of the modules is not installed. The message says
            ``video files need the extra 'media': pip install 'ovs-mock[media]'``.
    """
    if first_missing(*(modules or MODULES[extra])):
        raise MissingExtraError(f"{needed_by} the extra {extra!r}: pip install 'ovs-mock[{extra}]'")
