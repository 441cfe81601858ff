"""Optional dependencies: find out whether they are installed, and say how to install them."""

from importlib.util import find_spec
from operator import methodcaller


class MissingExtraError(ImportError):
    """A feature needs an extra that is not installed. The message contains the command that installs it."""


# pytest's tracebacks end at the call that needs the extra.
__tracebackhide__ = methodcaller("errisinstance", MissingExtraError)

MODULES = {
    "intercept": ("trustme",),
    "live": ("httpx",),
    "media": ("aiortc", "av", "numpy", "livekit.protocol"),
    "publish": ("av", "numpy", "livekit.rtc"),
}
"""The importable modules that each extra installs."""


def is_installed(module: str) -> bool:
    """Whether a module can be found; neither it nor its libraries are imported, but its parent packages are."""
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def first_missing(*modules: str) -> str | None:
    """The first of the modules that is not installed, ``None`` when all are."""
    return next((name for name in modules if not is_installed(name)), None)


def install_hint(needed_by: str, extra: str) -> str:
    """``<needed_by> the extra 'media': pip install 'ovs-mock[media]'``."""
    return f"{needed_by} the extra {extra!r}: pip install 'ovs-mock[{extra}]'"


def require_extra(extra: str, needed_by: str) -> None:
    """Check that an extra is installed.

    Args:
        extra: One of ``MODULES``.
        needed_by: The feature and its verb, to begin the message with, such as ``"video files need"``.

    Raises:
        MissingExtraError: One of the extra's modules is not installed.
    """
    if first_missing(*MODULES[extra]):
        raise MissingExtraError(install_hint(needed_by, extra))
